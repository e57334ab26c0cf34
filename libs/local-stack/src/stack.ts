/**
 * The whole system on one machine: Postgres, NATS, the sandbox, every service, and a demo organization that can be used at once.
 *
 *     startStack() ── claim folder ─┬─ Postgres ── migrations ── keys ─┐
 *                                   ├─ NATS ────────── workers, owners, gateway ─┼─ integrations ── first records ── Stack
 *                                   └─ sandbox ────────────────────────┘
 *     Stack.stop() ── gateway ── other services ── NATS, Postgres ── release folder
 *
 * Things that do not need each other start at the same time. When anything fails, all that was started is stopped and the error
 * names the service and shows the end of its log. What the repository does not have yet is left out.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { answersOk } from './api.ts';
import { ensureKeyring } from './keyring.ts';
import { authorizationOf, natsPasswords } from './nats-users.ts';
import { startNats, type Nats } from './nats.ts';
import { freePort } from './ports.ts';
import { startPostgres, type Postgres } from './postgres.ts';
import { Daemon, endOrphans, inheritedEnvironment, run, type Log } from './processes.ts';
import { connectVendors, demoFor, forgetKeys, sandboxVendors, waitForRecords, type Connected, type Demo } from './provision.ts';
import { compiled, defaultDirectory, root } from './repository.ts';
import {
  appOf,
  findServices,
  hasKeyring,
  INTERNAL,
  keyringFile,
  PUBLIC,
  readinessUrl,
  replicated,
  servesSlug,
  settingsFor,
} from './services.ts';
import type { Service, ServicePorts, Surroundings } from './services.ts';
import type { Stack, StackOptions, StackService } from './stack-contract.ts';
import { claim, rememberedPorts, rememberPorts, release, writeSummary } from './state.ts';
import { keepRunning } from './supervision.ts';

/** A worker's time runs from the first moment, but it waits for streams that are made after the tables: on a busy machine, that takes a while. */
const READY_WITHIN_MS = 120_000;

/**
 * Starts a stack and waits until it can be used.
 * @throws StackRunningError when the folder belongs to a running stack
 * @throws Error that names the service that did not come up
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const directory = resolve(root, options.directory ?? defaultDirectory);
  claim(directory);
  const stack = new LocalStack(directory, options);
  options.signal?.addEventListener('abort', () => void stack.stop(), { once: true });
  try {
    await stack.start();
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return stack;
}

class LocalStack implements Stack {
  private readonly log: Log;
  private readonly around: Surroundings;
  private readonly plans: readonly Service[];
  private readonly daemons = new Map<string, Daemon>();
  private readonly ports = new Map<string, number>();
  private postgres: Postgres | undefined;
  private nats: Nats | undefined;
  private demo: Demo | undefined;
  private connected: Connected['integrations'] = {};
  private vendorUrls: Readonly<Record<string, string>> = {};
  private stopping: Promise<void> | undefined;

  constructor(
    readonly directory: string,
    private readonly options: StackOptions,
  ) {
    this.log = options.log ?? (() => undefined);
    this.around = { directory };
    const wanted = findServices().filter(({ name }) => options.services?.includes(name) ?? true);
    this.plans = replicated(wanted, options.replicas ?? 1);
  }

  readonly urls = urlsOf((name) => this.urlNamed(name));

  get keys(): Stack['keys'] {
    if (!this.demo) throw new Error('this stack has no demo organization');
    return { organizationId: this.demo.organization_id, api: this.demo.api_key, admin: this.demo.admin_key };
  }

  get integrations(): Stack['integrations'] {
    return Object.fromEntries(Object.entries(this.connected).map(([vendor, { id }]) => [vendor, { id }]));
  }

  get services(): readonly StackService[] {
    return [...this.daemons.keys()].map((name) => this.service(name));
  }

  service(name: string): StackService {
    const daemon = this.daemonNamed(name);
    const internal = this.ports.get(`${name}.internal`);
    const { logFile, pid } = daemon;
    return { name, pid, logFile, url: this.publicUrl(name), internalUrl: internal ? `http://127.0.0.1:${internal}` : undefined };
  }

  async kill(name: string, signal: NodeJS.Signals): Promise<void> {
    await this.daemonNamed(name).kill(signal);
    this.summarize();
  }

  async restart(name: string): Promise<void> {
    await this.daemonNamed(name).restart();
    this.summarize();
  }

  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  async discard(): Promise<void> {
    await this.stop();
    await Promise.all([this.postgres?.discard(), this.nats?.discard()]);
  }

  /** See the head of this file for the order. */
  async start(): Promise<void> {
    await endOrphans(this.directory);
    await this.assignPorts();
    const database = this.step('Postgres', () => this.startPostgres());
    const nats = this.step('NATS', () => this.startNats());
    const migrated = database.then(() => this.migrate());
    const demo = migrated.then(() => this.provision());
    // The gateway has no database, but its readiness is that of the others: its time must not run while tables are made.
    const needs = { sandbox: [], worker: [nats], owner: [nats, migrated], gateway: [nats, migrated] } satisfies Record<
      Service['role'],
      readonly Promise<void>[]
    >;
    const services = this.plans.map(async (plan) => {
      await Promise.all(needs[plan.role]);
      await this.step(plan.name, () => this.startService(plan));
    });
    const all = [database, nats, migrated, demo, ...services];
    try {
      await Promise.all(all);
    } catch (error) {
      // Stopping first makes the others, which are still starting, give up at once.
      await this.stop();
      await Promise.allSettled(all);
      throw error;
    }
    await this.connect();
    this.summarize();
  }

  private async step(name: string, work: () => Promise<void>): Promise<void> {
    const started = Date.now();
    await work();
    this.log(`${name.padEnd(20)} ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }

  private async assignPorts(): Promise<void> {
    const remembered = rememberedPorts(this.directory);
    const reserved = new Set<number>();
    const isNamed = (roles: readonly Service['role'][]) => this.plans.filter(({ role }) => roles.includes(role));
    const names = ['postgres', 'nats', ...isNamed(PUBLIC).map(({ name }) => name)];
    for (const name of [...names, ...isNamed(INTERNAL).map((plan) => `${plan.name}.internal`)]) {
      const preferred = [this.options.preferredPorts?.[name], remembered.get(name)];
      this.ports.set(name, await freePort({ preferred, reserved }));
    }
    rememberPorts(this.directory, this.ports);
    const sandbox = this.ports.get('sandbox');
    if (sandbox) this.around.sandboxHost = `127.0.0.1:${sandbox}`;
  }

  private async startPostgres(): Promise<void> {
    const { directory, log } = this;
    this.postgres = await startPostgres({ directory, log, port: this.ports.get('postgres'), url: this.options.databaseUrl });
    this.around.databaseUrl = this.seen('database', this.postgres.url);
    await this.adopt(this.postgres.daemon);
  }

  private async startNats(): Promise<void> {
    const { directory, log } = this;
    // Replicas are one user.
    const plans = this.plans.filter(({ replicaOf }) => replicaOf === undefined);
    const passwords = natsPasswords(directory, plans);
    const authorization = await authorizationOf(plans, (name) => JSON.stringify(passwords[name]));
    this.nats = await startNats({ directory, log, authorization, port: this.ports.get('nats'), url: this.options.natsUrl });
    this.around.natsUrl = this.seen('nats', this.nats.url);
    if (this.nats.daemon) this.around.natsPasswords = passwords;
    await this.adopt(this.nats.daemon);
  }

  private async startService(plan: Service): Promise<void> {
    if (hasKeyring(plan)) ensureKeyring(keyringFile(this.directory, plan));
    const ready = readinessUrl(plan, this.portsOf(plan));
    const daemon = new Daemon({
      name: plan.name,
      command: process.execPath,
      args: ['--enable-source-maps', compiled(appOf(plan), 'main')],
      env: this.environmentOf(plan),
      directory: this.directory,
      ready: () => answersOk(ready),
      readyTimeoutMs: READY_WITHIN_MS,
    });
    await this.adopt(daemon);
  }

  /** From here on the daemon is stopped with the stack. It is started if it does not run yet. */
  private async adopt(daemon: Daemon | undefined): Promise<void> {
    if (!daemon) return;
    this.daemons.set(daemon.name, daemon);
    // A stop that began meanwhile has not seen this one.
    if (this.stopping) await daemon.stop();
    await daemon.start();
    this.watch(daemon);
    this.summarize();
  }

  private watch(daemon: Daemon): void {
    const { log } = this;
    const isOver = () => this.stopping !== undefined;
    if (this.options.onCrash === 'restart') keepRunning(daemon, { log, isOver, onBack: () => this.summarize() });
    else daemon.onCrash((how) => !isOver() && log(`${daemon.name} ${how}, see ${daemon.logFile}`));
  }

  private async migrate(): Promise<void> {
    const owners = this.plans.filter(
      ({ name, role, replicaOf }) => role === 'owner' && !replicaOf && existsSync(compiled(name, 'migrate')),
    );
    const migrate = (plan: Service) => this.runProgram(plan, 'migrate', []);
    if (owners.length > 0) await this.step('migrations', async () => void (await Promise.all(owners.map(migrate))));
  }

  /** The keys of the demo organization, from whichever owner brings a provisioning program. */
  private async provision(): Promise<void> {
    const { postgres } = this;
    const owner = this.plans.find(({ name }) => existsSync(compiled(name, 'provision')));
    if (!owner || !postgres) return;
    const issue = () => this.runProgram(owner, 'provision', ['--organization', 'Demo']);
    await this.step('demo organization', async () => void (this.demo = await demoFor(this.demoFile, postgres.identity, issue)));
  }

  private async connect(): Promise<void> {
    const { demo, log } = this;
    const wanted = this.options.demo ?? 'records';
    const gatewayUrl = this.publicUrl('gateway');
    const sandboxUrl = this.publicUrl('sandbox');
    if (!demo || !gatewayUrl || !sandboxUrl || wanted === 'keys') return;
    const listed = await sandboxVendors(sandboxUrl);
    const vendors = listed.filter(({ slug }) => this.plans.some((plan) => servesSlug(plan, slug)));
    this.vendorUrls = Object.fromEntries(vendors.map(({ slug }) => [`${slug}_url`, `${sandboxUrl}/${slug}`]));
    await this.step('integrations', async () => {
      const attempt = () =>
        connectVendors({ gatewayUrl, sandboxUrl, demo: this.demo ?? demo, file: this.demoFile, vendors, log });
      let { integrations, keysRefused } = await attempt();
      if (keysRefused) {
        forgetKeys(this.demoFile, demo);
        await this.provision();
        ({ integrations, keysRefused } = await attempt());
      }
      if (keysRefused) throw new Error('the gateway refuses the keys that were just issued to the demo organization');
      this.connected = integrations;
    });
    if (wanted !== 'records') return;
    await this.step('first records', () => waitForRecords(gatewayUrl, this.keys.api, this.connected, log));
  }

  private async stopAll(): Promise<void> {
    const infrastructure = ['postgres', 'nats'];
    const waves = [['gateway'], [...this.daemons.keys()].filter((name) => !infrastructure.includes(name)), infrastructure];
    for (const wave of waves) await Promise.all(wave.map((name) => this.daemons.get(name)?.stop()));
    release(this.directory);
  }

  private runProgram(plan: Service, program: string, args: readonly string[]): Promise<string> {
    const name = `${program} of ${plan.name}`;
    const command = ['--enable-source-maps', compiled(plan.name, program), ...args];
    return run({ name, command: process.execPath, args: command, env: this.environmentOf(plan) });
  }

  private environmentOf(plan: Service): Record<string, string> {
    return {
      ...inheritedEnvironment(),
      ...settingsFor(this.around, plan, this.portsOf(plan)),
      ...this.options.env?.[appOf(plan)],
    };
  }

  /** An address as services are told it. */
  private seen(server: 'nats' | 'database', address: string): string {
    const url = new URL(address);
    const port = this.options.via?.(server, Number(url.port));
    if (port === undefined) return address;
    url.port = String(port);
    return url.href;
  }

  private portsOf({ name }: Service): ServicePorts {
    return { public: this.ports.get(name), internal: this.ports.get(`${name}.internal`) };
  }

  private get demoFile(): string {
    return join(this.directory, 'demo.json');
  }

  private daemonNamed(name: string): Daemon {
    const daemon = this.daemons.get(name);
    if (!daemon) throw new Error(`this stack has no service ${name}; it has ${[...this.daemons.keys()].join(', ')}`);
    return daemon;
  }

  private publicUrl(name: string): string | undefined {
    const plan = this.plans.find((service) => service.name === name);
    return plan && PUBLIC.includes(plan.role) ? `http://127.0.0.1:${this.ports.get(name)}` : undefined;
  }

  private urlNamed(name: string): string {
    const known: Record<string, string | undefined> = { nats: this.nats?.url, database: this.postgres?.url };
    const url = known[name] ?? this.publicUrl(name);
    if (!url) throw new Error(`this stack has no ${name}`);
    return url;
  }

  /** Keeps stack.json true: after each start, and whenever a process number changed. */
  private summarize(): void {
    if (this.stopping) return;
    const sandboxUrl = this.publicUrl('sandbox');
    writeSummary(this.directory, {
      gateway_url: this.publicUrl('gateway'),
      api_key: this.demo?.api_key,
      admin_key: this.demo?.admin_key,
      integrations: this.integrations,
      sandbox: { ...(sandboxUrl && { url: sandboxUrl }), ...this.vendorUrls },
      nats_url: this.nats?.url,
      database_url: this.postgres?.url,
      services: [...this.daemons.values()].flatMap((daemon) => {
        const { name, identity } = daemon;
        return identity ? [{ name, ...identity, url: this.publicUrl(name) }] : [];
      }),
    });
  }
}

/** Getters, because a missing address is an error only where it is used. */
const urlsOf = (find: (name: string) => string): Stack['urls'] => ({
  get gateway() {
    return find('gateway');
  },
  get sandbox() {
    return find('sandbox');
  },
  get nats() {
    return find('nats');
  },
  get database() {
    return find('database');
  },
});
