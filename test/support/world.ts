import { afterAll, beforeAll } from '@jest/globals';
import { startStack, type Stack } from '#local-stack';
import { apiAt, eventually, type Api, type Loose } from './api.ts';
import { Conformance } from './conformance.ts';

/** One effect that reached a simulated PMS. */
export interface JournalEffect {
  readonly seq: number;
  readonly vendor: string;
  readonly method: string;
  readonly path: string;
  readonly resource: string;
  readonly action: string;
  readonly id: string;
  readonly sent: Loose;
  readonly record: Loose;
}
export interface JournalCall {
  readonly seq: number;
  readonly vendor: string;
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
}

/** A whole Latchkey against the sandbox, for one test file. */
export class World {
  private constructor(
    readonly stack: Stack,
    /** What the running gateway says of itself; every answer of it is held against this. */
    readonly description: Conformance,
  ) {}

  /** With keys that may read and write. */
  get api(): Api {
    return this.apiFor(this.stack.keys.api);
  }
  get admin(): Api {
    return this.apiFor(this.stack.keys.admin);
  }
  get anonymous(): Api {
    return this.apiFor(undefined);
  }
  /** The gateway's API with some key. */
  apiFor(key: string | undefined): Api {
    return apiAt(this.stack.urls.gateway, key, this.description);
  }
  get sandbox(): Api {
    return apiAt(this.stack.urls.sandbox, undefined);
  }

  integration(vendor: string): string {
    const found = this.stack.integrations[vendor];
    if (!found) throw new Error(`The stack has no integration of ${vendor}`);
    return found.id;
  }

  async effects(since = 0): Promise<JournalEffect[]> {
    return (await this.sandbox.get(`/_journal?since=${since}`)).body.effects;
  }
  async calls(since = 0): Promise<JournalCall[]> {
    return (await this.sandbox.get(`/_journal?since=${since}`)).body.calls;
  }
  /** The last number of the journal so far: what comes later is of the test. */
  async now(): Promise<number> {
    const { effects, calls } = (await this.sandbox.get('/_journal')).body;
    return Math.max(0, ...[...effects, ...calls].map((entry: { seq: number }) => entry.seq));
  }
  async fault(rule: Record<string, unknown>): Promise<void> {
    const answer = await this.sandbox.post('/_faults', rule);
    if (answer.status >= 300) throw new Error(`The fault was refused: ${JSON.stringify(answer.body)}`);
  }
  async noFaults(): Promise<void> {
    await this.sandbox.delete('/_faults');
  }

  /** The write-status of a job as soon as it is no longer pending, or in one of the given states. */
  settled(jobId: string, states?: readonly string[], withinMs?: number): Promise<Loose> {
    return eventually(
      `job ${jobId} settled`,
      async () => {
        const { body } = await this.api.get(`/v1/admin/write-status/${jobId}`);
        return (states ? states.includes(body.state) : body.write_status !== 'PENDING') ? body : undefined;
      },
      withinMs,
    );
  }

  /** The write-status of a job as soon as the PMS's own value is back in the cache. */
  settledRefresh(jobId: string): Promise<Loose> {
    return eventually(`job ${jobId} read back`, async () => {
      const { body } = await this.api.get(`/v1/admin/write-status/${jobId}`);
      return body.record_refreshed_at === null ? undefined : body;
    });
  }

  /** A record of the demo data, the first that `fits`. */
  async find(model: string, vendor: string, fits: (record: Loose) => boolean = () => true): Promise<Loose> {
    const { body } = await this.api.get(`/v1/${model}/?integration_id=${this.integration(vendor)}&limit=250`);
    const found = (body.results ?? []).find(fits);
    if (!found) throw new Error(`No ${model} of ${vendor} fits: ${JSON.stringify(body).slice(0, 300)}`);
    return found;
  }

  /**
   * The stack is ready when the first records are there, while the first sync still reads others. Tests that say "nobody was called", or that pick
   * a record of any model, must not meet it: it is over when the PMSs have not been called for a while.
   */
  async quiet(): Promise<void> {
    const QUIET_MS = 1_000;
    let calls = -1;
    let since = Date.now();
    await eventually(
      'no sync under way',
      async () => {
        const now = (await this.calls()).length;
        if (now !== calls) [calls, since] = [now, Date.now()];
        return Date.now() - since >= QUIET_MS ? true : undefined;
      },
      60_000,
    );
  }

  static async start(name: string, env: Record<string, Record<string, string>> = {}): Promise<World> {
    const gateway = { LATCHKEY_RATE_LIMIT_PER_MINUTE: '10000000', ...env['gateway'] };
    const stack = await startStack({
      directory: `.latchkey/e2e-${name}`,
      databaseUrl: '',
      natsUrl: '',
      env: { ...env, gateway },
    });
    const { body } = await apiAt(stack.urls.gateway, stack.keys.api).get('/openapi.json');
    const world = new World(stack, new Conformance(body));
    await world.quiet();
    return world;
  }
}

/** Starts a world before the tests of a file and takes it away after them. */
export function useWorld(name: string, env: Record<string, Record<string, string>> = {}): () => World {
  let world: World | undefined;
  beforeAll(async () => {
    world = await World.start(name, env);
  }, 180_000);
  afterAll(async () => {
    await world?.stack.discard();
  }, 60_000);
  return () => {
    if (!world) throw new Error('The stack did not start.');
    return world;
  };
}
