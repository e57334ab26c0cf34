/**
 * How many writes are taken in, and how long a caller waits: the floor, two well-known queues behind a bare Fastify, and Latchkey. Contenders
 * take turns (A B C D A B C D ...), so that the machine's mood hits all alike; each begins with empty tables, and medians are told.
 *
 * Nobody carries anything out in the first table. In the second Latchkey does, at the same time, with the floor beside it.
 */
import { latchkey, pmsOf, rival, type Contender } from './contenders.ts';
import { addCpu, cpuPerJob, cpuSpent, sayCpu, type CpuTimes } from './cpu.ts';
import { flood, type Outcome } from './load.ts';
import type { Measurement } from './measurement.ts';
import { heading, ratio, row, say, shown } from './print.ts';
import { SETTINGS } from './settings.ts';
import { median } from './statistics.ts';
import type { Stage } from './stage.ts';

const CONNECTIONS = [10, 64] as const;
const WARM_UP = { seconds: 2 };

interface Score {
  readonly outcomes: Outcome[];
  cpu: CpuTimes;
}

export const accept: Measurement = { measure };

async function measure(stage: Stage): Promise<void> {
  const pms = await pmsOf(stage);
  const floor = await rival(stage, 'floor', pms);
  const others = [await rival(stage, 'graphile-worker', pms), await rival(stage, 'pg-boss', pms)];
  const creates = latchkey(stage, 'Latchkey, create');
  const updates = latchkey(stage, 'Latchkey, update', stage.updates());
  try {
    await stage.stopWorker();
    for (const connections of CONNECTIONS) {
      await compare(`accept only, ${connections} connections`, [floor, ...others, creates, updates], connections, (it) =>
        it.forget(),
      );
    }
    await Promise.all(others.map((it) => it.close()));
    await creates.forget();
    await stage.startWorker();
    for (const connections of CONNECTIONS) {
      await compare(`everything running, ${connections} connections`, [floor, creates], connections, async () => {
        await stage.drained();
        await stage.quiet();
      });
    }
  } finally {
    await Promise.all([floor, ...others].map((it) => it.close()));
  }
}

/** @param between Brings the tables to where they were at the start, before each turn. */
async function compare(
  title: string,
  contenders: readonly Contender[],
  connections: number,
  between: (contender: Contender) => Promise<void>,
): Promise<void> {
  const scores = new Map<Contender, Score>(contenders.map((it) => [it, { outcomes: [], cpu: new Map() }]));
  for (let round = 0; round <= SETTINGS.rounds; round += 1) {
    for (const [contender, score] of scores) {
      await between(contender);
      const before = contender.cpu();
      const outcome = await flood(contender.shots, connections, round === 0 ? WARM_UP : { seconds: SETTINGS.seconds });
      // The first time round only warms up.
      if (round === 0) continue;
      score.outcomes.push(outcome);
      score.cpu = addCpu(score.cpu, cpuSpent(before, contender.cpu()));
    }
  }
  tell(title, scores);
}

function tell(title: string, scores: ReadonlyMap<Contender, Score>): void {
  const perSecond = ({ outcomes }: Score) => median(outcomes.map(({ answered, seconds }) => answered / seconds));
  const answered = ({ outcomes }: Score) => outcomes.reduce((sum, outcome) => sum + outcome.answered, 0);
  const best = Math.max(...[...scores.values()].map(perSecond));
  heading(title, 'per second', 'of the floor', 'p50 ms', 'p99 ms', 'not 2xx', 'CPU ms/job');
  for (const [{ name }, score] of scores) {
    const { outcomes } = score;
    row(
      name,
      shown(perSecond(score)),
      ratio(perSecond(score), best),
      shown(median(outcomes.map(({ p50 }) => p50))),
      shown(median(outcomes.map(({ p99 }) => p99))),
      String(outcomes.reduce((sum, { failed }) => sum + failed, 0)),
      cpuPerJob(score.cpu, answered(score)).toFixed(2),
    );
  }
  say('CPU ms per job by process');
  for (const [{ name }, score] of scores) sayCpu(name, score.cpu, answered(score));
}
