/**
 * What every measurement plays on: a Latchkey of its own against the sandbox, with several integrations of one PMS whose records have been
 * synced, and nothing else going on. It is taken away afterwards, so no measurement inherits another's tables.
 *
 * Fails when the stack does not come up, or when the first sync does not end within two minutes.
 */
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startStack, type Stack } from '#local-stack';
import { apiAt, eventually, type Api } from '../support/api.ts';
import { cpuTimes, type CpuTimes } from './cpu.ts';
import type { Shot } from './load.ts';
import { say } from './print.ts';
import { profiling } from './profile.ts';

const VENDOR = 'BUILDIUM';
const SLUG = 'buildium';
const WORKER = 'worker-buildium';
const SERVICES = ['sandbox', 'router', 'status', 'cache-sync', 'gateway', WORKER] as const;

/** As many as the dispatcher needs to have all of a worker's hands full: it gives one integration eight at a time. */
const INTEGRATIONS = 8;

/** No limit stands between us and the machine: what is measured is the machine. */
const UNLIMITED = { max_request_frequency: 10_000, max_request_cadence: 'SECOND', max_job_concurrency: 100 };

const FIRST_SYNC_MS = 120_000;
const QUIET_MS = 1_500;

const WAITING = `state in ('ACCEPTED', 'RELEASED', 'SENDING', 'RETRY_WAIT', 'HELD', 'UNKNOWN', 'RECONCILING')`;

/** One integration of the stage, with what a request to it needs. */
export interface Tenancy {
  readonly integration_id: string;
  readonly lease_id: string;
  readonly resident_ids: readonly string[];
}

export class Stage {
  private clearing: Promise<void> | undefined;

  private constructor(
    readonly stack: Stack,
    readonly database: pg.Pool,
    readonly tenancies: readonly Tenancy[],
  ) {}

  /** @param name of the measurement; the state folder is called after it */
  static async set(name: string): Promise<Stage> {
    say(`\n== ${name} (${cpus().length} cores, Node ${process.versions.node})`);
    const stack = await startStack({
      directory: `.latchkey/bench-${name}`,
      databaseUrl: '',
      natsUrl: '',
      services: SERVICES,
      demo: 'keys',
      env: profiling(SERVICES, name, { gateway: { LATCHKEY_RATE_LIMIT_PER_MINUTE: '1000000000' } }),
    });
    const database = new pg.Pool({ connectionString: stack.urls.database, max: 2 });
    try {
      const ids = await connect(stack);
      const tenancies = await Promise.all(ids.map((id) => tenancyOf(stack, id)));
      const stage = new Stage(stack, database, tenancies);
      await stage.quiet();
      return stage;
    } catch (error) {
      await database.end();
      await stack.discard();
      throw error;
    }
  }

  get api(): Api {
    return apiAt(this.stack.urls.gateway, this.stack.keys.api);
  }
  get admin(): Api {
    return apiAt(this.stack.urls.gateway, this.stack.keys.admin);
  }
  get sandbox(): Api {
    return apiAt(this.stack.urls.sandbox, undefined);
  }

  async sql<Row extends pg.QueryResultRow>(text: string, ...values: readonly unknown[]): Promise<Row[]> {
    return (await this.database.query<Row>(text, [...values])).rows;
  }

  /** The clock that writes are stamped with. */
  async now(): Promise<Date> {
    const [row] = await this.sql<{ now: Date }>('select clock_timestamp() as now');
    return row?.now ?? new Date();
  }

  /** Makes a record, at each integration in turn. @param of Only at these. */
  creates(of: readonly Tenancy[] = this.tenancies): readonly Shot[] {
    return of.map(({ integration_id, lease_id }) => ({
      ...this.door,
      method: 'POST',
      path: '/v1/residents/',
      body: { integration_id, lease_id, ...RESIDENT },
    }));
  }

  /** Changes each known record in turn. */
  updates(): readonly Shot[] {
    const ids = this.tenancies.flatMap(({ resident_ids }) => resident_ids);
    return ids.map((id) => ({ ...this.door, method: 'PUT', path: `/v1/residents/${id}`, body: CHANGE }));
  }

  statuses(jobs: readonly string[]): readonly Shot[] {
    return jobs.map((id) => ({ ...this.door, method: 'GET', path: `/v1/admin/write-status/${id}` }));
  }

  private get door() {
    return { url: this.stack.urls.gateway, key: this.stack.keys.admin };
  }

  /** CPU spent so far by every process of the stack, and by others that are named. */
  cpu(others: ReadonlyMap<string, number> = new Map()): CpuTimes {
    const own = this.stack.services.flatMap(({ name, pid }) => (pid === undefined ? [] : [[name, pid] as const]));
    return cpuTimes(new Map([...own, ...others]));
  }

  stopWorker(): Promise<void> {
    return this.stack.kill(WORKER, 'SIGTERM');
  }
  /** @param signal One that only suspends or resumes. */
  signalWorker(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    return this.stack.kill(WORKER, signal);
  }
  startWorker(): Promise<void> {
    return this.stack.restart(WORKER);
  }

  async refreshAfterWrite(wanted: boolean): Promise<void> {
    for (const { integration_id } of this.tenancies) {
      const { status, body } = await this.admin.put(`/v1/admin/integrations/${integration_id}/`, { refresh_after_write: wanted });
      if (status !== 200) throw new Error(`The integration was not changed: ${JSON.stringify(body)}`);
    }
  }

  /** Resolves when no write waits or is under way. */
  async drained(withinMs = 1_800_000): Promise<void> {
    const look = async () => ((await this.waiting()) ? undefined : true);
    await eventually('an empty queue', async () => (await look()) ?? void (await sleep(200)), withinMs);
  }

  private async waiting(): Promise<boolean> {
    const [row] = await this.sql<{ waits: boolean }>(
      `select exists (select from ledger.operation where ${WAITING} and ${OURS}) as waits`,
    );
    return row?.waits ?? false;
  }

  /** Takes what waits out of the ledger, so that the next round begins as the first. Only while the worker has nothing in hand. */
  async forgetWaiting(): Promise<void> {
    await this.sql(`delete from ledger.operation where state = 'ACCEPTED' and ${OURS}`);
    await this.sql('vacuum ledger.operation');
  }

  /** The PMS has its first records back, and forgets whom it was called by. */
  async resetSandbox(): Promise<void> {
    const { status } = await this.sandbox.post('/_reset');
    if (status !== 204) throw new Error(`The sandbox answered ${status}`);
  }

  /** How many records the PMS was made to create since its reset, and how often it was called. */
  async effects(): Promise<{ created: number; calls: number }> {
    const { body } = await this.sandbox.get('/_journal');
    const isCreate = ({ action, resource }: { action: string; resource: string }) => action === 'create' && resource !== 'leases';
    return { created: body.effects.filter(isCreate).length, calls: body.calls.length };
  }

  /** One create as the worker sends it, for others to send the same. */
  async sampleCall(): Promise<{ readonly path: string; readonly sent: Readonly<Record<string, unknown>> }> {
    await this.resetSandbox();
    const [shot] = this.creates();
    const { status, body } = await this.api.post(shot?.path ?? '', shot?.body);
    if (status !== 200) throw new Error(`Not accepted: ${JSON.stringify(body)}`);
    await this.drained(30_000);
    const journal = await this.sandbox.get('/_journal');
    const effect = journal.body.effects.find(({ action }: { action: string }) => action === 'create');
    return { path: effect.path, sent: effect.sent };
  }

  /** What the PMS at the sandbox wants to see of a caller, and where it is. */
  async account(): Promise<{ readonly url: string; readonly credentials: Readonly<Record<string, string>> }> {
    return { url: `${this.stack.urls.sandbox}/${SLUG}`, credentials: await credentialsAt(this.sandbox) };
  }

  /** Resolves when the PMS has not been called for a while. */
  async quiet(): Promise<void> {
    let read = 0;
    let since = Date.now();
    await eventually(
      'silence at the PMS',
      async () => {
        const { calls, effects } = (await this.sandbox.get(`/_journal?since=${read}`)).body;
        const last: number = [...calls, ...effects].reduce((most: number, { seq }: { seq: number }) => Math.max(most, seq), read);
        if (last > read) [read, since] = [last, Date.now()];
        await sleep(QUIET_MS / 5);
        return Date.now() - since >= QUIET_MS ? true : undefined;
      },
      FIRST_SYNC_MS,
    );
  }

  /** May be called again. */
  clear(): Promise<void> {
    this.clearing ??= this.database.end().then(() => this.stack.discard());
    return this.clearing;
  }
}

/** Writes of this stage; those that a measurement put into the ledger itself belong to nobody who exists. */
const OURS = `pms = '${SLUG}' and organization_id not like 'bench-%'`;

const RESIDENT = {
  first_name: 'Ann',
  last_name: 'Rivera',
  address_1: '12 Elm Street',
  city: 'Cincinnati',
  state: 'OH',
  zip: '45202',
  country: 'US',
};
const CHANGE = {
  first_name: 'Ann',
  last_name: 'Rivera',
  email_1: 'ann.rivera@example.com',
  phone_1: '5135550142',
  phone_1_type: 'MOBILE',
};

async function credentialsAt(sandbox: Api): Promise<Readonly<Record<string, string>>> {
  const { body } = await sandbox.get('/_demo');
  const found = body.find(({ vendor }: { vendor: string }) => vendor === VENDOR);
  if (!found) throw new Error(`The sandbox does not play ${VENDOR}`);
  return found.credentials;
}

async function connect({ urls, keys }: Stack): Promise<string[]> {
  const admin = apiAt(urls.gateway, keys.admin);
  const account = {
    integration_vendor: VENDOR,
    credentials: await credentialsAt(apiAt(urls.sandbox, undefined)),
    base_url: `${urls.sandbox}/${SLUG}`,
    ...UNLIMITED,
  };
  const ids: string[] = [];
  for (let nth = 1; nth <= INTEGRATIONS; nth += 1) {
    const { status, body } = await admin.post('/v1/admin/integrations/', { ...account, name: `Bench ${nth}` });
    if (status !== 200) throw new Error(`The integration was refused: ${JSON.stringify(body)}`);
    ids.push(body.result.id);
  }
  return ids;
}

async function tenancyOf({ urls, keys }: Stack, integration_id: string): Promise<Tenancy> {
  const api = apiAt(urls.gateway, keys.api);
  const records = (model: string) =>
    eventually(
      `${model} of ${integration_id}`,
      async () => {
        await sleep(250);
        const { body } = await api.get(`/v1/${model}/?integration_id=${integration_id}&limit=100`);
        const ids: string[] = (body.results ?? []).map(({ id }: { id: string }) => id);
        return ids.length > 0 ? ids : undefined;
      },
      FIRST_SYNC_MS,
    );
  const [lease_id = ''] = await records('leases');
  return { integration_id, lease_id, resident_ids: await records('residents') };
}
