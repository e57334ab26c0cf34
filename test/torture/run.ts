/**
 * One run: people write while harm is done, then all is healed, every write must come to its end, and three accounts of the same writes (the
 * client's, Latchkey's, the PMSs') must agree.
 *
 * What a run finds is returned, not judged; the six counters, writes that never end, created records that cannot be read, and 5xx that are not a
 * 503 must all be 0.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiAt, type Loose } from '../support/api.ts';
import { root } from '../support/root.ts';
import { check, COUNTERS, type Counter, type Told } from './checker.ts';
import { Client, type Entry } from './client.ts';
import type { Ground } from './ground.ts';
import type { Random } from './random.ts';
import { trespass } from './trespass.ts';
import { settleIn, writeTo, type Mix, type Place, type Tenant } from './workload.ts';

export interface RunOptions {
  readonly seconds: number;
  /** How long healing may take until a write counts as one that never ends. */
  readonly drainSeconds: number;
  /** Integrations of each PMS; with more than one, the last belongs to the other organization. @default 3 */
  readonly shares?: number;
  /** Writers to each integration. @default 2 */
  readonly writers?: number;
  /** What is written. @default creates and changes of residents, half and half */
  readonly mix?: Mix;
  /** Does harm until told to stop. */
  readonly harm: (scene: Scene) => Promise<void>;
}

export interface Scene {
  readonly ground: Ground;
  readonly random: Random;
  readonly isOver: () => boolean;
  readonly tenants: readonly Tenant[];
  readonly places: readonly Place[];
}

export interface Report {
  readonly counters: Readonly<Record<Counter, number>>;
  readonly unended: number;
  /** Records of creates that succeeded and that nobody can read. */
  readonly unreadable: number;
  /** Answers of 5xx but 503. */
  readonly crude: number;
  readonly asked: readonly Entry[];
  readonly told: readonly Told[];
  readonly effects: readonly Loose[];
  /** Accepted writes. */
  readonly accepted: number;
  /** Milliseconds from healing to the end of the last write. */
  readonly drainedMs: number;
}

const MIND_EVERY_MS = 8_000;
const READABLE_WITHIN_MS = 60_000;

/** Nothing that must not be. */
export const isClean = ({ counters, unended, unreadable, crude }: Report): boolean =>
  COUNTERS.every((counter) => counters[counter] === 0) && unended === 0 && unreadable === 0 && crude === 0;

export async function run(ground: Ground, random: Random, options: RunOptions): Promise<Report> {
  const { seconds, drainSeconds, shares = 3, writers: perPlace = 2 } = options;
  const { say } = ground;
  const tenants = await meet(ground, random);
  const places = await inhabit(ground, tenants, shares);
  say(`${places.length} integrations of ${tenants.length} organizations are written to`);

  const end = performance.now() + seconds * 1_000;
  const isOver = (): boolean => performance.now() > end;
  let healedAt = Infinity;
  const giveUp = (): boolean => performance.now() > Math.min(healedAt, end + 60_000) + drainSeconds * 1_000;
  const writers = places.flatMap((place) =>
    Array.from({ length: perPlace }, (_, writer) => {
      const own = place.records.filter((_record, index) => index % perPlace === writer);
      return writeTo(place, own, random.fork(), isOver, giveUp, options.mix);
    }),
  );
  const trespasses: string[] = [];
  const spying = shares > 1 ? trespass(tenants, places, random.fork(), isOver, (what) => trespasses.push(what)) : undefined;
  const minding = mind(ground, places, isOver);
  await options.harm({ ground, random: random.fork(), isOver, tenants, places });
  // Writers end when their time is over, also when the harm was done sooner.
  while (!isOver()) await sleep(100);
  await ground.heal();
  await ground.allReady();
  healedAt = performance.now();
  await Promise.all([...writers, spying, minding]);
  say('healed; waiting for every write to end');

  const asked = tenants.flatMap(({ client }) => client.journal);
  const told = await outcomes(tenants, () => liftHolds(ground, places), giveUp);
  const drainedMs = performance.now() - healedAt;
  const { effects } = (await ground.sandbox.get('/_journal')).body;
  const verdict = check({ asked, told, happened: effects, trespasses });
  const unread = await unreadable(tenants, told);
  for (const { counter, about } of verdict.findings) say(`${counter}: ${JSON.stringify(explain(about, asked, told, effects))}`);
  for (const job of verdict.unended) say(`never ended: ${job}`);
  for (const record of unread) say(`cannot be read: ${record}`);
  return {
    counters: verdict.counters,
    unended: verdict.unended.length,
    unreadable: unread.length,
    crude: asked.flatMap(({ answers }) => answers).filter((status) => status >= 500 && status !== 503).length,
    asked,
    told,
    effects,
    accepted: asked.filter(({ jobs }) => jobs.length > 0).length,
    drainedMs,
  };
}

/** The two organizations. */
async function meet(ground: Ground, random: Random): Promise<readonly Tenant[]> {
  const { stack } = ground;
  const program = join(root, 'dist/apps/router/src/provision.js');
  const { stdout } = await promisify(execFile)(process.execPath, [program, '--organization', 'Neighbour'], {
    env: { PATH: process.env['PATH'], DATABASE_URL: stack.urls.database },
  });
  const neighbour: Loose = JSON.parse(stdout);
  const all = [
    { name: 'Demo', keys: { api: stack.keys.api, admin: stack.keys.admin } },
    { name: 'Neighbour', keys: { api: neighbour.api_key, admin: neighbour.admin_key } },
  ];
  return all.map(({ name, keys }) => ({ name, keys, client: new Client(ground.gateway, keys.api, random.fork()) }));
}

async function inhabit(ground: Ground, tenants: readonly Tenant[], shares: number): Promise<readonly Place[]> {
  const { body: vendors } = await ground.sandbox.get('/_demo');
  return Promise.all(
    vendors.flatMap(({ vendor, slug, credentials }: Loose) =>
      Array.from({ length: shares }, (_, share) => {
        const tenant = tenants[shares > 1 && share === shares - 1 ? 1 : 0] as Tenant;
        return settleIn(ground.gateway, tenant, { vendor, url: `${ground.vendors}/${slug}`, credentials }, [share, shares]);
      }),
    ),
  );
}

/** What became of every accepted write; waits for those that have not ended. */
async function outcomes(
  tenants: readonly Tenant[],
  liftHeld: () => Promise<void>,
  giveUp: () => boolean,
): Promise<readonly Told[]> {
  const told = new Map<string, Told>();
  const open = new Map(
    tenants.flatMap(({ client }) => client.journal.flatMap(({ jobs }) => jobs.map((job) => [job, client] as const))),
  );
  let liftedAt = -Infinity;
  let isHeld = true;
  while (open.size > 0 && !giveUp()) {
    if (isHeld && performance.now() - liftedAt > MIND_EVERY_MS) {
      await liftHeld();
      liftedAt = performance.now();
    }
    isHeld = false;
    for (const [job, client] of open) {
      const answer = await client.get(`/v1/admin/write-status/${job}`);
      if (answer?.status === 404) told.set(job, { job, state: 'unknown' });
      if (answer?.status === 200) told.set(job, { job, state: stateOf(answer.body), errors: answer.body.errors });
      isHeld ||= answer?.body?.state === 'HELD';
      if (told.has(job) && told.get(job)?.state !== 'pending') open.delete(job);
    }
    if (open.size > 0) await sleep(500);
  }
  for (const job of open.keys()) if (!told.has(job)) told.set(job, { job, state: 'pending' });
  return [...told.values()];
}

/** Creates that succeeded promised a record under their id: it must become readable. */
async function unreadable(tenants: readonly Tenant[], told: readonly Told[]): Promise<readonly string[]> {
  const succeeded = new Set(told.filter(({ state }) => state === 'succeeded').map(({ job }) => job));
  const deadline = performance.now() + READABLE_WITHIN_MS;
  const open = new Map(
    tenants.flatMap(({ client }) =>
      client.journal
        .filter(({ operation, readAt, jobs }) => operation === 'create' && readAt && jobs.some((job) => succeeded.has(job)))
        .map(({ readAt = '' }) => [readAt, client] as const),
    ),
  );
  for (;;) {
    for (const [path, client] of open) if ((await client.get(path))?.status === 200) open.delete(path);
    if (open.size === 0 || performance.now() > deadline) return [...open.keys()];
    await sleep(500);
  }
}

const STATES: Readonly<Record<string, Told['state']>> = {
  PENDING: 'pending',
  SUCCESS: 'succeeded',
  PARTIAL_SUCCESS: 'partial',
  FAILURE: 'failed',
};
const stateOf = ({ write_status, outcome }: Loose): Told['state'] =>
  write_status === 'FAILURE' && outcome === 'uncertain' ? 'in_review' : (STATES[write_status] ?? 'pending');

/** What a PMS refused while it was ill stays refused until a person says that the credentials are good: one does so now and then. */
async function mind(ground: Ground, places: readonly Place[], until: () => boolean): Promise<void> {
  while (!until()) {
    await liftHolds(ground, places);
    for (let waited = 0; waited < MIND_EVERY_MS && !until(); waited += 200) await sleep(200);
  }
}

/** Each time new log-ins are needed, of which a PMS allows a few at a time: those of before are forgotten first. */
async function liftHolds(ground: Ground, places: readonly Place[]): Promise<void> {
  await ground.forgetLogins();
  for (const { tenant, integration, credentials } of places) {
    await apiAt(ground.gateway, tenant.keys.admin)
      .put(`/v1/admin/integrations/${integration}/`, { credentials })
      .catch(() => undefined);
  }
}

function explain(mark: string, asked: readonly Entry[], told: readonly Told[], effects: readonly Loose[]): object {
  const write = asked.find((entry) => entry.mark === mark);
  if (!write) return { about: mark };
  return {
    ...write,
    told: told.filter(({ job }) => write.jobs.includes(job)).map(({ state }) => state),
    effects: effects
      .filter(({ sent }) => JSON.stringify(sent ?? null).includes(mark))
      .map(({ seq, at, resource, action, id }) => ({ seq, at, resource, action, id })),
  };
}

/** Totals of a run, for its log. */
export function summary({ asked, told, counters, unended, unreadable, crude, drainedMs }: Report): readonly string[] {
  const tally = (words: readonly string[]): string =>
    [...Map.groupBy(words, (word) => word)].map(([word, all]) => `${word} ${all.length}`).join(', ');
  return [
    `asked ${asked.length}; answers: ${tally(asked.flatMap(({ answers }) => answers.map(String)))}`,
    `refused: ${tally(asked.filter(({ refused }) => refused).map(({ because }) => because ?? 'no reason'))}`,
    `failed: ${tally(told.filter(({ state }) => state === 'failed').map(({ errors = [] }) => errors.join(' ')))}`,
    `ended: ${tally(told.map(({ state }) => state))}, the last ${(drainedMs / 1_000).toFixed(1)} s after healing`,
    ...COUNTERS.map((counter) => `${counter.padEnd(14)} ${counters[counter]}`),
    `${'never ended'.padEnd(14)} ${unended}`,
    `${'unreadable'.padEnd(14)} ${unreadable}`,
    `${'5xx but 503'.padEnd(14)} ${crude}`,
  ];
}
