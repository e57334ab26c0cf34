/**
 * The nats-server program: the one on the PATH, else the one fetched earlier, else Debian's package, unpacked into the state folder.
 *
 * The package is fetched by apt with private list and cache folders, so neither the system nor its package state changes, and no
 * privilege is needed; apt checks the signatures as always.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { inheritedEnvironment, run, tryRun, type Log } from './processes.ts';
import { programsDirectory } from './repository.ts';

const PROGRAM = 'nats-server';

/** The oldest version that our use of streams was tested on. */
const FLOOR = [2, 9, 10] as const;

/** Whether a version as nats-server words it (`2.9.10`, `v2.11.0-dev`) is new enough. */
export function isSupported(version: string): boolean {
  const found = (/(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  const decisive = FLOOR.findIndex((part, place) => found[place] !== part);
  return found.length === FLOOR.length && (decisive === -1 || (found[decisive] ?? 0) > (FLOOR[decisive] ?? 0));
}

/**
 * The path of a nats-server that is new enough, fetching one if there is none.
 * @throws Error that says what to install
 */
export async function findNatsServer(log?: Log): Promise<string> {
  const fetched = join(programsDirectory, PROGRAM);
  const places = [...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, PROGRAM)), fetched];
  const found = places.find((place) => existsSync(place) && isSupported(tryRun(place, ['--version']) ?? ''));
  if (found) return found;
  log?.('fetching nats-server from the Debian archive');
  try {
    await fetchPackage(fetched);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const advice = `install it (Debian: apt-get install ${PROGRAM}) or set NATS_URL`;
    throw new Error(`no ${PROGRAM} ${FLOOR.join('.')} or newer found, and fetching one failed: ${advice}.\n${reason}`, { cause });
  }
  return fetched;
}

/** Two stacks may fetch at once: each works in a folder of its own, and moving the program into place is one step. */
async function fetchPackage(target: string): Promise<void> {
  mkdirSync(dirname(target), { recursive: true });
  const folder = mkdtempSync(join(dirname(target), 'apt-'));
  const inFolder = (...parts: readonly string[]) => join(folder, ...parts);
  const privately = {
    'Dir::State': inFolder('state'),
    // Absolute, or it would be looked for under the private folder: the system's list of packages is only read.
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': inFolder('cache'),
    'Acquire::Languages': 'none',
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(privately).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  const env = { ...inheritedEnvironment(), LC_ALL: 'C' };
  for (const parts of [['state', 'lists', 'partial'], ['cache', 'archives', 'partial'], ['content']]) {
    mkdirSync(inFolder(...parts), { recursive: true });
  }
  try {
    await run({ name: 'apt-get update', command: 'apt-get', args: ['-q', ...options, 'update'], env });
    // Downloads into the working folder; there is no option for another one.
    const args = ['-q', ...options, 'download', PROGRAM];
    await run({ name: 'apt-get download', command: 'apt-get', args, env, cwd: folder });
    const archive = readdirSync(folder).find((name) => name.endsWith('.deb'));
    if (!archive) throw new Error('apt-get download left no package');
    await run({ name: 'dpkg-deb', command: 'dpkg-deb', args: ['-x', inFolder(archive), inFolder('content')], env });
    const program = ['usr/sbin', 'usr/bin'].map((place) => inFolder('content', place, PROGRAM)).find(existsSync);
    const version = program ? (tryRun(program, ['--version']) ?? '') : '';
    if (!program || !isSupported(version))
      throw new Error(`the package holds no usable program (${version || 'it does not run'})`);
    renameSync(program, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
