import type { OwnedSchema } from '#persistence';
import { DataDiffSchema } from './data-diff.entity.ts';
import { Migration0001Records } from './migrations/0001-records.migration.ts';
import { Migration0002Schedules } from './migrations/0002-schedules.migration.ts';
import { Migration0003DataDiffs } from './migrations/0003-data-diffs.migration.ts';
import { RecordAliasSchema, RecordSchema } from './record.entity.ts';
import { SyncPlanSchema, SyncScheduleSchema } from './sync-plan.entity.ts';
import { SyncRunSchema } from './sync-run.entity.ts';

/** What cache-sync owns in the database; nobody else reads or writes it. */
export const RECORDS: OwnedSchema = {
  name: 'records',
  entities: [RecordSchema, RecordAliasSchema, SyncPlanSchema, SyncScheduleSchema, SyncRunSchema, DataDiffSchema],
  migrations: [
    { name: '0001-records', class: Migration0001Records },
    { name: '0002-schedules', class: Migration0002Schedules },
    { name: '0003-data-diffs', class: Migration0003DataDiffs },
  ],
};
