import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { parseKeyring, type Keys, type Resolver } from '#adapter-kit';
import { startNats } from '#local-stack';
import {
  administerWebhooks,
  MessageBus,
  natsServer,
  newId,
  ProblemOverNats,
  startAnswering,
  type AdminRequest,
  type Principal,
  type State,
  type WriteEvent,
} from '#messaging';
import { createLogger } from '#service-kit';
import { SCHEDULE, type Schedule } from '../src/sending/schedule.ts';
import { assemble, WebhooksModule } from '../src/webhooks.ts';
import { ownDatabase, type OwnDatabase } from './database.ts';
import type { Receiver } from './receiver.ts';

/** JSON of an answer, for tests to look into. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is what the tests are about
export type Json = any;

/** Three days in about two seconds. */
export const HASTY: Schedule = {
  ...SCHEDULE,
  pausesMs: [20, 40, 80, 160, 300, 300, 300, 300, 300],
  retryAfterMs: { min: 1, max: 60_000 },
  expiresMs: 60_000,
  recoverWithinMs: 50,
};

export interface WorldOptions {
  /** @default HASTY */
  readonly schedule?: Schedule;
  readonly timeoutMs?: number;
  readonly resolver?: Resolver;
  /** Of one process. @default 64 */
  readonly slots?: number;
}

type Parts = ReturnType<typeof assemble>;

/** A service of webhooks of one test file's own, on a real database and a real NATS; may be several processes' worth of senders. */
export class World {
  private constructor(
    readonly database: OwnDatabase,
    readonly bus: MessageBus,
    readonly parts: Parts,
    /** The parts of one more process; its sender runs once it is started. */
    readonly replica: () => Promise<Parts>,
    private readonly allow: string[],
    private readonly stop: () => Promise<void>,
  ) {}

  /** @param server TEST_DATABASE_URL: a Postgres server on which databases may be made */
  static async start(
    server: string | undefined,
    { schedule = HASTY, timeoutMs = 400, resolver, slots = 64 }: WorldOptions = {},
  ): Promise<World> {
    const database = await ownDatabase(server);
    // A server of its own: what others ask must not be answered here.
    const directory = mkdtempSync(join(tmpdir(), 'webhooks-'));
    const nats = await startNats({ directory, url: '' });
    const bus = await MessageBus.connect({ servers: nats.url });
    const ring = parseKeyring(JSON.stringify({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }));
    const keys: Keys = { ring, reread: async () => undefined };
    const allow: string[] = [];
    const partsOn = (orm: OwnDatabase['orm']): Parts =>
      assemble({
        orm,
        bus,
        catalog: {
          models: new Map([
            ['leases', {}],
            ['file-types', {}],
          ]),
          bySlug: (slug) => (slug === 'acme' ? { vendor: 'ACME' } : undefined),
        },
        keys,
        log: createLogger('webhooks', 'silent'),
        egress: { allow, timeoutMs, ...(resolver ? { resolver } : {}) },
        schedule,
        sender: { lookEveryMs: 10, leaseMs: timeoutMs + 2_000, slots },
      });
    const parts = partsOn(database.orm);
    const replica = async (): Promise<Parts> => partsOn(await database.another());
    const app = await NestFactory.createMicroservice(WebhooksModule.of(parts), {
      ...natsServer(nats.url, 'webhooks'),
      logger: false,
    });
    app.useGlobalFilters(new ProblemOverNats((error) => process.emitWarning(error as Error)));
    await startAnswering(app);
    return new World(database, bus, parts, replica, allow, async () => {
      await app.close();
      await bus.close();
      await nats.discard();
      rmSync(directory, { recursive: true, force: true });
      await database.drop();
    });
  }

  async close(): Promise<void> {
    await this.parts.sender.stop();
    await this.stop();
  }

  /** Opens a way to endpoints on this machine. */
  reach(...receivers: readonly Receiver[]): void {
    this.allow.push(...receivers.map(({ host }) => host));
  }

  async ask(principal: Principal, action: string, rest: Partial<AdminRequest> = {}): Promise<Json> {
    return (await this.bus.request(administerWebhooks, { principal, action, params: {}, query: {}, ...rest })).body;
  }

  /** An active webhook at a receiver; its view, with the secret. */
  async webhook(principal: Principal, receiver: Receiver, more: Record<string, unknown> = {}): Promise<Json> {
    this.reach(receiver);
    const triggers = ['WRITE_OPERATION_SUCCESS', 'WRITE_OPERATION_FAILURE'];
    const body = { url: receiver.url, triggers, active: true, ...more };
    return (await this.ask(principal, 'create', { body })).result;
  }

  /** Tells of a write that stands so, as the ledger does. */
  async happens(principal: Principal, state: State = 'SUCCEEDED', changes: Partial<WriteEvent> = {}): Promise<WriteEvent> {
    const event = anEvent(principal.organization_id, state, changes);
    await this.parts.events.handle(event);
    return event;
  }

  rows<Row = Json>(statement: string, ...parameters: readonly unknown[]): Promise<Row[]> {
    return this.database.run<Row>(statement, parameters);
  }
}

export function anEvent(organization_id: string, state: State, changes: Partial<WriteEvent> = {}): WriteEvent {
  return {
    version: 1,
    job_id: newId(),
    sequence: 3,
    organization_id,
    integration_id: 'integration-a',
    pms: 'acme',
    model: 'leases',
    operation: 'create',
    record_id: 'record-a',
    x_id: '77',
    state,
    refresh: false,
    at: new Date().toISOString(),
    ...changes,
  };
}

/** An organization that nobody had before. */
export const someone = (): Principal => ({ organization_id: newId(), key_id: 'key-a', scopes: ['admin'] });

/** Waits until the check passes; its last complaint fails the test. */
export async function eventually(check: () => Promise<void> | void, withinMs = 8_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }
}
