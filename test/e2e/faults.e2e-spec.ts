/**
 * What goes wrong between a customer and a PMS, and what must be true afterwards: nothing accepted is lost, nothing happens twice, and the status
 * says what the sandbox's journal says. The short slice; the long one is a suite of its own.
 */
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually, type Loose } from '../support/api.ts';
import { useWorld, type JournalEffect } from '../support/world.ts';

// Short waits, so that time-outs and leases end within a test.
const QUICK = { LATCHKEY_PMS_TIMEOUT_MS: '1500', LATCHKEY_LEASE_MS: '9000', LATCHKEY_SWEEP_MS: '200' };
const world = useWorld('faults', { status: QUICK, 'worker-buildium': QUICK, 'worker-rent-manager': QUICK });

afterEach(() => world().noFaults());

const TENANTS = '^/v1/leases/tenants$';
/** Long enough for a search, its repetition and one more sending. */
const DOUBT_MS = 90_000;

async function tenant(lastName: string): Promise<Loose> {
  const lease = await world().find('leases', 'BUILDIUM');
  const address = { address_1: '12 Elm Street', city: 'Cincinnati', state: 'OH', zip: '45202', country: 'US' };
  return {
    integration_id: world().integration('BUILDIUM'),
    lease_id: lease.id,
    first_name: 'Ann',
    last_name: lastName,
    ...address,
  };
}

/** Each write has a name of its own, by which its effects are found. */
const uniqueName = (): string => `T${randomUUID().replaceAll('-', '')}`;
async function effectsOf(lastName: string): Promise<JournalEffect[]> {
  return (await world().effects()).filter(({ resource, record }) => resource === 'LeaseTenant' && record.LastName === lastName);
}
async function create(lastName: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await world().api.post('/v1/residents/', await tenant(lastName), headers);
  expect({ status: answer.status, errors: answer.body.errors }).toMatchObject({ status: 200 });
  return answer.body.job_id;
}

describe('an answer of the PMS', () => {
  const refused = [
    { what: '401', rule: { kind: 'status', status: 401 }, state: 'HELD', words: /did not accept the credentials/ },
    { what: '403', rule: { kind: 'status', status: 403 }, state: 'FAILED', words: /lack the right/ },
    { what: '404', rule: { kind: 'status', status: 404 }, state: 'FAILED', words: /does not know/ },
    { what: '409', rule: { kind: 'status', status: 409 }, state: 'FAILED', words: /does not allow/ },
    {
      what: '422',
      rule: {
        kind: 'status',
        status: 422,
        body: { UserMessage: 'Bad input for ann@example.com', ErrorCode: null, Errors: [{ Key: 'FirstName', Value: 'is odd' }] },
      },
      state: 'FAILED',
      words: /first_name \(FirstName\): is odd/,
    },
  ];

  it.each(refused)(
    '$what becomes $state, in words, without an effect',
    async ({ rule, state, words }) => {
      await world().fault({ vendor: 'BUILDIUM', method: 'POST', path: TENANTS, when: 'before', times: 3, ...rule });
      const name = uniqueName();

      const status = await world().settled(await create(name), [state]);

      expect(status.outcome).toBe('certain');
      expect(status.errors.join(' ')).toMatch(words);
      expect(status.errors.join(' ')).not.toContain('ann@example.com');
      expect(await effectsOf(name)).toEqual([]);
      if (state === 'HELD') await liftHold();
    },
    30_000,
  );

  /** New credentials make a held integration work again. */
  async function liftHold(): Promise<void> {
    await world().noFaults();
    const credentials = { clientId: 'demo-client', secret: 'demo-secret' };
    const answer = await world().admin.put(`/v1/admin/integrations/${world().integration('BUILDIUM')}/`, { credentials });
    expect(answer.status).toBe(200);
  }

  it('429 waits as long as it says and then succeeds', async () => {
    await world().fault({
      vendor: 'BUILDIUM',
      method: 'POST',
      path: TENANTS,
      when: 'before',
      times: 1,
      kind: 'rate_limit',
      retry_after: 2,
    });
    const name = uniqueName();
    const before = Date.now();

    const status = await world().settled(await create(name));

    expect(status).toMatchObject({ write_status: 'SUCCESS' });
    expect(Date.now() - before).toBeGreaterThanOrEqual(2_000);
    expect(await effectsOf(name)).toHaveLength(1);
  }, 30_000);
});

describe('an answer that proves nothing', () => {
  const unclear = (['before', 'after'] as const).flatMap((when) =>
    [
      { kind: 'status', status: 500 },
      { kind: 'status', status: 503 },
      { kind: 'hang' },
      { kind: 'reset' },
      { kind: 'garbage' },
      { kind: 'truncate' },
      { kind: 'empty' },
    ].map((rule) => ({ when, ...rule })),
  );

  it('is settled by looking: exactly one effect, and the status says so', async () => {
    const writes: { name: string; jobId: string; rule: Loose }[] = [];
    for (const rule of unclear) {
      const name = uniqueName();
      await world().fault({ vendor: 'BUILDIUM', method: 'POST', path: TENANTS, times: 1, ...rule });
      const jobId = await create(name);
      await eventually('the first attempt', async () => {
        const { body } = await world().api.get(`/v1/admin/write-status/${jobId}`);
        return body.attempts.length > 0 ? body : undefined;
      });
      writes.push({ name, jobId, rule });
    }

    for (const { name, jobId, rule } of writes) {
      const status = await world().settled(jobId, undefined, DOUBT_MS);

      expect({ rule, write_status: status.write_status, effects: (await effectsOf(name)).length }).toEqual({
        rule,
        write_status: 'SUCCESS',
        effects: 1,
      });
      expect(status.created_record_id).not.toBeNull();
      expect(status.x_id).toBe((await effectsOf(name))[0]?.id);
    }
  }, 240_000);

  it('is told as uncertain while it is', async () => {
    await world().fault({ vendor: 'BUILDIUM', method: 'POST', path: TENANTS, when: 'after', times: 1, kind: 'reset' });

    const status = await world().settled(await create(uniqueName()), ['UNKNOWN', 'RECONCILING']);

    expect(status).toMatchObject({
      write_status: 'PENDING',
      outcome: 'uncertain',
      retriable: false,
      settled_by: expect.any(String),
    });
  }, 30_000);

  it('about money goes to a person and is never sent again', async () => {
    const charge = await world().find('resident-charges', 'BUILDIUM');
    const account = await world().find('financial-accounts', 'BUILDIUM');
    await world().fault({ vendor: 'BUILDIUM', method: 'POST', path: '/charges$', when: 'after', times: 1, kind: 'reset' });
    const since = await world().now();
    const answer = await world().api.post('/v1/resident-charges/', {
      integration_id: world().integration('BUILDIUM'),
      lease_id: charge.lease_id,
      financial_account_id: account.id,
      amount_in_cents: 12_345,
      transaction_date: '2026-11-01',
    });
    expect({ status: answer.status, errors: answer.body.errors }).toMatchObject({ status: 200 });

    const status = await world().settled(answer.body.job_id, ['NEEDS_REVIEW'], 60_000);

    expect(status).toMatchObject({ write_status: 'FAILURE', outcome: 'uncertain', retriable: false });
    expect((await world().effects(since)).filter(({ action }) => action === 'create')).toHaveLength(1);
    const retried = await world().admin.post(`/v1/admin/retry-write/${answer.body.job_id}`);
    expect(retried.status).toBe(409);
  }, 90_000);
});

describe('kill -9 of the worker', () => {
  it.each(['before', 'after'] as const)(
    '%s the PMS took a create loses and doubles nothing',
    async (when) => {
      const name = uniqueName();
      await world().fault({ vendor: 'BUILDIUM', method: 'POST', path: TENANTS, when, times: 1, kind: 'slow', delay_ms: 1_200 });
      const jobId = await create(name);
      await world().settled(jobId, ['SENDING']);
      await new Promise((resolve) => setTimeout(resolve, 200));

      await world().stack.kill('worker-buildium', 'SIGKILL');
      await world().stack.restart('worker-buildium');

      const status = await world().settled(jobId, undefined, DOUBT_MS);
      expect(status).toMatchObject({ write_status: 'SUCCESS' });
      expect(await effectsOf(name)).toHaveLength(1);
    },
    150_000,
  );
});

describe.each(['router', 'status', 'gateway', 'nats', 'postgres'])('kill -9 of %s', (victim) => {
  it('loses no accepted write and doubles none, for a client that repeats with its key', async () => {
    const names = Array.from({ length: 24 }, uniqueName);
    const jobs = new Map<string, string>();
    const persistent = async (name: string): Promise<void> => {
      const payload = await tenant(name).catch(() => undefined);
      const jobId = await eventually(
        `${name} accepted`,
        async () => {
          const body = payload ?? (await tenant(name).catch(() => undefined));
          const answer =
            body &&
            (await world()
              .api.post('/v1/residents/', body, { 'idempotency-key': name })
              .catch(() => undefined));
          if (answer && answer.status !== 200) expect([429, 503]).toContain(answer.status);
          return answer?.status === 200 ? (answer.body.job_id as string) : undefined;
        },
        60_000,
      );
      jobs.set(name, jobId);
    };

    const first = Promise.all(names.slice(0, 12).map(persistent));
    await world().stack.kill(victim, 'SIGKILL');
    const second = Promise.all(names.slice(12).map(persistent));
    await world().stack.restart(victim);
    await Promise.all([first, second]);

    for (const [name, jobId] of jobs) {
      const status = await world().settled(jobId, undefined, DOUBT_MS);
      expect({ name, write_status: status.write_status, effects: (await effectsOf(name)).length }).toEqual({
        name,
        write_status: 'SUCCESS',
        effects: 1,
      });
    }
  }, 240_000);
});

describe('the order of writes', () => {
  it('of one record is that of their acceptance, through errors of the PMS', async () => {
    const { id, x_id } = await world().find('residents', 'BUILDIUM');
    const since = await world().now();
    await world().fault({
      vendor: 'BUILDIUM',
      method: 'PUT',
      path: `/tenants/${x_id}$`,
      when: 'before',
      times: 3,
      skip: 2,
      kind: 'rate_limit',
      retry_after: 0,
    });
    const jobs: string[] = [];
    for (let number = 0; number < 12; number += 1) {
      const { body } = await world().api.put(`/v1/residents/${id}`, { notes: `note ${number}` });
      jobs.push(body.job_id);
    }

    for (const job of jobs) expect(await world().settled(job, undefined, 60_000)).toMatchObject({ write_status: 'SUCCESS' });

    const comments = (await world().effects(since)).filter((effect) => effect.id === x_id).map(({ sent }) => sent.Comment);
    expect(comments).toEqual(jobs.map((_, number) => `note ${number}`));
  }, 90_000);

  it('puts a change of a record that is still being created after its creation', async () => {
    const name = uniqueName();
    await world().fault({
      vendor: 'BUILDIUM',
      method: 'POST',
      path: TENANTS,
      when: 'before',
      times: 1,
      kind: 'slow',
      delay_ms: 800,
    });
    const created = await world().api.post('/v1/residents/', await tenant(name));

    const changed = await world().api.put(`/v1/residents/${created.body.data.id}`, { notes: 'at once' });

    expect(changed.status).toBe(200);
    expect(await world().settled(changed.body.job_id)).toMatchObject({ write_status: 'SUCCESS' });
    const effects = await effectsOf(name);
    expect(effects.map(({ action }) => action)).toEqual(['create', 'update']);
    expect(effects[1]?.record.Comment).toBe('at once');
  }, 30_000);
});
