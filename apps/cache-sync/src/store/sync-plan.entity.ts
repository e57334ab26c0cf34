import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { SyncSettings, SyncTrigger } from '#messaging';

/** A sync that somebody asked for and that is not planned yet. */
export interface SyncWish {
  readonly trigger: SyncTrigger;
  /** Null for all that the PMS can list. */
  readonly models: readonly string[] | null;
}

/** What is known of an integration here: whose it is, when its directory wants it synced, and what was asked for. */
export const SyncPlanSchema = defineEntity({
  name: 'SyncPlan',
  tableName: 'sync_plan',
  properties: {
    integration_id: p.text().primary(),
    organization_id: p.text(),
    pms: p.text(),
    active: p.boolean(),
    settings: p.json<SyncSettings>(),
    /** When somebody is to look at it: not after the first of its schedules. In the past as long as it is being read. */
    due_at: p.datetime(3),
    wish: p.json<SyncWish>().nullable(),
    created_at: p.datetime(3),
  },
});
export type SyncPlanRow = InferEntity<typeof SyncPlanSchema>;

/** One model of an integration: when it was read and when it will be. */
export const SyncScheduleSchema = defineEntity({
  name: 'SyncSchedule',
  tableName: 'sync_schedule',
  properties: {
    id: p.text().primary(),
    integration_id: p.text(),
    model: p.text(),
    /** The place in the order of reading: what others refer to comes first. */
    position: p.integer(),
    /** False when the PMS's worker lists the model no longer. */
    active: p.boolean(),
    /** Whether the PMS can be asked for what changed since a moment. */
    by_change: p.boolean(),
    created_at: p.datetime(3),
    updated_at: p.datetime(3),
    due_at: p.datetime(3),
    /** When the last sync was planned, whatever became of it: the rhythm counts from here. */
    planned_at: p.datetime(3).nullable(),
    /** When the last run began that came to its end: the next one asks for changes since shortly before. */
    last_run: p.datetime(3).nullable(),
    /** The same of the last run that read everything: what was `last_seen` before is not in the PMS's list any more. */
    last_full_run: p.datetime(3).nullable(),
    /** Runs that failed since. */
    failures: p.integer(),
  },
});
export type SyncScheduleRow = InferEntity<typeof SyncScheduleSchema>;
