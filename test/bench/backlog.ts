/**
 * Whether a backlog costs those who come later anything: accepting, the dispatcher's look for the next writes, and how long a quiet tenant's
 * writes wait beside one that floods; each in an empty ledger and beside BENCH_BACKLOG waiting writes of 10,000 integrations.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { flood, steady, type Outcome } from './load.ts';
import type { Measurement } from './measurement.ts';
import { preloadWaiting } from './preload.ts';
import { heading, ratio, row, shown } from './print.ts';
import { SETTINGS } from './settings.ts';
import type { Stage } from './stage.ts';
import { StatementTimes } from './statement-times.ts';
import { quantile } from './statistics.ts';

const { rate, seconds, backlog: count } = SETTINGS;
const INTEGRATIONS = 10_000;

/** So slow that each write is a pass of its own, and the log of statements stays small. */
const PASSES_PER_SECOND = 20;

/** The dispatcher's look for integrations whose turn it is, and the heads of their lanes. */
const LOOK = /with picked as materialized/;

const QUIET_RATE = 20;
const FLOOD = { requests: 2_000 };
const FLOOD_CONNECTIONS = 32;

interface Findings {
  readonly accept: Outcome;
  readonly looks: readonly number[];
  readonly alone: readonly number[];
  readonly beside: readonly number[];
}

export const backlog: Measurement = { measure };

async function measure(stage: Stage): Promise<void> {
  await stage.refreshAfterWrite(false);
  const empty = await look(stage);
  await preloadWaiting(stage, count, INTEGRATIONS);
  const full = await look(stage);

  heading(`beside ${count} waiting writes`, 'empty p50', 'p99', 'full p50', 'p99', 'p99 ratio');
  const compare = (name: string, of: (findings: Findings) => { p50: number; p99: number }) => {
    const [one, other] = [of(empty), of(full)];
    row(name, ...[one.p50, one.p99, other.p50, other.p99].map(shown), ratio(other.p99, one.p99));
  };
  const quantiles = (values: readonly number[]) => ({ p50: quantile(values, 0.5), p99: quantile(values, 0.99) });
  compare(`accept at ${rate} a second, ms`, ({ accept }) => accept);
  compare("the dispatcher's look, ms", ({ looks }) => quantiles(looks));
  compare('quiet tenants wait alone, ms', ({ alone }) => quantiles(alone));
  compare('quiet tenants wait beside a noisy one, ms', ({ beside }) => quantiles(beside));
}

async function look(stage: Stage): Promise<Findings> {
  await steady(stage.creates(), rate, 2);
  const accept = await steady(stage.creates(), rate, seconds * 2);
  await stage.drained();

  const times = await StatementTimes.start(stage);
  await steady(stage.creates(), PASSES_PER_SECOND, seconds * 2);
  await stage.drained();
  const looks = await times.stop(LOOK);

  const [noisy, ...quiet] = stage.tenancies;
  if (!noisy) throw new Error('The stage has no integrations');
  const alone = await waits(stage, quiet, () => sleep(0));
  const beside = await waits(stage, quiet, () => flood(stage.creates([noisy]), FLOOD_CONNECTIONS, FLOOD));
  return { accept, looks, alone, beside };
}

/** How long the writes of quiet tenants wait from their accept until their call, while something else goes on, in milliseconds. */
async function waits(stage: Stage, quiet: Stage['tenancies'], meanwhile: () => Promise<unknown>): Promise<number[]> {
  const since = await stage.now();
  await Promise.all([meanwhile(), steady(stage.creates(quiet), QUIET_RATE, seconds * 2)]);
  await stage.drained();
  const rows = await stage.sql<{ ms: number }>(
    `select (extract(epoch from sent_at - accepted_at) * 1000)::float8 as ms from ledger.operation
     where accepted_at > $1 and sent_at is not null and integration_id = any($2::text[])`,
    since,
    quiet.map(({ integration_id }) => integration_id),
  );
  return rows.map(({ ms }) => ms);
}
