import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { customer, openTestLedger, type TestLedger } from '../testing/ledger.fixture.ts';
import { statusOf } from './write-status.ts';
import { judged, writtenBy } from './written-values.ts';

const refreshed_at = '2026-03-01T00:00:00.000Z';
const differences = [{ field: 'name', written: 'Ann', found: 'Anna', normalised: false }];

describe('what came back of a write', () => {
  let t: TestLedger;
  beforeAll(async () => {
    t = await openTestLedger({ databaseServer: process.env.TEST_DATABASE_URL, natsUrl: process.env.TEST_NATS_URL });
  });
  afterAll(() => t?.stop());

  const note = async (job_id: string, verified: boolean | null = false) =>
    t.ledger.noteRefresh(await judged(t.database, { job_id, refreshed_at, verified, differences }));
  const status = (job_id: string) => statusOf(t.database, customer().organization_id, job_id);

  it('is compared with the payload and the references that were accepted', async () => {
    const { job_id } = await t.open(t.aWrite({ payload: { name: 'Ann', box_id: 'b1' }, references: { box_id: '7' } }));

    expect(await writtenBy(t.database, job_id)).toEqual({
      operation: 'create',
      values: { name: 'Ann', box_id: 'b1' },
      references: { box_id: '7' },
    });
    expect(await writtenBy(t.database, 'nobodys')).toBeNull();
  });

  it('is told field by field', async () => {
    const { job_id } = await t.open(t.aWrite());
    await t.carryOut(job_id);
    expect(await status(job_id)).toMatchObject({ verified: null, differences: [] });

    await note(job_id);

    expect(await status(job_id)).toMatchObject({ verified: false, differences });
  });

  it('says nothing against a write when a later one of the record was sent before somebody looked', async () => {
    const write = t.aWrite({ operation: 'update', record_id: 'record-of-two', x_id: '4711' });
    const first = await t.open(write);
    await t.carryOut(first.job_id);
    const second = await t.open(write);

    await note(first.job_id);
    expect(await status(first.job_id)).toMatchObject({ verified: false });
    await t.carryOut(second.job_id);
    await note(first.job_id);
    await note(second.job_id);

    expect(await status(first.job_id)).toMatchObject({ verified: null, differences: [] });
    expect(await status(second.job_id)).toMatchObject({ verified: false, differences });
  });
});
