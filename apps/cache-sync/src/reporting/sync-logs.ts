/** Runs of syncs as the published log of jobs: each is one job with one entry. */
import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import { anyText, listAnswer, oneOf, parseListQuery } from '#administration';
import type { AnsweredList, AskedList, Principal } from '#messaging';
import { Problem } from '#problem';
import { SyncRunSchema, type RunState, type SyncRunRow } from '../store/sync-run.entity.ts';
import { jobTypeOf } from './job-schedules.ts';

const STATUSES: Readonly<Record<RunState, 'PENDING' | 'SUCCESS' | 'FAILURE'>> = {
  PLANNED: 'PENDING',
  RUNNING: 'PENDING',
  SUCCEEDED: 'SUCCESS',
  FAILED: 'FAILURE',
};
const FILTERS = { status: oneOf('SUCCESS', 'FAILURE', 'PENDING'), integration_id: anyText, job_type: anyText };

export async function listLogs(em: EntityManager, { principal, query }: AskedList): Promise<AnsweredList> {
  const asked = parseListQuery(query, { filters: FILTERS, orderable: ['created_at'] });
  const { page, orderBy: order, filters } = asked;
  const states = (Object.keys(STATUSES) as RunState[]).filter((state) => STATUSES[state] === filters.status);
  const where: FilterQuery<SyncRunRow> = {
    organization_id: principal.organization_id,
    ...(filters.status === undefined ? {} : { state: { $in: states } }),
    ...(filters.integration_id === undefined ? {} : { integration_id: filters.integration_id }),
    // Published types have underscores; a type that is none of ours matches nothing.
    ...(filters.job_type === undefined ? {} : { model: modelIn(filters.job_type) }),
  };
  const orderBy = { planned_at: order.direction, id: order.direction };
  const [rows, total] = await em.findAndCount(SyncRunSchema, where, { ...page, orderBy });
  return listAnswer(asked, rows.map(entryOf), total);
}

/** @throws Problem `not_found`, in the same words for another organization's */
export async function readLog(em: EntityManager, { organization_id }: Principal, id: string) {
  const row = await em.findOne(SyncRunSchema, { id, organization_id });
  if (!row) throw Problem.notFound('job');
  return entryOf(row);
}

/** `sync:service_requests` is about `service-requests`. */
function modelIn(jobType: string): string {
  const prefix = jobTypeOf('');
  return jobType.startsWith(prefix) ? jobType.slice(prefix.length).replaceAll('_', '-') : '';
}

function entryOf(row: SyncRunRow): Readonly<Record<string, unknown>> {
  return {
    id: row.id,
    job_id: row.id,
    created_at: row.planned_at.toISOString(),
    job_type: jobTypeOf(row.model),
    status: STATUSES[row.state],
    parent_job_id: null,
    root_job_id: row.id,
    job_schedule_id: row.schedule_id,
    integration_id: row.integration_id,
    associated_property_id: null,
    state: row.state,
    trigger: row.trigger,
    changed_since: row.changed_since?.toISOString() ?? null,
    started_at: row.started_at?.toISOString() ?? null,
    ended_at: row.ended_at?.toISOString() ?? null,
    pages: row.pages,
    records: row.records,
    total: row.total ?? null,
    error: row.error ?? null,
  };
}
