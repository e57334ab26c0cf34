import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ownDatabase, type OwnDatabase } from '../../testing/database.ts';
import { anOrigin } from '../../testing/origin.ts';
import { forgetIntegration, storeCopies } from './copies.ts';
import { DataDiffSchema, forgetOldDiffs } from './data-diff.entity.ts';
import { keepPromises } from './identities.ts';
import { RecordSchema } from './record.entity.ts';

const NOON = '2026-05-01T12:00:00.000Z';
const ONE = '2026-05-01T13:00:00.000Z';

describe(storeCopies.name, () => {
  let database: OwnDatabase;
  const em = () => database.orm.em.fork();
  const stored = (x_id = '1') => em().findOneOrFail(RecordSchema, { integration_id: 'integration-a', x_id });

  beforeAll(async () => {
    database = await ownDatabase(process.env.TEST_DATABASE_URL);
  });
  beforeEach(() => em().nativeDelete(RecordSchema, {}));
  afterAll(() => database?.drop());

  it('gives a new record an id of ours and keeps it ever after', async () => {
    await storeCopies(em(), anOrigin(), [{ x_id: '1', fields: { first_name: 'Ann' } }], NOON);
    const { id } = await stored();

    await storeCopies(em(), anOrigin(), [{ x_id: '1', fields: { first_name: 'Anna' } }], ONE);

    expect(id).toMatch(/^[a-z0-9]{25}$/);
    expect(await stored()).toMatchObject({ id, fields: { first_name: 'Anna' }, fetched_at: new Date(ONE) });
  });

  it('never lets an older reading overwrite a newer one', async () => {
    await storeCopies(em(), anOrigin(), [{ x_id: '1', fields: { first_name: 'New' } }], ONE);

    await storeCopies(em(), anOrigin(), [{ x_id: '1', fields: { first_name: 'Old' } }], NOON);

    expect(await stored()).toMatchObject({ fields: { first_name: 'New' }, fetched_at: new Date(ONE), last_seen: new Date(ONE) });
  });

  it('raises last_seen with every reading, updated_at only when a field changed', async () => {
    await storeCopies(em(), anOrigin(), [{ x_id: '1', fields: { a: 1, b: { c: 2 } } }], NOON);
    const first = await stored();

    await storeCopies(em(), anOrigin(), [{ x_id: '1', fields: { b: { c: 2 }, a: 1, d: null } }], ONE);
    const same = await stored();
    await storeCopies(em(), anOrigin(), [{ x_id: '1', fields: { a: 1, b: { c: 3 } } }], ONE);
    const changed = await stored();

    expect(same.last_seen).toEqual(new Date(ONE));
    expect(same.updated_at).toEqual(first.updated_at);
    expect(changed.updated_at!.getTime()).toBeGreaterThan(first.updated_at!.getTime());
    expect(changed.created_at).toEqual(first.created_at);
  });

  it('takes the last of several records with one x_id in a page', async () => {
    const page = [
      { x_id: '1', fields: { first_name: 'First' } },
      { x_id: '1', fields: { first_name: 'Last' } },
    ];

    await storeCopies(em(), anOrigin(), page, NOON);

    expect(await stored()).toMatchObject({ fields: { first_name: 'Last' } });
  });

  it('stores texts with characters that Postgres refuses', async () => {
    await storeCopies(em(), anOrigin(), [{ x_id: '1', fields: { notes: `a\0b\ud800 'c' \\u0000 ?` } }], NOON);

    expect((await stored()).fields).toEqual({ notes: `ab\ufffd 'c' \\u0000 ?` });
  });

  it('keeps records of the same x_id apart by model and integration', async () => {
    await storeCopies(em(), anOrigin(), [{ x_id: '1', fields: {} }], NOON);
    await storeCopies(em(), anOrigin({ model: 'units' }), [{ x_id: '1', fields: {} }], NOON);
    await storeCopies(em(), anOrigin({ integration_id: 'integration-b' }), [{ x_id: '1', fields: {} }], NOON);

    expect(await em().count(RecordSchema)).toBe(3);
  });

  it('lets two pages with common records be stored at once', async () => {
    const page = Array.from({ length: 250 }, (_, index) => ({ x_id: String(index), fields: { n: index } }));

    await Promise.all([page, page.toReversed(), page, page.toReversed()].map((p) => storeCopies(em(), anOrigin(), p, NOON)));

    expect(await em().count(RecordSchema)).toBe(250);
  });

  it('rewrites an unchanged record without touching an index', async () => {
    await storeCopies(em(), anOrigin(), [{ x_id: '1', fields: { a: 1 } }], NOON);

    const [before, after] = await em().transactional(async (tx) => {
      const hotUpdates = () =>
        tx.execute<{ count: string }[]>(`select pg_stat_get_xact_tuples_hot_updated('"records"."record"'::regclass) as count`);
      const counts = [await hotUpdates()];
      await storeCopies(tx, anOrigin(), [{ x_id: '1', fields: { a: 1 } }], ONE);
      return [...counts, await hotUpdates()].map(([row]) => Number(row?.count));
    });

    expect(after! - before!).toBe(1);
  });

  it('forgets an integration and leaves the others', async () => {
    await storeCopies(em(), anOrigin(), [{ x_id: '1', fields: {} }], NOON);
    await storeCopies(em(), anOrigin({ integration_id: 'integration-b' }), [{ x_id: '1', fields: {} }], NOON);

    await forgetIntegration(em(), 'integration-a');

    expect(await em().find(RecordSchema, {})).toMatchObject([{ integration_id: 'integration-b' }]);
  });
});

describe('data diffs', () => {
  let database: OwnDatabase;
  const em = () => database.orm.em.fork();
  const diffs = async () =>
    (
      await em().find(DataDiffSchema, { integration_id: 'integration-a' }, { orderBy: { created_at: 'asc', record_id: 'asc' } })
    ).map(({ event_type, data_diff, job_id }) => ({ event_type, ...data_diff, job_id }));
  const store = (fields: Record<string, unknown>, at = NOON, job: string | null = null) =>
    storeCopies(em(), anOrigin(), [{ x_id: '1', fields }], at, job);

  beforeAll(async () => {
    database = await ownDatabase(process.env.TEST_DATABASE_URL);
  });
  beforeEach(() => forgetIntegration(em(), 'integration-a'));
  afterAll(() => database?.drop());

  it('tell of a new record with all its fields, and of a changed one with those that changed, came or went', async () => {
    await store({ name: 'Ann', age: 7, tags: ['a'] }, NOON, 'run-1');
    await store({ name: 'Anna', tags: ['a'], city: 'Ohio' }, ONE, 'run-2');

    expect(await diffs()).toEqual([
      { event_type: 'NEW', previous: null, new: { name: 'Ann', age: 7, tags: ['a'] }, job_id: 'run-1' },
      { event_type: 'UPDATE', previous: { name: 'Ann', age: 7 }, new: { name: 'Anna', city: 'Ohio' }, job_id: 'run-2' },
    ]);
  });

  it('say nothing of what stayed the same, and of a reading that came too late', async () => {
    await store({ name: 'Ann' }, ONE);
    await store({ name: 'Ann' }, ONE);
    await store({ name: 'Old' }, NOON);

    expect(await diffs()).toHaveLength(1);
  });

  it('call a record new when its promised id waited for its copy', async () => {
    await keepPromises(em(), [{ origin: anOrigin(), x_id: '1', id: 'promised0000000000000000a' }]);
    await store({ name: 'Ann' });

    const [row] = await em().find(DataDiffSchema, { integration_id: 'integration-a' });
    expect(row).toMatchObject({ event_type: 'NEW', record_id: 'promised0000000000000000a' });
  });

  it('have each change once and in its order, however many readings come at once', async () => {
    const values = Array.from({ length: 12 }, (_, nth) => nth);
    await Promise.all(values.map((value) => store({ value })));

    const all = await em().find(DataDiffSchema, { integration_id: 'integration-a' });
    const next = new Map(all.map(({ data_diff }) => [JSON.stringify(data_diff.previous?.value ?? null), data_diff.new.value]));
    const chain: unknown[] = [];
    for (let at = next.get('null'); at !== undefined; at = next.get(JSON.stringify(at))) chain.push(at);
    expect(all.filter(({ event_type }) => event_type === 'NEW')).toHaveLength(1);
    expect([...chain].sort((one, other) => Number(one) - Number(other))).toEqual(values);
  });

  it('are not there when the page was not stored, and go after thirty days', async () => {
    const failing = em().transactional(async (tx) => {
      await storeCopies(tx, anOrigin(), [{ x_id: '1', fields: { name: 'Ann' } }], NOON);
      throw new Error('The page can not be stored.');
    });
    await expect(failing).rejects.toThrow();
    expect(await diffs()).toEqual([]);

    await store({ name: 'Ann' });
    await forgetOldDiffs(em(), new Date(Date.now() + 29 * 86_400_000));
    expect(await diffs()).toHaveLength(1);
    await forgetOldDiffs(em(), new Date(Date.now() + 31 * 86_400_000));
    expect(await diffs()).toEqual([]);
  });
});
