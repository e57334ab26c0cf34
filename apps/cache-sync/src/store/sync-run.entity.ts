import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { SyncTrigger } from '#messaging';

export const RUN_STATES = ['PLANNED', 'RUNNING', 'SUCCEEDED', 'FAILED'] as const;
export type RunState = (typeof RUN_STATES)[number];

/**
 * The reading of one model of one integration, from the first page to the last.
 *
 * PLANNED -> RUNNING -> SUCCEEDED | FAILED. A run that is found PLANNED or RUNNING while nobody holds the integration's lock was left
 * behind by a crash or a shutdown: it goes on at its `cursor`.
 */
export const SyncRunSchema = defineEntity({
  name: 'SyncRun',
  tableName: 'sync_run',
  properties: {
    id: p.text().primary(),
    organization_id: p.text(),
    integration_id: p.text(),
    schedule_id: p.text(),
    model: p.text(),
    trigger: p.text().$type<SyncTrigger>(),
    /** Null when everything is read. */
    changed_since: p.datetime(3).nullable(),
    /** The same for all runs of one sync; with `position` it gives their order. */
    planned_at: p.datetime(3),
    position: p.integer(),
    started_at: p.datetime(3).nullable(),
    ended_at: p.datetime(3).nullable(),
    state: p.text().$type<RunState>(),
    /** How many records the pages held, changed or not. */
    records: p.integer(),
    pages: p.integer(),
    /** How many records there are to read, once the PMS told it. */
    total: p.integer().nullable(),
    /** The page to read next; null before the first. */
    cursor: p.text().nullable(),
    /** Why it failed, in words that may be shown. */
    error: p.text().nullable(),
  },
});
export type SyncRunRow = InferEntity<typeof SyncRunSchema>;
