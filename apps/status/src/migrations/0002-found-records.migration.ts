import { Migration } from '@mikro-orm/migrations';

/** Locks the table while the index is built: on a ledger of millions of writes, build it by hand first, concurrently and under this name. */
export class Ledger0002 extends Migration {
  override up(): void {
    // Settling a doubt: whether the record that was found is another create's.
    this.addSql(
      `create index if not exists operation_found on ledger.operation (integration_id, model, x_id) where operation = 'create' and x_id is not null`,
    );
  }
}
