/**
 * Which integration is to be read when, in the database, so that every replica knows the same and a restart forgets nothing.
 *
 * Of an integration: waiting for its `due_at` -> due, until all its runs have ended -> waiting. A wish makes it due at once. Whoever holds its
 * lock plans and reads; two that plan at the same time wait for each other at the row of the plan.
 */
import { isDeepStrictEqual } from 'node:util';
import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { newId, type IntegrationSummary, type ReadableModel } from '#messaging';
import {
  SyncPlanSchema,
  SyncScheduleSchema,
  type SyncPlanRow,
  type SyncScheduleRow,
  type SyncWish,
} from '../store/sync-plan.entity.ts';
import { SyncRunSchema } from '../store/sync-run.entity.ts';
import { storableJson } from '../store/storable.ts';
import { nextDue } from './calendar.ts';
import type { SyncTarget } from './integration-sync.ts';

export class SyncPlans {
  constructor(private readonly em: EntityManager) {}

  /** Takes over the integrations that there are: new ones are due at once, changed settings count from now, the others are not due any more. */
  async keepAll(integrations: readonly IntegrationSummary[], now = new Date()): Promise<void> {
    const plans = await this.em.fork().find(SyncPlanSchema, {}, { disableIdentityMap: true });
    const known = new Map(plans.map((plan) => [plan.integration_id, plan]));
    for (const integration of integrations) {
      const plan = known.get(integration.id);
      known.delete(integration.id);
      if (!plan || !isSame(plan, integration)) await this.keep(integration, now);
    }
    const gone = [...known.values()].filter(({ active }) => active).map(({ integration_id }) => integration_id);
    if (gone.length > 0) await this.em.fork().nativeUpdate(SyncPlanSchema, { integration_id: { $in: gone } }, { active: false });
  }

  /** The same for a single one. */
  async keep(integration: IntegrationSummary, now = new Date()): Promise<void> {
    const { id: integration_id, organization_id, pms, active, schedule: settings } = integration;
    await this.em.fork().transactional(async (tx) => {
      await tx.execute(
        `insert into "records"."sync_plan" ("integration_id", "organization_id", "pms", "active", "settings", "due_at", "created_at")
         values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
        [integration_id, organization_id, pms, active, storableJson(settings), now.toISOString(), now.toISOString()],
        'run',
      );
      const plan = await this.lock(tx, integration_id);
      if (!plan || isSame(plan, integration)) return;
      const schedules = await tx.find(SyncScheduleSchema, { integration_id });
      for (const schedule of schedules) schedule.due_at = nextDue(settings, schedule.planned_at ?? null, now);
      // Switched on again, it is looked at once: what was due meanwhile is.
      Object.assign(plan, { active, settings, due_at: active && !plan.active ? now : earliest(plan, schedules, now) });
      await tx.flush();
    });
  }

  /** Stores a wish; false when an earlier one still waits, or runs that somebody asked for are not ended. */
  async wish(integration: IntegrationSummary, wish: SyncWish, now = new Date()): Promise<boolean> {
    await this.keep(integration, now);
    const { id: integration_id } = integration;
    return this.em.fork().transactional(async (tx) => {
      const plan = await this.lock(tx, integration_id);
      if (!plan || plan.wish != null) return false;
      if ((await tx.count(SyncScheduleSchema, { integration_id })) === 0 && wish.trigger === 'SCHEDULE') {
        // Nothing was read yet, so everything is due anyway.
        const wasDue = plan.due_at < now;
        plan.due_at = now;
        await tx.flush();
        return !wasDue;
      }
      const unfinished = { integration_id, state: { $in: ['PLANNED' as const, 'RUNNING' as const] } };
      if ((await tx.count(SyncRunSchema, unfinished)) > 0) return false;
      Object.assign(plan, { wish, due_at: now });
      await tx.flush();
      return true;
    });
  }

  /** Integrations that somebody is to look at, the longest due first. */
  async due(limit: number, now = new Date()): Promise<SyncTarget[]> {
    return this.em
      .fork()
      .find(
        SyncPlanSchema,
        { active: true, due_at: { $lte: now } },
        { orderBy: { due_at: 'asc' }, limit, fields: ['integration_id', 'organization_id', 'pms'], disableIdentityMap: true },
      );
  }

  /** Looks at an integration again at `at`, unless somebody wishes so before. */
  async postpone(integrationId: string, at: Date): Promise<void> {
    await this.em.fork().nativeUpdate(SyncPlanSchema, { integration_id: integrationId, wish: null }, { due_at: at });
  }

  /** All that was due has been read: it waits for the first of its schedules. */
  async rest(integrationId: string, now = new Date()): Promise<void> {
    await this.em.fork().transactional(async (tx) => {
      const plan = await this.lock(tx, integrationId);
      if (!plan) return;
      plan.due_at = earliest(plan, await tx.find(SyncScheduleSchema, { integration_id: integrationId }), now);
      await tx.flush();
    });
  }

  /** The schedules as the PMS's worker lists the models; new ones are due at once. Joins the transaction of `tx`. */
  async keepSchedules(tx: EntityManager, integrationId: string, readable: readonly ReadableModel[], now: Date) {
    const known = await tx.find(SyncScheduleSchema, { integration_id: integrationId });
    const places = new Map(readable.map(({ model, by_change }, position) => [model, { position, by_change }]));
    for (const schedule of known) {
      const place = places.get(schedule.model);
      places.delete(schedule.model);
      if (isPlaced(schedule, place)) continue;
      Object.assign(schedule, place ?? {}, { active: place !== undefined, updated_at: now });
    }
    const added = [...places].map(([model, place]): SyncScheduleRow => ({
      id: newId(),
      integration_id: integrationId,
      model,
      ...place,
      active: true,
      created_at: now,
      updated_at: now,
      due_at: now,
      planned_at: null,
      last_run: null,
      last_full_run: null,
      failures: 0,
    }));
    if (added.length > 0) await tx.insertMany(SyncScheduleSchema, added);
    await tx.flush();
    return tx.find(SyncScheduleSchema, { integration_id: integrationId, active: true }, { orderBy: { position: 'asc' } });
  }

  /** The plan, which nobody else changes until the transaction ends. */
  lock(tx: EntityManager, integrationId: string): Promise<SyncPlanRow | null> {
    return tx.findOne(SyncPlanSchema, { integration_id: integrationId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  }
}

function isSame({ active, settings }: SyncPlanRow, integration: IntegrationSummary): boolean {
  return active === integration.active && isDeepStrictEqual(settings, integration.schedule);
}

function isPlaced(schedule: SyncScheduleRow, place: { position: number; by_change: boolean } | undefined): boolean {
  const { active, position, by_change } = schedule;
  return place ? active && position === place.position && by_change === place.by_change : !active;
}

/** A plan without schedules keeps its own time: its models are not known yet. */
function earliest({ wish, due_at }: SyncPlanRow, schedules: readonly SyncScheduleRow[], now: Date): Date {
  const times = schedules.filter(({ active }) => active).map((schedule) => schedule.due_at.getTime());
  if (wish != null) return now;
  return times.length > 0 ? new Date(Math.min(...times)) : due_at;
}
