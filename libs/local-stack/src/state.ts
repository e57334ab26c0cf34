/**
 * What a running stack leaves in its state folder for others to find.
 *
 *     launcher.json   the process that holds the folder: at most one stack at a time
 *     stack.json      addresses, keys and processes, for scripts; its presence means that the stack is up, or was killed
 *     ports.json      the ports of last time, so that addresses stay the same
 *
 * All are readable by their owner only.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { members, readJson, text, writePrivateJson } from './files.ts';
import { identify, isRunning, type ProcessIdentity } from './identity.ts';

/** The content of stack.json. Members are absent where the stack has no such thing. */
export interface StackSummary {
  readonly gateway_url?: string;
  readonly api_key?: string;
  readonly admin_key?: string;
  /** By vendor. */
  readonly integrations: Readonly<Record<string, { readonly id: string }>>;
  /** `url`, and for each PMS `<slug>_url`. */
  readonly sandbox: Readonly<Record<string, string>>;
  readonly nats_url?: string;
  readonly database_url?: string;
  readonly services: readonly {
    readonly name: string;
    readonly pid: number;
    readonly started: string;
    readonly url?: string;
  }[];
}

/** Thrown when the state folder belongs to a stack that runs. The caller may go on with that one. */
export class StackRunningError extends Error {
  constructor(
    readonly directory: string,
    readonly launcher: ProcessIdentity,
    /** undefined while that stack is still starting */
    readonly gatewayUrl: string | undefined,
  ) {
    super(`a stack runs in ${directory} already (process ${launcher.pid})`);
    this.name = 'StackRunningError';
  }
}

const launcherFile = (directory: string): string => join(directory, 'launcher.json');
const summaryFile = (directory: string): string => join(directory, 'stack.json');
const portsFile = (directory: string): string => join(directory, 'ports.json');

/** The launcher that holds the folder, `undefined` when there is none or it is gone. */
export function findLauncher(directory: string): ProcessIdentity | undefined {
  const { pid, started } = members(readJson(launcherFile(directory)));
  if (typeof pid !== 'number' || typeof started !== 'string') return undefined;
  return isRunning({ pid, started }) ? { pid, started } : undefined;
}

/**
 * Takes the folder for this process.
 * @throws StackRunningError when another stack holds it
 */
export function claim(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const file = launcherFile(directory);
  const holder = findLauncher(directory);
  if (holder) throw new StackRunningError(directory, holder, text(readSummary(directory).gateway_url));
  if (existsSync(file)) rmSync(file);
  // Fails when someone else was faster, which is what it should do.
  writeFileSync(file, JSON.stringify(identify(process.pid)), { mode: 0o600, flag: 'wx' });
}

/** Gives the folder back after a clean stop. */
export function release(directory: string): void {
  rmSync(summaryFile(directory), { force: true });
  rmSync(launcherFile(directory), { force: true });
}

export const writeSummary = (directory: string, summary: StackSummary): void => writePrivateJson(summaryFile(directory), summary);

/** The members of stack.json as they are found, none when there is no such file. */
export const readSummary = (directory: string): Readonly<Record<string, unknown>> => members(readJson(summaryFile(directory)));

/** The ports of last time by name. */
export function rememberedPorts(directory: string): ReadonlyMap<string, number> {
  const entries = Object.entries(members(readJson(portsFile(directory))));
  return new Map(entries.flatMap(([name, port]) => (typeof port === 'number' ? [[name, port]] : [])));
}

export const rememberPorts = (directory: string, ports: ReadonlyMap<string, number>): void =>
  writePrivateJson(portsFile(directory), Object.fromEntries(ports));
