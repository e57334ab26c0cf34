import { MikroORM } from '@mikro-orm/postgresql';
import { ownerOptions } from '#persistence';
import { readSettings } from '#service-kit';
import { Ledger } from './ledger.ts';
import { settleAfterRestore } from './restoring.ts';
import { Database } from './store/database.ts';
import { ledgerSchema } from './store/ledger.schema.ts';

/**
 * After the database was restored from a backup and before any service starts: `node restored.js`.
 *
 * Writes that stood open in the backup may have been carried out since. Those that were on their way are looked for at their PMS; the others wait for
 * a person. Nothing is sent on the word of the backup. Prints one line of JSON, see `Restoring`. Needs DATABASE_URL; ends with 1 when it can't.
 */
const { databaseUrl, ledger: settings } = readSettings();
if (!databaseUrl) throw new Error('DATABASE_URL is needed: the ledger is kept there.');

const orm = await MikroORM.init(ownerOptions(databaseUrl, ledgerSchema, { max: 2, patient: true }));
try {
  const database = new Database(orm);
  // What follows from it is told by the services, when they start.
  const ledger = new Ledger(database, {
    ...settings,
    onCommitted: () => undefined,
    onAccepted: () => undefined,
    onRefused: () => undefined,
  });
  process.stdout.write(`${JSON.stringify(await settleAfterRestore(database, ledger))}\n`);
} finally {
  await orm.close(true);
}
