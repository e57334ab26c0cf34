/**
 * What goes wrong in a run. Every decision is drawn from the seed, in one loop, whatever the machine does meanwhile; only how the
 * decisions meet the work differs from run to run.
 *
 * The sandbox is never harmed: its journal is the truth. And it never lies: a fault after an effect makes the answer unclear, not a
 * refusal, because against a PMS that refuses what it did nothing can be true.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { aHit, LINES, type Ground, type LineName } from './ground.ts';
import { ACCEPTING, AMBIGUOUS, EARLY, LATE, MOVING, SETTLING } from './kills.ts';
import type { Toxics } from './proxy.ts';
import type { Random } from './random.ts';
import type { Tally } from './scenario.ts';

export interface Harm {
  /** In words, for the log of a run. */
  readonly what: string;
  /** The services that it is about: no other harm touches them meanwhile. */
  readonly services: readonly string[];
  readonly carryOut: () => Promise<void>;
}

const PAUSE_MS = { least: 200, most: 1_600 };
/** Some pauses outlast a lease. */
const STOPPED_MS = { least: 200, most: 12_000 };
/** Below what the PMSs are declared to need before they show what they did. */
const SEARCH_DELAY_MS = 8_000;
const UNCLEAR_STATUS = [500, 502, 503, 504];
const REFUSALS = [400, 401, 403, 404, 409, 422];

const SWEEPING = ['status', 'sweep.before-commit'] as const;
const MOMENTS = [...ACCEPTING, ...MOVING, ...SETTLING, ...EARLY, ...AMBIGUOUS, ...LATE, SWEEPING];

/** Ways in which a network is bad, and how long that may last. */
const NETWORKS: readonly { readonly line: LineName; readonly draw: (random: Random) => Toxics }[] = [
  ...LINES.flatMap((line) => [
    { line, draw: (random: Random) => ({ latencyMs: random.between(20, 800) }) },
    { line, draw: () => ({ blackhole: true }) },
    { line, draw: (random: Random) => ({ bytesPerSecond: random.between(2_000, 50_000) }) },
    { line, draw: (random: Random) => ({ cutAfterBytes: random.between(100, 20_000) }) },
  ]),
];
const BAD_NETWORK_MS = { least: 200, most: 6_000 };

type Rule = Readonly<Record<string, unknown>>;

/** Kinds of fault: what each needs, and when it may be played without making a liar of the PMS. */
const FAULTS: readonly { readonly when: readonly string[]; readonly draw: (random: Random) => Rule }[] = [
  { when: ['before', 'after'], draw: () => ({ kind: 'hang' }) },
  { when: ['before', 'after'], draw: () => ({ kind: 'reset' }) },
  { when: ['before', 'after'], draw: () => ({ kind: 'truncate' }) },
  { when: ['before', 'after'], draw: () => ({ kind: 'garbage' }) },
  { when: ['before', 'after'], draw: () => ({ kind: 'empty' }) },
  { when: ['before', 'after'], draw: (random) => ({ kind: 'slow', delay_ms: random.between(100, 3_000) }) },
  { when: ['before', 'after'], draw: (random) => ({ kind: 'status', status: random.pick(UNCLEAR_STATUS) }) },
  { when: ['before'], draw: (random) => ({ kind: 'status', status: random.pick(REFUSALS) }) },
  { when: ['before'], draw: (random) => ({ kind: 'rate_limit', retry_after: random.between(0, 3) }) },
];
/** Where: creates and updates, reads, the log-in, anything. */
const TARGETS: readonly Rule[] = [
  { method: 'POST', path: '^/(v1/leases/tenants|Tenants)$' },
  { method: 'POST', path: '^/(Tenants|Contacts)/' },
  { method: 'PUT' },
  { method: 'GET' },
  { path: '^/Authentication' },
  {},
];

export class Chaos {
  private readonly busy = new Set<string>();
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly ground: Ground,
    private readonly random: Random,
    private readonly tally: Tally,
  ) {}

  /** Harms until `until` says stop; resolves when everything that was harmed runs again. */
  async rage(until: () => boolean): Promise<void> {
    const kinds = [
      this.kill,
      this.kill,
      this.crash,
      this.crash,
      this.crash,
      this.freeze,
      this.restart,
      this.forget,
      this.spoil,
      this.spoil,
      this.reset,
      this.fault,
      this.fault,
      this.fault,
      this.hide,
      this.expire,
    ];
    while (!until()) {
      await sleep(this.random.between(PAUSE_MS.least, PAUSE_MS.most));
      const harm = this.random.pick(kinds).call(this, this.random);
      if (harm.services.some((name) => this.busy.has(name))) continue;
      this.begin(harm);
    }
    await Promise.all(this.underWay);
  }

  private begin({ what, services, carryOut }: Harm): void {
    this.ground.say(what);
    const [kind = ''] = what.split(' ');
    this.tally.add(kind);
    services.forEach((name) => this.busy.add(name));
    const work = carryOut().finally(() => {
      services.forEach((name) => this.busy.delete(name));
      this.underWay.delete(work);
    });
    this.underWay.add(work);
  }

  /** Servers too: a supervisor starts them again like any other. */
  private anyone(): string {
    return this.random.pick([...this.ground.servicesOf(), 'nats', 'postgres']);
  }

  private kill(random: Random): Harm {
    const name = this.anyone();
    const downMs = random.between(0, 1_500);
    return { what: `kill ${name}, down for ${downMs} ms`, services: [name], carryOut: () => this.ground.kill(name, downMs) };
  }

  private crash(random: Random): Harm {
    const [app, point] = random.pick(MOMENTS);
    const name = random.pick(this.ground.servicesOf(app));
    const nth = aHit(random);
    const carryOut = async (): Promise<void> => void (await this.ground.crashAt(name, point, nth));
    return { what: `crash ${name} at ${point}, time ${nth}`, services: [name], carryOut };
  }

  private freeze(random: Random): Harm {
    // Postgres is many processes; its black hole is the network's.
    const name = random.pick([...this.ground.servicesOf(), 'nats']);
    const ms = random.between(STOPPED_MS.least, STOPPED_MS.most);
    return { what: `freeze ${name} for ${ms} ms`, services: [name], carryOut: () => this.ground.freeze(name, ms) };
  }

  private restart(): Harm {
    const name = this.anyone();
    return { what: `restart ${name}`, services: [name], carryOut: () => this.ground.restart(name) };
  }

  /** JetStream's store is gone, as after a power cut. */
  private forget(): Harm {
    const store = join(this.ground.stack.directory, 'nats', 'jetstream');
    const carryOut = (): Promise<void> =>
      this.ground.without(['nats'], 'SIGKILL', async () => rmSync(store, { recursive: true, force: true }));
    return { what: 'forget everything in JetStream', services: ['nats'], carryOut };
  }

  private spoil(random: Random): Harm {
    const { line, draw } = random.pick(NETWORKS);
    const toxics = draw(random);
    const ms = random.between(BAD_NETWORK_MS.least, BAD_NETWORK_MS.most);
    const carryOut = async (): Promise<void> => {
      this.ground.network[line].poison(toxics);
      await sleep(ms);
      this.ground.network[line].heal();
    };
    return { what: `spoil the line to ${line} for ${ms} ms: ${JSON.stringify(toxics)}`, services: [`line ${line}`], carryOut };
  }

  private reset(random: Random): Harm {
    const { line } = random.pick(NETWORKS);
    return { what: `reset every connection to ${line}`, services: [], carryOut: async () => this.ground.network[line].reset() };
  }

  private fault(random: Random): Harm {
    const { when, draw } = random.pick(FAULTS);
    const target = random.pick(TARGETS);
    const rule = { ...target, when: random.pick(when), times: random.between(1, 5), skip: random.between(0, 3), ...draw(random) };
    return {
      what: `fault ${JSON.stringify(rule)}`,
      services: [],
      carryOut: async () => void (await this.ground.sandbox.post('/_faults', rule)),
    };
  }

  private expire(): Harm {
    return { what: 'expire every log-in', services: [], carryOut: () => this.ground.forgetLogins() };
  }

  private hide(random: Random): Harm {
    const ms = random.chance(0.3) ? 0 : random.between(500, SEARCH_DELAY_MS);
    const carryOut = async (): Promise<void> => void (await this.ground.sandbox.post('/_settings', { search_delay_ms: ms }));
    return { what: `hide new records for ${ms} ms`, services: [], carryOut };
  }
}
