/**
 * Where a run takes place: a whole stack, its network, and a supervisor that starts again whatever ended. Harm is done through it, so that
 * nobody starts what somebody else holds down.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, startStack, type Stack, type StackOptions } from '#local-stack';
import { loadCatalog } from '#service-kit';
import { apiAt, type Api } from '../support/api.ts';
import { startProxy, type Proxy } from './proxy.ts';
import type { Random } from './random.ts';

export type Say = (line: string) => void;

/** The parts of the network, each behind a proxy of its own. The workers have a line to NATS of their own. */
export const LINES = ['nats', 'workers', 'database', 'pms', 'gateway'] as const;
export type LineName = (typeof LINES)[number];

export interface GroundOptions {
  /** Of the state folder. */
  readonly name: string;
  /** Of each service but the sandbox. @default 1 */
  readonly replicas?: number;
  /** Settings of every service, over those that make waits short. */
  readonly env?: Readonly<Record<string, string>>;
  /** A database of one's own in place of the stack's. */
  readonly databaseUrl?: string;
  readonly signal?: AbortSignal;
}

/** Short waits, so that many leases and time-outs end within a run. */
const QUICK = {
  LATCHKEY_PMS_TIMEOUT_MS: '1500',
  LATCHKEY_LEASE_MS: '9000',
  LATCHKEY_SWEEP_MS: '200',
  LATCHKEY_RATE_LIMIT_PER_MINUTE: '1000000000',
};
const APPS = ['gateway', 'router', 'status', 'cache-sync'];
const WORKERS = ['worker-buildium', 'worker-rent-manager'];
/** Starts of one service; with both databases of a run down for seconds, a few fail. */
const START_LIMIT = 60;
const START_AGAIN_MS = 500;
const STACK_STARTS = 3;
const LOOK_MS = 100;
const ARMED_WITHIN_MS = 3_000;
/** Longer than an unused log-in lives. */
const SESSION_MS = 16 * 60_000;

export class Ground {
  private readonly heldDown = new Set<string>();
  private readonly starting = new Map<string, Promise<void>>();
  private over = false;
  private clockOffsetMs = 0;
  private supervising: Promise<void> | undefined;

  private constructor(
    readonly stack: Stack,
    readonly network: Readonly<Record<LineName, Proxy>>,
    readonly say: Say,
  ) {}

  static async prepare(options: GroundOptions, say: Say): Promise<Ground> {
    const { name, replicas = 1, env = {}, databaseUrl = '', signal } = options;
    // The stack would load it while it starts, and a process that loads code passes no bytes on.
    await loadCatalog();
    const network = await layNetwork();
    const sandbox = await freePort();
    const allow = `127.0.0.1:${sandbox},127.0.0.1:${network.proxies.pms.port}`;
    const settings = { ...QUICK, LATCHKEY_EGRESS_ALLOW: allow, ...env };
    const gateway = Object.fromEntries(Object.entries(settings).filter(([setting]) => setting !== 'LATCHKEY_EGRESS_ALLOW'));
    const worker = { ...settings, NATS_URL: `nats://127.0.0.1:${network.proxies.workers.port}` };
    const stackOptions: StackOptions = {
      directory: `.latchkey/${name}`,
      databaseUrl,
      natsUrl: '',
      demo: 'keys',
      replicas,
      via: (server, port) => {
        if (server === 'nats') network.lead('workers', port);
        return network.lead(server, port);
      },
      preferredPorts: { sandbox },
      log: say,
      env: { ...settingsOf(APPS, settings), ...settingsOf(WORKERS, worker), gateway },
      ...(signal === undefined ? {} : { signal }),
    };
    const stack = await patiently(() => startStack(stackOptions)).catch(async (error: unknown) => {
      await network.close();
      throw error;
    });
    network.lead('pms', portOf(stack.urls.sandbox));
    network.leadAll('gateway', () =>
      stack.services.flatMap(({ name, url }) => (url && /^gateway/.test(name) ? [portOf(url)] : [])),
    );
    const ground = new Ground(stack, network.proxies, say);
    ground.supervising = ground.supervise();
    return ground;
  }

  get sandbox(): Api {
    return apiAt(this.stack.urls.sandbox, undefined);
  }

  /** Where customers ask: all gateways in turn. */
  get gateway(): string {
    return `http://127.0.0.1:${this.network.gateway.port}`;
  }
  /** Where the workers find the PMSs. */
  get vendors(): string {
    return `http://127.0.0.1:${this.network.pms.port}`;
  }

  /** The processes of an app, or of all but the sandbox and the servers. */
  servicesOf(app?: string): readonly string[] {
    const names = this.stack.services.map(({ name }) => name).filter((name) => !['sandbox', 'postgres', 'nats'].includes(name));
    return names.filter((name) => app === undefined || name.replace(/-\d+$/, '') === app).toSorted();
  }

  /** Ends a process at once and keeps it down for a while. */
  async kill(name: string, downMs = 0): Promise<void> {
    this.heldDown.add(name);
    await this.stack.kill(name, 'SIGKILL');
    await sleep(downMs);
    this.heldDown.delete(name);
    await this.bringBack(name);
  }

  /** Keeps processes down until the work is done. */
  async without(names: readonly string[], signal: NodeJS.Signals, work: () => Promise<void>): Promise<void> {
    for (const name of names) this.heldDown.add(name);
    await Promise.all(names.map((name) => this.stack.kill(name, signal)));
    await work().finally(() => names.forEach((name) => this.heldDown.delete(name)));
    await Promise.all(names.map((name) => this.bringBack(name)));
  }

  async freeze(name: string, ms: number): Promise<void> {
    await this.stack.kill(name, 'SIGSTOP');
    await sleep(ms);
    await this.stack.kill(name, 'SIGCONT');
  }

  /** An orderly end and a new start. */
  restart(name: string): Promise<void> {
    return this.start(name, () => this.stack.restart(name));
  }

  /** Arms exactly these failpoints in one process. False when it could not be told: it is not there just now. */
  async arm(name: string, text: string): Promise<boolean> {
    const { internalUrl } = this.stack.service(name);
    const asked = fetch(`${internalUrl}/failpoints`, {
      method: 'POST',
      body: text,
      signal: AbortSignal.timeout(ARMED_WITHIN_MS),
    });
    const answer = await asked.catch(() => undefined);
    if (answer?.status === 400) throw new Error(`${name} does not know ${text}`);
    return answer?.status === 200;
  }

  /** The process that runs now; undefined while there is none. */
  pidOf(name: string): number | undefined {
    return this.stack.service(name).pid;
  }

  /** Arms a crash and waits for it. False when the point was not reached in time; it is disarmed then. */
  async crashAt(name: string, point: string, nth: number, withinMs = 4_000): Promise<boolean> {
    const pid = this.pidOf(name);
    if (pid === undefined || !(await this.arm(name, `${point}=crash#${nth}`))) return false;
    const deadline = performance.now() + withinMs;
    while (this.pidOf(name) === pid && performance.now() < deadline) await sleep(LOOK_MS / 2);
    if (this.pidOf(name) !== pid) return true;
    await this.arm(name, '');
    return this.pidOf(name) !== pid;
  }

  /** Resolves when everything runs and says that it is ready. */
  async allReady(): Promise<void> {
    for (const { name } of this.stack.services) await this.bringBack(name);
  }

  /** The PMSs are well, and have forgotten log-ins of killed workers, of which they allow a few at a time. The network is well too. */
  async heal(): Promise<void> {
    for (const line of LINES) this.network[line].heal();
    for (const name of this.servicesOf()) await this.stack.kill(name, 'SIGCONT');
    await this.sandbox.delete('/_faults');
    await this.forgetLogins({ search_delay_ms: 0, latency_ms: 0 });
  }

  /** Every log-in ends: time goes on at the PMSs, never back. */
  async forgetLogins(more: Readonly<Record<string, number>> = {}): Promise<void> {
    this.clockOffsetMs += SESSION_MS;
    await this.sandbox.post('/_settings', { ...more, clock_offset_ms: this.clockOffsetMs });
  }

  /** `before` runs when nothing runs any more and the state folder is still there. */
  async leave(before: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    this.over = true;
    await this.supervising;
    for (const line of LINES) this.network[line].heal();
    await this.stack.stop();
    await before();
    await this.stack.discard();
    await Promise.all(LINES.map((line) => this.network[line].close()));
  }

  private async supervise(): Promise<void> {
    while (!this.over) {
      for (const { name, pid } of this.stack.services) {
        if (pid !== undefined || this.heldDown.has(name) || this.over) continue;
        void this.bringBack(name).catch((error: unknown) =>
          this.say(`${name} does not come up: ${String(error).slice(0, 2_000)}`),
        );
      }
      await sleep(LOOK_MS);
    }
    await Promise.allSettled(this.starting.values());
  }

  /** A service whose neighbours are down may end while it starts, and is started once more. */
  private bringBack(name: string): Promise<void> {
    return this.pidOf(name) === undefined || this.starting.has(name) ? this.restart(name) : Promise.resolve();
  }

  /** One start at a time of each. */
  private start(name: string, begin: () => Promise<void>): Promise<void> {
    const underWay = this.starting.get(name);
    if (underWay) return underWay;
    const work = this.tryToStart(begin).finally(() => this.starting.delete(name));
    this.starting.set(name, work);
    return work;
  }

  private async tryToStart(begin: () => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await begin();
      } catch (error) {
        if (tries === START_LIMIT || this.over) throw error;
        await sleep(START_AGAIN_MS);
      }
    }
  }
}

/** A machine that does too much else may need more time than a stack allows; what was made is still there, so the next start is quicker. */
async function patiently<T>(begin: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await begin();
    } catch (error) {
      if (tries === STACK_STARTS || !/in time|connection timeout/.test(String(error))) throw error;
    }
  }
}

const settingsOf = <Settings>(apps: readonly string[], settings: Settings): Readonly<Record<string, Settings>> =>
  Object.fromEntries(apps.map((app) => [app, settings]));

const portOf = (url: string): number => Number(new URL(url).port);

/** Proxies that listen before what they lead to is there. */
async function layNetwork() {
  const targets = new Map<LineName, () => readonly number[]>();
  const begin = (line: LineName): Promise<Proxy> => startProxy({ targets: () => targets.get(line)?.() ?? [] });
  const started = await Promise.all(LINES.map(async (line) => [line, await begin(line)] as const));
  const proxies = Object.fromEntries(started) as Record<LineName, Proxy>;
  return {
    proxies,
    lead: (line: LineName, port: number): number => {
      targets.set(line, () => [port]);
      return proxies[line].port;
    },
    leadAll: (line: LineName, ports: () => readonly number[]): void => void targets.set(line, ports),
    close: () => Promise.all(LINES.map((line) => proxies[line].close())),
  };
}

/** A number of hits after which a point strikes: mostly soon, so that harm is frequent. */
export const aHit = (random: Random): number => random.between(1, 6);
