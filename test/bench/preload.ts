/**
 * Writes put straight into the ledger, because a quarter of a million requests would take longer than what is measured afterwards. They belong
 * to organizations called `bench-...`, which exist nowhere else, and read like any other row.
 */
import { say } from './print.ts';
import type { Stage } from './stage.ts';

/** Spread over as many PMSs as the real ones' growth may bring; the first is the one whose worker runs. */
const PMSS = ['buildium', ...Array.from({ length: 7 }, (_, nth) => `bench-pms-${nth + 1}`)];
const AT_ONCE = 50_000;

const PAYLOAD = JSON.stringify({
  first_name: 'Ann',
  last_name: 'Rivera',
  address_1: '12 Elm Street',
  city: 'Cincinnati',
  state: 'OH',
  zip: '45202',
  country: 'US',
});

const INSERT = `
  insert into ledger.operation (id, organization_id, integration_id, pms, model, operation, record_id, lane, payload, "references",
    ignored_fields, priority, refresh, accepted_at, deadline_at, state, sent_at, completed_at, refreshed_at, attempts, token, x_id)
  select 'bench' || kind || lpad(n::text, 15, '0'), 'bench-' || n % 500, 'bench' || n % $4::integer, ($5::text[])[1 + n % $4::integer % 8],
    'residents', 'create', 'record' || kind || n, 'record' || kind || n, $6::jsonb, '{}', '[]', 0, false, at, at + interval '72 hours', state,
    case when state = 'SUCCEEDED' then at end, case when state = 'SUCCEEDED' then at end, case when state = 'SUCCEEDED' then at end,
    case when state = 'SUCCEEDED' then 1 else 0 end, case when state = 'SUCCEEDED' then 1 else 0 end,
    case when state = 'SUCCEEDED' then n::text end
  from (
    select n, $3::text as state, lower(left($3::text, 1)) as kind, now() - make_interval(secs => $7::float8 * n) as at
    from generate_series($1::integer, $2::integer) as n
  ) as rows`;

interface Preload {
  readonly count: number;
  readonly integrations: number;
  readonly state: 'ACCEPTED' | 'SUCCEEDED';
  /** Between one write and the one before. */
  readonly secondsApart: number;
}

async function preload(stage: Stage, { count, integrations, state, secondsApart }: Preload): Promise<void> {
  for (let from = 1; from <= count; from += AT_ONCE) {
    const to = Math.min(count, from + AT_ONCE - 1);
    await stage.sql(INSERT, from, to, state, integrations, PMSS, PAYLOAD, secondsApart);
  }
}

const analyze = (stage: Stage): Promise<unknown> => stage.sql('vacuum analyze ledger.operation');

/**
 * Writes that wait, while all their integrations are paused, so that none is carried out while they are looked at. A dispatcher meets them at
 * every pass, which is worse than a backlog that moves.
 */
export async function preloadWaiting(stage: Stage, count: number, integrations: number): Promise<void> {
  say(`\nputting ${count} waiting writes of ${integrations} integrations into the ledger`);
  await stage.sql(
    `insert into ledger.gate (integration_id, pms, organization_id, waiting_interactive, paused_until)
     select 'bench' || n, ($2::text[])[1 + n % 8], 'bench-' || n % 500, true, now() + interval '1 day'
     from generate_series(0, $1::integer - 1) as n`,
    integrations,
    PMSS,
  );
  await preload(stage, { count, integrations, state: 'ACCEPTED', secondsApart: 0.01 });
  await stage.sql('vacuum analyze ledger.gate');
  await analyze(stage);
}

/** Writes that ended well over the last year, each with its attempt. @returns the ids of some, evenly spread */
export async function preloadFinished(stage: Stage, count: number): Promise<string[]> {
  say(`\nputting ${count} finished writes into the ledger`);
  await preload(stage, { count, integrations: 10_000, state: 'SUCCEEDED', secondsApart: 31_000_000 / count });
  await stage.sql(`
    insert into ledger.attempt (operation_id, number, step, started_at, ended_at, evidence, pms_status, late)
    select id, 1, 'tenant', sent_at, completed_at, 'answered', 201, false
    from ledger.operation where organization_id like 'bench-%' and state = 'SUCCEEDED'`);
  await stage.sql('vacuum analyze ledger.attempt');
  await analyze(stage);
  // The demo organization may look at them.
  const SAMPLE = 2_000;
  const rows = await stage.sql<{ id: string }>(
    `update ledger.operation set organization_id = $1
     where id = any(select 'benchs' || lpad((1 + nth * $2::bigint / $3::integer)::text, 15, '0') from generate_series(0, $3::integer - 1) as nth)
     returning id`,
    stage.stack.keys.organizationId,
    count,
    Math.min(SAMPLE, count),
  );
  return rows.map(({ id }) => id);
}
