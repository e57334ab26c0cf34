/**
 * A long-running child process and its log.
 *
 *     IDLE --start()--> STARTING --ready--> RUNNING --exit--> IDLE
 *     any  --stop()---> CLOSED (for good: a start that is under way, or comes later, is refused)
 *
 * - The log goes straight from the child into a file, so it is complete even when the launcher is killed.
 * - A child gets its own process group: Ctrl-C reaches the launcher alone, which then decides the order of stopping.
 * - When the launcher ends in any way that runs 'exit' handlers (an uncaught error among them) its children are killed with it. For
 *   the one way that does not, SIGKILL, each child is recorded in a file, and the next start ends whom it finds there.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, copyFileSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { members, readJson, text, writePrivateJson } from './files.ts';
import { endProcess, identify, type ProcessIdentity } from './identity.ts';

/** Receives one line of progress, without a line break. */
export type Log = (line: string) => void;

/** What to run, and how to tell that it works. Times are in milliseconds. */
export interface DaemonPlan {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The state folder: the log is written to `logs/<name>.log` in it, the process record to `run/<name>.json`. */
  readonly directory: string;
  /** @default the launcher's own */
  readonly account?: { readonly uid: number; readonly gid: number };
  /** Asked again and again until it says true. It gets the number of the process that was started. @default ready at once */
  readonly ready?: (pid: number) => Promise<boolean>;
  /** @default 60000 */
  readonly readyTimeoutMs?: number;
  /** An early exit whose last lines match is tried again until the deadline. @default none */
  readonly retryWhen?: RegExp;
  /** The signal that asks for an orderly end. @default 'SIGTERM' */
  readonly stopSignal?: NodeJS.Signals;
  /** The signal it gets when there is no time left, because the launcher itself goes down. @default 'SIGKILL' */
  readonly abandonSignal?: NodeJS.Signals;
  /** Milliseconds from the stop signal to SIGKILL. @default 10000 */
  readonly graceMs?: number;
}

const POLL_MS = 40;
const RETRY_MS = 250;
const LOG_CHECK_MS = 5_000;
const LOG_LIMIT_BYTES = 16 * 1024 * 1024;
const LAST_LINES = 30;
const ORPHAN_GRACE_MS = 5_000;

/** Suspending a process does not end it, so `kill` does not wait for an end. */
const SUSPENDING: readonly NodeJS.Signals[] = ['SIGSTOP', 'SIGTSTP', 'SIGCONT', 'SIGUSR1', 'SIGUSR2', 'SIGHUP'];

/** Every child that runs, and what it gets when the launcher goes down. */
const alive = new Map<ChildProcess, NodeJS.Signals>();
process.on('exit', () => alive.forEach((signal, child) => child.kill(signal)));

/** A child that can be started, watched and stopped. */
export class Daemon {
  readonly logFile: string;
  private readonly recordFile: string;
  private child: ChildProcess | undefined;
  private ended: Promise<string> = Promise.resolve('was never started');
  private closed = false;
  /** Processes whose end was asked for: their exit is no crash. */
  private readonly asked = new WeakSet<ChildProcess>();
  private readonly watchers: ((how: string) => void)[] = [];

  constructor(readonly plan: DaemonPlan) {
    this.logFile = join(plan.directory, 'logs', `${plan.name}.log`);
    this.recordFile = join(plan.directory, 'run', `${plan.name}.json`);
    mkdirSync(dirname(this.logFile), { recursive: true });
    rmSync(this.logFile, { force: true });
  }

  get name(): string {
    return this.plan.name;
  }

  /** @returns undefined unless it runs */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  get identity(): ProcessIdentity | undefined {
    return this.pid === undefined ? undefined : identify(this.pid);
  }

  /** Calls `watcher` whenever the process ends after it was ready and without having been asked through this object. */
  onCrash(watcher: (how: string) => void): void {
    this.watchers.push(watcher);
  }

  /**
   * Starts the process and waits until it is ready. A predecessor left by a killed launcher is ended first.
   * @throws Error with the last lines of the log when it ends early, when the deadline passes, or after `stop`.
   */
  async start(): Promise<void> {
    if (this.child) return;
    await endRecorded(this.recordFile);
    const deadline = Date.now() + (this.plan.readyTimeoutMs ?? 60_000);
    for (;;) {
      if (this.closed) throw new Error(`${this.name} was stopped before it had started`);
      const problem = await this.launch(deadline);
      if (problem === undefined) break;
      const again = this.plan.retryWhen?.test(this.lastLines()) && Date.now() < deadline && !this.closed;
      if (!again) throw new Error(`${this.name} ${problem}. Its log, ${this.logFile}, ends with:\n${this.lastLines()}`);
      await sleep(RETRY_MS);
    }
    const child = this.child;
    void this.ended.then((how) => {
      if (child && !this.asked.has(child)) this.watchers.forEach((watcher) => watcher(how));
    });
  }

  /** Sends a signal. Resolves when the process is gone, or at once after a signal that only suspends or resumes. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    if (!this.child) return;
    const ends = !SUSPENDING.includes(signal);
    if (ends) this.asked.add(this.child);
    this.child.kill(signal);
    if (ends) await this.ended;
  }

  /** Ends the process for good: the stop signal, then SIGKILL when the grace is over. */
  async stop(): Promise<void> {
    this.closed = true;
    await this.end();
  }

  /** Ends the process in an orderly way and starts it again with the same plan. @throws Error as `start` does */
  async restart(): Promise<void> {
    await this.end();
    await this.start();
  }

  /** The end of the log, for error messages. */
  lastLines(): string {
    try {
      return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n');
    } catch {
      return '(no log)';
    }
  }

  private async end(): Promise<void> {
    const { child } = this;
    if (!child) return;
    this.asked.add(child);
    child.kill(this.plan.stopSignal ?? 'SIGTERM');
    // A stopped (SIGSTOP) process takes no other signal before it goes on.
    child.kill('SIGCONT');
    const impatience = setTimeout(() => child.kill('SIGKILL'), this.plan.graceMs ?? 10_000);
    await this.ended;
    clearTimeout(impatience);
  }

  /** @returns what went wrong, `undefined` when the process is ready */
  private async launch(deadline: number): Promise<string | undefined> {
    const child = this.spawn();
    let exit: string | undefined;
    void this.ended.then((how) => (exit = how));
    const ready = this.plan.ready ?? (() => Promise.resolve(true));
    while (exit === undefined && child.pid !== undefined) {
      if (await ready(child.pid)) return undefined;
      if (Date.now() > deadline) {
        await this.kill('SIGKILL');
        return 'did not become ready in time';
      }
      await sleep(POLL_MS);
    }
    return exit ?? (await this.ended);
  }

  private spawn(): ChildProcess {
    const { command, args, env, account } = this.plan;
    // Appending keeps the capping below correct: after a truncation the child goes on at the new end.
    const log = openSync(this.logFile, 'a', 0o640);
    const child = spawn(command, args, { env, cwd: '/', stdio: ['ignore', log, log], detached: true, ...account });
    closeSync(log);
    this.child = child;
    alive.set(child, this.plan.abandonSignal ?? 'SIGKILL');
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity) writePrivateJson(this.recordFile, { ...identity, stop_signal: this.plan.stopSignal ?? 'SIGTERM' });
    const capping = setInterval(() => capLog(this.logFile), LOG_CHECK_MS).unref();
    this.ended = new Promise((resolve) => {
      const gone = (how: string) => {
        clearInterval(capping);
        alive.delete(child);
        if (this.child === child) this.child = undefined;
        rmSync(this.recordFile, { force: true });
        resolve(how);
      };
      child.once('exit', (code, signal) => gone(signal ? `was ended by ${signal}` : `ended with exit code ${code}`));
      child.once('error', (error) => child.pid === undefined && gone(`cannot be run: ${error.message}`));
    });
    return child;
  }
}

/** A log that outgrew its limit becomes `<log>.1`, and starts again empty: two files at most, the newest lines always among them. */
function capLog(file: string): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= LOG_LIMIT_BYTES) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
}

async function endRecorded(recordFile: string): Promise<void> {
  const record = members(readJson(recordFile));
  const { pid } = record;
  const started = text(record.started);
  if (typeof pid !== 'number' || started === undefined) return;
  const signal = text(record.stop_signal) === 'SIGINT' ? 'SIGINT' : 'SIGTERM';
  await endProcess({ pid, started }, signal, ORPHAN_GRACE_MS);
  rmSync(recordFile, { force: true });
}

/** Ends every process that an earlier launcher recorded in this state folder and could not take with it. */
export async function endOrphans(directory: string): Promise<void> {
  const folder = join(directory, 'run');
  const records = readdirSafely(folder).filter((name) => name.endsWith('.json'));
  await Promise.all(records.map((name) => endRecorded(join(folder, name))));
}

function readdirSafely(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What a program that runs to its end needs. */
export interface Errand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly account?: { readonly uid: number; readonly gid: number };
  /** @default '/' */
  readonly cwd?: string;
  readonly input?: string;
}

/**
 * Runs a program to its end.
 * @returns its standard output
 * @throws Error with the last lines of what it wrote when it cannot be run or does not end with 0
 */
export function run({ name, command, args, env, account, cwd = '/', input }: Errand): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd, stdio: 'pipe', ...account });
    alive.set(child, 'SIGKILL');
    let output = '';
    let everything = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => ((output += chunk), (everything += chunk)));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (everything += chunk));
    // A program that ends without reading its input is not an error of ours.
    child.stdin.on('error', () => undefined).end(input);
    child.once('error', (error) => {
      alive.delete(child);
      reject(new Error(`${name} cannot be run: ${error.message}`, { cause: error }));
    });
    child.once('close', (code, signal) => {
      alive.delete(child);
      if (code === 0) return resolve(output);
      const lines = everything.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
      reject(new Error(`${name} ended with ${signal ?? `exit code ${code}`}:\n${lines}`));
    });
  });
}

/** Whether a program can be run at all under that account, and what it prints. @returns undefined when it cannot */
export function tryRun(command: string, args: readonly string[], account?: Errand['account']): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', cwd: '/', ...account });
  return status === 0 ? stdout.trim() : undefined;
}

const INHERITED =
  /^(PATH|HOME|USER|LANG|LC_ALL|TZ|TMPDIR|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|OTEL_\w+|LATCHKEY_\w+|\w+_proxy)$/i;

/**
 * The part of the launcher's environment that is passed to children. An allow-list: the addresses and secrets of one service must
 * not leak into another because the launcher was given them.
 */
export const inheritedEnvironment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).flatMap(([key, value]) => (INHERITED.test(key) && value ? [[key, value]] : [])));
