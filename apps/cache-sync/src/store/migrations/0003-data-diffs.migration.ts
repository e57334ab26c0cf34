import { Migration } from '@mikro-orm/migrations';

/** What became of records, for thirty days. Only ever added to and forgotten by age: no index that an update would have to touch. */
export class Migration0003DataDiffs extends Migration {
  override up(): void {
    this.addSql(`
      create table "records"."data_diff" (
        "id" text primary key,
        "organization_id" text not null,
        "integration_id" text not null,
        "integration_vendor" text not null,
        "model" text not null,
        "record_id" text not null,
        "event_type" text not null check ("event_type" in ('NEW', 'UPDATE')),
        "data_diff" jsonb not null,
        "job_id" text,
        "created_at" timestamptz(3) not null
      )`);
    this.addSql(`
      create index "data_diff_by_organization" on "records"."data_diff" ("organization_id", "created_at" desc, "id" desc)`);
    this.addSql(`
      create index "data_diff_by_integration" on "records"."data_diff" ("integration_id", "created_at" desc, "id" desc)`);
    this.addSql(`create index "data_diff_by_age" on "records"."data_diff" using brin ("created_at")`);
  }
}
