import type { EntityManager } from '@mikro-orm/postgresql';
import type { RecordAddress } from '#messaging';
import type { CopyOrigin } from './copies.ts';
import { storableJson } from './storable.ts';

/** Where the records with these ids are, former ids included; the answer carries the id that was asked for. */
export async function locate(em: EntityManager, organizationId: string, ids: readonly string[]): Promise<RecordAddress[]> {
  if (ids.length === 0) return [];
  return em.execute<RecordAddress[]>(
    `select asked."id", known."model", known."integration_id", known."organization_id", known."x_id"
       from jsonb_array_elements_text(?::jsonb) as asked("id")
       left join "records"."record_alias" as alias on alias."id" = asked."id"
       join "records"."record" as known on known."id" = coalesce(alias."record_id", asked."id")
      where known."organization_id" = ?`,
    [storableJson([...new Set(ids)]), organizationId],
  );
}

/** Those of a PMS's records, by its ids, that have no place here yet. */
export async function unknownAmong(
  em: EntityManager,
  { integration_id, model }: CopyOrigin,
  xIds: readonly string[],
): Promise<string[]> {
  if (xIds.length === 0) return [];
  const rows = await em.execute<{ x_id: string }[]>(
    `select asked."x_id" from jsonb_array_elements_text(?::jsonb) as asked("x_id")
      where not exists (
        select from "records"."record" as known
         where known."integration_id" = ? and known."model" = ? and known."x_id" = asked."x_id"
      )`,
    [storableJson(xIds), integration_id, model],
  );
  return rows.map(({ x_id }) => x_id);
}

/** The id that was promised to whoever asked for the creation of a record. */
export interface Promised {
  readonly origin: CopyOrigin;
  /** The PMS's id of the record that was created. */
  readonly x_id: string;
  /** The id that it is to have here. */
  readonly id: string;
}

/**
 * Gives records the ids that were promised. Of each: false, and nothing changed, when that id already is another record's.
 *
 * Mostly the record is not known yet, and a row without copy keeps its place. Where a sync was faster, the row changes its id, and the one
 * that it had until then, which a list may have shown, stays an alias. Safe to repeat: an id that already leads to the record is left alone.
 */
export async function keepPromises(em: EntityManager, promises: readonly Promised[]): Promise<readonly boolean[]> {
  const rows = promises.map(({ origin, x_id, id }) => ({ ...origin, x_id, id }));
  const placed = await em.execute<{ id: string; x_id: string }[]>(
    `insert into "records"."record"
       ("id", "organization_id", "integration_id", "integration_vendor", "pms", "model", "x_id", "fields")
     select promised.*, '{}' from jsonb_to_recordset(?::jsonb) as promised("id" text, "organization_id" text, "integration_id" text,
       "integration_vendor" text, "pms" text, "model" text, "x_id" text)
      where not exists (select from "records"."record_alias" as alias where alias."id" = promised."id")
      order by promised."id"
     on conflict do nothing returning "id", "x_id"`,
    [storableJson(rows)],
  );
  const kept = new Set(placed.map(({ id, x_id }) => `${id} ${x_id}`));
  const answers: boolean[] = [];
  for (const promise of promises) answers.push(kept.has(`${promise.id} ${promise.x_id}`) || (await takeOver(em, promise)));
  return answers;
}

async function takeOver(em: EntityManager, { origin, x_id, id: promisedId }: Promised): Promise<boolean> {
  return em.transactional(async (tx) => {
    const [row] = await tx.execute<{ id: string }[]>(
      `select "id" from "records"."record" where "integration_id" = ? and "model" = ? and "x_id" = ? for update`,
      [origin.integration_id, origin.model, x_id],
    );
    if (!row) return false;
    const [holder] = await tx.execute<{ id: string }[]>(
      `select "id" from "records"."record" where "id" = ?
       union all select "record_id" from "records"."record_alias" where "id" = ?`,
      [promisedId, promisedId],
    );
    if (holder) return holder.id === row.id;
    await tx.execute(`update "records"."record" set "id" = ? where "id" = ?`, [promisedId, row.id], 'run');
    await tx.execute(`insert into "records"."record_alias" ("id", "record_id") values (?, ?)`, [row.id, promisedId], 'run');
    return true;
  });
}

/** A record that another one names: by the PMS's id, within the same integration. */
export interface NamedRecord {
  readonly integration_id: string;
  readonly model: string;
  readonly x_id: string;
}

/** Our ids of records that are named by their PMS ids, all in one query. Records that are not known are missing in the answer. */
export async function resolve(
  em: EntityManager,
  named: readonly NamedRecord[],
): Promise<readonly (NamedRecord & { readonly id: string })[]> {
  if (named.length === 0) return [];
  return em.execute(
    `select known."integration_id", known."model", known."x_id", known."id"
       from jsonb_to_recordset(?::jsonb) as named("integration_id" text, "model" text, "x_id" text)
       join "records"."record" as known using ("integration_id", "model", "x_id")`,
    [storableJson(named)],
  );
}
