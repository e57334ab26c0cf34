/**
 * The whole service over NATS, with workers that do nothing but say so, while what it stands on fails: JetStream loses its store, NATS is
 * gone, Postgres is gone. What was accepted is carried out exactly once; what could not be accepted is refused.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startNats, startPostgres, type Nats, type Postgres } from '#local-stack';
import {
  advanceJob,
  attachWorker,
  cancelWrite,
  claimJob,
  consume,
  done,
  ensureConsumer,
  findPendingRecord,
  gateIntegration,
  listWrites,
  MessageBus,
  newId,
  noteRefresh,
  openWrite,
  resolveWrite,
  retryWrite,
  settleJob,
  STREAMS,
  writeEventConsumer,
  writeStatus,
  type Consumption,
  type JobMessage,
  type OpenWrite,
  type WriteEvent,
} from '#messaging';
import { migrate } from '#persistence';
import { createLogger, readSettings, type RunningService } from '#service-kit';
import { customer } from '../testing/ledger.fixture.ts';
import { startStatus } from './status.service.ts';
import { ledgerSchema } from './store/ledger.schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'status-e2e-'));
const principal = customer();
let nats: Nats;
let postgres: Postgres;
let service: RunningService;
let bus: MessageBus;
let worker: Consumption;
let listener: Consumption;
const effects = new Map<string, number>();
const events: WriteEvent[] = [];

beforeAll(async () => {
  [nats, postgres] = await Promise.all([
    startNats({ directory: folder, url: '' }),
    startPostgres({ directory: folder, url: '' }),
  ]);
  await migrate(postgres.url, ledgerSchema);
  const settings = readSettings({
    NODE_ENV: 'test',
    NATS_URL: nats.url,
    DATABASE_URL: postgres.url,
    LATCHKEY_SWEEP_MS: '50',
  });
  service = await startStatus(settings, createLogger('status', 'silent'));
  bus = await MessageBus.connect({ servers: nats.url });
  worker = await startWorker('acme');
  await ensureConsumer(bus, STREAMS.events.name, writeEventConsumer('spec'));
  listener = consume<WriteEvent>(bus, {
    stream: STREAMS.events.name,
    durable: 'events-spec',
    concurrency: 1,
    onTrouble: () => {},
    handle: async (event) => {
      events.push(event);
      return done;
    },
  });
}, 60_000);

afterAll(async () => {
  await Promise.all([worker.stop(), listener.stop()]);
  await service.stop?.();
  await bus.close();
  await Promise.all([nats.discard(), postgres.discard()]);
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** A worker whose PMS takes everything; `effects` is that PMS's journal. */
async function startWorker(pms: string): Promise<Consumption> {
  const { durable, stream } = await bus.request(attachWorker, { max_in_flight: 32 }, { pms });
  return consume<JobMessage>(bus, {
    stream,
    durable,
    concurrency: 32,
    onTrouble: () => {},
    handle: async ({ job_id, release }) => {
      const claim = await bus.request(claimJob, { job_id, release, worker: 'spec' }, { pms });
      if (!claim) return done;
      const { token } = claim;
      await bus.request(advanceJob, { job_id, token, sending: { step: 'create', memo: {} } }, { pms });
      effects.set(job_id, (effects.get(job_id) ?? 0) + 1);
      await bus.request(settleJob, { job_id, token, outcome: { kind: 'succeeded', x_id: `x-${job_id}` } }, { pms });
      return done;
    },
  });
}

const aWrite = (n: number, changes: Partial<OpenWrite> = {}): OpenWrite => ({
  job_id: newId(),
  organization_id: 'org1',
  integration_id: `int${n % 5}`,
  pms: 'acme',
  model: 'residents',
  operation: 'create',
  record_id: null,
  x_id: null,
  payload: { n },
  references: {},
  ignored_fields: [],
  priority: 'interactive',
  refresh: true,
  ...changes,
});
const open = (n: number, changes: Partial<OpenWrite> = {}) => bus.request(openWrite, aWrite(n, changes));
const statusFor = (job_id: string) => bus.request(writeStatus, { principal, job_id });

async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 40_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function allCarriedOutOnce(ids: readonly string[]): Promise<void> {
  const open = new Map(ids.map((id) => [id, 'not asked yet']));
  await until('every write succeeded', async () => {
    for (const id of open.keys()) open.set(id, await statusFor(id).then(({ state }) => state, String));
    for (const [id, state] of open) if (state === 'SUCCEEDED') open.delete(id);
    return open.size === 0;
  }).finally(() => expect([...open.values()]).toEqual([]));
  expect(ids.filter((id) => effects.get(id) !== 1)).toEqual([]);
}

describe('the service status', () => {
  it('carries writes through, and tells each of their states in order', async () => {
    const opened = await Promise.all(Array.from({ length: 100 }, (_, n) => open(n)));
    const ids = opened.map(({ job_id }) => job_id);
    await allCarriedOutOnce(ids);
    await until('events', () => ids.every((id) => events.some(({ job_id, state }) => job_id === id && state === 'SUCCEEDED')));

    for (const id of ids) {
      const mine = events.filter(({ job_id }) => job_id === id);
      expect(mine.map(({ state, sequence }) => [state, sequence])).toEqual([['SUCCEEDED', 1]]);
      expect(mine.at(-1)).toMatchObject({ x_id: `x-${id}`, refresh: true, organization_id: 'org1' });
    }
    expect(await service.metrics?.()).toContain('latchkey_writes_accepted_total 100');
  }, 60_000);

  it('answers every request of its contracts', async () => {
    const { job_id, record_id } = await open(1, { integration_id: 'quiet', pms: 'nobody' });
    const ask = { principal, job_id };
    expect(await bus.request(findPendingRecord, { organization_id: 'org1', record_id })).toMatchObject({
      job_id,
      state: 'ACCEPTED',
    });
    expect(await bus.request(findPendingRecord, { organization_id: 'org2', record_id })).toBeNull();
    expect(await bus.request(gateIntegration, { integration_id: 'quiet', held: 'off' })).toEqual({ ok: true });
    expect(await bus.request(cancelWrite, ask)).toEqual({ success: true, job_id });
    await expect(bus.request(retryWrite, ask)).rejects.toMatchObject({ code: 'conflict' });
    await expect(bus.request(resolveWrite, ask)).rejects.toMatchObject({ code: 'conflict' });
    expect(await bus.request(noteRefresh, { job_id, refreshed_at: new Date().toISOString(), verified: null })).toEqual({
      ok: true,
    });
    expect(await bus.request(listWrites, { principal, query: { integration_id: 'quiet', status: 'FAILURE' } })).toMatchObject({
      results: { logs: [{ job_id, status: 'FAILURE', vendor: 'NOBODY', error: expect.stringContaining('cancelled') }] },
    });
    await expect(bus.request(listWrites, { principal, query: { limt: '1', limit: '0' } })).rejects.toMatchObject({
      code: 'invalid_request',
      errors: [{ parameter: 'limt' }, { parameter: 'limit' }],
    });
    await expect(bus.request(writeStatus, { principal: customer('org2'), job_id })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('loses nothing when JetStream loses everything under way', async () => {
    const opened = await Promise.all(Array.from({ length: 150 }, (_, n) => open(n)));
    const manager = await bus.jetstreamManager();
    for (const { name } of Object.values(STREAMS)) await manager.streams.delete(name);
    opened.push(...(await Promise.all(Array.from({ length: 50 }, (_, n) => open(n)))));

    await allCarriedOutOnce(opened.map(({ job_id }) => job_id));
  }, 60_000);

  it('goes on after NATS was killed', async () => {
    const opened = await Promise.all(Array.from({ length: 100 }, (_, n) => open(n)));
    await nats.daemon?.kill('SIGKILL');
    await nats.daemon?.start();
    await until(
      'NATS is back',
      async () =>
        (await open(0)
          .then((more) => opened.push(more))
          .catch(() => 0)) > 0,
    );

    // A worker may have been cut off between its call and its settling: the lease then decides, which takes longer than this test waits.
    const settled = async () => {
      const states = await Promise.all(opened.map(async ({ job_id }) => (await statusFor(job_id).catch(() => undefined))?.state));
      return states.every((state) => state === 'SUCCEEDED' || state === 'SENDING' || state === 'RELEASED');
    };
    await until('nothing waits', settled);
    expect([...effects.values()].filter((count) => count !== 1)).toEqual([]);
  }, 60_000);

  it('refuses within three seconds while Postgres is gone, and goes on when it is back', async () => {
    await postgres.daemon?.kill('SIGKILL');
    const started = performance.now();
    const refused = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => open(n)));
    expect(performance.now() - started).toBeLessThan(3_000);
    for (const each of refused) expect(each).toMatchObject({ status: 'rejected', reason: { code: 'unavailable', status: 503 } });
    await expect(service.checks.database?.()).rejects.toThrow();

    await postgres.daemon?.start();
    const ids: string[] = [];
    await until(
      'accepting again',
      async () =>
        (await open(0)
          .then(({ job_id }) => ids.push(job_id))
          .catch(() => 0)) > 0,
    );
    await allCarriedOutOnce(ids);
  }, 60_000);
});
