import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Egress, parseKeyring, seal, type Keyring, type Keys } from '#adapter-kit';
import { startNats } from '#local-stack';
import { MessageBus, type SealedConnection } from '#messaging';
import { createLogger } from '#service-kit';
import { Accounts } from '../src/accounts.ts';
import { JobHandler } from '../src/jobs.ts';
import { Neighbourhood } from '../src/neighbourhood.ts';
import { Colleagues } from './colleagues.ts';
import { PMS } from './pms.ts';

type Reply = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** The account that the directory of the tests knows. */
export const ACCOUNT = { organizationId: 'org', integrationId: 'int', key: 'k3y-of-acme' } as const;
/** Whole time of one call to the PMS, in milliseconds. */
export const CALL_TIMEOUT_MS = 1_000;

/** A worker's surroundings: a real NATS server, a vendor on loopback, and colleagues that keep to their contracts. */
export interface World {
  readonly natsUrl: string;
  readonly bus: MessageBus;
  readonly colleagues: Colleagues;
  readonly vendor: { host: string; origin: string; seen: string[]; reply: Reply };
  readonly keyring: Keyring;
  readonly keyringFile: string;
  readonly accounts: Accounts;
  readonly handler: JobHandler;
  /** What the directory answers, sealed for the vendor. */
  connection(changes?: Partial<SealedConnection>, version?: number): SealedConnection;
  /** As it was at the start. */
  reset(): void;
  close(): Promise<void>;
}

/** `natsUrl`: a server that runs already. @default one of our own */
export async function openWorld(natsUrl = ''): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), 'latchkey-worker-'));
  const nats = await startNats({ directory, url: natsUrl });
  const bus = await MessageBus.connect({ servers: [nats.url] });
  const answering = await MessageBus.connect({ servers: [nats.url] });
  const colleagues = new Colleagues(answering.connection);
  colleagues.listen();
  await answering.connection.flush();

  const kindly: Reply = (_, response) => void response.end(JSON.stringify({ Id: 5, Name: 'cog' }));
  const vendor = { host: '', origin: '', seen: [] as string[], reply: kindly };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      vendor.seen.push(`${request.method} ${request.url}`);
      vendor.reply(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vendor.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  vendor.origin = `http://${vendor.host}`;

  const keyringFile = join(directory, 'keyring.json');
  const text = JSON.stringify({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } });
  writeFileSync(keyringFile, text);
  const keyring = parseKeyring(text);
  const egress = new Egress({ allow: [vendor.host], timeoutMs: CALL_TIMEOUT_MS });
  const keys: Keys = { ring: keyring, reread: async () => {} };
  let neighbours = new Neighbourhood(PMS, bus, 'test');
  let accounts = new Accounts(PMS, bus, egress, keys, neighbours);
  const log = createLogger('worker-acme', 'silent');

  const world: World = {
    natsUrl: nats.url,
    bus,
    colleagues,
    vendor,
    keyring,
    keyringFile,
    get accounts() {
      return accounts;
    },
    get handler() {
      return new JobHandler(PMS, bus, accounts, log, 'test', CALL_TIMEOUT_MS);
    },
    connection: (changes = {}, version = 1) => ({
      integration_id: ACCOUNT.integrationId,
      organization_id: ACCOUNT.organizationId,
      base_url: vendor.origin,
      sealed: { version, fields: { key: seal(keyring, { ...ACCOUNT, field: 'key', version }, `${ACCOUNT.key}-${version}`) } },
      settings: {},
      ...changes,
    }),
    reset() {
      neighbours = new Neighbourhood(PMS, bus, 'test');
      accounts = new Accounts(PMS, bus, egress, keys, neighbours);
      Object.assign(vendor, { reply: kindly });
      vendor.seen.length = 0;
      colleagues.told.length = 0;
      colleagues.settled.length = 0;
      colleagues.blamed.length = 0;
      colleagues.claimants.length = 0;
      colleagues.jobs.clear();
      Object.assign(colleagues, {
        onClaim: () => {},
        onAdvance: () => {},
        onConnection: () => {},
        connection: world.connection(),
      });
    },
    async close() {
      await egress.close();
      await bus.close();
      await answering.close();
      await nats.discard();
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true, force: true });
    },
  };
  world.reset();
  return world;
}

/** Resolves when a condition holds; fails after `withinMs`. @default five seconds */
export async function until(condition: () => boolean, withinMs = 5_000): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error('the condition did not come true');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
