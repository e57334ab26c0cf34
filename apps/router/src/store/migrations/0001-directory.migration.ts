import { Migration } from '@mikro-orm/migrations';

/** The tables of the schema `directory`. */
export class Migration0001Directory extends Migration {
  override up(): void {
    this.addSql(`
      create table "directory"."organization" (
        "id" text primary key,
        "name" text not null unique,
        "created_at" timestamptz(3) not null
      )`);
    this.addSql(`
      create table "directory"."api_key" (
        "id" text primary key,
        "organization_id" text not null references "directory"."organization" ("id"),
        "name" text not null,
        "prefix" text not null,
        "hash" text not null unique check ("hash" ~ '^[0-9a-f]{64}$'),
        "scopes" jsonb not null,
        "created_at" timestamptz(3) not null,
        "revoked_at" timestamptz(3),
        "last_used_at" timestamptz(3)
      )`);
    this.addSql(`create index "api_key_of_organization" on "directory"."api_key" ("organization_id", "created_at" desc)`);
    this.addSql(`
      create table "directory"."integration" (
        "id" text primary key,
        "organization_id" text not null references "directory"."organization" ("id"),
        "vendor" text not null,
        "slug" text not null,
        "name" text,
        "active" boolean not null,
        "system" text not null check ("system" in ('PRODUCTION', 'SANDBOX')),
        "base_url" text,
        "refresh_after_write" boolean not null,
        "settings" jsonb not null,
        "created_at" timestamptz(3) not null,
        "updated_at" timestamptz(3) not null,
        "archived_at" timestamptz(3),
        "version" integer not null,
        "checked_at" timestamptz(3),
        "check_error" text,
        "check_started_at" timestamptz(3),
        constraint "integration_archived_is_off" check ("archived_at" is null or not "active")
      )`);
    this.addSql(`
      create index "integration_of_organization" on "directory"."integration" ("organization_id", "created_at" desc, "id" desc)`);
    this.addSql(`
      create table "directory"."credential" (
        "integration_id" text primary key references "directory"."integration" ("id"),
        "fields" jsonb not null,
        "version" integer not null check ("version" > 0),
        "updated_at" timestamptz(3) not null
      )`);
  }
}
