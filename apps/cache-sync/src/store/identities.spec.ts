import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ownDatabase, type OwnDatabase } from '../../testing/database.ts';
import { anOrigin } from '../../testing/origin.ts';
import { storeCopies } from './copies.ts';
import { keepPromises, locate, resolve } from './identities.ts';
import { RecordAliasSchema, RecordSchema } from './record.entity.ts';

const NOON = '2026-05-01T12:00:00.000Z';
const PROMISED = 'promised0000000000000000a';
const address = { model: 'things', integration_id: 'integration-a', organization_id: 'org-a', x_id: '77' };

describe('identities', () => {
  let database: OwnDatabase;
  const em = () => database.orm.em.fork();
  const idOf77 = async () => (await em().findOneOrFail(RecordSchema, { x_id: '77' })).id;

  beforeAll(async () => {
    database = await ownDatabase(process.env.TEST_DATABASE_URL);
  });
  beforeEach(async () => {
    await em().nativeDelete(RecordSchema, {});
  });
  afterAll(() => database?.drop());

  it('keeps the place of a record that has not been read yet', async () => {
    expect(await keepPromises(em(), [{ origin: anOrigin(), x_id: '77', id: PROMISED }])).toEqual([true]);

    expect(await locate(em(), 'org-a', [PROMISED])).toEqual([{ id: PROMISED, ...address }]);
    expect(await em().findOneOrFail(RecordSchema, PROMISED)).toMatchObject({ fetched_at: null, created_at: null });
  });

  it('gives the promised id to the copy that comes later', async () => {
    await keepPromises(em(), [{ origin: anOrigin(), x_id: '77', id: PROMISED }]);

    await storeCopies(em(), anOrigin(), [{ x_id: '77', fields: { first_name: 'Ann' } }], NOON);

    const row = await em().findOneOrFail(RecordSchema, PROMISED);
    expect(row).toMatchObject({ fields: { first_name: 'Ann' }, fetched_at: new Date(NOON) });
    expect(row.created_at).toBeInstanceOf(Date);
  });

  it('gives the promised id to a record that a sync stored first, and keeps the former one as an alias', async () => {
    await storeCopies(em(), anOrigin(), [{ x_id: '77', fields: { first_name: 'Ann' } }], NOON);
    const former = await idOf77();

    await keepPromises(em(), [{ origin: anOrigin(), x_id: '77', id: PROMISED }]);

    expect(await idOf77()).toBe(PROMISED);
    const found = await locate(em(), 'org-a', [former, PROMISED]);
    expect(found).toHaveLength(2);
    expect(found).toEqual(expect.arrayContaining([former, PROMISED].map((id) => ({ id, ...address }))));
  });

  it('keeps the same promise twice without effect', async () => {
    await storeCopies(em(), anOrigin(), [{ x_id: '77', fields: {} }], NOON);
    await keepPromises(em(), [{ origin: anOrigin(), x_id: '77', id: PROMISED }]);

    expect(await keepPromises(em(), [{ origin: anOrigin(), x_id: '77', id: PROMISED }])).toEqual([true]);

    expect(await em().count(RecordAliasSchema)).toBe(1);
  });

  it('lets several promises lead to one record, in whatever order they are repeated', async () => {
    const other = 'promised0000000000000000b';
    await storeCopies(em(), anOrigin(), [{ x_id: '77', fields: {} }], NOON);
    const first = await idOf77();

    for (const promised of [PROMISED, other, PROMISED, other])
      await keepPromises(em(), [{ origin: anOrigin(), x_id: '77', id: promised }]);

    const found = await locate(em(), 'org-a', [first, PROMISED, other]);
    expect(found.map(({ x_id }) => x_id)).toEqual(['77', '77', '77']);
    expect(await em().count(RecordSchema)).toBe(1);
  });

  it("refuses an id that is another record's and changes nothing", async () => {
    await keepPromises(em(), [{ origin: anOrigin(), x_id: '1', id: PROMISED }]);
    await storeCopies(em(), anOrigin(), [{ x_id: '77', fields: {} }], NOON);
    const before = await idOf77();

    expect(await keepPromises(em(), [{ origin: anOrigin(), x_id: '77', id: PROMISED }])).toEqual([false]);
    expect(await keepPromises(em(), [{ origin: anOrigin(), x_id: '78', id: PROMISED }])).toEqual([false]);

    expect(await idOf77()).toBe(before);
  });

  it('answers each of several promises for itself', async () => {
    await keepPromises(em(), [{ origin: anOrigin(), x_id: '1', id: PROMISED }]);
    const fresh = { origin: anOrigin(), x_id: '2', id: 'promised0000000000000000b' };
    const taken = { origin: anOrigin(), x_id: '3', id: PROMISED };

    expect(await keepPromises(em(), [fresh, taken, fresh])).toEqual([true, false, true]);
    expect(await em().count(RecordSchema)).toBe(2);
  });

  it("leaves out unknown ids and another organization's", async () => {
    await keepPromises(em(), [{ origin: anOrigin(), x_id: '77', id: PROMISED }]);

    expect(await locate(em(), 'org-b', [PROMISED])).toEqual([]);
    expect(await locate(em(), 'org-a', ['nothing', 'a\0b'])).toEqual([]);
  });

  it('resolves PMS ids within one integration and model', async () => {
    await keepPromises(em(), [{ origin: anOrigin(), x_id: '77', id: PROMISED }]);
    const named = { integration_id: 'integration-a', model: 'things', x_id: '77' };

    expect(await resolve(em(), [named, { ...named, integration_id: 'integration-b' }, { ...named, model: 'units' }])).toEqual([
      { ...named, id: PROMISED },
    ]);
  });
});
