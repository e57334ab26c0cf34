/** A write as its customer sees it. Always read from the database that decides, never from a copy: no answer is older than the last one. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { PendingRecord, WriteStatus } from '#messaging';
import { Problem } from '#problem';
import { MEANING } from './states.ts';
import { Attempt, Operation, type OperationRow } from './store/entities.ts';

/** @throws Problem `not_found`, in the same words for an unknown id and for another organization's. */
export async function statusOf(em: EntityManager, organizationId: string, jobId: string): Promise<WriteStatus> {
  const row = await em.findOne(Operation, { id: jobId, organization_id: organizationId });
  if (!row) throw Problem.notFound('write');
  const attempts = await em.find(Attempt, { operation_id: jobId }, { orderBy: { number: 'asc' }, limit: MAX_ATTEMPTS });
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
    x_id: row.x_id ?? null,
    model: row.model,
    operation: row.operation,
    integration_id: row.integration_id,
    record_id: row.record_id,
    ignored_fields: row.ignored_fields,
    attempts: attempts.map(({ operation_id: _, late: __, started_at, ended_at, pms_status, message, ...rest }) => ({
      ...rest,
      started_at: time(started_at) ?? '',
      ended_at: time(ended_at) ?? '',
      pms_status: pms_status ?? null,
      message: message ?? null,
    })),
    steps: row.steps.map(({ name, state }) => ({ name, state })),
    accepted_at: time(row.accepted_at) ?? '',
    completed_at: time(row.completed_at),
    settled_by: outcome === 'uncertain' && status === 'PENDING' ? time(row.settle_by) : null,
    next_attempt_at: row.state === 'RETRY_WAIT' ? time(row.due_at) : null,
    record_refreshed_at: time(row.refreshed_at),
    verified: row.verified ?? null,
  };
}

/** A write that was tried more often tells of its first attempts only. */
const MAX_ATTEMPTS = 1_000;

const time = (value: Date | null | undefined): string | null => value?.toISOString() ?? null;

/** A record exists when the PMS has told its id; a create whose PMS tells none can't be named. */
function createdRecord({ operation, state, x_id, record_id }: OperationRow): string | null {
  const isThere = (state === 'SUCCEEDED' || state === 'PARTIAL') && (x_id ?? null) !== null;
  return operation === 'create' && isThere ? record_id : null;
}

/** The create that makes a record, whatever became of it; null when the ledger knows none. */
export async function createOf(em: EntityManager, organizationId: string, recordId: string): Promise<PendingRecord | null> {
  const row = await em.findOne(Operation, { record_id: recordId, organization_id: organizationId, operation: 'create' });
  if (!row) return null;
  const { id, integration_id, model, state, x_id } = row;
  return { record_id: recordId, job_id: id, integration_id, model, state, x_id: x_id ?? null };
}
