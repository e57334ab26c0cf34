import { Migration } from '@mikro-orm/migrations';

/** Where in a trace a write was asked for: its attempts, its events and its read-back belong to the same one, hours later. */
export class Ledger0005 extends Migration {
  override up(): void {
    this.addSql('alter table ledger.operation add column if not exists traceparent text');
  }
}
