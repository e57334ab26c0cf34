import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestLedger, success, type TestLedger } from '../../testing/ledger.fixture.ts';
import { madeAmong } from './found-records.ts';

let t: TestLedger;
beforeAll(async () => {
  t = await openTestLedger({ databaseServer: process.env.TEST_DATABASE_URL, natsUrl: process.env.TEST_NATS_URL });
}, 30_000);
afterAll(() => t.stop());

describe(madeAmong.name, () => {
  it('knows the promised ids of what creates have made, of that integration and model only', async () => {
    const made = async (x_id: string, changes = {}) => {
      const { job_id, record_id } = await t.open(t.aWrite({ integration_id: 'makers', ...changes }));
      await t.carryOut(job_id, success(x_id));
      return record_id;
    };
    const mine = await made('1');
    await made('2', { integration_id: 'others' });
    await made('3', { model: 'leases' });

    const found = await madeAmong(t.database, { integration_id: 'makers', model: 'residents', x_ids: ['1', '2', '3', '4'] });

    expect(found).toEqual([{ x_id: '1', record_id: mine }]);
  });
});
