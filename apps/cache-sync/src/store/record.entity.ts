import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';

/**
 * One record of a PMS as it was last read: the copy and, in `id`, the name that Latchkey gives to it for ever.
 *
 * A row without copy (`fetched_at` null) only holds an identity: the id was promised to the caller of a create and the PMS's value has not
 * come back yet. Such a row can be located and referred to, but not read. `created_at` is null exactly as long: it, not `fetched_at`,
 * stands in the indexes, because a column that every sync writes would make each write touch every index.
 */
export const RecordSchema = defineEntity({
  name: 'Record',
  tableName: 'record',
  properties: {
    id: p.text().primary(),
    organization_id: p.text(),
    integration_id: p.text(),
    /** As the API says it; `pms` is the token of subjects and folders. */
    integration_vendor: p.text(),
    pms: p.text(),
    model: p.text(),
    x_id: p.text(),
    /** As the PMS told them; references are the PMS's ids, under `x_<field>`. Unset fields are left out. */
    fields: p.json<Readonly<Record<string, unknown>>>(),
    /** When the reading of this copy began: an older copy never replaces a newer one. */
    fetched_at: p.datetime(3).nullable(),
    /** When the first copy was stored. */
    created_at: p.datetime(3).nullable(),
    /** When the fields last changed. */
    updated_at: p.datetime(3).nullable(),
    /** When the PMS last returned the record: the only sign of a deletion. */
    last_seen: p.datetime(3).nullable(),
  },
});
export type RecordRow = InferEntity<typeof RecordSchema>;

/** A row that holds a copy. */
export type CopyRow = RecordRow & { [Moment in 'fetched_at' | 'created_at' | 'updated_at' | 'last_seen']: Date };

/** A former id of a record, listed before the id that a create had promised was known. It keeps leading to the record. */
export const RecordAliasSchema = defineEntity({
  name: 'RecordAlias',
  tableName: 'record_alias',
  properties: { id: p.text().primary(), record_id: p.text() },
});
