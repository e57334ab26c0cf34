import type { OwnedSchema } from '#persistence';
import { Migration0001Records } from './migrations/0001-records.migration.ts';
import { RecordAliasSchema, RecordSchema } from './record.entity.ts';
import { SyncRunSchema } from './sync-run.entity.ts';

/** What cache-sync owns in the database; nobody else reads or writes it. */
export const RECORDS: OwnedSchema = {
  name: 'records',
  entities: [RecordSchema, RecordAliasSchema, SyncRunSchema],
  migrations: [{ name: '0001-records', class: Migration0001Records }],
};
