import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Outcome } from '#messaging';
import { openTestLedger, success, type TestLedger } from '../testing/ledger.fixture.ts';
import { settleAfterRestore } from './restoring.ts';

let t: TestLedger;
beforeAll(async () => {
  t = await openTestLedger({ databaseServer: process.env.TEST_DATABASE_URL, natsUrl: process.env.TEST_NATS_URL });
}, 30_000);
afterAll(() => t.stop());

const sent = async (): Promise<string> => {
  const { job_id } = await t.open(t.aWrite());
  const { token } = await t.claimed(job_id);
  await t.ledger.advance(t.pms, { job_id, token, sending: { step: 'create', memo: { key: 'Ada' } } });
  return job_id;
};
const settle = async (job_id: string, outcome: Outcome, finished?: string) => {
  await t.sweeper.sweep();
  const { token } = await t.claimed(job_id);
  const result = finished === undefined ? {} : { finished: { step: finished, result: { x_id: '7', memo: {} } } };
  return (await t.ledger.settle(t.pms, { job_id, token, outcome, ...result })).state;
};

describe(settleAfterRestore.name, () => {
  it('R50: looks for what was on its way, puts the rest before a person, and sends nothing on the word of a backup', async () => {
    const onItsWay = await sent();
    const released = (await t.open(t.aWrite())).job_id;
    await t.claimed(released);
    const created = await t.open(t.aWrite());
    const follower = await t.open({
      ...t.aWrite({ operation: 'update', record_id: created.record_id }),
      integration_id: String((await t.row(created.job_id)).integration_id),
    });
    const ended = (await t.open(t.aWrite())).job_id;
    await t.carryOut(ended);

    expect(await settleAfterRestore(t.database, t.ledger)).toEqual({
      last_accepted_at: expect.stringMatching(/^20.*Z$/),
      in_doubt: 1,
      in_review: 3,
    });
    expect(await t.row(onItsWay)).toMatchObject({ state: 'UNKNOWN', lease_until: null });
    for (const id of [released, created.job_id, follower.job_id]) expect(await t.stateOf(id)).toBe('NEEDS_REVIEW');
    expect(await t.stateOf(ended)).toBe('SUCCEEDED');

    expect(await settle(onItsWay, success())).toBe('SUCCEEDED');
  });

  it('R50: does not go on to a next step, which may have been sent as well', async () => {
    const [proven, absent] = [await sent(), await sent()];
    await settleAfterRestore(t.database, t.ledger);
    const doubt = { kind: 'doubt', errors: ['?'], policy: 'search', settle_after_ms: 0, settle_within_ms: 1_000 } as const;

    expect(await settle(proven, doubt)).toBe('UNKNOWN');
    expect(await settle(proven, { kind: 'resume' }, 'create')).toBe('NEEDS_REVIEW');
    // What is not there has had no next step.
    expect(await settle(absent, { kind: 'absent', errors: ['Not found.'] })).toBe('RETRY_WAIT');
  });
});
