import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ownDatabase, type OwnDatabase } from '../../testing/database.ts';
import { anOrigin } from '../../testing/origin.ts';
import { forgetIntegration } from '../store/copies.ts';
import { RecordSchema } from '../store/record.entity.ts';
import { SyncRunSchema, type SyncRunRow } from '../store/sync-run.entity.ts';
import { SyncRuns } from './sync-runs.ts';

const HOUR_MS = 3_600_000;
const page = (next: string | null, ...xIds: string[]) => ({
  records: xIds.map((x_id) => ({ x_id, fields: {} })),
  next,
  total: null,
  fetched_at: '2026-05-01T12:00:00.000Z',
});

describe(SyncRuns.name, () => {
  let database: OwnDatabase;
  let runs: SyncRuns;
  const em = () => database.orm.em.fork();
  const stored = (run: SyncRunRow) => em().findOneOrFail(SyncRunSchema, run.id);
  const begun = async (...models: string[]) => {
    const [run] = await runs.plan('integration-a', models);
    await runs.begin(run!);
    return run!;
  };

  beforeAll(async () => {
    database = await ownDatabase(process.env.TEST_DATABASE_URL);
    runs = new SyncRuns(database.orm.em);
  });
  beforeEach(() => forgetIntegration(em(), 'integration-a'));
  afterAll(() => database?.drop());

  it('counts pages and records and ends with the last page', async () => {
    const run = await begun('residents');

    await runs.storePage(run, anOrigin(), page('2', '1', '2'));
    const midway = await stored(run);
    await runs.storePage(run, anOrigin(), page(null, '3'));

    expect(midway).toMatchObject({ state: 'RUNNING', cursor: '2', pages: 1, records: 2, ended_at: null });
    expect(await stored(run)).toMatchObject({ state: 'SUCCEEDED', cursor: null, pages: 2, records: 3 });
    expect((await stored(run)).ended_at).toBeInstanceOf(Date);
    expect(await em().count(RecordSchema)).toBe(3);
  });

  it('finds what was left unfinished, in its order and with its cursor', async () => {
    const run = await begun('residents', 'units', 'leases');
    await runs.storePage(run, anOrigin(), page('2', '1'));

    expect(await runs.unfinished('integration-a')).toMatchObject([
      { model: 'residents', state: 'RUNNING', cursor: '2' },
      { model: 'units', state: 'PLANNED' },
      { model: 'leases', state: 'PLANNED' },
    ]);
  });

  it('starts anew what was left too long ago', async () => {
    const [old] = await runs.plan('integration-a', ['residents'], new Date(Date.now() - 13 * HOUR_MS));

    expect(await runs.unfinished('integration-a')).toEqual([]);
    await runs.plan('integration-a', ['residents']);

    expect(await stored(old!)).toMatchObject({ state: 'FAILED', error: expect.stringContaining('interrupted') });
    expect(await runs.unfinished('integration-a')).toHaveLength(1);
  });

  it('stores nothing for an integration that was dropped meanwhile', async () => {
    const run = await begun('residents');
    await forgetIntegration(em(), 'integration-a');

    expect(await runs.storePage(run, anOrigin(), page('2', '1'))).toBe(false);
    expect(await runs.begin(run)).toBe(false);

    expect(await em().count(RecordSchema)).toBe(0);
  });

  it('keeps the reason of a failure', async () => {
    const run = await begun('residents');

    await runs.fail(run, 'The PMS does not answer.\0');

    expect(await stored(run)).toMatchObject({ state: 'FAILED', error: 'The PMS does not answer.' });
    expect(await runs.unfinished('integration-a')).toEqual([]);
  });
});
