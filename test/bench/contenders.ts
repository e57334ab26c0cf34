/**
 * Those who are measured side by side, behind one interface: Latchkey, and programs that promise less with other people's queues (rivals/). All
 * take the same request with the same payload, keep it in the same Postgres and call the same sandbox.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CpuTimes } from './cpu.ts';
import type { Shot } from './load.ts';
import type { Orders, Ready } from './rivals/program.ts';
import type { Stage } from './stage.ts';

/** The carrying out, seen from the contender's own tables. */
export interface Span {
  /** Writes that ended well. */
  readonly settled: number;
  /** From the first call announced to the last one settled. */
  readonly seconds: number;
}

export interface Contender {
  readonly name: string;
  readonly shots: readonly Shot[];
  startWorker(): Promise<void>;
  /** It takes nothing more, and stays warm. */
  pauseWorker(): Promise<void>;
  resumeWorker(): Promise<void>;
  /** Removes every job and every mark. Only while the worker has nothing in hand. */
  forget(): Promise<void>;
  span(): Promise<Span>;
  /** CPU spent so far by the stack and by this contender. */
  cpu(): CpuTimes;
  close(): Promise<void>;
}

/** @param shots What it is asked to do. @default creates */
export function latchkey(stage: Stage, name = 'Latchkey', shots = stage.creates()): Contender {
  let since = new Date(0);
  return {
    name,
    shots,
    startWorker: () => stage.startWorker(),
    pauseWorker: () => stage.signalWorker('SIGSTOP'),
    resumeWorker: () => stage.signalWorker('SIGCONT'),
    // What ended stays; it is told apart by its age.
    async forget() {
      await stage.forgetWaiting();
      since = await stage.now();
    },
    cpu: () => stage.cpu(),
    close: async () => undefined,
    async span() {
      const [row] = await stage.sql<Span>(
        `
        select count(*)::integer as settled, extract(epoch from max(completed_at) - min(sent_at))::float8 as seconds
        from ledger.operation where state = 'SUCCEEDED' and accepted_at > $1`,
        since,
      );
      return row ?? { settled: 0, seconds: NaN };
    },
  };
}

interface RivalTables {
  readonly program: string;
  readonly jobs: string;
  /** Which calls were announced and how they ended; the floor makes none. */
  readonly intents?: string;
}

const RIVALS = {
  floor: { program: 'floor', jobs: 'rival_floor.job' },
  'graphile-worker': { program: 'graphile', jobs: 'graphile_worker._private_jobs', intents: 'rival_graphile.intent' },
  'pg-boss': { program: 'pg-boss', jobs: 'pgboss.job', intents: 'rival_pgboss.intent' },
} as const satisfies Record<string, RivalTables>;

export type RivalName = keyof typeof RIVALS;

/** A rival whose accepting process runs. The floor carries nothing out. @param pms see {@link pmsOf} */
export async function rival(stage: Stage, name: RivalName, pms: Orders['pms']): Promise<Contender> {
  const { program, jobs, intents }: RivalTables = RIVALS[name];
  const common = { database: stage.stack.urls.database, pms };
  const front = await start(program, { ...common, role: 'accept' });
  let worker: Program | undefined;
  const pids = () => new Map([...pidOf(`${name} accept`, front), ...pidOf(`${name} worker`, worker)]);
  return {
    name,
    shots: stage.creates().map((shot) => ({ ...shot, url: `http://127.0.0.1:${front.port}`, key: '' })),
    startWorker: async () => void (worker = await start(program, { ...common, role: 'carry out' })),
    pauseWorker: async () => void worker?.child.kill('SIGSTOP'),
    resumeWorker: async () => void worker?.child.kill('SIGCONT'),
    forget: async () => void (await stage.sql(`truncate ${[jobs, intents].filter((table) => table).join(', ')} cascade`)),
    async span() {
      const [row] = await stage.sql<Span>(`
        select count(settled_at)::integer as settled, extract(epoch from max(settled_at) - min(sending_at))::float8 as seconds
        from ${intents}`);
      return row ?? { settled: 0, seconds: NaN };
    },
    cpu: () => stage.cpu(pids()),
    close: async () => {
      await stop(worker);
      await stop(front);
    },
  };
}

interface Program {
  readonly child: ChildProcess;
  readonly port: number;
}

async function start(name: string, orders: Orders): Promise<Program> {
  const child = fork(fileURLToPath(new URL(`./rivals/${name}.js`, import.meta.url)), [JSON.stringify(orders)]);
  const failed = once(child, 'exit').then(() => {
    throw new Error(`${name} ended before it was ready`);
  });
  const [ready] = (await Promise.race([once(child, 'message'), failed])) as [Ready];
  failed.catch(() => undefined);
  return { child, port: ready.port };
}

async function stop(program: Program | undefined): Promise<void> {
  // A signal that ended it leaves no exit code.
  if (!program || program.child.exitCode !== null || program.child.signalCode !== null) return;
  const ended = once(program.child, 'exit');
  program.child.kill('SIGTERM');
  // One that is paused takes no other signal before it goes on.
  program.child.kill('SIGCONT');
  await ended;
}

const pidOf = (name: string, program: Program | undefined): readonly (readonly [string, number])[] =>
  program?.child.pid === undefined ? [] : [[name, program.child.pid]];

/** The call that Latchkey makes for a create, so that the others make the same one. */
export async function pmsOf(stage: Stage): Promise<Orders['pms']> {
  const { url, credentials } = await stage.account();
  const { path, sent } = await stage.sampleCall();
  return {
    url: url + path,
    headers: {
      'x-buildium-client-id': credentials['clientId'] ?? '',
      'x-buildium-client-secret': credentials['secret'] ?? '',
    },
    template: sent,
  };
}
