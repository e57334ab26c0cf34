import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { MikroORM } from '@mikro-orm/postgresql';
import { startNats } from '#local-stack';
import {
  answer,
  administer,
  checkConnection,
  dropIntegration,
  findPendingRecord,
  gateIntegration,
  listJobSchedules,
  locateRecords,
  MessageBus,
  natsServer,
  openWrite,
  ProblemOverNats,
  readJobSchedule,
  scheduleSync,
  startSync,
  type AdminRequest,
  type CheckConnection,
  type CheckResult,
  type IntegrationSummary,
  type OpenWrite,
  type PendingRecord,
  type Principal,
  type RecordAddress,
  type Scope,
  type StartSync,
  startAnswering,
} from '#messaging';
import { migrate, ownerOptions } from '#persistence';
import { Problem } from '#problem';
import { RouterModule } from '../src/router.module.ts';
import { ApiKeysRepository } from '../src/store/api-keys.repository.ts';
import { OrganizationsRepository } from '../src/store/organizations.repository.ts';
import { DIRECTORY } from '../src/store/schema.ts';
import { CATALOG_OF_TESTS } from './catalog.ts';

/** What the services around the router were asked, and what they know. */
export interface Surroundings {
  readonly records: RecordAddress[];
  readonly pending: (PendingRecord & { readonly organization_id: string })[];
  readonly opened: OpenWrite[];
  readonly checked: CheckConnection[];
  readonly gated: { readonly integration_id: string; readonly held: string | null }[];
  readonly synced: string[];
  readonly wished: StartSync[];
  readonly scheduled: IntegrationSummary[];
  readonly dropped: string[];
  /** What the PMS says to credentials. */
  verdict: 'accepts' | Extract<CheckResult, { ok: false }>;
}

/** A router of one test file's own, on a real database and a real NATS server; the other services are played. */
export interface World {
  readonly bus: MessageBus;
  readonly around: Surroundings;
  readonly orm: MikroORM;
  /** The caller of a new organization. */
  organization(scopes?: readonly Scope[]): Promise<Principal>;
  admin(principal: Principal, action: string, rest?: Partial<AdminRequest>): Promise<{ status: number; body: Json }>;
  /** An integration with Acme One; its id. */
  integration(principal: Principal, changes?: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

/** JSON of an answer, for tests to look into. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is what the tests are about
export type Json = any;

/** Needs TEST_DATABASE_URL: a Postgres server on which databases may be made. */
export async function startWorld(server: string | undefined): Promise<World> {
  if (!server) throw new Error('TEST_DATABASE_URL must name a Postgres server on which databases may be made.');
  const name = `router_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database "${name}"`);
  const databaseUrl = Object.assign(new URL(server), { pathname: `/${name}` }).toString();
  await migrate(databaseUrl, DIRECTORY);
  const orm = await MikroORM.init(ownerOptions(databaseUrl, DIRECTORY));

  // A server of its own: the other services are played here, and must not answer the requests of other tests.
  const directory = mkdtempSync(join(tmpdir(), 'router-'));
  const nats = await startNats({ directory, url: '' });
  const bus = await MessageBus.connect({ servers: nats.url });
  const around = playSurroundings(bus);
  await bus.connection.flush();
  const routerBus = await MessageBus.connect({ servers: nats.url });
  const app = await NestFactory.createMicroservice(
    RouterModule.with({ em: orm.em, bus: routerBus, catalog: CATALOG_OF_TESTS, egressAllow: ['127.0.0.1:4700'] }),
    { ...natsServer(nats.url, 'router'), logger: false },
  );
  app.useGlobalFilters(new ProblemOverNats((error) => process.emitWarning(error as Error)));
  await startAnswering(app);

  const admin: World['admin'] = async (principal, action, rest = {}) =>
    (await bus.request(administer, { principal, action, params: {}, query: {}, ...rest })) as { status: number; body: Json };
  return {
    bus,
    around,
    orm,
    admin,
    async organization(scopes = ['read', 'write', 'admin']) {
      const { id } = await new OrganizationsRepository(orm.em).ensure(`org-${randomBytes(6).toString('hex')}`);
      const { row } = await new ApiKeysRepository(orm.em).create(id, 'test', scopes);
      return { organization_id: id, key_id: row.id, scopes };
    },
    async integration(principal, changes = {}) {
      const body = { integration_vendor: 'ACME_ONE', credentials: { apiKey: 'secret' }, ...changes };
      return String((await admin(principal, 'integrations.create', { body })).body.result?.id);
    },
    async close() {
      await app.close();
      await routerBus.close();
      await bus.close();
      await nats.discard();
      rmSync(directory, { recursive: true, force: true });
      await orm.close(true);
      await onServer(server, `drop database "${name}" with (force)`);
    },
  };
}

/** What a request fails with. */
export async function failure(request: Promise<unknown>): Promise<Problem> {
  return request.then(
    (answer) => {
      throw new Error(`expected a problem, got ${JSON.stringify(answer)}`);
    },
    (error: unknown) => (error instanceof Problem ? error : Promise.reject(error)),
  );
}

function playSurroundings(bus: MessageBus): Surroundings {
  const around: Surroundings = {
    records: [],
    pending: [],
    opened: [],
    checked: [],
    gated: [],
    synced: [],
    wished: [],
    scheduled: [],
    dropped: [],
    verdict: 'accepts',
  };
  answer(bus.connection, locateRecords, ({ organization_id, ids }) =>
    around.records.filter((record) => record.organization_id === organization_id && ids.includes(record.id)),
  );
  answer(
    bus.connection,
    findPendingRecord,
    ({ organization_id, record_id }) =>
      around.pending.find((record) => record.organization_id === organization_id && record.record_id === record_id) ?? null,
  );
  answer(bus.connection, openWrite, (write) => {
    around.opened.push(write);
    const record_id = write.record_id ?? `made-${around.opened.length}`;
    const job_id = `job-${around.opened.length}`;
    return { job_id, record_id, payload: write.payload, ignored_fields: write.ignored_fields, replayed: false };
  });
  answer(bus.connection, gateIntegration, (gate) => {
    around.gated.push(gate);
    return { ok: true };
  });
  answer(bus.connection, startSync, (ask) => {
    around.synced.push(ask.integration.id);
    around.wished.push(ask);
    return { started: true };
  });
  answer(bus.connection, scheduleSync, (integration) => {
    around.scheduled.push(integration);
    return { ok: true };
  });
  answer(bus.connection, listJobSchedules, ({ integration: { id: integration_id } }) => ({
    meta: { offset: 0, limit: 100, orderBy: [], hasMore: false, total: 1 },
    results: [{ integration_id }],
  }));
  answer(bus.connection, readJobSchedule, ({ integration: { id: integration_id }, id }) => ({ id, integration_id }));
  answer(bus.connection, dropIntegration, ({ integration_id }) => {
    around.dropped.push(integration_id);
    return { ok: true };
  });
  answer(bus.connection, checkConnection, (check) => {
    around.checked.push(check);
    if (around.verdict !== 'accepts') return around.verdict;
    const { credentials, version } = check;
    const sealed = credentials && {
      version,
      fields: Object.fromEntries(Object.keys(credentials).map((field) => [field, `sealed.${version}.${field}`])),
    };
    return { ok: true, sealed };
  });
  return around;
}

async function onServer(url: string, statement: string): Promise<void> {
  const orm = await MikroORM.init(ownerOptions(url, { ...DIRECTORY, entities: [], migrations: [] }));
  await orm.em.getConnection().execute(statement);
  await orm.close(true);
}
