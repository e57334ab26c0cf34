import { afterAll, afterEach, beforeAll, beforeEach, jest } from '@jest/globals';
import { env } from 'node:process';
import { NestFactory } from '@nestjs/core';
import {
  answer,
  listActiveIntegrations,
  listRecords,
  madeRecords,
  MessageBus,
  natsServer,
  noteRefresh,
  ProblemOverNats,
  startAnswering,
  STREAMS,
  writeEventSubject,
  writtenValues,
  type MadeRecord,
  type NoteRefresh,
  type WriteEvent,
  type WrittenValues,
} from '#messaging';
import { knownModels } from '#models';
import '#models/property';
import '#models/resident';
import { createLogger } from '#service-kit';
import { assemble, CacheSyncModule } from '../src/cache-sync.ts';
import { SyncRunSchema } from '../src/store/sync-run.entity.ts';
import { ownDatabase, type OwnDatabase } from './database.ts';
import { FakePms } from './fake-pms.ts';
import { anIntegration, aPrincipal } from './origin.ts';

const SLUG = 'some-pms';
const NATS_URL = env.TEST_NATS_URL ?? '';
export const TARGET = { organization_id: 'org-a', integration_id: 'integration-a', pms: SLUG };

/** A wish for a sync of everything. */
export const wanted = (id = 'integration-a') => ({
  integration: anIntegration({ id }),
  trigger: 'MANUAL' as const,
  models: null,
});

/** A write of a resident, unless a test says otherwise. */
export const anEvent = (changes: Partial<WriteEvent> = {}): WriteEvent => ({
  version: 1,
  job_id: 'job-a',
  sequence: 3,
  ...TARGET,
  model: 'residents',
  operation: 'create',
  record_id: 'promised0000000000000000a',
  x_id: '77',
  state: 'SUCCEEDED',
  refresh: true,
  at: new Date().toISOString(),
  ...changes,
});

/** Waits until the check passes; its last complaint fails the test. */
export async function eventually(check: () => Promise<void> | void, withinMs = 8_000): Promise<void> {
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

/** The whole service on a real database and a real NATS server, with a PMS and a ledger that are played; anew for each test. */
export class ServiceUnderTest {
  database!: OwnDatabase;
  bus!: MessageBus;
  fakes!: MessageBus;
  pms!: FakePms;
  /** What the ledger was told. */
  notes: NoteRefresh[] = [];
  /** What the ledger says that a write wanted. */
  written: WrittenValues | null = null;
  /** What creates of ours have made, as the ledger knows it. */
  made: readonly MadeRecord[] = [];
  /** Stops what a test started. */
  stop: (() => Promise<void>) | undefined;

  get refreshed(): readonly string[] {
    return this.notes.map(({ job_id }) => job_id);
  }

  list(query: Record<string, string> = {}) {
    return this.bus.request(listRecords, { principal: aPrincipal(), model: 'residents', query });
  }

  async names() {
    return (await this.list({ 'order-by': 'x_id:asc' })).results.map(({ first_name }) => first_name);
  }

  runs() {
    return this.database.orm.em.fork().find(SyncRunSchema, {}, { orderBy: { planned_at: 'asc', position: 'asc' } });
  }

  parts() {
    return assemble({
      orm: this.database.orm,
      bus: this.bus,
      catalog: { models: knownModels(), bySlug: (slug) => (slug === SLUG ? { vendor: 'SOME_PMS' } : undefined) },
      log: createLogger('cache-sync', 'silent'),
      schedule: { retryMs: 50, lookMs: 25 },
      patienceMs: [10, 10],
    });
  }

  async startService(): Promise<() => Promise<void>> {
    const parts = this.parts();
    const app = await NestFactory.createMicroservice(CacheSyncModule.of(parts), {
      ...natsServer(NATS_URL, 'cache-sync'),
      logger: false,
    });
    app.useGlobalFilters(new ProblemOverNats(() => undefined));
    await startAnswering(app);
    parts.schedule.start();
    const following = parts.events.follow();
    return async () => {
      await app.close();
      await Promise.all([parts.schedule.stop(), following.stop()]);
    };
  }

  async publish(changes: Partial<WriteEvent>): Promise<void> {
    const whole = anEvent(changes);
    await this.bus.jetstream.publish(writeEventSubject(whole.integration_id, whole.job_id), JSON.stringify(whole));
  }

  async thereIsAnIntegration(): Promise<void> {
    answer(this.fakes.connection, listActiveIntegrations, () => [anIntegration()]);
    await this.fakes.connection.flush();
  }
}

/** Makes the service for every test of a file, and takes it away. */
export function useService(): ServiceUnderTest {
  // Servers of their own kind share the machine with other suites; a slow one is not a broken one.
  jest.setTimeout(30_000);
  const t = new ServiceUnderTest();
  beforeAll(async () => {
    t.bus = await MessageBus.connect({ servers: NATS_URL });
    t.fakes = await MessageBus.connect({ servers: NATS_URL });
    const manager = await t.bus.jetstreamManager();
    await manager.streams.delete(STREAMS.events.name).catch(() => false);
  });
  beforeEach(async () => {
    t.database = await ownDatabase(env.TEST_DATABASE_URL);
    t.pms = new FakePms(SLUG);
    t.notes = [];
    t.written = null;
    t.made = [];
    t.pms.listen(t.fakes);
    answer(t.fakes.connection, noteRefresh, (note) => {
      t.notes.push(note);
      return { ok: true as const };
    });
    answer(t.fakes.connection, writtenValues, () => t.written);
    answer(t.fakes.connection, madeRecords, ({ x_ids }) => t.made.filter(({ x_id }) => x_ids.includes(x_id)));
    await t.fakes.connection.flush();
  });
  afterEach(async () => {
    await t.stop?.();
    t.stop = undefined;
    await t.fakes.close();
    t.fakes = await MessageBus.connect({ servers: NATS_URL });
    await t.database?.drop();
  });
  afterAll(async () => {
    await t.fakes?.close();
    await t.bus?.close();
  });
  return t;
}
