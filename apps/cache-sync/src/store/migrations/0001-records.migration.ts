import { Migration } from '@mikro-orm/migrations';

/** The tables of the schema `records`, made for ten million copies. */
export class Migration0001Records extends Migration {
  override up(): void {
    this.addSql(`
      create table "records"."record" (
        "id" text primary key,
        "organization_id" text not null,
        "integration_id" text not null,
        "integration_vendor" text not null,
        "pms" text not null,
        "model" text not null,
        "x_id" text not null,
        "fields" jsonb not null,
        "fetched_at" timestamptz(3),
        "created_at" timestamptz(3),
        "updated_at" timestamptz(3),
        "last_seen" timestamptz(3),
        constraint "record_of_pms" unique ("integration_id", "model", "x_id"),
        constraint "record_copy_is_whole" check (
          num_nulls("fetched_at", "created_at", "updated_at", "last_seen") in (0, 4)
        )
      ) with (fillfactor = 80)`);
    // Each sync writes fetched_at and last_seen of every row. No index holds them, and pages keep room, so that such a write stays inside
    // its page and touches no index (a heap-only update).
    this.addSql(`
      create index "record_by_creation" on "records"."record" ("organization_id", "model", "created_at" desc, "id" desc)
        where "created_at" is not null`);
    this.addSql(`
      create index "record_by_change" on "records"."record" ("organization_id", "model", "updated_at")
        where "updated_at" is not null`);
    this.addSql(`
      create index "record_by_integration" on "records"."record" ("integration_id", "model", "created_at" desc, "id" desc)
        where "created_at" is not null`);
    this.addSql(`create index "record_by_field" on "records"."record" using gin ("fields" jsonb_path_ops)`);
    this.addSql(`
      create table "records"."record_alias" (
        "id" text primary key,
        "record_id" text not null references "records"."record" ("id") on update cascade on delete cascade
      )`);
    this.addSql(`create index "record_alias_by_record" on "records"."record_alias" ("record_id")`);
    this.addSql(`
      create table "records"."sync_run" (
        "id" text primary key,
        "integration_id" text not null,
        "model" text not null,
        "planned_at" timestamptz(3) not null,
        "position" integer not null,
        "started_at" timestamptz(3),
        "ended_at" timestamptz(3),
        "state" text not null check ("state" in ('PLANNED', 'RUNNING', 'SUCCEEDED', 'FAILED')),
        "records" integer not null default 0,
        "pages" integer not null default 0,
        "cursor" text,
        "error" text
      )`);
    this.addSql(
      `create index "sync_run_by_integration" on "records"."sync_run" ("integration_id", "planned_at" desc, "position")`,
    );
  }
}
