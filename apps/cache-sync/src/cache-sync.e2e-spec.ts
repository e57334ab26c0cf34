import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { env } from 'node:process';
import { NestFactory } from '@nestjs/core';
import {
  answer,
  dropIntegration,
  ensureStreams,
  getRecord,
  listActiveIntegrations,
  listRecords,
  locateRecords,
  madeRecords,
  MessageBus,
  natsServer,
  noteRefresh,
  ProblemOverNats,
  startSync,
  STREAMS,
  writeEventSubject,
  type MadeRecord,
  type WriteEvent,
  startAnswering,
} from '#messaging';
import { knownModels } from '#models';
import '#models/property';
import '#models/resident';
import { Problem } from '#problem';
import { createLogger } from '#service-kit';
import { ownDatabase, type OwnDatabase } from '../testing/database.ts';
import { FakePms } from '../testing/fake-pms.ts';
import { anIntegration, aPrincipal } from '../testing/origin.ts';
import { assemble, CacheSyncModule } from './cache-sync.ts';
import { SyncPlanSchema, SyncScheduleSchema } from './store/sync-plan.entity.ts';
import { SyncRunSchema } from './store/sync-run.entity.ts';

// Servers of their own kind share the machine with other suites; a slow one is not a broken one.
jest.setTimeout(30_000);

const SLUG = 'some-pms';
const natsUrl = env.TEST_NATS_URL ?? '';
const log = createLogger('cache-sync', 'silent');
const target = { organization_id: 'org-a', integration_id: 'integration-a', pms: SLUG };
const wanted = (id = 'integration-a') => ({ integration: anIntegration({ id }), trigger: 'MANUAL' as const, models: null });

/** Waits until the check passes; its last complaint fails the test. */
async function eventually(check: () => Promise<void> | void, withinMs = 8_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

describe('cache-sync', () => {
  let database: OwnDatabase;
  let bus: MessageBus;
  let fakes: MessageBus;
  let pms: FakePms;
  let refreshed: string[];
  /** What creates of ours have made, as the ledger knows it. */
  let made: MadeRecord[];
  let stop: (() => Promise<void>) | undefined;

  const list = (query: Record<string, string> = {}) =>
    bus.request(listRecords, { principal: aPrincipal(), model: 'residents', query });
  const names = async () => (await list({ 'order-by': 'x_id:asc' })).results.map(({ first_name }) => first_name);
  const runs = () => database.orm.em.fork().find(SyncRunSchema, {}, { orderBy: { planned_at: 'asc', position: 'asc' } });

  const parts = () =>
    assemble({
      orm: database.orm,
      bus,
      catalog: { models: knownModels(), bySlug: (slug) => (slug === SLUG ? { vendor: 'SOME_PMS' } : undefined) },
      log,
      schedule: { retryMs: 50, lookMs: 25 },
      patienceMs: [10, 10],
    });

  async function startService(): Promise<() => Promise<void>> {
    const { schedule, events, ...others } = parts();
    const app = await NestFactory.createMicroservice(CacheSyncModule.of({ schedule, events, ...others }), {
      ...natsServer(natsUrl, 'cache-sync'),
      logger: false,
    });
    app.useGlobalFilters(new ProblemOverNats(() => undefined));
    await startAnswering(app);
    schedule.start();
    const following = events.follow();
    return async () => {
      await app.close();
      await Promise.all([schedule.stop(), following.stop()]);
    };
  }

  const anEvent = (changes: Partial<WriteEvent> = {}): WriteEvent => ({
    version: 1,
    job_id: 'job-a',
    sequence: 3,
    ...target,
    model: 'residents',
    operation: 'create',
    record_id: 'promised0000000000000000a',
    x_id: '77',
    state: 'SUCCEEDED',
    refresh: true,
    at: new Date().toISOString(),
    ...changes,
  });

  async function publish(changes: Partial<WriteEvent>): Promise<void> {
    const whole = anEvent(changes);
    await bus.jetstream.publish(writeEventSubject(whole.integration_id, whole.job_id), JSON.stringify(whole));
  }

  beforeAll(async () => {
    bus = await MessageBus.connect({ servers: natsUrl });
    fakes = await MessageBus.connect({ servers: natsUrl });
    const manager = await bus.jetstreamManager();
    await manager.streams.delete(STREAMS.events.name).catch(() => false);
  });
  beforeEach(async () => {
    database = await ownDatabase(env.TEST_DATABASE_URL);
    pms = new FakePms(SLUG);
    refreshed = [];
    made = [];
    pms.listen(fakes);
    answer(fakes.connection, madeRecords, ({ x_ids }) => made.filter(({ x_id }) => x_ids.includes(x_id)));
    answer(fakes.connection, noteRefresh, ({ job_id }) => {
      refreshed.push(job_id);
      return { ok: true as const };
    });
    await fakes.connection.flush();
  });
  afterEach(async () => {
    await stop?.();
    stop = undefined;
    await fakes.close();
    fakes = await MessageBus.connect({ servers: natsUrl });
    await database?.drop();
  });
  afterAll(async () => {
    await fakes?.close();
    await bus?.close();
  });

  async function thereIsAnIntegration(): Promise<void> {
    answer(fakes.connection, listActiveIntegrations, () => [anIntegration()]);
    await fakes.connection.flush();
  }

  it('reads every model of every integration at its start, in order and page by page', async () => {
    pms.has('properties', { '42': { name: 'Elm Court' } });
    pms.has('residents', {
      '1': { first_name: 'Ann', x_property_id: '42' },
      '2': { first_name: 'Bob' },
      '3': { first_name: 'Cid' },
    });
    stop = await startService();
    await thereIsAnIntegration();

    await eventually(async () => expect(await names()).toEqual(['Ann', 'Bob', 'Cid']));

    expect(pms.asked.map(({ model, cursor }) => [model, cursor])).toEqual([
      ['properties', undefined],
      ['residents', undefined],
      ['residents', '2'],
    ]);
    const [ann] = (await list({ 'order-by': 'x_id:asc' })).results;
    const [property] = await bus.request(locateRecords, { organization_id: 'org-a', ids: [String(ann?.property_id)] });
    expect(property).toMatchObject({ model: 'properties', x_id: '42' });
    const one = await bus.request(getRecord, { principal: aPrincipal(), model: 'residents', id: String(ann?.id) });
    expect(one.result).toEqual(ann);
    await eventually(async () =>
      expect(await runs()).toMatchObject([
        { model: 'properties', state: 'SUCCEEDED', records: 1, pages: 1 },
        { model: 'residents', state: 'SUCCEEDED', records: 3, pages: 2 },
      ]),
    );
  });

  it('tries a page again, and goes on with the next model when one can not be read', async () => {
    let failures = 2;
    pms.has('properties', { '42': {} });
    pms.has('units', { '5': {} });
    pms.has('residents', { '1': { first_name: 'Ann' } });
    pms.before = ({ model }) => {
      if (model === 'properties' && failures-- > 0) throw new Problem('unavailable', 'The PMS does not answer.');
      if (model === 'units') throw new Problem('operation_not_supported', 'Units can not be listed.');
    };
    stop = await startService();

    expect(await bus.request(startSync, wanted())).toEqual({ started: true });

    await eventually(async () =>
      expect(await runs()).toMatchObject([
        { model: 'properties', state: 'SUCCEEDED', error: null },
        { model: 'units', state: 'FAILED', error: 'Units can not be listed.' },
        { model: 'residents', state: 'SUCCEEDED' },
      ]),
    );
    expect(pms.asked.map(({ model }) => model)).toEqual(['properties', 'properties', 'properties', 'units', 'residents']);
  });

  it('gives a record the id that was promised for it, also when the news of its creation never comes', async () => {
    pms.has('residents', { '77': { first_name: 'Ann' }, '78': { first_name: 'Bob' } });
    made = [{ x_id: '77', record_id: 'promised0000000000000000a' }];
    stop = await startService();

    await bus.request(startSync, target);

    await eventually(async () => expect(await names()).toEqual(['Ann', 'Bob']));
    const [ann] = (await list({ 'order-by': 'x_id:asc' })).results;
    expect(ann?.id).toBe('promised0000000000000000a');
  });

  it('goes on where it was stopped, and does not read the same integration twice at once', async () => {
    pms.has('residents', { '1': { first_name: 'Ann' }, '2': { first_name: 'Bob' }, '3': { first_name: 'Cid' } });
    let hang = true;
    pms.before = async ({ cursor }) => {
      if (cursor === '2' && hang) await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
    };
    const stopFirst = await startService();
    await bus.request(startSync, wanted());
    await eventually(() => expect(pms.asked).toHaveLength(2));

    expect(await bus.request(startSync, wanted())).toEqual({ started: false });
    await stopFirst();
    hang = false;
    stop = await startService();

    await eventually(async () => expect(await names()).toEqual(['Ann', 'Bob', 'Cid']));
    expect(pms.asked.map(({ cursor }) => cursor)).toEqual([undefined, '2', '2']);
    expect(await runs()).toMatchObject([{ state: 'SUCCEEDED', pages: 2, records: 3 }]);
  });

  it('asks only for changes the second time, and does not take what it was not shown for seen', async () => {
    pms.has('residents', { '1': { first_name: 'Ann' }, '2': { first_name: 'Bob' } });
    pms.changes.set('residents', new Set());
    stop = await startService();
    await bus.request(startSync, wanted());
    await eventually(async () => expect(await runs()).toMatchObject([{ state: 'SUCCEEDED', changed_since: null }]));
    const before = (await list({ 'order-by': 'x_id:asc' })).results;

    pms.has('residents', { '1': { first_name: 'Ann' }, '2': { first_name: 'Rob' } });
    pms.changes.set('residents', new Set(['2']));
    await eventually(async () => expect(await bus.request(startSync, wanted())).toEqual({ started: true }));
    await eventually(async () => expect(await names()).toEqual(['Ann', 'Rob']));

    const after = (await list({ 'order-by': 'x_id:asc' })).results;
    expect(pms.asked.map(({ changed_since }) => typeof changed_since)).toEqual(['undefined', 'string']);
    expect(after[0]).toEqual(before[0]);
    expect(Date.parse(String(after[1]?.last_seen))).toBeGreaterThan(Date.parse(String(before[1]?.last_seen)));
  });

  it('lets a page that was asked for before a write not undo what was read back after it', async () => {
    pms.has('residents', { '1': { first_name: 'Ann' } });
    stop = await startService();
    await ensureStreams(bus);
    let release: () => void = () => undefined;
    pms.before = ({ x_id }) => (x_id === undefined ? new Promise<void>((resolve) => (release = resolve)) : undefined);
    await bus.request(startSync, wanted());
    await eventually(() => expect(pms.asked).toHaveLength(1));
    pms.has('residents', { '1': { first_name: 'Anna' } });
    await publish({ operation: 'update', x_id: '1', record_id: 'known00000000000000000000' });
    await eventually(async () => expect(await names()).toEqual(['Anna']));

    pms.has('residents', { '1': { first_name: 'Ann' } });
    release();

    await eventually(async () => expect(await runs()).toMatchObject([{ state: 'SUCCEEDED', records: 1 }]));
    expect(await names()).toEqual(['Anna']);
  });

  it('tries a model again that the PMS could not show, without reading the others again', async () => {
    pms.has('properties', { '42': {} });
    pms.has('residents', { '1': { first_name: 'Ann' } });
    let isDown = true;
    pms.before = ({ model }) => {
      if (model === 'residents' && isDown) throw new Problem('unavailable', 'The PMS does not answer.');
    };
    stop = await startService();
    await bus.request(startSync, wanted());
    await eventually(async () => expect(await runs()).toMatchObject([{ state: 'SUCCEEDED' }, { state: 'FAILED' }]));

    isDown = false;
    const em = database.orm.em.fork();
    await eventually(async () =>
      expect((await em.fork().findOneOrFail(SyncPlanSchema, { pms: SLUG })).due_at > new Date()).toBe(true),
    );
    await em.nativeUpdate(SyncScheduleSchema, { model: 'residents' }, { due_at: new Date() });
    await em.nativeUpdate(SyncPlanSchema, { pms: SLUG }, { due_at: new Date() });

    await eventually(async () => expect(await names()).toEqual(['Ann']));
    expect(pms.asked.filter(({ model }) => model === 'properties')).toHaveLength(1);
  });

  it('forgets a dropped integration, even while it is read', async () => {
    pms.has('residents', { '1': { first_name: 'Ann' }, '2': {}, '3': {} });
    let release: () => void = () => undefined;
    pms.before = ({ cursor }) => (cursor === '2' ? new Promise<void>((resolve) => (release = resolve)) : undefined);
    stop = await startService();
    await bus.request(startSync, wanted());
    await eventually(() => expect(pms.asked).toHaveLength(2));

    expect(await bus.request(dropIntegration, { integration_id: 'integration-a' })).toEqual({ ok: true });
    release();

    await eventually(async () => expect(await bus.request(startSync, wanted('other'))).toEqual({ started: true }));
    expect((await list({ integration_id: 'integration-a' })).meta.total).toBe(0);
  });

  it('reads a created record back under the promised id, once the PMS shows it', async () => {
    pms.has('residents', {});
    stop = await startService();
    await ensureStreams(bus);
    await publish({});
    await eventually(() => expect(pms.asked).toHaveLength(1));

    const promised = await bus.request(locateRecords, { organization_id: 'org-a', ids: ['promised0000000000000000a'] });
    expect(promised).toMatchObject([{ model: 'residents', x_id: '77' }]);
    expect(await names()).toEqual([]);
    expect(refreshed).toEqual([]);

    pms.has('residents', { '77': { first_name: 'Ann' } });
    await eventually(async () => expect(await names()).toEqual(['Ann']));
    expect((await list()).results[0]).toMatchObject({ id: 'promised0000000000000000a', integration_vendor: 'SOME_PMS' });
    await eventually(() => expect(refreshed).toEqual(['job-a']));
  });

  it('keeps the place of a created record that is not to be read back, and reads an updated one', async () => {
    pms.has('residents', { '77': { first_name: 'Ann' }, '78': { first_name: 'Bob' } });
    stop = await startService();
    await ensureStreams(bus);

    await publish({ refresh: false });
    await publish({ job_id: 'job-failed', state: 'FAILED', x_id: '79', record_id: 'promised0000000000000000c' });
    await publish({ job_id: 'job-b', operation: 'update', x_id: '78', record_id: 'known00000000000000000000' });

    await eventually(() => expect(refreshed).toEqual(['job-b']));
    expect(await names()).toEqual(['Bob']);
    const ids = ['promised0000000000000000a', 'promised0000000000000000c'];
    expect(await bus.request(locateRecords, { organization_id: 'org-a', ids })).toMatchObject([{ x_id: '77' }]);
    expect(pms.asked.map(({ x_id }) => x_id)).toEqual(['78']);
  });

  it('goes on following the writes when the message store was lost and made anew', async () => {
    pms.has('residents', { '77': { first_name: 'Ann' } });
    await ensureStreams(bus);
    stop = await startService();
    await publish({ job_id: 'job-before' });
    await eventually(() => expect(refreshed).toEqual(['job-before']));

    await (await bus.jetstreamManager()).streams.delete(STREAMS.events.name);
    await ensureStreams(bus);
    await publish({ job_id: 'job-after' });

    await eventually(() => expect(refreshed).toEqual(['job-before', 'job-after']), 20_000);
  });

  it('looks for a record ever less often, and leaves it to the next sync after a quarter of an hour', async () => {
    const { events } = parts();
    const event = anEvent();
    const minutesLater = (minutes: number) => events.handle(event, Date.parse(event.at) + minutes * 60_000);
    pms.has('residents', {});

    expect(await minutesLater(0)).toEqual({ kind: 'again', afterMs: 1_000 });
    expect(await minutesLater(0.5)).toEqual({ kind: 'again', afterMs: 30_000 });
    expect(await minutesLater(14)).toEqual({ kind: 'again', afterMs: 60_000 });
    expect(await minutesLater(15)).toEqual({ kind: 'done' });
  });

  it('drops an event whose promised id is another record, or whose PMS is unknown', async () => {
    const { events } = parts();
    await events.handle(anEvent({ refresh: false }));

    expect(await events.handle(anEvent({ x_id: '78' }))).toMatchObject({ kind: 'dead' });
    expect(await events.handle(anEvent({ pms: 'no-such-pms' }))).toMatchObject({ kind: 'dead' });
  });

  it('says what is wrong with a list in a way that travels', async () => {
    stop = await startService();

    const refusal = await list({ nickname: 'x', limit: '0' }).catch((error: unknown) => Problem.from(error));

    expect(refusal).toMatchObject({ code: 'invalid_request', errors: [{ code: 'unknown_field' }, { code: 'invalid_value' }] });
  });
});
