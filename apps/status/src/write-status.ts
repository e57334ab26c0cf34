/**
 * A write as its customer sees it. Always read from the database that decides, never from a copy: no answer is older than the last one.
 * Customers poll it, so it is one plain statement (five times as many a second as through entities).
 */
import type { AttemptReport, FieldDifference, PendingRecord, State, WriteStatus } from '#messaging';
import { Problem } from '#problem';
import type { Step } from './job.ts';
import { MEANING } from './states.ts';
import type { Database } from './store/database.ts';
import { WAITING_COLUMNS, WAITING_JOINS, waitingFor, type WaitingRow } from './waiting-for.ts';

/** A write that was tried more often tells of its first attempts only. */
const MAX_ATTEMPTS = 1_000;

const iso = (column: string) => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const isoColumns = ['accepted_at', 'completed_at', 'settle_by', 'due_at', 'refreshed_at']
  .map((name) => `${iso(`o.${name}`)} as ${name}`)
  .join(', ');

const STATUS = `
  select o.id, o.state, o.errors, o.retriable, o.x_id, o.model, o.operation, o.integration_id, o.record_id, o.ignored_fields, o.steps,
    o.verified, o.differences, ${isoColumns}, coalesce(tried.attempts, '[]') as attempts, ${WAITING_COLUMNS}
  from ledger.operation o
  ${WAITING_JOINS}
  left join lateral (
    select jsonb_agg(jsonb_build_object('number', a.number, 'step', a.step, 'started_at', ${iso('a.started_at')},
      'ended_at', ${iso('a.ended_at')}, 'evidence', a.evidence, 'pms_status', a.pms_status, 'message', a.message) order by a.number)
      as attempts
    from ledger.attempt a where a.operation_id = o.id and a.number <= ${MAX_ATTEMPTS}
  ) as tried on o.attempts > 0
  where o.id = $1 and o.organization_id = $2`;

interface Row extends WaitingRow {
  readonly id: string;
  readonly state: State;
  readonly errors: readonly string[];
  readonly retriable: boolean;
  readonly x_id: string | null;
  readonly model: string;
  readonly operation: string;
  readonly integration_id: string;
  readonly record_id: string;
  readonly ignored_fields: readonly string[];
  readonly steps: readonly Step[];
  readonly verified: boolean | null;
  readonly differences: readonly FieldDifference[];
  readonly accepted_at: string;
  readonly completed_at: string | null;
  readonly settle_by: string | null;
  readonly due_at: string | null;
  readonly refreshed_at: string | null;
  readonly attempts: readonly AttemptReport[];
}

/** @throws Problem `not_found`, in the same words for an unknown id and for another organization's. */
export async function statusOf(database: Database, organizationId: string, jobId: string): Promise<WriteStatus> {
  const [row] = await database.run<Row>(STATUS, jobId, organizationId);
  if (!row) throw Problem.notFound('write');
  const created = createdRecord(row);
  const { status, outcome } = MEANING[row.state];
  return {
    write_status: status,
    errors: row.errors,
    created_record_id: created,
    job_id: row.id,
    state: row.state,
    outcome,
    retriable: row.state === 'FAILED' && row.retriable,
    created_record_ids: created === null ? [] : [created],
    x_id: row.x_id,
    model: row.model,
    operation: row.operation,
    integration_id: row.integration_id,
    record_id: row.record_id,
    ignored_fields: row.ignored_fields,
    attempts: row.attempts,
    steps: row.steps.map(({ name, state }) => ({ name, state })),
    accepted_at: row.accepted_at,
    completed_at: row.completed_at,
    settled_by: outcome === 'uncertain' && status === 'PENDING' ? row.settle_by : null,
    next_attempt_at: row.state === 'RETRY_WAIT' ? row.due_at : null,
    waiting_for: waitingFor(row),
    record_refreshed_at: row.refreshed_at,
    verified: row.verified,
    differences: row.differences,
  };
}

/** A record exists when the PMS has told its id; a create whose PMS tells none can't be named. */
function createdRecord({ operation, state, x_id, record_id }: Row): string | null {
  const isThere = (state === 'SUCCEEDED' || state === 'PARTIAL') && x_id !== null;
  return operation === 'create' && isThere ? record_id : null;
}

const CREATE = `
  select record_id, id as job_id, integration_id, model, state, x_id
  from ledger.operation where record_id = $1 and operation = 'create' and organization_id = $2`;

/** The create that makes a record, whatever became of it; null when the ledger knows none. */
export async function createOf(database: Database, organizationId: string, recordId: string): Promise<PendingRecord | null> {
  const [row] = await database.run<PendingRecord>(CREATE, recordId, organizationId);
  return row ?? null;
}
