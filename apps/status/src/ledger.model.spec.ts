/**
 * The ledger against a model of it, by any order of whatever can happen, on a real Postgres. LATCHKEY_MODEL_RUNS: runs, LATCHKEY_MODEL_SEED and
 * LATCHKEY_MODEL_PATH: those of a counterexample.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '#messaging';
import { happenings } from '../testing/ledger.commands.ts';
import { openTestLedger, type TestLedger } from '../testing/ledger.fixture.ts';
import { beginning } from '../testing/ledger.happening.ts';
import { LEGAL, type Life } from '../testing/ledger.model.ts';

const { LATCHKEY_MODEL_RUNS, LATCHKEY_MODEL_SEED, LATCHKEY_MODEL_PATH: path } = process.env;
const RUNS = Number(LATCHKEY_MODEL_RUNS ?? 45);
// An ordinary run is the same every time; a longer one looks for what nobody has seen yet.
const SEED = Number(LATCHKEY_MODEL_SEED ?? (LATCHKEY_MODEL_RUNS === undefined ? 1_066 : Date.now() % 2 ** 31));

// No app can import a test; what runs it may load one.
const FIGURES = new URL('../../../test/quality/figure.ts', import.meta.url).href;
const { figure } = (await import(FIGURES)) as { figure(code: string, text: string): void };

/** Postgres itself notes each change of a state. */
const WATCH = [
  'create table ledger.seen (id text not null, was text not null, became text not null)',
  `create function ledger.note_change() returns trigger language plpgsql as $$
     begin
       if new.state <> old.state then insert into ledger.seen values (new.id, old.state, new.state); end if;
       return new;
     end $$`,
  'create trigger watch after update on ledger.operation for each row execute function ledger.note_change()',
];
const SEEN = 'delete from ledger.seen returning was, became';
const FORGET = 'delete from ledger.operation where integration_id = $1';

let t: TestLedger;
beforeAll(async () => {
  t = await openTestLedger({
    databaseServer: process.env.TEST_DATABASE_URL,
    natsUrl: process.env.TEST_NATS_URL,
    leaseMs: 3_600_000,
  });
  for (const statement of WATCH) await t.database.run(statement);
}, 30_000);
afterAll(() => t.stop());

it(
  'R48: is what its model is, whatever happens and in whichever order',
  async () => {
    let [runs, changes] = [0, 0];
    const kinds = new Set<string>();
    const property = fc.asyncProperty(happenings(60), async (commands) => {
      const integrationId = newId();
      await fc.asyncModelRun(() => beginning(t, integrationId), commands);
      const seen = await t.database.run<{ was: Life; became: Life }>(SEEN);
      expect(seen.filter(({ was, became }) => !LEGAL[was].includes(became))).toEqual([]);
      for (const { was, became } of seen) kinds.add(`${was} ${became}`);
      await t.database.run(FORGET, integrationId);
      runs += 1;
      changes += seen.length;
    });

    await fc.assert(property, { numRuns: RUNS, seed: SEED, ...(path === undefined ? {} : { path }), endOnFailure: false });

    // What comes to few states proves little.
    if (path === undefined && RUNS >= 45) {
      expect(kinds.size).toBeGreaterThan(26);
      expect(changes / runs).toBeGreaterThan(5);
    }
    figure(
      'R48',
      `0 illegal of ${changes} changes (${kinds.size} kinds) in ${runs} random runs, model and row equal after every command (seed ${SEED})`,
    );
  },
  60_000 + RUNS * 2_000,
);
