import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { knownModels } from '#models';
import { Problem } from '#problem';
import '#models/resident';
import '#models/property';
import '#models/lease';
import { ownDatabase, type OwnDatabase } from '../../testing/database.ts';
import { anOrigin, aPrincipal } from '../../testing/origin.ts';
import { storeCopies } from '../store/copies.ts';
import { keepPromises } from '../store/identities.ts';
import { RecordSchema } from '../store/record.entity.ts';
import { RecordReader } from './record-reader.ts';

/** What nats-server takes by default. */
const MAX_MESSAGE_BYTES = 1_048_576;
const NOON = '2026-05-01T12:00:00.000Z';
const LATER = '2026-05-01T12:00:05.000Z';
const residents = anOrigin({ model: 'residents' });
const properties = anOrigin({ model: 'properties' });

describe(RecordReader.name, () => {
  let database: OwnDatabase;
  let reader: RecordReader;
  const em = () => database.orm.em.fork();
  const list = (query: Record<string, string> = {}, principal = aPrincipal()) =>
    reader.list({ principal, model: 'residents', query });
  const names = async (query: Record<string, string>) => (await list(query)).results.map(({ first_name }) => first_name);
  const store = (people: Record<string, unknown>[], origin = residents, at = NOON) =>
    storeCopies(
      em(),
      origin,
      people.map((fields, index) => ({ x_id: String(fields.x_id ?? index + 1), fields })),
      at,
    );
  const idOf = async (model: string, x_id: string) => (await em().findOneOrFail(RecordSchema, { model, x_id })).id;

  beforeAll(async () => {
    database = await ownDatabase(process.env.TEST_DATABASE_URL);
    reader = new RecordReader(database.orm.em, knownModels(), MAX_MESSAGE_BYTES);
  });
  beforeEach(async () => {
    await em().nativeDelete(RecordSchema, {});
  });
  afterAll(() => database?.drop());

  it('shows every field of the model, null where the PMS told nothing', async () => {
    await store([{ first_name: 'Ann', unknown_to_the_model: 1 }]);

    const { results } = await list();

    expect(Object.keys(results[0]!)).toEqual([
      ...['id', 'created_at', 'updated_at', 'last_seen', 'x_id', 'integration_id', 'integration_vendor'],
      ...knownModels().get('residents')!.fields.keys(),
    ]);
    expect(results[0]).toMatchObject({
      x_id: '1',
      integration_id: 'integration-a',
      integration_vendor: 'SOME_PMS',
      last_seen: NOON,
      first_name: 'Ann',
      last_name: null,
      property_id: null,
      x_property_id: null,
    });
  });

  it('shows references as our ids where the record is known, in parts too', async () => {
    await store([{ x_id: '42' }], properties);
    await store([{ x_id: '42' }], anOrigin({ model: 'properties', integration_id: 'integration-b' }));
    await store([{ x_property_id: '42', x_lease_id: '9', leases_meta_data: [{ x_lease_id: '9' }] }]);
    await keepPromises(em(), [{ origin: anOrigin({ model: 'leases' }), x_id: '9', id: 'lease00000000000000000009' }]);

    const { results } = await list();

    expect(results[0]).toMatchObject({
      property_id: await em()
        .findOneOrFail(RecordSchema, { model: 'properties', integration_id: 'integration-a' })
        .then((row) => row.id),
      x_property_id: '42',
      lease_id: 'lease00000000000000000009',
      leases_meta_data: [{ x_lease_id: '9', lease_id: 'lease00000000000000000009' }],
    });
  });

  it('shows null for a reference to a record that is not known', async () => {
    await store([{ x_property_id: '42' }]);

    expect((await list()).results[0]).toMatchObject({ property_id: null, x_property_id: '42' });
  });

  it('filters by stored values, all of them at once', async () => {
    await store([
      { first_name: 'Ann', email_1: 'ann@example.com', is_primary: true, rent_due_day: 1 },
      { first_name: 'Bob', email_1: 'bob@example.com', is_primary: true, rent_due_day: 2 },
      { first_name: 'Cid', email_1: 'ann@example.com', is_primary: false, rent_due_day: 1 },
    ]);

    expect(await names({ email_1: 'ann@example.com', is_primary: 'true' })).toEqual(['Ann']);
    expect(await names({ rent_due_day: '2' })).toEqual(['Bob']);
    expect(await names({ x_id: '3' })).toEqual(['Cid']);
    expect(await names({ email_1: "x' or '1'='1" })).toEqual([]);
    expect(await names({ email_1: 'ann@example.com?' })).toEqual([]);
  });

  it('filters by references as our ids, within their integration only', async () => {
    await store([{ x_id: '42' }], properties);
    await store([
      { first_name: 'Ann', x_property_id: '42', x_lease_id: '42' },
      { first_name: 'Bob', x_property_id: '43', x_lease_id: '42' },
    ]);
    await store([{ first_name: 'Eve', x_property_id: '42' }], anOrigin({ model: 'residents', integration_id: 'integration-b' }));
    const property_id = await idOf('properties', '42');

    expect(await names({ property_id })).toEqual(['Ann']);
    expect(await names({ property_id, integration_id: 'integration-b' })).toEqual([]);
    expect(await names({ lease_id: property_id })).toEqual([]);
    expect(await names({ property_id: 'nothing' })).toEqual([]);
  });

  it('pages through everything once, whatever ties there are', async () => {
    await store(Array.from({ length: 7 }, (_, index) => ({ first_name: `P${index}` })));
    const pages = await Promise.all(['0', '3', '6', '9'].map((offset) => list({ limit: '3', offset })));

    expect(pages.map(({ meta }) => [meta.total, meta.hasMore, meta.offset, meta.limit])).toEqual([
      [7, true, 0, 3],
      [7, true, 3, 3],
      [7, false, 6, 3],
      [7, false, 9, 3],
    ]);
    expect(new Set(pages.flatMap(({ results }) => results.map(({ id }) => id))).size).toBe(7);
  });

  it.each(['created_at:desc', 'created_at:asc', 'updated_at:desc', 'last_seen:asc'])(
    'comes by cursors to the same records in the same order as the list by %s',
    async (order) => {
      await store(Array.from({ length: 5 }, (_, index) => ({ x_id: `a${index}`, first_name: 'Ann' })));
      await store(
        Array.from({ length: 4 }, (_, index) => ({ x_id: `b${index}`, first_name: 'Ann' })),
        residents,
        LATER,
      );
      await store([{ x_id: 'c', first_name: 'Bob' }], residents, LATER);
      const whole = await list({ 'order-by': order, first_name: 'Ann' });

      const pages = [await list({ 'order-by': order, first_name: 'Ann', limit: '2' })];
      for (let cursor = pages[0]?.meta.nextCursor; cursor; cursor = pages.at(-1)?.meta.nextCursor) {
        pages.push(await list({ cursor, first_name: 'Ann', limit: '2' }));
      }

      expect(pages.flatMap(({ results }) => results.map(({ id }) => id))).toEqual(whole.results.map(({ id }) => id));
      expect(pages.map(({ meta }) => meta.hasMore)).toEqual([true, true, true, true, false]);
      expect(whole.meta.nextCursor).toBeNull();
    },
  );

  it('breaks ties by id, in the direction of the last field', async () => {
    await store(Array.from({ length: 7 }, () => ({ last_name: 'Rivera' })));
    const ids = async (direction: string) =>
      (await list({ 'order-by': `last_name:${direction}` })).results.map(({ id }) => String(id));

    expect(await ids('asc')).toEqual((await ids('asc')).toSorted());
    expect(await ids('desc')).toEqual((await ids('asc')).toReversed());
  });

  it('orders texts and numbers by their own order, unset ones last', async () => {
    await store([{ first_name: 'Ann', rent_due_day: 10 }, { first_name: 'Cid', rent_due_day: 9 }, { first_name: 'Bob' }]);

    expect(await names({ 'order-by': 'rent_due_day:asc' })).toEqual(['Cid', 'Ann', 'Bob']);
    expect(await names({ 'order-by': 'rent_due_day:desc' })).toEqual(['Ann', 'Cid', 'Bob']);
    expect(await names({ 'order-by': 'first_name:desc,id:asc' })).toEqual(['Cid', 'Bob', 'Ann']);
    expect(await names({ 'order-by': 'x_id:asc' })).toEqual(['Ann', 'Cid', 'Bob']);
  });

  it('filters by the time of the last change, so that what was listed last is not listed again', async () => {
    await store([{ first_name: 'Ann' }]);
    const updated = String((await list()).results[0]?.updated_at);

    expect(await names({ updated_after: updated })).toEqual([]);
    expect(await names({ updated_before: updated })).toEqual([]);
    expect(await names({ updated_after: '2020-01-01' })).toEqual(['Ann']);
    expect(await names({ updated_before: '2020-01-01' })).toEqual([]);
  });

  it('serves the default order from the index', async () => {
    const plan = await em().transactional(async (tx) => {
      await tx.execute('set local enable_sort = off');
      return tx.execute<Record<string, string>[]>(
        `explain select * from "records"."record" where "organization_id" = 'org-a' and "model" = 'residents'
          and "created_at" is not null order by "created_at" desc, "id" desc limit 100`,
      );
    });

    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toMatch(/Index Scan using record_by_creation/);
  });

  it("hides another organization's records in lists, filters and by id", async () => {
    await store([{ x_id: '42' }], properties);
    await store([{ first_name: 'Ann', x_property_id: '42' }]);
    const stranger = aPrincipal('org-b');
    const id = await idOf('residents', '1');

    expect(await list({}, stranger)).toMatchObject({ meta: { total: 0 }, results: [], age_seconds: null });
    expect((await list({ property_id: await idOf('properties', '42') }, stranger)).results).toEqual([]);
    await expect(reader.get(stranger, 'residents', id)).rejects.toThrow(Problem.notFound('resident'));
  });

  it('hides a promised record until its copy is there', async () => {
    await keepPromises(em(), [{ origin: residents, x_id: '77', id: 'promised0000000000000000a' }]);

    expect((await list()).meta.total).toBe(0);
    await expect(reader.get(aPrincipal(), 'residents', 'promised0000000000000000a')).rejects.toThrow(
      Problem.notFound('resident'),
    );
  });

  it('finds one record by its id and by a former one, and says how old the copy is', async () => {
    await store([{ x_id: '77', first_name: 'Ann' }], residents, new Date(Date.now() - 60_000).toISOString());
    const former = await idOf('residents', '77');
    await keepPromises(em(), [{ origin: residents, x_id: '77', id: 'promised0000000000000000a' }]);

    const found = await reader.get(aPrincipal(), 'residents', former);

    expect(found.result).toMatchObject({ id: 'promised0000000000000000a', first_name: 'Ann' });
    expect(found.age_seconds).toBeGreaterThanOrEqual(60);
    expect(found.age_seconds).toBeLessThan(90);
    expect((await list()).age_seconds).toBeGreaterThanOrEqual(60);
  });

  it('asks for a smaller limit when the records are too large for one answer', async () => {
    await store(Array.from({ length: 20 }, (_, index) => ({ x_id: `${index}`, notes: 'x'.repeat(60_000) })));

    await expect(list()).rejects.toThrow(/^limit must be smaller/);
    expect((await list({ limit: '10' })).results).toHaveLength(10);
  });

  it('answers not found for an unknown id, an id of another model and an unknown model', async () => {
    await store([{ x_id: '42' }], properties);

    await expect(reader.get(aPrincipal(), 'residents', 'nothing')).rejects.toThrow(Problem.notFound('resident'));
    await expect(reader.get(aPrincipal(), 'residents', await idOf('properties', '42'))).rejects.toThrow(
      Problem.notFound('resident'),
    );
    await expect(reader.list({ principal: aPrincipal(), model: 'nothing', query: {} })).rejects.toThrow(
      Problem.notFound('model'),
    );
  });
});
