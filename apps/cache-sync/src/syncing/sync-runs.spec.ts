import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ownDatabase, type OwnDatabase } from '../../testing/database.ts';
import { anIntegration, anOrigin } from '../../testing/origin.ts';
import { forgetIntegration } from '../store/copies.ts';
import { RecordSchema } from '../store/record.entity.ts';
import { SyncRunSchema, type SyncRunRow } from '../store/sync-run.entity.ts';
import { SyncScheduleSchema } from '../store/sync-plan.entity.ts';
import { SyncPlans } from './sync-plans.ts';
import { SyncRuns } from './sync-runs.ts';

const HOUR_MS = 3_600_000;
const TARGET = { integration_id: 'integration-a', organization_id: 'org-a', pms: 'some-pms' };
const readable = (...models: string[]) => models.map((model) => ({ model, by_change: model === 'changing' }));
const page = (next: string | null, ...xIds: string[]) => ({
  records: xIds.map((x_id) => ({ x_id, fields: {} })),
  next,
  total: null,
  fetched_at: '2026-05-01T12:00:00.000Z',
});

describe(SyncRuns.name, () => {
  let database: OwnDatabase;
  let plans: SyncPlans;
  let runs: SyncRuns;
  const em = () => database.orm.em.fork();
  const stored = (run: SyncRunRow) => em().findOneOrFail(SyncRunSchema, run.id);
  const begun = async (...models: string[]) => {
    const [run] = await runs.plan(TARGET, readable(...models));
    await runs.begin(run!);
    return run!;
  };

  beforeAll(async () => {
    database = await ownDatabase(process.env.TEST_DATABASE_URL);
    plans = new SyncPlans(database.orm.em);
    runs = new SyncRuns(database.orm.em, plans);
  });
  beforeEach(async () => {
    await forgetIntegration(em(), 'integration-a');
    await plans.keep(anIntegration());
  });
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
    const [old] = await runs.plan(TARGET, readable('residents'), new Date(Date.now() - 13 * HOUR_MS));

    expect(await runs.unfinished('integration-a')).toEqual([]);
    await runs.plan(TARGET, readable('residents'));

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

    await runs.fail(run, 'The PMS does not answer.\0', { mayPass: false });

    expect(await stored(run)).toMatchObject({ state: 'FAILED', error: 'The PMS does not answer.' });
    expect(await runs.unfinished('integration-a')).toEqual([]);
  });

  describe('plans', () => {
    const HOURS = (count: number) => new Date(NOW.getTime() + count * HOUR_MS);
    const NOW = new Date('2026-05-06T12:00:00.000Z');
    const schedule = (model: string) => em().findOneOrFail(SyncScheduleSchema, { integration_id: 'integration-a', model });
    /** Everything that is due, read to its end. */
    const sync = async (at: Date, ...models: string[]) => {
      const planned = await runs.plan(TARGET, readable(...models), at);
      for (const run of planned) {
        await runs.begin(run, at);
        await runs.storePage(run, anOrigin({ model: run.model }), page(null, '1'), at);
      }
      await plans.rest('integration-a', at);
      return planned.map(({ model, trigger, changed_since }) => [model, trigger, changed_since]);
    };

    it('reads everything first, then only changes, from shortly before the last reading began, and everything again once a week', async () => {
      expect(await sync(NOW, 'properties', 'changing')).toEqual([
        ['properties', 'SCHEDULE', null],
        ['changing', 'SCHEDULE', null],
      ]);

      expect(await sync(HOURS(11), 'properties', 'changing')).toEqual([]);
      expect(await sync(HOURS(12), 'properties', 'changing')).toEqual([
        ['properties', 'SCHEDULE', null],
        ['changing', 'SCHEDULE', new Date(NOW.getTime() - 600_000)],
      ]);
      expect(await schedule('changing')).toMatchObject({ last_run: HOURS(12), last_full_run: NOW, due_at: HOURS(24) });
      expect(await sync(HOURS(7 * 24), 'properties', 'changing')).toContainEqual(['changing', 'SCHEDULE', null]);
    });

    it('is due again when its first schedule is, and by new settings from now on', async () => {
      await sync(NOW, 'properties');
      const due = async (at: Date) => (await plans.due(10, at)).length;

      expect([await due(HOURS(11)), await due(HOURS(12))]).toEqual([0, 1]);
      await plans.keep(anIntegration({ schedule: { sync_frequency: 2, sync_cadence: 'HOUR', week: null } }), HOURS(1));
      expect([await due(HOURS(1)), await due(HOURS(2))]).toEqual([0, 1]);
      await plans.keepAll([], HOURS(2));
      expect(await due(HOURS(2))).toBe(0);
    });

    it('keeps a wish through restarts, once, and lifts the limit by date for a back-sync only', async () => {
      await sync(NOW, 'properties', 'changing');

      expect(await plans.wish(anIntegration(), { trigger: 'MANUAL', models: ['changing'] }, HOURS(1))).toBe(true);
      expect(await plans.wish(anIntegration(), { trigger: 'MANUAL', models: null }, HOURS(1))).toBe(false);
      expect(await plans.due(10, HOURS(1))).toEqual([TARGET]);
      expect(await sync(HOURS(1), 'properties', 'changing')).toEqual([['changing', 'MANUAL', new Date(NOW.getTime() - 600_000)]]);
      expect(await plans.wish(anIntegration(), { trigger: 'BACK_SYNC', models: null }, HOURS(2))).toBe(true);
      expect(await sync(HOURS(2), 'properties', 'changing')).toEqual([
        ['properties', 'BACK_SYNC', null],
        ['changing', 'BACK_SYNC', null],
      ]);
    });

    it('tries again what may pass, ever less often, and waits for the rhythm with what may not', async () => {
      const failed = async (mayPass: boolean, at: Date) => {
        const [run] = await runs.plan(TARGET, readable('properties'), at);
        await runs.begin(run!, at);
        await runs.fail(run!, 'It failed.', { mayPass }, at);
        return ((await schedule('properties')).due_at.getTime() - at.getTime()) / 60_000;
      };

      expect(await failed(true, NOW)).toBe(5);
      expect(await failed(true, HOURS(1))).toBe(10);
      expect(await failed(false, HOURS(2))).toBe(12 * 60);
    });

    it('forgets a model that the PMS lists no longer', async () => {
      await sync(NOW, 'properties', 'residents');

      expect(await sync(HOURS(12), 'residents')).toEqual([['residents', 'SCHEDULE', null]]);
      expect(await schedule('properties')).toMatchObject({ active: false });
    });
  });
});
