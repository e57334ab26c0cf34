import { Migration } from '@mikro-orm/migrations';

/**
 * For the sweeper: writes whose record nobody has read back; they leave the index when somebody has. Locks the table while the index is built:
 * on a ledger of millions of writes, build it by hand first, concurrently and under this name.
 */
export class Ledger0003 extends Migration {
  override up(): void {
    this.addSql(`
      create index if not exists operation_unrefreshed on ledger.operation (completed_at, id)
      where refresh and refreshed_at is null and state in ('SUCCEEDED', 'PARTIAL')`);
  }
}
