/**
 * Which process a recorded number meant. The kernel gives numbers out again, so a process is a number and its start time; a signal is
 * only ever sent when both still agree.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** One process, distinguishable from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time as the system words it (Linux: clock ticks since boot). Only good for comparing. */
  readonly started: string;
}

const POLL_MS = 20;

/** Start time is field 22, state is field 3; the second field is the program's name, which may itself hold spaces and brackets. */
function startTime(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    const listing = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return listing.stdout?.trim() || undefined;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const dead = fields[0] === 'Z' || fields[0] === 'X';
    return dead ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** The identity of a running process, `undefined` when there is none with this number. */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = startTime(pid);
  return started === undefined ? undefined : { pid, started };
}

/** Whether that very process still runs. */
export const isRunning = ({ pid, started }: ProcessIdentity): boolean => startTime(pid) === started;

/** Sends a signal to that very process. @returns false when it is gone or not ours to signal. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch {
    return false;
  }
}

/** Waits until that process is gone. @returns whether it went within `timeoutMs`. */
export async function waitUntilGone(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isRunning(identity)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** Ends that process: `signal` first, SIGKILL when it still runs after `graceMs`. Does nothing when it is gone already. */
export async function endProcess(identity: ProcessIdentity, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  signalProcess(identity, signal);
  if (await waitUntilGone(identity, graceMs)) return;
  signalProcess(identity, 'SIGKILL');
  await waitUntilGone(identity, graceMs);
}
