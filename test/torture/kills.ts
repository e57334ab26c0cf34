/** Processes that die or sleep at the worst moment. Each is aimed at: a failpoint is armed in one process, at its n-th hit, and awaited. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PointName } from '#failpoints';
import { factsOf } from './facts.ts';
import { aHit, type Ground } from './ground.ts';
import type { Report, Scene } from './run.ts';
import { demand, inShort, scenario, type Scenario, type Tally } from './scenario.ts';

/** A moment, and the app in which it comes. */
export type Aim = readonly [app: string, point: PointName];

export const ACCEPTING: readonly Aim[] = [
  ['gateway', 'gateway.before-asking'],
  ['gateway', 'gateway.before-answering'],
  ['status', 'accept.before-commit'],
  ['status', 'accept.after-commit'],
];
export const MOVING: readonly Aim[] = [
  ['status', 'dispatch.before-commit'],
  ['status', 'dispatch.before-publish'],
  ['status', 'dispatch.after-publish'],
  ['status', 'relay.before-publish'],
  ['status', 'relay.before-delete'],
  ['status', 'relay.after-delete'],
];
export const SETTLING: readonly Aim[] = [
  ['status', 'claim.before-commit'],
  ['status', 'claim.after-commit'],
  ['status', 'advance.before-commit'],
  ['status', 'advance.after-commit'],
  ['status', 'settle.before-commit'],
  ['status', 'settle.after-commit'],
];
const workers = (...points: readonly PointName[]): readonly Aim[] =>
  ['worker-buildium', 'worker-rent-manager'].flatMap((app) => points.map((point): Aim => [app, point]));
export const EARLY = workers('worker.before-claim', 'worker.after-claim', 'worker.before-sending');
export const AMBIGUOUS = workers('worker.after-sending', 'worker.after-first-byte', 'worker.after-answer');
export const LATE = workers('worker.after-settle', 'consumer.before-ack', 'consumer.after-ack');

/** A moment that comes with every write comes within this, on a machine that is busy with other things too. */
const SOON_MS = 10_000;

/** Does one harm after the other, round and round, until it is over. */
export async function inTurn({ isOver }: Scene, harms: readonly (() => Promise<void>)[]): Promise<void> {
  for (let turn = 0; !isOver(); turn += 1) await harms[turn % harms.length]?.();
}

/** A crash at this moment in one process of the app, and its new start. `soon`: at the first time that it comes. */
export const crashAt =
  ({ ground, random, isOver }: Scene, [app, point]: Aim, tally: Tally, soon = false) =>
  async (): Promise<void> => {
    const name = random.pick(ground.servicesOf(app));
    if (await ground.crashAt(name, point, soon ? 1 : aHit(random), soon ? SOON_MS : undefined)) tally.add(point);
    await answersAgain(ground, name, isOver);
  };

/** A kill at no moment in particular. */
export const killAtRandom =
  ({ ground, random }: Scene, app: string, tally: Tally) =>
  async (): Promise<void> => {
    await sleep(random.between(50, 1_000));
    await ground.kill(random.pick(ground.servicesOf(app)));
    tally.add(app);
  };

async function answersAgain(ground: Ground, name: string, isOver: () => boolean): Promise<void> {
  while (!isOver() && !(await ground.arm(name, ''))) await sleep(50);
}

/** The moments that matter most, for a short run. */
export const DECISIVE: readonly Aim[] = [...ACCEPTING, ...AMBIGUOUS, ...SETTLING, ...MOVING, ...LATE, ...EARLY];

const MISSED = 'not one of the moments was met';
const hitsOf = (tally: Tally, aims: readonly Aim[]): number =>
  [...new Set(aims.map(([, point]) => point))].reduce((sum, point) => sum + tally.of(point), 0);

const acceptKills = scenario({
  name: 'accept-kills',
  titles: [
    'R1: gateways are killed at random while customers write and repeat',
    'R2: accepting dies on either side of its commit and of its answer',
  ],
  harm: (scene, tally) =>
    inTurn(
      scene,
      ACCEPTING.flatMap((aim) => [crashAt(scene, aim, tally), killAtRandom(scene, 'gateway', tally)]),
    ),
  judge: async (report, tally, { stack }) => {
    const { orphanKeys } = await factsOf(stack.urls.database);
    const crashes = hitsOf(tally, ACCEPTING);
    return {
      failures: [...demand(orphanKeys === 0, `${orphanKeys} keys without a write`), ...demand(crashes > 0, MISSED)],
      figures: [
        ['R1', `${inShort(report)}; gateways killed ${tally.of('gateway')} times at random`],
        ['R2', `${inShort(report)}; ${orphanKeys} orphan keys; ${crashes} crashes at the points of accepting`],
      ],
    };
  },
});

const dispatcherKills = scenario({
  name: 'dispatcher-kills',
  titles: ['R3: the ledger dies on either side of releasing, publishing, relaying, claiming and settling'],
  harm: (scene, tally) =>
    inTurn(
      scene,
      [...MOVING, ...SETTLING].map((aim) => crashAt(scene, aim, tally)),
    ),
  judge: async (report, tally, { stack }) => {
    const { untold, p99Ms } = await factsOf(stack.urls.database);
    const crashes = hitsOf(tally, [...MOVING, ...SETTLING]);
    return {
      failures: [...demand(untold === 0, `${untold} events were never told`), ...demand(crashes > 0, MISSED)],
      figures: [
        ['R3', `${inShort(report)}; ${crashes} crashes at the points of the ledger; 99 % of writes ended within ${p99Ms} ms`],
      ],
    };
  },
});

const earlyKills = scenario({
  name: 'early-kills',
  titles: ['R4: workers die before they send'],
  // Few writers: another write that a worker holds when it dies may well be on its way.
  writers: 1,
  shares: 1,
  mix: { creates: 0.5, changes: 1 },
  harm: (scene, tally) =>
    inTurn(
      scene,
      EARLY.map((aim) => crashAt(scene, aim, tally)),
    ),
  judge: async (report, tally) => {
    const bad = report.told.filter(({ state }) => state !== 'succeeded').length;
    const crashes = hitsOf(tally, EARLY);
    return {
      failures: [...demand(bad === 0, `${bad} writes did not succeed`), ...demand(crashes > 0, MISSED)],
      figures: [['R4', `${inShort(report)}; ${bad} without success; ${crashes} crashes before the sending`]],
    };
  },
});

/** Writes of a resource, by how they ended. */
function endings({ asked, told }: Report, isMeant: (resource: string) => boolean) {
  const states = new Map(told.map(({ job, state }) => [job, state]));
  const found = asked.filter(({ resource, operation }) => operation === 'create' && isMeant(resource));
  const ended = found.flatMap(({ jobs }) => jobs.map((job) => states.get(job)));
  const count = (state: string): number => ended.filter((each) => each === state).length;
  return { total: ended.length, succeeded: count('succeeded'), inReview: count('in_review'), failed: count('failed') };
}

const ambiguousWindow = scenario({
  name: 'ambiguous-window',
  titles: [
    'R5: workers die after the note of a create, its first byte, or its answer, where the PMS can be searched',
    'R6: the same for creates of money, which no search can tell apart',
  ],
  shares: 2,
  // Many, and a charge after nearly every create: a worker that dies has some of them on their way.
  writers: 4,
  mix: { creates: 0.5, charges: 0.9, changes: 2 },
  harm: async (scene, tally) => {
    const ofApp = (app: string) => AMBIGUOUS.filter(([each]) => each === app).map((aim) => crashAt(scene, aim, tally, true));
    await Promise.all([...new Set(AMBIGUOUS.map(([app]) => app))].map((app) => inTurn(scene, ofApp(app))));
  },
  judge: async (report, tally) => {
    const searched = endings(report, (resource) => resource !== 'Charges');
    const money = endings(report, (resource) => resource === 'Charges');
    const share = (100 * searched.succeeded) / Math.max(1, searched.total);
    const crashes = hitsOf(tally, AMBIGUOUS);
    return {
      failures: [
        ...demand(share >= 99, `only ${share.toFixed(1)} % of the creates were found again`),
        ...demand(money.inReview > 0, 'no charge was met in the window'),
        ...demand(crashes > 0, MISSED),
      ],
      figures: [
        [
          'R5',
          `${report.counters.doubled} doubled, ${share.toFixed(1)} % succeeded of ${searched.total} creates; ${crashes} workers died between the note and the settling`,
        ],
        [
          'R6',
          `${report.counters.doubled} sent again, ${money.succeeded} succeeded and ${money.inReview} before a person of ${money.total} charges, the others refused without an effect`,
        ],
      ],
    };
  },
});

/** Longer than a lease and the pauses of the sweeper. */
const ASLEEP_MS = 10_500;

const stoppedWorker = scenario({
  name: 'stopped-worker',
  titles: ['R11: workers are stopped at each moment for longer than their leases, while others take over, and go on'],
  // One account at each PMS, as in rolling-restart.
  shares: 1,
  writers: 4,
  ground: { replicas: 2 },
  harm: async (scene, tally) => {
    const { ground, random, isOver } = scene;
    const stopAt = async ([app, point]: Aim): Promise<void> => {
      const name = random.pick(ground.servicesOf(app));
      await ground.arm(name, `${point}=stop#${aHit(random)}`);
      const asleep = await sleeps(ground.pidOf(name), 4_000);
      if (asleep) {
        tally.add(point);
        await sleep(ASLEEP_MS);
      }
      await ground.stack.kill(name, 'SIGCONT');
      await ground.arm(name, '');
    };
    const aims = [...EARLY, ...AMBIGUOUS, ...LATE];
    const ofApp = (app: string): readonly Aim[] => aims.filter(([each]) => each === app);
    await Promise.all(
      [...new Set(aims.map(([app]) => app))].map(async (app) => {
        for (let turn = 0; !isOver(); turn += 1) await stopAt(ofApp(app)[turn % ofApp(app).length] as Aim);
      }),
    );
  },
  judge: async (report, tally) => ({
    failures: demand(tally.total > 0, MISSED),
    figures: [['R11', `${inShort(report)}; ${tally.total} workers slept through their leases`]],
  }),
});

/** Whether the process stops by itself in time. */
async function sleeps(pid: number | undefined, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (stateOf(pid) === 'T') return true;
    await sleep(50);
  }
  return false;
}

function stateOf(pid: number | undefined): string | undefined {
  try {
    return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

export const KILLS: readonly Scenario[] = [acceptKills, dispatcherKills, earlyKills, ambiguousWindow, stoppedWorker];
