import { Migration } from '@mikro-orm/migrations';

/** When what is read, and what changed thereby. */
export class Migration0002Schedules extends Migration {
  override up(): void {
    this.addSql(`
      create table "records"."sync_plan" (
        "integration_id" text primary key,
        "organization_id" text not null,
        "pms" text not null,
        "active" boolean not null,
        "settings" jsonb not null,
        "due_at" timestamptz(3) not null,
        "wish" jsonb,
        "created_at" timestamptz(3) not null
      )`);
    this.addSql(`create index "sync_plan_due" on "records"."sync_plan" ("due_at") where "active"`);
    this.addSql(`
      create table "records"."sync_schedule" (
        "id" text primary key,
        "integration_id" text not null references "records"."sync_plan" ("integration_id") on delete cascade,
        "model" text not null,
        "position" integer not null,
        "active" boolean not null,
        "by_change" boolean not null,
        "created_at" timestamptz(3) not null,
        "updated_at" timestamptz(3) not null,
        "due_at" timestamptz(3) not null,
        "planned_at" timestamptz(3),
        "last_run" timestamptz(3),
        "last_full_run" timestamptz(3),
        "failures" integer not null default 0,
        constraint "sync_schedule_of_model" unique ("integration_id", "model")
      )`);
    // Runs of before belong to no schedule. They are a log of thirty days, and what they left unfinished is read anew.
    this.addSql(`delete from "records"."sync_run"`);
    this.addSql(`
      alter table "records"."sync_run"
        add column "organization_id" text not null,
        add column "schedule_id" text not null,
        add column "trigger" text not null check ("trigger" in ('SCHEDULE', 'MANUAL', 'BACK_SYNC')),
        add column "changed_since" timestamptz(3),
        add column "total" integer`);
    this.addSql(`
      create unique index "sync_run_unfinished" on "records"."sync_run" ("integration_id", "model")
        where "state" in ('PLANNED', 'RUNNING')`);
    this.addSql(`
      create index "sync_run_by_organization" on "records"."sync_run" ("organization_id", "planned_at" desc, "id" desc)`);
    this.addSql(`create index "sync_run_by_schedule" on "records"."sync_run" ("schedule_id", "planned_at" desc)`);
  }
}
