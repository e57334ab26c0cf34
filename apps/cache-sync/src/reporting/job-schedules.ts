/** The schedules of an integration as the API shows them, with the progress of what is under way. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { listAnswer, parseListQuery } from '#administration';
import type { AnsweredList, IntegrationSummary } from '#messaging';
import { Problem } from '#problem';
import { SyncScheduleSchema, type SyncScheduleRow } from '../store/sync-plan.entity.ts';
import { SyncRunSchema, type SyncRunRow } from '../store/sync-run.entity.ts';

type View = Readonly<Record<string, unknown>>;

export async function listSchedules(
  em: EntityManager,
  integration: IntegrationSummary,
  query: Readonly<Record<string, string>>,
): Promise<AnsweredList> {
  const asked = parseListQuery(query, { filters: [], orderable: ['created_at'] });
  const { page, orderBy: order } = asked;
  const where = { integration_id: integration.id };
  const [rows, total] = await em.findAndCount(SyncScheduleSchema, where, {
    ...page,
    // Those of one integration are made together, so their order is that of reading.
    orderBy: { created_at: order.direction, position: 'asc', id: 'asc' },
  });
  return listAnswer(asked, await viewsOf(em, integration, rows), total);
}

/** @throws Problem `not_found` for an id that is no schedule of the integration */
export async function readSchedule(em: EntityManager, integration: IntegrationSummary, id: string): Promise<View> {
  const row = await em.findOne(SyncScheduleSchema, { id, integration_id: integration.id });
  const [view] = row ? await viewsOf(em, integration, [row]) : [];
  if (!view) throw Problem.notFound('job schedule');
  return view;
}

async function viewsOf(em: EntityManager, integration: IntegrationSummary, rows: readonly SyncScheduleRow[]): Promise<View[]> {
  const unfinished = { integration_id: integration.id, state: { $in: ['PLANNED' as const, 'RUNNING' as const] } };
  const runs = new Map((await em.find(SyncRunSchema, unfinished)).map((run) => [run.schedule_id, run]));
  return rows.map((row) => viewOf(integration, row, runs.get(row.id)));
}

function viewOf({ active, schedule }: IntegrationSummary, row: SyncScheduleRow, run: SyncRunRow | undefined): View {
  const isActive = active && row.active;
  return {
    id: row.id,
    integration_id: row.integration_id,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    job_type: jobTypeOf(row.model),
    status: isActive ? 'ACTIVE' : 'INACTIVE',
    last_run: row.last_run?.toISOString() ?? null,
    sync_frequency: schedule.sync_frequency,
    sync_cadence: schedule.sync_cadence,
    parameters: { model: row.model, strategy: row.by_change ? 'DATE_LIMITED' : 'FULL', custom_sync_schedule: schedule.week },
    last_full_run: row.last_full_run?.toISOString() ?? null,
    next_run: isActive ? row.due_at.toISOString() : null,
    failures: row.failures,
    progress: run ? progressOf(run, Date.now()) : null,
  };
}

/** How the API calls the reading of a model. */
export const jobTypeOf = (model: string): string => `sync:${model}`;

/** How far a run is. The rate counts from its beginning, pauses included; `remaining` is known where the PMS tells a total. */
export function progressOf(run: SyncRunRow, now: number): View {
  const { id, state, trigger, pages, records } = run;
  const seconds = run.started_at ? Math.max(1, (now - run.started_at.getTime()) / 1_000) : null;
  const rate = seconds === null ? null : Math.round((records / seconds) * 100) / 100;
  const remaining = run.total == null ? null : Math.max(0, run.total - records);
  return {
    job_id: id,
    state,
    trigger,
    changed_since: run.changed_since?.toISOString() ?? null,
    started_at: run.started_at?.toISOString() ?? null,
    pages,
    records,
    total: run.total ?? null,
    remaining,
    records_per_second: rate,
    remaining_seconds: remaining === null || !rate ? null : Math.ceil(remaining / rate),
  };
}
