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
import type { Stack } from '#local-stack';
import type { Api } from '../support/api.ts';
import type { Random } from './random.ts';

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
/** Longer than an unused log-in lives. */
const SESSION_MS = 16 * 60_000;
/** Starts of one service; with both databases of a run down for seconds, a few fail. */
const START_LIMIT = 20;
const START_AGAIN_MS = 500;
const UNCLEAR_STATUS = [500, 502, 503, 504];
const REFUSALS = [400, 401, 403, 404, 409, 422];

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
  private clockOffsetMs = 0;
  /** How often each kind of harm was done. */
  readonly done = new Map<string, number>();

  constructor(
    private readonly stack: Stack,
    private readonly sandbox: Api,
    private readonly random: Random,
    private readonly say: (line: string) => void,
  ) {}

  /** Harms until `until` says stop; resolves when everything that was harmed runs again. */
  async rage(until: () => boolean): Promise<void> {
    const kinds = [
      this.kill,
      this.kill,
      this.kill,
      this.freeze,
      this.restart,
      this.forget,
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

  /** The PMSs are well again, and have forgotten the log-ins of killed workers, of which they allow a few at a time. */
  async heal(): Promise<void> {
    await this.sandbox.delete('/_faults');
    await this.sandbox.post('/_settings', { search_delay_ms: 0, latency_ms: 0, clock_offset_ms: this.later() });
  }

  /** Every log-in ends: time goes on at the PMSs, never back. */
  async forgetLogins(): Promise<void> {
    await this.sandbox.post('/_settings', { clock_offset_ms: this.later() });
  }

  private begin({ what, services, carryOut }: Harm): void {
    this.say(what);
    const [kind = ''] = what.split(' ');
    this.done.set(kind, (this.done.get(kind) ?? 0) + 1);
    services.forEach((name) => this.busy.add(name));
    const work = carryOut().finally(() => {
      services.forEach((name) => this.busy.delete(name));
      this.underWay.delete(work);
    });
    this.underWay.add(work);
  }

  /** As any supervisor does: a service whose neighbours are down may end while it starts, and is started once more. */
  private async bringBack(name: string): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.stack.restart(name);
      } catch (error) {
        if (tries === START_LIMIT) throw error;
        await sleep(START_AGAIN_MS);
      }
    }
  }

  private aService(): string {
    return this.random.pick(
      this.stack.services
        .map(({ name }) => name)
        .filter((name) => name !== 'sandbox')
        .toSorted(),
    );
  }

  private kill(random: Random): Harm {
    const name = this.aService();
    const downMs = random.between(0, 1_500);
    const carryOut = async (): Promise<void> => {
      await this.stack.kill(name, 'SIGKILL');
      await sleep(downMs);
      await this.bringBack(name);
    };
    return { what: `kill ${name}, down for ${downMs} ms`, services: [name], carryOut };
  }

  private freeze(random: Random): Harm {
    const name = this.aService();
    const ms = random.between(STOPPED_MS.least, STOPPED_MS.most);
    const carryOut = async (): Promise<void> => {
      await this.stack.kill(name, 'SIGSTOP');
      await sleep(ms);
      await this.stack.kill(name, 'SIGCONT');
    };
    return { what: `freeze ${name} for ${ms} ms`, services: [name], carryOut };
  }

  private restart(): Harm {
    const name = this.aService();
    return { what: `restart ${name}`, services: [name], carryOut: () => this.bringBack(name) };
  }

  /** JetStream's store is gone, as after a power cut. */
  private forget(): Harm {
    const carryOut = async (): Promise<void> => {
      await this.stack.kill('nats', 'SIGKILL');
      rmSync(join(this.stack.directory, 'nats', 'jetstream'), { recursive: true, force: true });
      await this.bringBack('nats');
    };
    return { what: 'forget everything in JetStream', services: ['nats'], carryOut };
  }

  private fault(random: Random): Harm {
    const { when, draw } = random.pick(FAULTS);
    const target = random.pick(TARGETS);
    const rule = { ...target, when: random.pick(when), times: random.between(1, 5), skip: random.between(0, 3), ...draw(random) };
    return {
      what: `fault ${JSON.stringify(rule)}`,
      services: [],
      carryOut: async () => void (await this.sandbox.post('/_faults', rule)),
    };
  }

  private expire(): Harm {
    return { what: 'expire every log-in', services: [], carryOut: () => this.forgetLogins() };
  }

  private later(): number {
    this.clockOffsetMs += SESSION_MS;
    return this.clockOffsetMs;
  }

  private hide(random: Random): Harm {
    const ms = random.chance(0.3) ? 0 : random.between(500, SEARCH_DELAY_MS);
    const carryOut = async (): Promise<void> => void (await this.sandbox.post('/_settings', { search_delay_ms: ms }));
    return { what: `hide new records for ${ms} ms`, services: [], carryOut };
  }
}
