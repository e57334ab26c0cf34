/**
 * A whole ledger on a real Postgres and a real NATS, for specs: its own database, its own PMS name, no sweeper running by itself. Time passes
 * when a spec says so (`pass`), never by waiting.
 */
import { customAlphabet } from 'nanoid';
import { MikroORM } from '@mikro-orm/postgresql';
import {
  MessageBus,
  newId,
  type ClaimedJob,
  type JobRequest,
  type Opened,
  type OpenWrite,
  type Outcome,
  type State,
} from '#messaging';
import { migrate, ownerOptions } from '#persistence';
import { createLogger, readSettings } from '#service-kit';
import type { Caps } from '../src/decide/fair.ts';
import { assemble, stopParts, type LedgerParts } from '../src/status.service.ts';
import { ledgerSchema } from '../src/store/ledger.schema.ts';

/** As the settings have them. */
export const { caps: CAPS } = readSettings({}).ledger;

const word = customAlphabet('abcdefghijklmnopqrstuvwxyz', 10);

export interface TestLedger extends LedgerParts {
  readonly bus: MessageBus;
  readonly orm: MikroORM;
  readonly databaseUrl: string;
  readonly pms: string;
  /** A create in an integration of its own (an integration has only so many writes under way), with everything else as given. */
  aWrite(changes?: Partial<OpenWrite>): OpenWrite;
  /** Waits until the dispatcher has released the write, and claims it. */
  claimed(jobId: string): Promise<ClaimedJob>;
  /** Opens a write under an id of its own, so that one description may be opened several times. */
  open(write: OpenWrite): Promise<Opened>;
  /** Claims a released write, says that it sends, and settles it. */
  carryOut(jobId: string, outcome?: Outcome): Promise<State>;
  stateOf(jobId: string): Promise<State>;
  row(jobId: string): Promise<Readonly<Record<string, unknown>>>;
  /** Moves a moment of a write into the past, so that it is over now. */
  pass(jobId: string, moment: 'lease_until' | 'due_at' | 'settle_by' | 'deadline_at' | 'released_at'): Promise<void>;
  until(what: string, holds: () => Promise<boolean>): Promise<void>;
  stop(): Promise<void>;
}

export interface TestLedgerOptions {
  readonly databaseServer: string | undefined;
  readonly natsUrl: string | undefined;
  readonly caps?: Partial<Caps>;
  readonly leaseMs?: number;
}

export const customer = (organization_id = 'org1'): JobRequest['principal'] => ({
  organization_id,
  key_id: 'key1',
  scopes: ['read', 'write', 'admin'],
});
export const success = (x_id: string | null = '4711'): Outcome => ({ kind: 'succeeded', x_id });

export async function openTestLedger({
  databaseServer,
  natsUrl,
  caps,
  leaseMs = 60_000,
}: TestLedgerOptions): Promise<TestLedger> {
  if (!databaseServer || !natsUrl) throw new Error('Specs need TEST_DATABASE_URL and TEST_NATS_URL; `npm test` sets them.');
  const databaseUrl = await makeDatabase(databaseServer);
  await migrate(databaseUrl, ledgerSchema);
  const orm = await MikroORM.init(ownerOptions(databaseUrl, ledgerSchema, { max: 12 }));
  const bus = await MessageBus.connect({ servers: natsUrl });
  const settings = { leaseMs, sweepMs: 50, ageLimitHours: 24, caps: { ...CAPS, ...caps } };
  const parts = assemble(orm, bus, {
    settings,
    log: createLogger('spec', 'silent'),
    random: () => 0.5,
  });
  await parts.streams.keep();
  const pms = word();

  const row = async (jobId: string) => {
    const [found] = await parts.database.run<Readonly<Record<string, unknown>>>(
      'select * from ledger.operation where id = $1',
      jobId,
    );
    if (!found) throw new Error(`no write ${jobId}`);
    return found;
  };
  const stateOf = async (jobId: string) => (await row(jobId)).state as State;
  const until = async (what: string, holds: () => Promise<boolean>) => {
    const deadline = performance.now() + 15_000;
    while (!(await holds())) {
      if (performance.now() > deadline) throw new Error(`never came true: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const claimed = async (jobId: string) => {
    await until(`${jobId} is released`, async () => ['RELEASED', 'RECONCILING'].includes(await stateOf(jobId)));
    const { release_no } = await row(jobId);
    const claim = await parts.ledger.claim(pms, { job_id: jobId, release: Number(release_no), worker: 'w1' });
    if (!claim) throw new Error(`${jobId} could not be claimed`);
    return claim;
  };

  return {
    ...parts,
    bus,
    orm,
    databaseUrl,
    pms,
    row,
    stateOf,
    until,
    claimed,
    aWrite: (changes = {}) => ({
      job_id: newId(),
      organization_id: 'org1',
      integration_id: word(),
      pms,
      model: 'residents',
      operation: 'create',
      record_id: null,
      x_id: null,
      payload: { first_name: 'Ada' },
      references: {},
      ignored_fields: [],
      priority: 'interactive',
      refresh: false,
      ...changes,
    }),
    open: (write) => parts.ledger.open({ ...write, job_id: newId() }),
    async carryOut(jobId, outcome = success()) {
      const { token } = await claimed(jobId);
      await parts.ledger.advance(pms, { job_id: jobId, token, sending: { step: 'create', memo: {} } });
      return (await parts.ledger.settle(pms, { job_id: jobId, token, outcome })).state;
    },
    async pass(jobId, moment) {
      await parts.database.run(`update ledger.operation set ${moment} = now() - interval '1 hour' where id = $1`, jobId);
    },
    async stop() {
      await stopParts(parts);
      await bus.close();
      await orm.close(true);
    },
  };
}

async function makeDatabase(server: string): Promise<string> {
  const name = `ledger_${word()}`;
  const orm = await MikroORM.init({ clientUrl: server, entities: [], discovery: { warnWhenNoEntities: false } });
  await orm.em.getConnection().execute(`create database ${name}`);
  await orm.close(true);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
