/**
 * One Postgres for a local stack: the server behind DATABASE_URL, or one of our own.
 *
 * Our own listens on 127.0.0.1 only, asks for a random password even there, and writes every commit to disk before it answers, as
 * the services demand. Its data survive a stop, a crash and a kill; the folder is created whole or not at all.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { members, readJson, text, writePrivateJson } from './files.ts';
import { endProcess, identify } from './identity.ts';
import { freePort } from './ports.ts';
import { findPostgres, postgresAccount, reachableFolder, type Account, type PostgresPrograms } from './postgres-programs.ts';
import { Daemon, run, type Log } from './processes.ts';

/** What a database server is started with. */
export interface PostgresOptions {
  /** The state folder. Data go to `postgres-<major>` in it (for root perhaps elsewhere, see postgres-programs.ts). */
  readonly directory: string;
  /** @default a free one */
  readonly port?: number;
  /** A server that runs already. @default the environment's DATABASE_URL; set to '' to have one of our own in any case */
  readonly url?: string;
  readonly log?: Log;
}

/** A database server that answers. */
export interface Postgres {
  /** Connection string with user, password and database. The user is a superuser of our own server. */
  readonly url: string;
  /** The same text means the same data: it changes when the data folder was made anew. */
  readonly identity: string;
  /** @returns undefined for a server that is not ours */
  readonly pid: number | undefined;
  /** @returns undefined for a server that is not ours */
  readonly daemon: Daemon | undefined;
  /** Clean stop; does nothing to a server that is not ours. */
  stop(): Promise<void>;
  /** Clean stop, then the data are deleted; does nothing to a server that is not ours. */
  discard(): Promise<void>;
}

const NAME = 'latchkey';
const ORPHAN_GRACE_MS = 10_000;

/** Durable and loopback only. Statements and values stay out of the log: they hold personal data. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  synchronous_commit: 'on',
  fsync: 'on',
  shared_buffers: '128MB',
  max_connections: '200',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
} as const;

/** After a kill of the first process, its children hold the data for a moment longer. */
const STILL_HELD = /pre-existing shared memory|lock file .* already exists/;

/**
 * Starts a server, or checks the one that is given.
 * @throws Error when the given one does not answer or cannot be written to, or when our own does not start: with the end of its log
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const given = options.url ?? process.env.DATABASE_URL;
  return given ? checkGiven(given) : startOwn(options);
}

async function checkGiven(url: string): Promise<Postgres> {
  // Loaded only here: our own server tells by itself when it is ready, and this takes a third of a second.
  const { MikroORM } = await import('@mikro-orm/postgresql');
  const orm = await MikroORM.init({ clientUrl: url, entities: [], discovery: { warnWhenNoEntities: false } });
  try {
    const rows: unknown = await orm.em.getConnection().execute('show transaction_read_only');
    const [row] = Array.isArray(rows) ? rows.map(members) : [];
    if (row?.transaction_read_only !== 'off') throw new Error('it is read-only');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the server in DATABASE_URL cannot be used: ${reason}`, { cause });
  } finally {
    await orm.close(true);
  }
  const { hostname, port, pathname } = new URL(url);
  const identity = createHash('sha256').update(`${hostname}:${port}${pathname}`).digest('hex');
  const nothing = () => Promise.resolve();
  return { url, identity, pid: undefined, daemon: undefined, stop: nothing, discard: nothing };
}

async function startOwn({ directory, port: wishedPort, log }: PostgresOptions): Promise<Postgres> {
  const account = postgresAccount();
  const programs = findPostgres(account);
  mkdirSync(directory, { recursive: true });
  const home = reachableFolder(directory, account);
  const data = join(home, `postgres-${programs.major}`);
  const secretFile = join(directory, 'postgres.json');

  await endOrphan(data);
  const known = members(readJson(secretFile));
  const secret =
    existsSync(data) && known.data === data
      ? { identity: text(known.identity) ?? '', password: text(known.password) ?? '' }
      : await createData({ data, programs, account, secretFile, log });
  const port = wishedPort ?? (await freePort());
  const settings = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const daemon = new Daemon({
    name: 'postgres',
    command: programs.postgres,
    args: ['-D', data, ...settings],
    env: postgresEnvironment,
    directory,
    account,
    ready: (pid) => Promise.resolve(saysReady(data, pid)),
    retryWhen: STILL_HELD,
    // Fast shutdown: sessions are cut, nothing that was committed is lost. SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
    // It needs nobody to end by itself, and the next start is spared a recovery.
    abandonSignal: 'SIGINT',
  });
  await daemon.start();
  return {
    url: `postgresql://${NAME}:${secret.password}@127.0.0.1:${port}/${NAME}`,
    identity: secret.identity,
    get pid() {
      return daemon.pid;
    },
    daemon,
    stop: () => daemon.stop(),
    discard: async () => {
      await daemon.stop();
      rmSync(home === directory ? data : home, { recursive: true, force: true });
      rmSync(secretFile, { force: true });
    },
  };
}

const postgresEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

interface NewData {
  readonly data: string;
  readonly programs: PostgresPrograms;
  readonly account: Account | undefined;
  readonly secretFile: string;
  readonly log: Log | undefined;
}

/** Makes the data folder under a draft name, with our user and database in it, and renames it when it is whole. */
async function createData({ data, programs, account, secretFile, log }: NewData) {
  log?.('creating the database folder');
  const secret = { identity: randomBytes(16).toString('hex'), password: randomBytes(24).toString('base64url'), data };
  const draft = `${data}.new`;
  const passwordFile = `${data}.password`;
  for (const leftover of [data, draft]) rmSync(leftover, { recursive: true, force: true });
  mkdirSync(dirname(data), { recursive: true });
  // The account must be able to pass through, whatever our umask is.
  if (account) chmodSync(dirname(data), 0o755);
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, secret.password, { mode: 0o600 });
  if (account) [draft, passwordFile].forEach((path) => chownSync(path, account.uid, account.gid));

  const common = { env: postgresEnvironment, account };
  // Not waiting for the disk saves seconds on a busy one. The server itself does wait, for everything that is written from then on.
  const cluster = ['--no-sync', '-D', draft, '--encoding=UTF8', '--locale=C', `--username=${NAME}`];
  const login = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  await run({ name: 'initdb', command: programs.initdb, args: [...cluster, ...login], ...common }).finally(() =>
    rmSync(passwordFile, { force: true }),
  );
  // A server in single-user mode reads statements from its input; it saves us a client just for this one.
  const single = ['--single', '-F', '-D', draft, 'template1'];
  await run({
    name: 'create database',
    command: programs.postgres,
    args: single,
    input: `CREATE DATABASE ${NAME};\n`,
    ...common,
  });
  // The secret first: data without their password could never be opened again, the other way round is noticed and made anew.
  writePrivateJson(secretFile, secret);
  renameSync(draft, data);
  return secret;
}

/** The lines of the server's own process file: number, data folder, start time, port, socket folder, address, memory key, state. */
const processFile = (data: string): readonly string[] => {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
};

function saysReady(data: string, pid: number): boolean {
  const lines = processFile(data);
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

/**
 * A server that outlived its launcher holds the data folder, so it is ended. The number in its file may by now belong to anyone; a
 * Postgres server is recognized by its working folder, which is always its data.
 *
 * A file whose number is nobody's is left alone: the new server sees that it is stale, and learns from it whether children of the old
 * one still hold the data. Only when the number went to a stranger would it refuse for ever, so then the file is removed.
 */
async function endOrphan(data: string): Promise<void> {
  const pid = Number(processFile(data)[0]);
  const identity = pid ? identify(pid) : undefined;
  if (!identity) return;
  if (workingFolder(pid) === realpathSync(data)) await endProcess(identity, 'SIGINT', ORPHAN_GRACE_MS);
  else rmSync(join(data, 'postmaster.pid'), { force: true });
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
