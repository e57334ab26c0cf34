import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fillBacklog, jain, serveBacklog } from '../../testing/backlog.ts';
import { CAPS, openTestLedger, success, type TestLedger } from '../../testing/ledger.fixture.ts';
import { Dispatcher } from './dispatcher.ts';

let t: TestLedger;
beforeAll(async () => {
  t = await openTestLedger({
    databaseServer: process.env.TEST_DATABASE_URL,
    natsUrl: process.env.TEST_NATS_URL,
    caps: { perIntegration: 4, perPms: 10 },
  });
}, 30_000);
afterAll(() => t.stop());

const openMany = (count: number, integration_id: string, pms: string, priority: 'interactive' | 'bulk' = 'interactive') =>
  Promise.all(Array.from({ length: count }, () => t.open(t.aWrite({ integration_id, pms, priority }))));

/** Writes under way, in the order of their release. */
const underWay = (pms: string) =>
  t.database.run<{ id: string; integration_id: string; priority: number; release_no: number }>(
    'select id, integration_id, priority, release_no from ledger.operation where pms = $1 and in_flight order by released_at, seq',
    pms,
  );

/** Lets the dispatcher do whatever there is to do. */
async function idle(pms: string) {
  t.dispatcher.wake(pms);
  await t.dispatcher.drain();
}

async function finishOne(pms: string, { id, release_no }: { id: string; release_no: number }) {
  const claim = await t.ledger.claim(pms, { job_id: id, release: release_no, worker: 'w' });
  await t.ledger.settle(pms, { job_id: id, token: claim?.token ?? 0, outcome: success() });
}

describe(Dispatcher.name, () => {
  // The first of all: its statements are planned while the ledger is known to be empty.
  it('never reads the whole table, also when it was planned for one that was almost empty', async () => {
    const wholeReads = async () => {
      // A connection tells what it read at most once in a second, after a transaction.
      await pause(1_100);
      await idle('burst');
      const [row] = await t.database.run<{ count: number }>(
        `select seq_scan::integer as count from pg_stat_user_tables where schemaname = 'ledger' and relname = 'operation'`,
      );
      return row?.count ?? 0;
    };
    const finishAll = async () => {
      await idle('burst');
      await Promise.all((await underWay('burst')).map((job) => finishOne('burst', job)));
    };
    await t.database.run('vacuum (analyze) ledger.operation');
    await openMany(1, 'b0', 'burst');
    await finishAll();
    await openMany(300, 'b1', 'burst');
    const before = await wholeReads();

    for (let nth = 0; nth < 8; nth += 1) await finishAll();

    expect(await wholeReads()).toBe(before);
  }, 30_000);

  it('keeps to the caps of an integration and of a PMS', async () => {
    await openMany(20, 'c1', 'capped');
    await idle('capped');
    expect(await underWay('capped')).toHaveLength(4);

    await Promise.all([openMany(20, 'c2', 'capped'), openMany(20, 'c3', 'capped')]);
    await idle('capped');
    expect(await underWay('capped')).toHaveLength(10);
  });

  it("does not let one tenant's 500 writes delay another's five beyond its share", async () => {
    await openMany(500, 'noisy', 'fair');
    await idle('fair');
    const quiet = await openMany(5, 'quiet', 'fair');
    const order: string[] = [];
    while (order.filter((id) => id === 'quiet').length < 5) {
      const [next] = await underWay('fair');
      if (!next) {
        await idle('fair');
        continue;
      }
      order.push(next.integration_id);
      await finishOne('fair', next);
    }

    expect(quiet).toHaveLength(5);
    // Those of the noisy one that were under way already, and then at most one for each of the quiet one's.
    expect(order.length).toBeLessThanOrEqual(4 + 2 * 5);
  }, 30_000);

  it('serves interactive writes before bulk ones', async () => {
    await openMany(10, 'p0', 'prio', 'bulk');
    await idle('prio');
    const [bulk, ...rest] = await underWay('prio');
    await openMany(1, 'p0', 'prio');
    if (bulk) await finishOne('prio', bulk);
    await idle('prio');

    expect(rest).toHaveLength(3);
    expect((await underWay('prio')).filter(({ priority }) => priority === 0)).toHaveLength(1);
  });

  it('serves equals in turns, the one served longest ago first', async () => {
    const names = ['t1', 't2', 't3', 't4', 't5', 't6', 't7', 't8', 't9', 't10', 't11', 't12'];
    for (const name of names) await openMany(3, name, 'turns');
    await idle('turns');
    for (let served = 0; served < 24; served += 1) {
      const [next] = await underWay('turns');
      if (next) await finishOne('turns', next);
      await idle('turns');
    }

    const left = await t.database.run<{ integration_id: string; count: number }>(
      `select integration_id, count(*)::integer as count from ledger.operation where pms = 'turns' and holds_lane group by 1`,
    );
    expect(Math.max(...left.map(({ count }) => count))).toBeLessThanOrEqual(2);
  }, 30_000);

  it('finds the next write fast among 100,000 of one integration', async () => {
    for (let from = 1; from <= 100_000; from += 20_000) {
      await t.database.run(
        `insert into ledger.operation (id, organization_id, integration_id, pms, model, operation, record_id, lane, payload, "references",
           ignored_fields, priority, refresh, state, accepted_at, deadline_at)
         select 'big' || n, 'org1', 'big', 'big', 'm', 'create', 'r' || n, 'big:' || n, '{}', '{}', '[]', 0, false, 'ACCEPTED', now(),
           now() + interval '1 day' from generate_series($1::integer, $1::integer + 19999) as n`,
        from,
      );
    }
    await openMany(2, 'small', 'big');
    const started = performance.now();
    await idle('big');

    expect((await underWay('big')).filter(({ integration_id }) => integration_id === 'small')).toHaveLength(2);
    expect(performance.now() - started).toBeLessThan(1_500);
  }, 30_000);

  it('releases each write once, also when two replicas dispatch', async () => {
    const other = new Dispatcher(t.database, t.ledger, () => {}, { ...CAPS, perIntegration: 4, perPms: 10 });
    await openMany(60, 'twins', 'twins');
    for (let round = 0; round < 20; round += 1) {
      other.wake('twins');
      t.dispatcher.wake('twins');
      await Promise.all((await underWay('twins')).slice(0, 3).map((job) => finishOne('twins', job).catch(() => {})));
    }
    await other.stop();
    await idle('twins');

    expect((await underWay('twins')).length).toBeLessThanOrEqual(4);
    const [row] = await t.database.run<{ most: number }>(
      `select max(release_no)::integer as most from ledger.operation where pms = 'twins'`,
    );
    expect(row?.most).toBe(1);
  }, 30_000);

  it('R25: 20,000 writes of one integration keep 500 others waiting no longer than one of them would', async () => {
    await fillBacklog(t, 'crowd', { noisy: 20_000, quiet: 500, each: 2 });

    const { releases } = await serveBacklog(t, 'crowd', { rounds: 130, perRound: 8 });

    const quiet = Array.from({ length: 500 }, (_, n) => releases.get(n + 1) ?? 0);
    const noisy = releases.get(0) ?? 0;
    expect(quiet.filter((count) => count === 2)).toHaveLength(500);
    // One turn in each round over all of them, and what was left of the rounds once the others had nothing more.
    expect(noisy).toBeLessThanOrEqual(130 * 8 - 1_000);
    expect(jain(quiet)).toBeGreaterThanOrEqual(0.95);
  }, 60_000);

  it('finds the writes of a process that died before it could say a word about them', async () => {
    await t.database.run(
      `insert into ledger.operation (id, organization_id, integration_id, pms, model, operation, record_id, lane, payload, "references",
         ignored_fields, priority, refresh, state, accepted_at, deadline_at)
       select 'orphan' || n, 'org1', 'orphan' || n, 'orphans', 'm', 'create', 'r', 'orphan:' || n, '{}', '{}', '[]', n % 2, false, 'ACCEPTED',
         now(), now() + interval '1 day' from generate_series(1, 6) as n`,
    );
    await idle('orphans');
    expect(await underWay('orphans')).toHaveLength(0);

    await t.dispatcher.wakeAll();
    await t.dispatcher.drain();
    expect(await underWay('orphans')).toHaveLength(6);
  });

  it('leaves the last call of an account to reads', async () => {
    await t.database.run(`insert into ledger.worker (pms, max_in_flight, concurrent) values ('narrow', 1, 3)`);
    await openMany(9, 'n1', 'narrow');
    await idle('narrow');

    expect(await underWay('narrow')).toHaveLength(2);
  });
});
