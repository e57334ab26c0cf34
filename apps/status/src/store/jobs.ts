/** Reading and writing whole batches of writes: the statements, built from the table of columns, and nothing that decides. */
import type { AttemptReport, WriteEvent } from '#messaging';
import { MUTABLE, type Accepted, type GateState, type Job, type Progress } from '../job.ts';
import { cleanJson, type Session } from './database.ts';

/** A locked row with what else a decision needs. */
export interface LockedJob {
  readonly job: Job;
  readonly gate: GateState;
  /** The database's clock, in milliseconds. */
  readonly now: number;
}

export interface Change {
  readonly from: Job;
  readonly to: Job;
  readonly requeue: boolean;
}
export type AttemptRow = AttemptReport & { readonly operation_id: string; readonly late: boolean };

const columns = Object.entries(MUTABLE);
const FIXED = [
  'id',
  'organization_id',
  'integration_id',
  'pms',
  'model',
  'operation',
  'record_id',
  'lane',
  'refresh',
  'traceparent',
] as const satisfies readonly (keyof Accepted)[];

const ms = (expression: string) => `floor(extract(epoch from ${expression}) * 1000)::float8`;
const selected = [
  ...FIXED.map((name) => `o.${name}`),
  ...columns.map(([name, type]) => (type === 'timestamptz' ? `${ms(`o.${name}`)} as ${name}` : `o."${name}"`)),
].join(', ');

// Locked in the order of ids, everywhere: two batches that share writes wait for each other and never deadlock.
const LOCK = `
  select ${selected},
    case when o.id = any($2::text[]) then o.payload end as payload,
    g.held_reason, ${ms('g.paused_until')} as paused_until, ${ms('clock_timestamp()')} as now
  from ledger.operation o
  left join ledger.gate g on g.integration_id = o.integration_id
  where o.id = any($1::text[])
  order by o.id
  for update of o`;

export async function lockJobs(session: Session, ids: readonly string[], withPayload: readonly string[]): Promise<LockedJob[]> {
  const rows = await session.run<Job & GateState & { now: number }>(LOCK, ids, withPayload);
  return rows.map(({ held_reason, paused_until, now, ...job }) => ({ job, gate: { held_reason, paused_until }, now }));
}

const changed = columns.map(([name, type]) => `"${name}" ${type}`).join(', ');
const assigned = columns.map(([name]) => `"${name}" = c."${name}"`).join(', ');

const WRITE = `
  with change as (
    select * from jsonb_to_recordset($1::jsonb) as c(id text, from_state text, from_token integer, requeue boolean, ${changed})
  ), written as (
    update ledger.operation o
    set seq = case when c.requeue then nextval(pg_get_serial_sequence('ledger.operation', 'seq')) else o.seq end, ${assigned}
    from change c
    where o.id = c.id and o.state = c.from_state and o.token = c.from_token
    returning o.id
  ), tried as (
    insert into ledger.attempt (operation_id, number, step, started_at, ended_at, evidence, pms_status, message, late)
    select operation_id, number, step, started_at, ended_at, evidence, pms_status, message, late
    from jsonb_to_recordset($2::jsonb) as a(operation_id text, number integer, step text, started_at timestamptz,
      ended_at timestamptz, evidence text, pms_status integer, message text, late boolean)
  ), told as (
    insert into ledger.event (operation_id, sequence, body)
    select e.body->>'job_id', (e.body->>'sequence')::integer, e.body
    from jsonb_array_elements($3::jsonb) with ordinality as e(body, position)
    order by e.position
  )
  select (select count(*) from written)::integer as count,
    exists (select from ledger.operation f where f.holds_lane and f.blocked_by = any($4::text[]))
      or exists (select from ledger.operation f where f.holds_lane and f.depends_on <> '{}'::text[] and f.depends_on && $4::text[])
      as followed`;

/**
 * Writes every change or throws: a row that is not as it was read is never overwritten.
 * @returns whether anything waits for one of the ended writes. Certain, since their rows are locked: nothing can hang itself on them now.
 */
export async function writeJobs(
  session: Session,
  changes: readonly Change[],
  attempts: readonly AttemptRow[],
  events: readonly WriteEvent[],
  ended: readonly string[],
): Promise<{ followed: boolean }> {
  const rows = changes.map(({ from, to, requeue }) => ({
    ...stored(to),
    id: to.id,
    from_state: from.state,
    from_token: from.token,
    requeue,
  }));
  const [row] = await session.run<{ count: number; followed: boolean }>(
    WRITE,
    cleanJson(rows),
    cleanJson(attempts),
    cleanJson(events),
    ended,
  );
  if (row?.count !== changes.length) throw new Error('a locked write changed under the lock');
  return row;
}

function stored(job: Progress): Record<string, unknown> {
  return Object.fromEntries(
    columns.map(([name, type]) => {
      const value = job[name as keyof Progress];
      return [name, type === 'timestamptz' && typeof value === 'number' ? new Date(value).toISOString() : value];
    }),
  );
}

const SAVE_GATES = `
  insert into ledger.gate (integration_id, held_reason, paused_until)
  select g.integration_id, g.held_reason, g.paused_until
  from jsonb_to_recordset($1::jsonb) as g(integration_id text, held_reason text, paused_until timestamptz)
  order by g.integration_id
  on conflict (integration_id) do update
  set held_reason = coalesce(excluded.held_reason, gate.held_reason),
      paused_until = greatest(gate.paused_until, excluded.paused_until)`;

/** Shuts gates further; opening one is a decision of its own. */
export async function saveGates(
  session: Session,
  gates: ReadonlyMap<string, { paused_until?: number; held_reason?: string }>,
): Promise<void> {
  const rows = [...gates].map(([integration_id, { paused_until, held_reason }]) => ({
    integration_id,
    held_reason: held_reason ?? null,
    paused_until: paused_until === undefined ? null : new Date(paused_until).toISOString(),
  }));
  await session.run(SAVE_GATES, cleanJson(rows));
}
