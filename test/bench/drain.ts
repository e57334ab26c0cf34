/**
 * How many writes are carried out: taken, announced with a commit, called at the sandbox's PMS, settled with a commit. The same steps by
 * graphile-worker, by pg-boss and by Latchkey, which does it with and without reading each record back.
 *
 * `drain`: all were accepted before the worker began. `live`: they are accepted and carried out at once. The time runs from the first call
 * announced to the last one settled, in each contender's own tables, so that nobody pays for how a process starts. The PMS's journal says
 * whether every write was carried out once.
 */
import { latchkey, pmsOf, rival, type Contender, type Span } from './contenders.ts';
import { cpuPerJob, cpuSpent, sayCpu, type CpuTimes } from './cpu.ts';
import { flood } from './load.ts';
import type { Measurement } from './measurement.ts';
import { heading, ratio, row, say, shown } from './print.ts';
import { SETTINGS } from './settings.ts';
import { eventually } from '../support/api.ts';
import type { Stage } from './stage.ts';

const SENDERS = 16;
const HOUR_MS = 3_600_000;

interface Score {
  readonly name: string;
  readonly span: Span;
  /** At the PMS. */
  readonly created: number;
  readonly calls: number;
  readonly cpu: CpuTimes;
}

type Way = (stage: Stage, contender: Contender) => Promise<Score>;

export const drain: Measurement = { measure };

async function measure(stage: Stage): Promise<void> {
  const pms = await pmsOf(stage);
  const rivals = [await rival(stage, 'graphile-worker', pms), await rival(stage, 'pg-boss', pms)];
  const bare = latchkey(stage, 'Latchkey, not read back');
  const whole = latchkey(stage, 'Latchkey, read back');
  const ways: readonly (readonly [string, Way])[] = [
    [`drain of ${SETTINGS.jobs} creates`, drained],
    [`live, ${SETTINGS.jobs} creates from ${SENDERS} senders`, live],
  ];
  try {
    for (const [title, way] of ways) {
      const scores: Score[] = [];
      await stage.refreshAfterWrite(false);
      for (const contender of [...rivals, bare]) scores.push(await way(stage, contender));
      await stage.refreshAfterWrite(true);
      scores.push(await way(stage, whole));
      tell(title, scores);
    }
  } finally {
    await Promise.all(rivals.map((it) => it.close()));
  }
}

const drained: Way = async (stage, contender) => {
  await contender.stopWorker();
  await contender.forget();
  await stage.resetSandbox();
  await send(contender);
  const before = contender.cpu();
  await contender.startWorker();
  return score(stage, contender, before);
};

const live: Way = async (stage, contender) => {
  await contender.stopWorker();
  await contender.forget();
  await contender.startWorker();
  await stage.resetSandbox();
  const before = contender.cpu();
  await send(contender);
  return score(stage, contender, before);
};

async function send({ name, shots }: Contender): Promise<void> {
  const { failed } = await flood(shots, SENDERS, { requests: SETTINGS.jobs });
  if (failed > 0) throw new Error(`${name} refused ${failed} writes`);
}

async function score(stage: Stage, contender: Contender, before: CpuTimes): Promise<Score> {
  const { name } = contender;
  const span = await eventually(
    `${name} has settled all`,
    async () => {
      const now = await contender.span();
      return now.settled >= SETTINGS.jobs ? now : undefined;
    },
    HOUR_MS,
  );
  const cpu = cpuSpent(before, contender.cpu());
  // What is read back later is part of the count of calls, not of the time.
  await stage.quiet();
  return { name, span, cpu, ...(await stage.effects()) };
}

function tell(title: string, scores: readonly Score[]): void {
  const perSecond = ({ span }: Score) => span.settled / span.seconds;
  const best = Math.max(...scores.map(perSecond));
  heading(title, 'per second', 'of the best', 'seconds', 'created', 'calls/job', 'CPU ms/job');
  for (const each of scores) {
    const { name, span, created, calls, cpu } = each;
    row(
      name,
      shown(perSecond(each)),
      ratio(perSecond(each), best),
      shown(span.seconds),
      String(created),
      (calls / span.settled).toFixed(2),
      cpuPerJob(cpu, span.settled).toFixed(2),
    );
  }
  say('CPU ms per job by process');
  for (const { name, cpu, span } of scores) sayCpu(name, cpu, span.settled);
}
