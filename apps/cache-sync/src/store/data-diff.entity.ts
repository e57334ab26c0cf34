import { defineEntity, p, type InferEntity, type EntityManager } from '@mikro-orm/postgresql';

export const EVENT_TYPES = ['NEW', 'UPDATE'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** The fields that changed, as they are stored: references as the PMS's ids, under `x_<field>`. A field that is not there is unset. */
export interface Difference {
  /** Null for a new record. */
  readonly previous: Readonly<Record<string, unknown>> | null;
  readonly new: Readonly<Record<string, unknown>>;
}

/** A record was seen for the first time, or with other values than before. Written with the copy, in one transaction. */
export const DataDiffSchema = defineEntity({
  name: 'DataDiff',
  tableName: 'data_diff',
  properties: {
    id: p.text().primary(),
    organization_id: p.text(),
    integration_id: p.text(),
    integration_vendor: p.text(),
    model: p.text(),
    record_id: p.text(),
    event_type: p.text().$type<EventType>(),
    data_diff: p.json<Difference>(),
    /** The run of a sync, or the write after which the record was read back. */
    job_id: p.text().nullable(),
    created_at: p.datetime(3),
  },
});
export type DataDiffRow = InferEntity<typeof DataDiffSchema>;

const KEPT_MS = 30 * 24 * 3_600_000;
const DELETED_AT_ONCE = 5_000;

/** Forgets what is older than thirty days, in small steps; several processes may do so at the same time. The number of steps is its answer. */
export async function forgetOldDiffs(em: EntityManager, now = new Date()): Promise<number> {
  const before = new Date(now.getTime() - KEPT_MS).toISOString();
  for (let steps = 1; ; steps += 1) {
    const { affectedRows } = await em.execute<{ affectedRows: number }>(
      `delete from "records"."data_diff" where "id" in (
         select "id" from "records"."data_diff" where "created_at" < ? limit ? for update skip locked)`,
      [before, DELETED_AT_ONCE],
      'run',
    );
    if (affectedRows < DELETED_AT_ONCE) return steps;
  }
}
