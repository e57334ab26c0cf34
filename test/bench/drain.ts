/**
 * How many writes are carried out: taken, announced with a commit, called at the sandbox's PMS, settled with a commit. The same steps by
 * graphile-worker, by pg-boss and by Latchkey, which does it with and without reading each record back.
 *
 * `live`: writes are accepted and carried out at once. `drain`: all were accepted while the worker was suspended. Contenders take turns, and
 * whose turn it is not is suspended; medians are told. The time runs from the first call announced to the last one settled, in each
 * contender's own tables. The PMS's journal says whether every write was carried out once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { latchkey, pmsOf, rival, type Contender, type Span } from './contenders.ts';
import { addCpu, cpuPerJob, cpuSpent, sayCpu, type CpuTimes } from './cpu.ts';
import { flood } from './load.ts';
import type { Measurement } from './measurement.ts';
import { heading, ratio, row, say, shown } from './print.ts';
import { SETTINGS } from './settings.ts';
import { median } from './statistics.ts';
import { eventually } from '../support/api.ts';
import type { Stage } from './stage.ts';

const SENDERS = 16;
const HOUR_MS = 3_600_000;
const LOOK_MS = 100;

/** One turn of one contender. */
interface Turn {
  readonly span: Span;
  /** At the PMS. */
  readonly created: number;
  readonly calls: number;
  readonly cpu: CpuTimes;
}

/** Sends the writes and starts the work, in the order that is measured. @returns CPU times when the work began */
type Way = (contender: Contender) => Promise<CpuTimes>;

const WAYS: readonly { readonly title: string; readonly begin: Way }[] = [
  {
    title: `live, ${SETTINGS.jobs} creates from ${SENDERS} senders`,
    async begin(contender) {
      await contender.resumeWorker();
      const before = contender.cpu();
      await send(contender);
      return before;
    },
  },
  {
    title: `drain of ${SETTINGS.jobs} creates`,
    async begin(contender) {
      await send(contender);
      const before = contender.cpu();
      await contender.resumeWorker();
      return before;
    },
  },
];

/** A contender, and whether Latchkey is to read back in its turns; the others know nothing of it. */
interface Entrant {
  readonly contender: Contender;
  readonly refresh?: boolean;
}

export const drain: Measurement = { measure };

async function measure(stage: Stage): Promise<void> {
  const pms = await pmsOf(stage);
  const rivals = [await rival(stage, 'graphile-worker', pms), await rival(stage, 'pg-boss', pms)];
  const entrants: readonly Entrant[] = [
    ...rivals.map((contender) => ({ contender })),
    { contender: latchkey(stage, 'Latchkey, not read back'), refresh: false },
    { contender: latchkey(stage, 'Latchkey, read back'), refresh: true },
  ];
  try {
    for (const contender of rivals) await contender.startWorker();
    for (const { contender } of entrants) await contender.pauseWorker();
    for (const { title, begin } of WAYS) {
      const turns = new Map<Entrant, Turn[]>(entrants.map((entrant) => [entrant, []]));
      for (let round = 1; round <= SETTINGS.rounds; round += 1) {
        for (const [entrant, taken] of turns) taken.push(await turn(stage, entrant, begin));
      }
      tell(title, turns);
    }
  } finally {
    await Promise.all(rivals.map((it) => it.close()));
  }
}

async function turn(stage: Stage, { contender, refresh }: Entrant, begin: Way): Promise<Turn> {
  if (refresh !== undefined) await stage.refreshAfterWrite(refresh);
  await contender.forget();
  await stage.resetSandbox();
  const before = await begin(contender);
  const span = await eventually(
    `${contender.name} has settled all`,
    async () => {
      await sleep(LOOK_MS);
      const now = await contender.span();
      return now.settled >= SETTINGS.jobs ? now : undefined;
    },
    HOUR_MS,
  );
  // What is read back later is part of the calls and of the CPU, not of the time.
  await stage.quiet();
  const cpu = cpuSpent(before, contender.cpu());
  await contender.pauseWorker();
  return { span, cpu, ...(await stage.effects()) };
}

async function send({ name, shots }: Contender): Promise<void> {
  const { failed } = await flood(shots, SENDERS, { requests: SETTINGS.jobs });
  if (failed > 0) throw new Error(`${name} refused ${failed} writes`);
}

function tell(title: string, scores: ReadonlyMap<Entrant, readonly Turn[]>): void {
  const middle = (turns: readonly Turn[], of: (turn: Turn) => number) => median(turns.map(of));
  const perSecond = ({ span }: Turn) => span.settled / span.seconds;
  const best = Math.max(...[...scores.values()].map((turns) => middle(turns, perSecond)));
  const allCpu = (turns: readonly Turn[]) => turns.reduce((sum, { cpu }) => addCpu(sum, cpu), new Map() as CpuTimes);
  const allJobs = (turns: readonly Turn[]) => turns.reduce((sum, { span }) => sum + span.settled, 0);
  heading(title, 'per second', 'of the best', 'seconds', 'created', 'calls/job', 'CPU ms/job');
  for (const [{ contender }, turns] of scores) {
    row(
      contender.name,
      shown(middle(turns, perSecond)),
      ratio(middle(turns, perSecond), best),
      shown(middle(turns, ({ span }) => span.seconds)),
      // Each turn's own, so that one write that was made twice or never is seen.
      turns.map(({ created }) => created).join(' '),
      shown(middle(turns, ({ calls, span }) => calls / span.settled)),
      cpuPerJob(allCpu(turns), allJobs(turns)).toFixed(2),
    );
  }
  say('CPU ms per job by process');
  for (const [{ contender }, turns] of scores) sayCpu(contender.name, allCpu(turns), allJobs(turns));
}
