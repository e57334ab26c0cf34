import { Migration } from '@mikro-orm/migrations';

/** What came back from the PMS otherwise than it was written. */
export class Ledger0006 extends Migration {
  override up(): void {
    this.addSql(`alter table ledger.operation add column if not exists differences jsonb not null default '[]'`);
  }
}
