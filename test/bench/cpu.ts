/**
 * What a measurement costs in CPU time, by process: the kernel's own count (user and system, resolution 10 ms), so it includes garbage
 * collection, the compiler's threads and TLS. Postgres is counted with its children. Linux only; elsewhere every figure is 0.
 *
 * A process that ended between two readings took its count with it; measurements read before they end one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { say } from './print.ts';

/** Milliseconds of CPU since each process began, by name. */
export type CpuTimes = ReadonlyMap<string, number>;

/** The kernel counts in hundredths of a second on every Linux that Node runs on. */
const MS_PER_TICK = 10;

/** Below this a process had no part in it. */
const NEGLIGIBLE_MS = 0.005;

interface Stat {
  readonly parent: number;
  readonly own: number;
  /** Of children that ended and were waited for. */
  readonly buried: number;
}

/** The second field is the program's name, which may itself hold spaces and brackets. */
function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const ticks = (first: number) => ((fields[first] ?? 0) + (fields[first + 1] ?? 0)) * MS_PER_TICK;
    return { parent: fields[1] ?? 0, own: ticks(11), buried: ticks(13) };
  } catch {
    return undefined;
  }
}

function allStats(): ReadonlyMap<number, Stat> {
  if (process.platform !== 'linux') return new Map();
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(
    pids.flatMap((name) => {
      const stat = statOf(Number(name));
      return stat ? [[Number(name), stat] as const] : [];
    }),
  );
}

/** @param pids Names of processes that run, with their numbers. */
export function cpuTimes(pids: ReadonlyMap<string, number>): CpuTimes {
  const stats = allStats();
  const total = (pid: number): number => {
    const children = [...stats.values()].filter(({ parent }) => parent === pid);
    const { own = 0, buried = 0 } = stats.get(pid) ?? {};
    return own + buried + children.reduce((sum, child) => sum + child.own + child.buried, 0);
  };
  const { user, system } = process.cpuUsage();
  return new Map([...[...pids].map(([name, pid]) => [name, total(pid)] as const), ['load generator', (user + system) / 1_000]]);
}

/** What was spent from one reading to the next. */
export const cpuSpent = (before: CpuTimes, after: CpuTimes): CpuTimes =>
  new Map([...after].map(([name, ms]) => [name, ms - (before.get(name) ?? 0)]));

export const addCpu = (one: CpuTimes, other: CpuTimes): CpuTimes =>
  new Map([...new Set([...one.keys(), ...other.keys()])].map((name) => [name, (one.get(name) ?? 0) + (other.get(name) ?? 0)]));

/** Milliseconds of CPU per job in all processes but the load generator, which is no part of what is compared. */
export const cpuPerJob = (spent: CpuTimes, jobs: number): number =>
  [...spent].reduce((sum, [name, ms]) => sum + (name === 'load generator' ? 0 : ms), 0) / jobs;

/** One line: the processes that had a part in it, the dearest first. */
export function sayCpu(title: string, spent: CpuTimes, jobs: number): void {
  const parts = [...spent]
    .map(([name, ms]) => [name, ms / jobs] as const)
    .filter(([, ms]) => ms > NEGLIGIBLE_MS)
    .sort(([, one], [, other]) => other - one);
  say(`  ${title}: ${parts.map(([name, ms]) => `${name} ${ms.toFixed(2)}`).join(', ') || 'not counted here'}`);
}
