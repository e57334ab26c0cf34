import type { EntityManager } from '@mikro-orm/postgresql';
import { newId, type PmsRecordCopy } from '#messaging';
import { storableJson } from './storable.ts';

/** Whose records they are, and of what sort. */
export interface CopyOrigin {
  readonly organization_id: string;
  readonly integration_id: string;
  readonly integration_vendor: string;
  readonly pms: string;
  readonly model: string;
}

const DELETED_AT_ONCE = 5_000;

// Unchanged fields keep their stored value instead of an equal new one: a large one then need not be written again.
const STORE = `
  insert into "records"."record" as known
    ("id", "organization_id", "integration_id", "integration_vendor", "pms", "model", "x_id", "fields",
     "fetched_at", "created_at", "updated_at", "last_seen")
  select page."id", origin.*, page."x_id", page."fields", moment."fetched_at", moment."now", moment."now", moment."fetched_at"
    from jsonb_to_recordset(?::jsonb) as page("id" text, "x_id" text, "fields" jsonb),
         (values (?, ?, ?, ?, ?)) as origin,
         (values (?::timestamptz(3), ?::timestamptz(3))) as moment("fetched_at", "now")
  on conflict ("integration_id", "model", "x_id") do update set
    "fields" = case when known."fields" = excluded."fields" then known."fields" else excluded."fields" end,
    "updated_at" = case when known."fields" = excluded."fields" and known."updated_at" is not null
                        then known."updated_at" else excluded."updated_at" end,
    "created_at" = coalesce(known."created_at", excluded."created_at"),
    "fetched_at" = excluded."fetched_at",
    "last_seen" = excluded."last_seen"
  where known."fetched_at" is null or excluded."fetched_at" >= known."fetched_at"`;

/**
 * Stores what was read from a PMS, one statement for the whole page. New records get new ids, known ones keep theirs. `updated_at` rises
 * only when a field changed, `last_seen` with every reading; a copy that is older than the stored one changes nothing.
 * Joins the transaction of `em`, if there is one.
 */
export async function storeCopies(
  em: EntityManager,
  origin: CopyOrigin,
  records: readonly PmsRecordCopy[],
  fetchedAt: string,
): Promise<void> {
  if (records.length === 0) return;
  const { organization_id, integration_id, integration_vendor, pms, model } = origin;
  const page = rowsOf(records);
  const owner = [organization_id, integration_id, integration_vendor, pms, model];
  await em.execute(STORE, [storableJson(page), ...owner, fetchedAt, new Date().toISOString()], 'run');
}

/**
 * One row for each x_id, the last one told: a statement may not touch a row twice. In the order of x_id, so that two pages with common
 * records wait for each other instead of locking each other out.
 */
function rowsOf(records: readonly PmsRecordCopy[]) {
  return [...new Map(records.map((record) => [record.x_id, record])).values()]
    .sort((one, other) => (one.x_id < other.x_id ? -1 : 1))
    .map(({ x_id, fields }) => ({ id: newId(), x_id, fields: withoutUnset(fields) }));
}

/** A field that is null and a field that is absent mean the same to readers, so only one of the two is stored. */
function withoutUnset(fields: PmsRecordCopy['fields']): PmsRecordCopy['fields'] {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}

/**
 * Forgets everything of an integration: first its runs, which ends a sync under way at its next page, then the records in small steps.
 * Safe to repeat when it was cut short.
 */
export async function forgetIntegration(em: EntityManager, integrationId: string): Promise<void> {
  await em.execute(`delete from "records"."sync_run" where "integration_id" = ?`, [integrationId], 'run');
  let deleted: number;
  do {
    const { affectedRows } = await em.execute<{ affectedRows: number }>(
      `delete from "records"."record" where "id" in (select "id" from "records"."record" where "integration_id" = ? limit ?)`,
      [integrationId, DELETED_AT_ONCE],
      'run',
    );
    deleted = affectedRows;
  } while (deleted > 0);
}
