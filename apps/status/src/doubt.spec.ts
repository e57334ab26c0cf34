import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Outcome } from '#messaging';
import { customer, openTestLedger, success, type TestLedger } from '../testing/ledger.fixture.ts';
import { statusOf } from './write-status.ts';

let t: TestLedger;
beforeAll(async () => {
  t = await openTestLedger({ databaseServer: process.env.TEST_DATABASE_URL, natsUrl: process.env.TEST_NATS_URL });
}, 30_000);
afterAll(() => t.stop());

const doubt: Outcome = {
  kind: 'doubt',
  errors: ['It timed out.'],
  policy: 'search',
  settle_after_ms: 0,
  settle_within_ms: 600_000,
};
const absent: Outcome = { kind: 'absent', errors: ['Not found.'] };
const failed: Outcome = { kind: 'failed', errors: ['no'], retriable: false };
const statusFor = (job_id: string) => statusOf(t.database, 'org1', job_id);

/** A write that a worker is sending. */
async function sent(changes: Parameters<typeof t.aWrite>[0] = {}) {
  const { job_id } = await t.open(t.aWrite(changes));
  const { token } = await t.claimed(job_id);
  await t.ledger.advance(t.pms, { job_id, token, sending: { step: 'create', memo: { key: 'Ada' } } });
  return { job_id, token };
}
const settle = (job_id: string, token: number, outcome: Outcome) => t.ledger.settle(t.pms, { job_id, token, outcome });

/** Claims a write in doubt in order to look for it. */
async function looking(job_id: string) {
  await t.pass(job_id, 'due_at');
  await t.sweeper.sweep();
  return t.claimed(job_id);
}

describe('a write in doubt', () => {
  it('is pending and uncertain, and says when it will be settled', async () => {
    const { job_id, token } = await sent();
    expect(await settle(job_id, token, doubt)).toEqual({ state: 'UNKNOWN' });

    const status = await statusFor(job_id);
    expect(status).toMatchObject({ write_status: 'PENDING', outcome: 'uncertain', retriable: false, errors: ['It timed out.'] });
    expect(Date.parse(status.settled_by ?? '')).toBeGreaterThan(Date.now());
  });

  it('is looked for, and found', async () => {
    const { job_id, token } = await sent();
    await settle(job_id, token, doubt);
    const look = await looking(job_id);

    expect(look).toMatchObject({
      mode: 'reconcile',
      in_doubt: { step: 'create', memo: { key: 'Ada' }, empty_looks: 0 },
      resends: 0,
    });
    await expect(
      t.ledger.advance(t.pms, { job_id, token: look.token, sending: { step: 'create', memo: {} } }),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(await settle(job_id, look.token, success('5'))).toEqual({ state: 'SUCCEEDED' });
    expect(await t.row(job_id)).toMatchObject({ resolution: 'reconciled', x_id: '5' });
  });

  it('is no success when what was found is the record of another write that looks the same', async () => {
    const [first, second] = [await sent({ integration_id: 'twins' }), await sent({ integration_id: 'twins' })];
    await settle(first.job_id, first.token, doubt);
    await settle(second.job_id, second.token, doubt);
    const found: Outcome = { kind: 'succeeded', x_id: 'the-only-one', resolution: 'reconciled' };
    const one = await looking(first.job_id);
    const other = await looking(second.job_id);

    expect(await settle(first.job_id, one.token, found)).toEqual({ state: 'SUCCEEDED' });
    expect(await settle(second.job_id, other.token, found)).toEqual({ state: 'NEEDS_REVIEW' });

    expect(await statusFor(second.job_id)).toMatchObject({ outcome: 'uncertain', x_id: null, created_record_id: null });
  });

  it('is sent once more when it is absent, and never a third time', async () => {
    const { job_id, token } = await sent();
    await settle(job_id, token, doubt);
    const look = await looking(job_id);
    expect(await settle(job_id, look.token, absent)).toEqual({ state: 'RETRY_WAIT' });
    await t.sweeper.sweep();

    const again = await t.claimed(job_id);
    expect(again).toMatchObject({ mode: 'perform', resends: 1, in_doubt: null });
    await t.ledger.advance(t.pms, { job_id, token: again.token, sending: { step: 'create', memo: {} } });
    await settle(job_id, again.token, doubt);
    const second = await looking(job_id);
    expect(await settle(job_id, second.token, absent)).toEqual({ state: 'NEEDS_REVIEW' });
    expect(await statusFor(job_id)).toMatchObject({ write_status: 'FAILURE', outcome: 'uncertain', retriable: false });
    await expect(t.ledger.retry({ principal: customer(), job_id })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('stays in doubt while looking does not help, until a person has to look', async () => {
    const { job_id, token } = await sent();
    await settle(job_id, token, doubt);
    const look = await looking(job_id);
    expect(await settle(job_id, look.token, { ...doubt, settle_after_ms: 50_000 })).toEqual({ state: 'UNKNOWN' });
    expect(await t.row(job_id)).toMatchObject({ reconciliations: 1 });

    const unreachable = await looking(job_id);
    expect(await settle(job_id, unreachable.token, { kind: 'retry', errors: ['unreachable'] })).toEqual({ state: 'UNKNOWN' });

    await t.pass(job_id, 'due_at');
    await t.pass(job_id, 'settle_by');
    await t.sweeper.sweep();
    expect(await t.stateOf(job_id)).toBe('NEEDS_REVIEW');
  });

  it('counts the looks that were answered without showing it, and begins anew when it is sent again', async () => {
    const { job_id, token } = await sent();
    await settle(job_id, token, doubt);
    const emptyLooksAfter = async (outcome: Outcome): Promise<number | undefined> => {
      await settle(job_id, (await looking(job_id)).token, outcome);
      return (await looking(job_id)).in_doubt?.empty_looks;
    };
    // The worker of the second look falls silent: the doubt comes back, and nothing was seen.
    const expired = async (): Promise<void> => {
      await t.pass(job_id, 'lease_until');
      await t.sweeper.sweep();
    };

    expect(await emptyLooksAfter(doubt)).toBe(0);
    await expired();
    expect(await emptyLooksAfter({ kind: 'retry', errors: ['unreachable'] })).toBe(0);
    await expired();
    expect(await emptyLooksAfter({ ...doubt, empty_look: true })).toBe(1);
    await expired();
    await settle(job_id, (await looking(job_id)).token, absent);
    await t.sweeper.sweep();

    const again = await t.claimed(job_id);
    await t.ledger.advance(t.pms, { job_id, token: again.token, sending: { step: 'create', memo: {} } });
    await settle(job_id, again.token, doubt);
    expect((await looking(job_id)).in_doubt?.empty_looks).toBe(0);
  });

  it('goes to a person at once where no search can help', async () => {
    const { job_id, token } = await sent();

    expect(await settle(job_id, token, { ...doubt, policy: 'person' })).toEqual({ state: 'NEEDS_REVIEW' });
  });

  it.each([
    ['review', { kind: 'review', errors: ['two matches'] }, 'NEEDS_REVIEW'],
    ['failed', failed, 'FAILED'],
  ] as const)('ends by %s while reconciling', async (_, outcome, state) => {
    const { job_id, token } = await sent();
    await settle(job_id, token, doubt);
    const look = await looking(job_id);

    expect(await settle(job_id, look.token, outcome)).toEqual({ state });
  });

  it('goes on with the next step when the one in doubt is proven', async () => {
    const { job_id, token } = await sent();
    await settle(job_id, token, doubt);
    const look = await looking(job_id);
    await expect(settle(job_id, look.token, { kind: 'resume' })).rejects.toMatchObject({ code: 'conflict' });
    const finished = { step: 'create', result: { x_id: '3', memo: {} } };
    await t.ledger.settle(t.pms, { job_id, token: look.token, outcome: { kind: 'resume' }, finished });
    await t.sweeper.sweep();

    expect(await t.claimed(job_id)).toMatchObject({ mode: 'perform', done: { create: { x_id: '3' } }, in_doubt: null });
  });

  it('is no doubt when nothing was sent', async () => {
    const { job_id } = await t.open(t.aWrite());
    const { token } = await t.claimed(job_id);

    await expect(settle(job_id, token, doubt)).rejects.toMatchObject({ code: 'conflict' });
    await expect(settle(job_id, token, absent)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is settled by a person with a reason, and only when it needs one', async () => {
    const { job_id, token } = await sent();
    const ask = { principal: customer(), job_id, outcome: 'succeeded' as const, x_id: '12' };
    await expect(t.ledger.resolve({ ...ask, reason: 'seen' })).rejects.toMatchObject({ code: 'conflict' });
    await settle(job_id, token, { ...doubt, policy: 'person' });

    await expect(t.ledger.resolve(ask)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await t.ledger.resolve({ ...ask, reason: 'seen in the PMS' })).toEqual({ state: 'SUCCEEDED' });
    expect(await t.row(job_id)).toMatchObject({ x_id: '12', resolution: 'Resolved as succeeded with key key1: seen in the PMS' });
  });
});

describe('a worker that falls silent', () => {
  it('loses its claim before it sent: the write is released again', async () => {
    const { job_id } = await t.open(t.aWrite());
    const { token } = await t.claimed(job_id);
    await t.pass(job_id, 'lease_until');
    await t.sweeper.sweep();

    const again = await t.claimed(job_id);
    expect(again.token).toBeGreaterThan(token);
    expect(again.mode).toBe('perform');
    expect(await t.row(job_id)).toMatchObject({ release_no: 2, crashes: 1 });
  });

  it('leaves a doubt after it sent: the write is looked for at once, with the evidence kept', async () => {
    const { job_id } = await sent();
    await t.pass(job_id, 'lease_until');
    await t.sweeper.sweep();

    expect(await t.claimed(job_id)).toMatchObject({ mode: 'reconcile', in_doubt: { step: 'create' } });
    expect((await statusFor(job_id)).attempts).toMatchObject([{ evidence: 'C', step: 'create', number: 1 }]);
  });

  it('leaves no doubt between two steps', async () => {
    const { job_id, token } = await sent();
    const finished = {
      step: 'create',
      result: { x_id: '1', memo: {} },
      attempt: {
        step: 'create',
        started_at: '2026-01-01T00:00:00Z',
        ended_at: '2026-01-01T00:00:01Z',
        evidence: 'B' as const,
        pms_status: 200,
        message: null,
      },
    };
    await t.ledger.advance(t.pms, { job_id, token, finished });
    await t.pass(job_id, 'lease_until');
    await t.sweeper.sweep();

    const again = await t.claimed(job_id);
    expect(again).toMatchObject({ mode: 'perform', done: { create: { x_id: '1' } } });
    expect(await settle(job_id, again.token, success('1'))).toEqual({ state: 'SUCCEEDED' });
  });

  it('while looking, leaves the doubt as it was', async () => {
    const { job_id, token } = await sent();
    await settle(job_id, token, doubt);
    await looking(job_id);
    await t.pass(job_id, 'lease_until');
    await t.sweeper.sweep();

    expect(await t.row(job_id)).toMatchObject({ state: 'UNKNOWN', reconciliations: 1 });
    expect((await looking(job_id)).in_doubt).toMatchObject({ step: 'create' });
  });

  it('R31: makes a suspect of what it had in its hands, and no more than that: another write may be to blame', async () => {
    const { job_id } = await t.open(t.aWrite());
    for (let crash = 0; crash < 5; crash += 1) {
      expect((await t.claimed(job_id)).is_suspect).toBe(crash === 0 ? undefined : true);
      await t.pass(job_id, 'lease_until');
      await t.sweeper.sweep();
    }
    const { token } = await t.claimed(job_id);

    expect(await settle(job_id, token, success())).toEqual({ state: 'SUCCEEDED' });
    expect(await t.row(job_id)).toMatchObject({ crashes: 0 });
  });

  it('R31: fails the write that ends its process again and again with nothing else in it', async () => {
    const { job_id } = await t.open(t.aWrite());
    await t.claimed(job_id);
    await t.pass(job_id, 'lease_until');
    await t.sweeper.sweep();
    const states: string[] = [];
    for (let crash = 0; crash < 2; crash += 1) {
      const { token } = await t.claimed(job_id);
      states.push((await t.ledger.blame(t.pms, { job_id, token, how: 'exit 1' })).state);
    }

    expect(states).toEqual(['RELEASED', 'FAILED']);
    expect(await statusFor(job_id)).toMatchObject({ retriable: true, errors: [expect.stringContaining('crashed 3 times')] });
  });

  it('R31: calls a person when looking at a doubt ends process after process', async () => {
    const { job_id, token } = await sent();
    await settle(job_id, token, doubt);
    for (let crash = 0; crash < 3; crash += 1) {
      await t.ledger.blame(t.pms, { job_id, token: (await looking(job_id)).token, how: 'exit 1' });
    }

    expect(await statusFor(job_id)).toMatchObject({ state: 'NEEDS_REVIEW', outcome: 'uncertain' });
  });
});

describe('a late answer', () => {
  const lateAfterSilence = async () => {
    const { job_id, token } = await sent();
    await t.pass(job_id, 'lease_until');
    await t.sweeper.sweep();
    expect(await t.stateOf(job_id)).toBe('RECONCILING');
    return { job_id, token };
  };

  it.each([
    ['success', success('8'), 'SUCCEEDED'],
    ['refusal', failed, 'FAILED'],
  ] as const)('that is a certain %s settles the doubt', async (_, outcome, state) => {
    const { job_id, token } = await lateAfterSilence();
    const look = await t.claimed(job_id);

    expect(await settle(job_id, token, outcome)).toEqual({ state });
    expect(await t.row(job_id)).toMatchObject({ resolution: 'late' });
    await expect(settle(job_id, look.token, absent)).rejects.toMatchObject({ code: 'conflict' });
  });

  it.each([
    ['retry', { kind: 'retry', errors: [] }],
    ['doubt', doubt],
  ] as const)('that is a %s settles nothing', async (_, outcome) => {
    const { job_id, token } = await lateAfterSilence();

    await expect(settle(job_id, token, outcome)).rejects.toMatchObject({ code: 'conflict' });
    expect(await t.stateOf(job_id)).toBe('RECONCILING');
  });

  it('keeps a write from being sent a second time, even at the last moment', async () => {
    const { job_id, token } = await sent();
    await settle(job_id, token, doubt);
    const look = await looking(job_id);
    await settle(job_id, look.token, absent);
    await t.sweeper.sweep();
    const again = await t.claimed(job_id);

    expect(await settle(job_id, token, success('8'))).toEqual({ state: 'SUCCEEDED' });
    await expect(
      t.ledger.advance(t.pms, { job_id, token: again.token, sending: { step: 'create', memo: {} } }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  it('of another claim than the one in doubt settles nothing', async () => {
    const { job_id, token } = await lateAfterSilence();

    await expect(settle(job_id, token - 1, success())).rejects.toMatchObject({ code: 'conflict' });
    await expect(settle(job_id, token + 7, success())).rejects.toMatchObject({ code: 'conflict' });
    expect(await t.stateOf(job_id)).toBe('RECONCILING');
  });
});
