import { Migration } from '@mikro-orm/migrations';

/** What replicas must know together: whose turn it is, which hosts are out of order, and how many workers share an account's limits. */
export class Ledger0004 extends Migration {
  override up(): void {
    this.addSql(`
      alter table ledger.gate
        add column pms text,
        add column organization_id text,
        add column host text,
        add column waiting_interactive boolean not null default false,
        add column waiting_bulk boolean not null default false`);
    // Dispatcher: the integrations that wait, the one served longest ago first, without a look at their writes.
    this.addSql(`
      create index gate_interactive on ledger.gate (pms, last_served_at nulls first)
      where waiting_interactive and held_reason is null`);
    this.addSql(`
      create index gate_bulk on ledger.gate (pms, last_served_at nulls first) where waiting_bulk and held_reason is null`);
    // Who shares a host?
    this.addSql('create index gate_host on ledger.gate (host, integration_id) where host is not null');
    this.addSql(`
      create table ledger.circuit (
        pms text not null,
        host text not null,
        integration_id text not null,
        open_since timestamptz,
        troubles integer not null,
        troubled text[] not null,
        reason text,
        room real,
        is_eager boolean not null,
        probed_at timestamptz,
        changed_at timestamptz not null,
        primary key (pms, host, integration_id)
      )`);
    this.addSql('alter table ledger.worker add column concurrent integer');
    this.addSql(`
      create table ledger.replica (
        pms text not null,
        name text not null,
        seen_at timestamptz not null,
        primary key (pms, name)
      )`);
  }
}
