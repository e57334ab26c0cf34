import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashApiKey, newApiKey } from '#api-key';
import { startNats } from '#local-stack';
import { answer, authenticate, MessageBus, type Contract, type Principal, type Scope } from '#messaging';
import { createLogger } from '#service-kit';
import { createGateway, type SlowSenders } from '../src/gateway.ts';
import { RouteTable } from '../src/http/route-table.ts';

/** Whatever JSON holds. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the tests look deep into answers, and their shape is what they find out
export type Json = any;

/** An answer of the gateway. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Json;
}

export interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is a text or bytes. */
  readonly body?: unknown;
}

/** A gateway of one test file's own on a real NATS server; what is behind it is played by the tests. */
export interface World {
  readonly bus: MessageBus;
  readonly port: number;
  readonly routes: RouteTable;
  /** Keys that exist. */
  readonly key: string;
  newKey(scopes: readonly Scope[]): string;
  /** Answers a contract from now on. What `handle` throws is the answer too. */
  play<Request, Answer>(contract: Contract<Request, Answer>, handle: (request: Request) => Answer | Promise<Answer>): void;
  send(sent: Sent): Promise<Answer>;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** @default 10000 */
  readonly rateLimitPerMinute?: number;
  /** @default those of the running gateway */
  readonly slowSenders?: SlowSenders;
}

export async function startWorld({ rateLimitPerMinute = 10_000, slowSenders }: WorldOptions = {}): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), 'gateway-'));
  // A server of its own: what is played here must not answer the requests of other tests.
  const nats = await startNats({ directory, url: '' });
  const bus = await MessageBus.connect({ servers: nats.url });
  const gatewayBus = await MessageBus.connect({ servers: nats.url });
  const app = await createGateway(gatewayBus, { rateLimitPerMinute }, createLogger('gateway', 'silent'), undefined, slowSenders);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.getHttpServer().address() as AddressInfo;

  const keys = new Map<string, Principal>();
  const answers = new Map<string, (body: never) => unknown>();
  const newKey = (scopes: readonly Scope[]): string => {
    const key = newApiKey();
    keys.set(hashApiKey(key), { organization_id: 'org-a', key_id: `key-${keys.size}`, scopes });
    return key;
  };
  const key = newKey(['read', 'write', 'admin']);
  const world: World = {
    bus,
    port,
    routes: app.get(RouteTable),
    key,
    newKey,
    play: (contract, handle) => {
      const { subject } = contract;
      if (!answers.has(subject)) answer(bus.connection, contract, (body) => answers.get(subject)?.(body as never) as never);
      answers.set(subject, handle as (body: never) => unknown);
    },
    send: async (sent) => {
      // What was played a moment ago must have reached the server.
      await bus.connection.flush();
      return send(port, { key, ...sent });
    },
    async close() {
      await app.close();
      await gatewayBus.close();
      await bus.close();
      await nats.discard();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  world.play(authenticate, ({ key_hash }) => keys.get(key_hash) ?? null);
  return world;
}

function send(port: number, { method = 'GET', path, key, headers = {}, body }: Sent): Promise<Answer> {
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  const payload = body === undefined || raw ? (body as string | Buffer | undefined) : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        port,
        method,
        path,
        agent: false,
        headers: {
          ...(key ? { authorization: `Bearer ${key}` } : {}),
          ...(payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const isJson = /json/.test(response.headers['content-type'] ?? '') && text !== '';
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            body: isJson ? (JSON.parse(text) as Json) : undefined,
          });
        });
      },
    );
    request.on('error', reject);
    request.end(payload);
  });
}
