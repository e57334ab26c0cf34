/**
 * `npm run torture`: the running system under everything that can go wrong at once. Then all is healed, every write must come to its end,
 * and three independent accounts must agree. Prints the six counters; ends with 1 when one of them is not 0, a write never ended, or a customer
 * got a 5xx that is not a 503.
 *
 * Options by environment: TORTURE_SEED (printed; the same seed repeats the same decisions), TORTURE_SECONDS of harm (60),
 * TORTURE_DRAIN_SECONDS that healing may take (300).
 */
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStack } from '#local-stack';
import { apiAt, type Loose } from '../support/api.ts';
import { Chaos } from './chaos.ts';
import { check, COUNTERS, type Told } from './checker.ts';
import { Client, type Entry } from './client.ts';
import { seeded, type Random } from './random.ts';
import { settleIn, writeTo, type Place, type Tenant } from './workload.ts';
import { trespass } from './trespass.ts';

const SEED = Number(process.env['TORTURE_SEED'] ?? randomInt(1, 2 ** 31));
const SECONDS = Number(process.env['TORTURE_SECONDS'] ?? 60);
const DRAIN_SECONDS = Number(process.env['TORTURE_DRAIN_SECONDS'] ?? 300);
/** Integrations of each PMS; the last belongs to the other organization. */
const SHARES = 3;
const WRITERS = 2;
const MIND_EVERY_MS = 8_000;
/** Short waits, so that many leases and time-outs end within a run. */
const QUICK = { LATCHKEY_PMS_TIMEOUT_MS: '1500', LATCHKEY_LEASE_MS: '9000', LATCHKEY_SWEEP_MS: '200' };

const started = performance.now();
const say = (line: string): void => {
  process.stdout.write(`${((performance.now() - started) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`);
};

/** Whether everything was as it must be. */
async function torture(random: Random): Promise<boolean> {
  const sandbox = apiAt(stack.urls.sandbox, undefined);
  const tenants = await meet(random);
  const places = await inhabit(tenants);
  const chaos = new Chaos(stack, sandbox, random.fork(), say);
  say(`${places.length} integrations of ${tenants.length} organizations are written to`);

  const end = performance.now() + SECONDS * 1_000;
  const isOver = (): boolean => performance.now() > end;
  const giveUpAt = end + DRAIN_SECONDS * 1_000;
  const giveUp = (): boolean => performance.now() > giveUpAt;
  const writers = places.flatMap((place) =>
    Array.from({ length: WRITERS }, (_, writer) => {
      const own = place.records.filter((_record, index) => index % WRITERS === writer);
      return writeTo(place, own, random.fork(), isOver, giveUp);
    }),
  );
  const trespasses: string[] = [];
  const spying = trespass(tenants, places, random.fork(), isOver, (what) => trespasses.push(what));
  const minding = mind(chaos, places, isOver);
  await chaos.rage(isOver);
  await chaos.heal();
  await Promise.all([...writers, spying, minding]);
  say('healed; waiting for every write to end');

  const asked = tenants.flatMap(({ client }) => client.journal);
  const told = await outcomes(tenants, () => liftHolds(chaos, places), giveUp);
  const { effects } = (await sandbox.get('/_journal')).body;
  const verdict = check({ asked, told, happened: effects, trespasses });
  report(asked, told, chaos.done);
  for (const { counter, about } of verdict.findings) say(`${counter}: ${JSON.stringify(explain(about, asked, told, effects))}`);
  for (const job of verdict.unended) say(`never ended: ${job}`);
  say(`seed ${SEED}`);
  for (const counter of COUNTERS) say(`${counter.padEnd(14)} ${verdict.counters[counter]}`);
  say(`${'never ended'.padEnd(14)} ${verdict.unended.length}`);
  const crude = asked.flatMap(({ answers }) => answers).filter((status) => status >= 500 && status !== 503).length;
  say(`${'5xx but 503'.padEnd(14)} ${crude}`);
  return verdict.findings.length === 0 && verdict.unended.length === 0 && crude === 0;
}

/** The two organizations. */
async function meet(random: Random): Promise<readonly Tenant[]> {
  const program = fileURLToPath(new URL('../../apps/router/src/provision.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, '--organization', 'Neighbour'], {
    env: { PATH: process.env['PATH'], DATABASE_URL: stack.urls.database },
  });
  const neighbour: Loose = JSON.parse(stdout);
  const all = [
    { name: 'Demo', keys: { api: stack.keys.api, admin: stack.keys.admin } },
    { name: 'Neighbour', keys: { api: neighbour.api_key, admin: neighbour.admin_key } },
  ];
  return all.map(({ name, keys }) => ({ name, keys, client: new Client(stack.urls.gateway, keys.api, random.fork()) }));
}

async function inhabit(tenants: readonly Tenant[]): Promise<readonly Place[]> {
  const { gateway, sandbox } = stack.urls;
  const { body: vendors } = await apiAt(sandbox, undefined).get('/_demo');
  const shares = Array.from({ length: SHARES }, (_, share) => share);
  return Promise.all(
    vendors.flatMap(({ vendor, slug, credentials }: Loose) =>
      shares.map((share) => {
        const tenant = tenants[share === SHARES - 1 ? 1 : 0] as Tenant;
        return settleIn(gateway, tenant, { vendor, url: `${sandbox}/${slug}`, credentials }, [share, SHARES]);
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
      if (answer?.status === 200) told.set(job, { job, state: stateOf(answer.body) });
      isHeld ||= answer?.body?.state === 'HELD';
      if (told.has(job) && told.get(job)?.state !== 'pending') open.delete(job);
    }
    if (open.size > 0) await sleep(500);
  }
  for (const job of open.keys()) if (!told.has(job)) told.set(job, { job, state: 'pending' });
  return [...told.values()];
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
async function mind(chaos: Chaos, places: readonly Place[], until: () => boolean): Promise<void> {
  while (!until()) {
    await liftHolds(chaos, places);
    await sleep(MIND_EVERY_MS);
  }
}

/** Each time new log-ins are needed, of which a PMS allows a few at a time: those of before are forgotten first. */
async function liftHolds(chaos: Chaos, places: readonly Place[]): Promise<void> {
  await chaos.forgetLogins();
  for (const place of places) await liftHold(place);
}

async function liftHold({ tenant, integration, credentials }: Place): Promise<void> {
  const path = `/v1/admin/integrations/${integration}/`;
  await apiAt(stack.urls.gateway, tenant.keys.admin)
    .put(path, { credentials })
    .catch(() => undefined);
}

function report(asked: readonly Entry[], told: readonly Told[], harm: ReadonlyMap<string, number>): void {
  const tally = (words: readonly string[]): string =>
    [...Map.groupBy(words, (word) => word)].map(([word, all]) => `${word} ${all.length}`).join(', ');
  say(`harm: ${[...harm].map(([kind, times]) => `${kind} ${times}`).join(', ')}`);
  say(`asked ${asked.length}; answers: ${tally(asked.flatMap(({ answers }) => answers.map(String)))}`);
  say(`refused: ${tally(asked.filter(({ refused }) => refused).map(({ because }) => because ?? 'no reason'))}`);
  say(`ended: ${tally(told.map(({ state }) => state))}`);
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

say(`seed ${SEED}, ${SECONDS} s of harm`);
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
const stack = await startStack({
  signal: stopped.signal,
  directory: '.latchkey/torture',
  databaseUrl: '',
  natsUrl: '',
  demo: 'keys',
  onCrash: 'restart',
  log: (line) => line.includes('(log: ') && say(line),
  env: {
    gateway: { LATCHKEY_RATE_LIMIT_PER_MINUTE: '1000000000' },
    status: QUICK,
    'worker-buildium': QUICK,
    'worker-rent-manager': QUICK,
  },
});
try {
  process.exitCode = (await torture(seeded(SEED))) ? 0 : 1;
} finally {
  await stack.discard();
}
