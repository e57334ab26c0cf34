/**
 * One NATS server with JetStream for a local stack: the one behind NATS_URL, or one of our own on 127.0.0.1 with its own store.
 *
 * Its store may be lost without harm: Postgres remembers, NATS moves.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { members, text } from './files.ts';
import { findNatsServer, isSupported } from './nats-program.ts';
import { freePort } from './ports.ts';
import { Daemon, type Log } from './processes.ts';

/** What a NATS server is started with. */
export interface NatsOptions {
  /** The state folder; the store is `nats` in it. */
  readonly directory: string;
  /** @default a free one */
  readonly port?: number;
  /** A server that runs already. @default the environment's NATS_URL; set to '' to have one of our own in any case */
  readonly url?: string;
  /** The `authorization` block for a server of our own. @default none: whoever reaches 127.0.0.1 may do everything */
  readonly authorization?: string;
  readonly log?: Log;
}

/** A NATS server that answers. */
export interface Nats {
  readonly url: string;
  /** @returns undefined for a server that is not ours */
  readonly pid: number | undefined;
  /** @returns undefined for a server that is not ours */
  readonly daemon: Daemon | undefined;
  /** Clean stop; does nothing to a server that is not ours. */
  stop(): Promise<void>;
  /** Clean stop, then the store is deleted; does nothing to a server that is not ours. */
  discard(): Promise<void>;
}

const DEFAULT_PORT = 4222;
const GREETING_TIMEOUT_MS = 2_000;

/**
 * Starts a server, or checks the one that is given.
 * @throws Error when the given one does not answer, is too old or has no JetStream, or when our own does not start
 */
export async function startNats(options: NatsOptions): Promise<Nats> {
  const given = options.url ?? process.env.NATS_URL;
  return given ? checkGiven(given) : startOwn(options);
}

async function checkGiven(url: string): Promise<Nats> {
  const [first = url] = url.split(',');
  const { hostname, port } = new URL(first.includes('://') ? first : `nats://${first}`);
  const greeting = await greet(hostname, Number(port) || DEFAULT_PORT);
  if (!greeting) throw new Error('the server in NATS_URL does not answer');
  const version = text(greeting.version) ?? '';
  if (!isSupported(version)) throw new Error(`the server in NATS_URL is too old: ${version}`);
  if (greeting.jetstream !== true) throw new Error('the server in NATS_URL runs without JetStream: turn it on');
  const nothing = () => Promise.resolve();
  return { url, pid: undefined, daemon: undefined, stop: nothing, discard: nothing };
}

async function startOwn({ directory, port: wishedPort, authorization = '', log }: NatsOptions): Promise<Nats> {
  const command = await findNatsServer(log);
  const port = wishedPort ?? (await freePort());
  const store = join(directory, 'nats');
  const settingsFile = join(directory, 'nats.conf');
  mkdirSync(store, { recursive: true });
  // Removed first: an older file may be readable by others, and its mode would stay.
  rmSync(settingsFile, { force: true });
  writeFileSync(settingsFile, `${settings(port, store)}${authorization}`, { mode: 0o600 });
  const daemon = new Daemon({
    name: 'nats',
    command,
    args: ['--config', settingsFile],
    env: {},
    directory,
    ready: async () => (await greet('127.0.0.1', port))?.jetstream === true,
  });
  await daemon.start();
  return {
    url: `nats://127.0.0.1:${port}`,
    get pid() {
      return daemon.pid;
    },
    daemon,
    stop: () => daemon.stop(),
    discard: async () => {
      await daemon.stop();
      for (const path of [store, settingsFile]) rmSync(path, { recursive: true, force: true });
    },
  };
}

/** No monitoring port: it would show every subject to any user of the machine. */
const settings = (port: number, store: string): string => `listen: "127.0.0.1:${port}"
max_payload: 8MB
jetstream {
  store_dir: ${JSON.stringify(store)}
  max_memory_store: 64MB
  max_file_store: 4GB
}
`;

/** The first line that every NATS server sends by itself: `INFO {...}`. @returns undefined when none comes */
function greet(host: string, port: number): Promise<Readonly<Record<string, unknown>> | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: GREETING_TIMEOUT_MS });
    let received = '';
    const answer = (value: Readonly<Record<string, unknown>> | undefined) => {
      socket.destroy();
      resolve(value);
    };
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      received += String(chunk);
      if (received.includes('\r\n')) answer(greeting(received));
    });
    for (const end of ['error', 'timeout', 'close']) socket.once(end, () => answer(undefined));
  });
}

function greeting(line: string): Readonly<Record<string, unknown>> | undefined {
  const [, body] = /^INFO (\{.*\})/.exec(line) ?? [];
  return body ? members(JSON.parse(body)) : undefined;
}
