import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { STATES } from '#messaging';
import { migrate } from '#persistence';
import { openTestLedger, type TestLedger } from '../../testing/ledger.fixture.ts';
import { MUTABLE } from '../job.ts';
import { MEANING } from '../states.ts';
import { holdsLane } from './lanes.ts';
import { ledgerSchema } from './ledger.schema.ts';

let t: TestLedger;
beforeAll(async () => {
  t = await openTestLedger({ databaseServer: process.env.TEST_DATABASE_URL, natsUrl: process.env.TEST_NATS_URL });
}, 30_000);
afterAll(() => t.stop());

describe('the schema of the ledger', () => {
  it('is not changed by a second migration', async () => {
    expect(await migrate(t.databaseUrl, ledgerSchema)).toEqual({ applied: [] });
  });

  it('has the columns and types that the entities say', async () => {
    // Indexes stand in the migration alone: each has its reason beside it there.
    const diff = await t.orm.schema.getUpdateSchemaSQL({ safe: true, schema: 'ledger' });
    const columns = diff.split('\n').filter((line) => /(add|alter|drop) column|create table|drop table/.test(line));
    expect(columns).toEqual([]);
  });

  it('knows each changing column by its type', async () => {
    const rows = await t.database.run<{ name: string; type: string }>(
      `select attname as name, format_type(atttypid, null) as type from pg_attribute
       where attrelid = 'ledger.operation'::regclass and attnum > 0`,
    );
    const types = new Map(rows.map(({ name, type }) => [name, type.replace('timestamp with time zone', 'timestamptz')]));
    for (const [name, type] of Object.entries(MUTABLE)) expect([name, types.get(name)]).toEqual([name, type]);
  });

  it.each(['create', 'update'] as const)('derives from the state of an %s what the code derives', async (operation) => {
    const { job_id } = await t.ledger.open(t.aWrite({ pms: `none-${operation}` }));
    for (const state of STATES) {
      await t.database.run('update ledger.operation set state = $2, operation = $3 where id = $1', job_id, state, operation);
      const row = await t.row(job_id);
      expect({ state, active: row.active, holds_lane: row.holds_lane }).toEqual({
        state,
        active: MEANING[state].phase === 'active',
        holds_lane: holdsLane({ state, operation }),
      });
    }
  });

  it('does not let two writes of one lane be active', async () => {
    const a = await t.ledger.open(t.aWrite({ pms: 'none' }));
    const b = await t.ledger.open(t.aWrite({ pms: 'none' }));
    await t.database.run(`update ledger.operation set lane = 'same', state = 'UNKNOWN' where id = $1`, a.job_id);

    await expect(
      t.database.run(`update ledger.operation set lane = 'same', state = 'SENDING' where id = $1`, b.job_id),
    ).rejects.toMatchObject({ code: '23505' });
  });
});
