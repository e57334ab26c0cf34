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

// Unchanged fields keep their stored value instead of an equal new one: a large one then need not be written again. What was stored before is
// seen as it was when the statement began; nobody else stores copies of the model meanwhile.
const STORE = `
  with page as (select * from jsonb_to_recordset(?::jsonb) as page("id" text, "diff_id" text, "x_id" text, "fields" jsonb)),
  former as (
    select known."x_id", known."fields" from page
      join "records"."record" as known on known."integration_id" = ? and known."model" = ? and known."x_id" = page."x_id"
     where known."created_at" is not null),
  stored as (
    insert into "records"."record" as known
      ("id", "organization_id", "integration_id", "integration_vendor", "pms", "model", "x_id", "fields",
       "fetched_at", "created_at", "updated_at", "last_seen")
    select page."id", origin.*, page."x_id", page."fields", moment."fetched_at", moment."now", moment."now", moment."fetched_at"
      from page,
           (values (?, ?, ?, ?, ?)) as origin,
           (values (?::timestamptz(3), ?::timestamptz(3))) as moment("fetched_at", "now")
    on conflict ("integration_id", "model", "x_id") do update set
      "fields" = case when known."fields" = excluded."fields" then known."fields" else excluded."fields" end,
      "updated_at" = case when known."fields" = excluded."fields" and known."updated_at" is not null
                          then known."updated_at" else excluded."updated_at" end,
      "created_at" = coalesce(known."created_at", excluded."created_at"),
      "fetched_at" = excluded."fetched_at",
      "last_seen" = excluded."last_seen"
    where known."fetched_at" is null or excluded."fetched_at" >= known."fetched_at"
    returning known."id", known."organization_id", known."integration_id", known."integration_vendor", known."model", known."x_id",
              known."fields", known."last_seen")
  insert into "records"."data_diff"
    ("id", "organization_id", "integration_id", "integration_vendor", "model", "record_id", "event_type", "data_diff", "job_id", "created_at")
  select page."diff_id", stored."organization_id", stored."integration_id", stored."integration_vendor", stored."model", stored."id",
         case when former."x_id" is null then 'NEW' else 'UPDATE' end,
         case when former."x_id" is null then jsonb_build_object('previous', null, 'new', stored."fields")
              else jsonb_build_object(
                'previous', coalesce((select jsonb_object_agg("key", "value") from jsonb_each(former."fields")
                                       where stored."fields" -> "key" is distinct from "value"), '{}'),
                'new', coalesce((select jsonb_object_agg("key", "value") from jsonb_each(stored."fields")
                                  where former."fields" -> "key" is distinct from "value"), '{}')) end,
         ?, ?
    from stored join page using ("x_id") left join former using ("x_id")
   where former."x_id" is null or former."fields" <> stored."fields"`;

/** Keeps two pages of one model of an integration from being stored at the same time; it ends with the transaction. */
const ONE_AT_A_TIME = 4_600_102;

/**
 * Stores what was read from a PMS, one statement for the whole page. New records get new ids, known ones keep theirs. `updated_at` rises
 * only when a field changed, `last_seen` with every reading; a copy that is older than the stored one changes nothing. What is new or changed
 * is told in `data_diff`, under the job that had it read. Joins the transaction of `em`, if there is one.
 */
export async function storeCopies(
  em: EntityManager,
  origin: CopyOrigin,
  records: readonly PmsRecordCopy[],
  fetchedAt: string,
  jobId: string | null = null,
): Promise<void> {
  if (records.length === 0) return;
  const { organization_id, integration_id, integration_vendor, pms, model } = origin;
  const page = storableJson(rowsOf(records));
  const owner = [organization_id, integration_id, integration_vendor, pms, model];
  const now = new Date().toISOString();
  await em.transactional(async (tx) => {
    await tx.execute('select pg_advisory_xact_lock(?, hashtext(?))', [ONE_AT_A_TIME, `${integration_id} ${model}`]);
    await tx.execute(STORE, [page, integration_id, model, ...owner, fetchedAt, now, jobId, now], 'run');
  });
}

/**
 * One row for each x_id, the last one told: a statement may not touch a row twice. In the order of x_id, so that two pages with common
 * records wait for each other instead of locking each other out.
 */
function rowsOf(records: readonly PmsRecordCopy[]) {
  return [...new Map(records.map((record) => [record.x_id, record])).values()]
    .sort((one, other) => (one.x_id < other.x_id ? -1 : 1))
    .map(({ x_id, fields }) => ({ id: newId(), diff_id: newId(), x_id, fields: withoutUnset(fields) }));
}

/** A field that is null and a field that is absent mean the same to readers, so only one of the two is stored. */
function withoutUnset(fields: PmsRecordCopy['fields']): PmsRecordCopy['fields'] {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}

/**
 * Forgets everything of an integration: first its runs, which ends a sync under way at its next page, and its schedules, then
 * the records in small steps.
 * Safe to repeat when it was cut short.
 */
export async function forgetIntegration(em: EntityManager, integrationId: string): Promise<void> {
  await em.execute(`delete from "records"."sync_run" where "integration_id" = ?`, [integrationId], 'run');
  await em.execute(`delete from "records"."sync_plan" where "integration_id" = ?`, [integrationId], 'run');
  for (const table of ['record', 'data_diff']) {
    let deleted: number;
    do {
      const { affectedRows } = await em.execute<{ affectedRows: number }>(
        `delete from "records"."${table}" where "id" in (select "id" from "records"."${table}" where "integration_id" = ? limit ?)`,
        [integrationId, DELETED_AT_ONCE],
        'run',
      );
      deleted = affectedRows;
    } while (deleted > 0);
  }
}
