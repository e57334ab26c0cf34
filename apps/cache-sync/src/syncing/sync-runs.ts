import type { EntityManager } from '@mikro-orm/postgresql';
import { newId, type PageOfCopies, type ReadableModel } from '#messaging';
import { storeCopies, type CopyOrigin } from '../store/copies.ts';
import { storableText } from '../store/storable.ts';
import { SyncPlanSchema, SyncScheduleSchema, type SyncScheduleRow, type SyncWish } from '../store/sync-plan.entity.ts';
import { SyncRunSchema, type SyncRunRow } from '../store/sync-run.entity.ts';
import { firstOpening, nextDue } from './calendar.ts';
import type { SyncTarget } from './integration-sync.ts';
import type { SyncPlans } from './sync-plans.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A PMS's cursors do not live for ever: what was left behind longer ago starts again from the first page. */
const RESUMABLE_MS = 12 * HOUR_MS;
const KEPT_MS = 30 * DAY_MS;
const MAX_ERROR = 500;
/**
 * However well a PMS lists its changes, everything is read once a week: lists of changes may forget what changed in a part of a record, tell
 * nothing of what was deleted, and skip a record when another one leaves the list between two pages.
 */
const FULL_EVERY_MS = 7 * DAY_MS;
/** Changes are asked for from so long before the last reading began: clocks differ, and PMSs show changes late. */
const OVERLAP_MS = 10 * MINUTE_MS;
/** What falls due so soon is read along, so that the models of an integration stay together. */
const SOON_MS = MINUTE_MS;
/** After a failure that may pass, the first try is so soon; then it takes twice as long each time, at most until the rhythm says so anyway. */
const RETRY_MS = 5 * MINUTE_MS;
const MOST_DOUBLINGS = 10;

/** The record of every sync. Its methods are for whoever holds the integration's lock. */
export class SyncRuns {
  constructor(
    private readonly em: EntityManager,
    private readonly plans: SyncPlans,
  ) {}

  /** The runs that a crash or a shutdown left unfinished, in their order; empty when the last sync came to its end. */
  async unfinished(integrationId: string, now = new Date()): Promise<SyncRunRow[]> {
    return this.em.fork().find(
      SyncRunSchema,
      {
        integration_id: integrationId,
        state: { $in: ['PLANNED', 'RUNNING'] },
        planned_at: { $gt: new Date(now.getTime() - RESUMABLE_MS) },
      },
      { orderBy: { planned_at: 'asc', position: 'asc' }, disableIdentityMap: true },
    );
  }

  /**
   * Plans what is due, or wished for, in the order of the readable models; nothing when nothing is. Older runs that never ended fail now, and
   * very old ones are forgotten.
   */
  async plan(target: SyncTarget, readable: readonly ReadableModel[], now = new Date()): Promise<SyncRunRow[]> {
    const { integration_id } = target;
    return this.em.fork().transactional(async (tx) => {
      const plan = await this.plans.lock(tx, integration_id);
      if (!plan) return [];
      const old = { integration_id, planned_at: { $lt: new Date(now.getTime() - KEPT_MS) } };
      await tx.nativeDelete(SyncRunSchema, old);
      await tx.nativeUpdate(
        SyncRunSchema,
        { integration_id, state: { $in: ['PLANNED', 'RUNNING'] } },
        { state: 'FAILED', ended_at: now, error: 'It was interrupted and never went on.' },
      );
      const schedules = await this.plans.keepSchedules(tx, integration_id, readable, now);
      const runs = schedules.flatMap((schedule) => runOf(target, schedule, plan.wish ?? null, now) ?? []);
      const models = new Set(runs.map(({ model }) => model));
      for (const schedule of schedules) if (models.has(schedule.model)) schedule.planned_at = now;
      plan.wish = null;
      await tx.flush();
      if (runs.length > 0) await tx.insertMany(SyncRunSchema, runs);
      return runs;
    });
  }

  /** False when the run is gone: its integration was dropped meanwhile. */
  async begin(run: SyncRunRow, now = new Date()): Promise<boolean> {
    run.started_at ??= now;
    const begun = await this.em
      .fork()
      .nativeUpdate(
        SyncRunSchema,
        { id: run.id, state: { $in: ['PLANNED', 'RUNNING'] } },
        { state: 'RUNNING', started_at: run.started_at },
      );
    return begun > 0;
  }

  /**
   * Stores a page and the place to go on at, both or neither; the last page ends the run. False, and nothing stored, when the run is gone:
   * its integration was dropped meanwhile.
   */
  async storePage(run: SyncRunRow, origin: CopyOrigin, page: PageOfCopies, now = new Date()): Promise<boolean> {
    const isLast = page.next === null;
    return this.em.fork().transactional(async (tx) => {
      const { affectedRows } = await tx.execute<{ affectedRows: number }>(
        `update "records"."sync_run"
            set "records" = "records" + ?, "pages" = "pages" + 1, "cursor" = ?, "state" = ?, "ended_at" = ?,
                "total" = coalesce(?, "total")
          where "id" = ? and "state" = 'RUNNING'`,
        [page.records.length, page.next, isLast ? 'SUCCEEDED' : 'RUNNING', isLast ? now.toISOString() : null, page.total, run.id],
        'run',
      );
      if (affectedRows === 0) return false;
      await storeCopies(tx, origin, page.records, page.fetched_at, run.id);
      if (isLast) await this.noteEnd(tx, run, now, () => ({ ...readOf(run), failures: 0 }));
      return true;
    });
  }

  /** Ends a run that can't go on. What may pass is tried again before its rhythm says so, ever less often. */
  async fail(run: SyncRunRow, reason: string, options: { readonly mayPass: boolean }, now = new Date()): Promise<void> {
    const error = storableText(reason.slice(0, MAX_ERROR));
    await this.em.fork().transactional(async (tx) => {
      const ended = { state: 'FAILED' as const, ended_at: now, error };
      if ((await tx.nativeUpdate(SyncRunSchema, { id: run.id, state: 'RUNNING' }, ended)) === 0) return;
      const retryMs = (failures: number) => RETRY_MS * 2 ** Math.min(failures, MOST_DOUBLINGS);
      await this.noteEnd(tx, run, now, ({ failures }) => ({ failures: failures + 1 }), options.mayPass ? retryMs : undefined);
    });
  }

  private async noteEnd(
    tx: EntityManager,
    { integration_id, schedule_id }: SyncRunRow,
    now: Date,
    change: (schedule: SyncScheduleRow) => Partial<SyncScheduleRow>,
    retryMs?: (failures: number) => number,
  ): Promise<void> {
    const schedule = await tx.findOne(SyncScheduleSchema, { id: schedule_id });
    const plan = await tx.findOne(SyncPlanSchema, { integration_id });
    if (!schedule || !plan) return;
    const regular = nextDue(plan.settings, schedule.planned_at ?? null, now);
    const retry = retryMs && firstOpening(plan.settings, new Date(now.getTime() + retryMs(schedule.failures)));
    const due_at = retry && retry < regular ? retry : regular;
    await tx.nativeUpdate(SyncScheduleSchema, { id: schedule_id }, { ...change(schedule), due_at, updated_at: now });
  }
}

/** The run that a schedule needs now, if any. */
function runOf(target: SyncTarget, schedule: SyncScheduleRow, wish: SyncWish | null, now: Date): SyncRunRow | undefined {
  const { integration_id, organization_id } = target;
  const { id: schedule_id, model, position } = schedule;
  const isWished = wish !== null && (wish.models === null || wish.models.includes(model));
  if (!isWished && schedule.due_at.getTime() > now.getTime() + SOON_MS) return undefined;
  const trigger = isWished ? wish.trigger : 'SCHEDULE';
  return {
    id: newId(),
    organization_id,
    integration_id,
    schedule_id,
    model,
    trigger,
    changed_since: trigger === 'BACK_SYNC' ? null : changedSince(schedule, now),
    planned_at: now,
    position,
    started_at: null,
    ended_at: null,
    state: 'PLANNED',
    records: 0,
    pages: 0,
    total: null,
    cursor: null,
    error: null,
  };
}

/** From when on changes are asked for; null for a reading of everything. */
function changedSince({ by_change, last_run, last_full_run }: SyncScheduleRow, now: Date): Date | null {
  const isFullDue = last_full_run == null || now.getTime() - last_full_run.getTime() >= FULL_EVERY_MS;
  return by_change && last_run != null && !isFullDue ? new Date(last_run.getTime() - OVERLAP_MS) : null;
}

/** What a run that came to its end says of its schedule. */
function readOf({ started_at, changed_since }: SyncRunRow): Partial<SyncScheduleRow> {
  return { last_run: started_at, ...(changed_since == null ? { last_full_run: started_at } : {}) };
}
