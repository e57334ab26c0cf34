/**
 * What a person decides about a write in doubt: only with a reason and a right, once, and written down with the key that did it. A decision can't
 * be made for somebody by a page that he looks at, since a browser sends no key by itself.
 */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { figure } from '../quality/figure.ts';
import type { Loose } from '../support/api.ts';
import { useWorld } from '../support/world.ts';
import { strangersKey } from './neighbours.ts';

const QUICK = { LATCHKEY_PMS_TIMEOUT_MS: '1500', LATCHKEY_LEASE_MS: '9000', LATCHKEY_SWEEP_MS: '200' };
const world = useWorld('decisions', { status: QUICK, 'worker-buildium': QUICK });
const REASON = 'Looked it up in the PMS: the charge is not there.';

let job: string;
let path: string;

/** Money that may have moved: the PMS took the charge, and nobody was told. */
beforeAll(async () => {
  const charge = await world().find('resident-charges', 'BUILDIUM');
  const account = await world().find('financial-accounts', 'BUILDIUM');
  await world().fault({ vendor: 'BUILDIUM', method: 'POST', path: '/charges$', when: 'after', times: 1, kind: 'reset' });
  const { body } = await world().api.post('/v1/resident-charges/', {
    integration_id: world().integration('BUILDIUM'),
    lease_id: charge.lease_id,
    financial_account_id: account.id,
    amount_in_cents: 12_345,
    transaction_date: '2026-11-01',
  });
  job = body.job_id;
  path = `/v1/admin/resolve-write/${job}`;
  await world().settled(job, ['NEEDS_REVIEW'], 90_000);
}, 120_000);

/** The row of the write, as the ledger keeps it. */
async function kept(): Promise<Loose> {
  const client = new Client({ connectionString: world().stack.urls.database });
  await client.connect();
  try {
    return (await client.query('select state, resolution, errors, x_id from ledger.operation where id = $1', [job])).rows[0];
  } finally {
    await client.end();
  }
}

describe('a decision about a write in doubt', () => {
  it('S39: needs a reason, an outcome, a right and the write’s own organization', async () => {
    const before = await kept();
    const bodies: Loose[] = [
      {},
      { outcome: 'failed' },
      { outcome: 'failed', reason: '' },
      { outcome: 'failed', reason: ' \n\t ' },
      { outcome: 'failed', reason: 'x'.repeat(1_001) },
      { outcome: 'failed', reason: 7 },
      { outcome: 'maybe', reason: REASON },
      { reason: REASON },
      { outcome: 'failed', reason: REASON, resolved_by: 'somebody else' },
    ];
    for (const body of bodies) expect([body, (await world().admin.post(path, body)).status]).toEqual([body, 400]);
    const decision = { outcome: 'failed', reason: REASON };
    expect((await world().api.post(path, decision)).status).toBe(403);
    const stranger = world().apiFor(await strangersKey(world(), 'Stranger'));
    expect((await stranger.post(path, decision)).status).toBe(404);

    expect(await kept()).toEqual(before);
    figure('S39', `${bodies.length + 2} of ${bodies.length + 2} decisions without a reason, an outcome or a right refused`);
  }, 60_000);

  it('S39: can not be forged by a page: no key, no form, no other origin', async () => {
    const before = await kept();
    const text = JSON.stringify({ outcome: 'failed', reason: REASON });
    const origin = 'https://evil.example';
    const cookie = `authorization=Bearer ${world().stack.keys.admin}`;
    const json = { 'content-type': 'application/json', origin, cookie };

    expect((await world().anonymous.raw('POST', path, text, json)).status).toBe(401);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      expect((await world().admin.raw('POST', path, text, { 'content-type': type, origin })).status).toBe(415);
    }
    const { headers } = await fetch(world().stack.urls.gateway + path, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(await kept()).toEqual(before);
  });

  it('S39: counts once, whoever decides at the same time, and is kept with its key and its reason', async () => {
    const second = await world().admin.post('/v1/admin/api-keys/', { name: 'another person', scopes: ['admin'] });
    const people = [world().admin, world().apiFor(second.body.result.key)];
    const decisions = Array.from({ length: 10 }, (_, nth) => ({
      by: people[nth % 2] ?? world().admin,
      body: { outcome: nth < 5 ? 'failed' : 'succeeded', reason: `${REASON} ${randomUUID()}` },
    }));

    const answers = await Promise.all(decisions.map(({ by, body }) => by.post(path, body)));

    const taken = answers.flatMap(({ status }, nth) => (status === 200 ? [nth] : []));
    expect(taken).toHaveLength(1);
    expect(answers.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
    const { body, by } = decisions[taken[0] ?? 0] as (typeof decisions)[number];
    const keys = (await world().admin.get('/v1/admin/api-keys/')).body.results;
    const after = await kept();
    const [, outcome, keyId, reason] = /^Resolved as (\w+) with key (\S+): (.*)$/.exec(after.resolution) ?? [];
    expect({ outcome, reason }).toEqual(body);
    expect(keys.find(({ id }: Loose) => id === keyId)?.name === 'another person').toBe(by === people[1]);

    // Said again, it is no second decision.
    const again = await by.post(path, body);
    const other = await world().admin.post(path, { outcome: 'succeeded', reason: 'On second thought.' });
    expect([again.status, other.status]).toEqual([409, 409]);
    expect(await kept()).toEqual(after);
    figure(
      'S39',
      `1 of ${decisions.length} decisions at once counted, kept with its key and reason; 0 of 2 repetitions changed it`,
    );
  });
});
