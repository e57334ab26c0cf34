import { Migration } from '@mikro-orm/migrations';

/** The tables of the schema `hooks`. What waits is found by two partial indexes: the endpoints that are due, and what is due at one of them. */
export class Migration0001Hooks extends Migration {
  override up(): void {
    this.addSql(`
      create table "hooks"."endpoint" (
        "id" text primary key,
        "organization_id" text not null,
        "url" text not null,
        "triggers" text[] not null check (cardinality("triggers") > 0),
        "model" text,
        "headers" jsonb not null,
        "active" boolean not null,
        "legacy_signature" boolean not null,
        "secret" text not null,
        "secret_version" integer not null check ("secret_version" > 0),
        "former_secret" text,
        "former_until" timestamptz(3),
        "created_at" timestamptz(3) not null,
        "updated_at" timestamptz(3) not null,
        "verified_at" timestamptz(3),
        "failing_since" timestamptz(3),
        "disabled_at" timestamptz(3),
        "disabled_because" text,
        "is_quick" boolean not null default false,
        "paused_until" timestamptz(3),
        "due_at" timestamptz(3),
        constraint "endpoint_disabled_is_off" check ("disabled_at" is null or not "active"),
        constraint "endpoint_former_secret_ends" check (num_nulls("former_secret", "former_until") in (0, 2))
      )`);
    this.addSql(`
      create index "endpoint_of_organization" on "hooks"."endpoint" ("organization_id", "created_at" desc, "id" desc)`);
    this.addSql(`create index "endpoint_due" on "hooks"."endpoint" ("is_quick", "due_at") where "active"`);
    this.addSql(`
      create table "hooks"."delivery" (
        "id" text primary key,
        "endpoint_id" text not null references "hooks"."endpoint" ("id") on delete cascade,
        "event_id" text not null,
        "trigger" text not null,
        "body" text not null,
        "state" text not null check ("state" in ('PENDING', 'DELIVERED', 'FAILED')),
        "created_at" timestamptz(3) not null,
        "expires_at" timestamptz(3) not null,
        "completed_at" timestamptz(3),
        "claims" integer not null default 0,
        "failures" integer not null default 0,
        "next_at" timestamptz(3) not null,
        "lease_until" timestamptz(3),
        constraint "delivery_of_event" unique ("endpoint_id", "event_id"),
        constraint "delivery_ends_once" check (("state" = 'PENDING') = ("completed_at" is null))
      )`);
    this.addSql(`create index "delivery_waiting" on "hooks"."delivery" ("endpoint_id", "next_at") where "state" = 'PENDING'`);
    this.addSql(`
      create index "delivery_flying" on "hooks"."delivery" ("endpoint_id", "lease_until")
        where "state" = 'PENDING' and "lease_until" is not null`);
    this.addSql(`create index "delivery_expiring" on "hooks"."delivery" ("expires_at") where "state" = 'PENDING'`);
    this.addSql(`create index "delivery_ended" on "hooks"."delivery" ("completed_at") where "state" <> 'PENDING'`);
    this.addSql(`
      create index "delivery_of_endpoint" on "hooks"."delivery" ("endpoint_id", "created_at" desc, "id" desc)`);
    this.addSql(`
      create table "hooks"."attempt" (
        "delivery_id" text not null references "hooks"."delivery" ("id") on delete cascade,
        "number" integer not null,
        "started_at" timestamptz(3) not null,
        "duration_ms" integer not null,
        "status" integer,
        "outcome" text not null check ("outcome" in ('delivered', 'failed')),
        "reason" text,
        primary key ("delivery_id", "number")
      )`);
    this.addSql(`
      create table "hooks"."doubt" (
        "job_id" text primary key,
        "opened" integer not null,
        "closed" integer,
        "seen_at" timestamptz(3) not null
      )`);
    this.addSql(`create index "doubt_seen" on "hooks"."doubt" ("seen_at")`);
  }
}
