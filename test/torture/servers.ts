/** The servers that everything stands on are away, slow or silent; and an ordinary deployment. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { factsOf } from './facts.ts';
import { inTurn } from './kills.ts';
import type { Entry } from './client.ts';
import type { Report } from './run.ts';
import { demand, inShort, quantile, scenario, type Scenario } from './scenario.ts';

/** A refusal must be quick: what an answer may take while the database is silent. */
const REFUSED_WITHIN_MS = 3_000;

const answersOf = ({ asked }: Report): readonly number[] => asked.flatMap(({ answers }) => answers);
/** Answers of which a customer can make nothing; 0: none at all. */
const errorsIn = (report: Report): number => answersOf(report).filter((status) => status === 0 || status >= 500).length;
const shareOf = (report: Report, status: number): string =>
  `${answersOf(report).filter((each) => each === status).length} of ${answersOf(report).length} answers ${status}`;
const tookIn = (asked: readonly Entry[]): readonly number[] => asked.flatMap(({ took }) => took);

const answeredIn = (asked: readonly Entry[]) =>
  asked.flatMap(({ answers, took }) => answers.map((status, nth) => ({ status, ms: took[nth] ?? 0 })));

const wrongIn = (asked: readonly Entry[]): string =>
  answeredIn(asked)
    .filter(({ status }) => status === 0 || status >= 500)
    .map(({ status, ms }) => `${status || 'none'} after ${ms} ms`)
    .join(', ');

const natsAway = scenario({
  name: 'nats-away',
  titles: [
    'R12: the message server is killed again and again, its store wiped now and then',
    'R13: the message server stands still for as long as a lease',
  ],
  harm: async (scene, tally) => {
    const { ground, random } = scene;
    const kill = async (): Promise<void> => {
      await sleep(random.between(500, 4_000));
      await ground.kill('nats', random.between(0, 2_000));
      tally.add('killed');
    };
    const stop = async (): Promise<void> => {
      await sleep(random.between(500, 3_000));
      await ground.freeze('nats', random.between(2_000, 12_000));
      tally.add('stopped');
    };
    await inTurn(scene, [kill, kill, kill, stop]);
  },
  judge: async (report, tally) => ({
    failures: demand(tally.total > 0, 'the message server was never away'),
    figures: [
      ['R12', `${inShort(report)}; message server killed ${tally.of('killed')} times; ${shareOf(report, 503)}`],
      [
        'R13',
        `${inShort(report)}; stopped ${tally.of('stopped')} times; drained ${(report.drainedMs / 1_000).toFixed(0)} s after the last`,
      ],
    ],
  }),
});

const databaseKilled = scenario({
  name: 'database-killed',
  titles: ['R17: the database is killed again and again'],
  harm: (scene, tally) =>
    inTurn(scene, [
      async () => {
        await sleep(scene.random.between(1_000, 5_000));
        await scene.ground.kill('postgres', scene.random.between(0, 2_000));
        tally.add('killed');
      },
    ]),
  judge: async (report, tally) => ({
    failures: demand(tally.total > 0, 'the database was never away'),
    figures: [
      [
        'R17',
        `${inShort(report)}; database killed ${tally.of('killed')} times; ${shareOf(report, 503)}, ${report.crude} other 5xx`,
      ],
    ],
  }),
});

const databaseSilent = scenario({
  name: 'database-silent',
  titles: ['R19: the database is slow, and then a black hole'],
  harm: async (scene, tally) => {
    const { ground, isOver, random } = scene;
    const line = ground.network.database;
    const poison = async (kind: string, toxics: Parameters<typeof line.poison>[0], ms: number): Promise<void> => {
      line.poison(toxics);
      const until = performance.now() + ms;
      while (performance.now() < until && !isOver()) await sleep(100);
      line.heal();
      tally.add(kind);
      await sleep(random.between(1_000, 3_000));
    };
    const before = memoryOf(ground.pidOf('status'));
    await inTurn(scene, [() => poison('slow', { latencyMs: 500 }, 8_000), () => poison('silent', { blackhole: true }, 15_000)]);
    tally.add('grown, in percent,', Math.round((100 * (memoryOf(ground.pidOf('status')) - before)) / Math.max(1, before)));
  },
  judge: async (report, tally) => {
    const slowest = quantile(tookIn(report.asked), 1);
    const late = answeredIn(report.asked).filter(({ ms }) => ms > REFUSED_WITHIN_MS);
    return {
      failures: late.map(({ status, ms }) => `an answer ${status} took ${ms} ms`),
      figures: [
        [
          'R19',
          `${inShort(report)}; slow ${tally.of('slow')} and silent ${tally.of('silent')} times; slowest answer ${slowest} ms; memory grown by ${tally.of('grown, in percent,')} %`,
        ],
      ],
    };
  },
});

/** Resident memory in kilobytes. */
function memoryOf(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}

const rollingRestart = scenario({
  name: 'rolling-restart',
  titles: ['R46: every service is restarted in turn, two processes of each, as a deployment does'],
  // The integrations of a PMS are one account there: more of them would need more than it allows, and wait for minutes.
  shares: 1,
  writers: 4,
  ground: { replicas: 2 },
  harm: async (scene, tally) => {
    const { ground } = scene;
    await inTurn(
      scene,
      ground.servicesOf().map((name) => async () => {
        await ground.restart(name);
        tally.add('restarted');
      }),
    );
  },
  judge: async (report, tally, { stack }) => {
    const errors = errorsIn(report);
    const { doubts } = await factsOf(stack.urls.database);
    return {
      failures: [
        ...demand(errors === 0, `${errors} errors at customers: ${wrongIn(report.asked)}`),
        ...demand(doubts === 0, `${doubts} writes were in doubt`),
      ],
      figures: [['R46', `${inShort(report)}; ${tally.total} restarts, ${errors} errors at customers, ${doubts} in doubt`]],
    };
  },
});

export const SERVERS: readonly Scenario[] = [natsAway, databaseKilled, databaseSilent, rollingRestart];
