import { migrate } from '#persistence';
import { createLogger, readSettings } from '#service-kit';
import { ledgerSchema } from './store/ledger.schema.ts';

/** Brings the schema `ledger` up to date; needs DATABASE_URL and ends with 1 when it can't. */
const settings = readSettings();
if (!settings.databaseUrl) throw new Error('DATABASE_URL is needed: the ledger is kept there.');
const { applied } = await migrate(settings.databaseUrl, ledgerSchema);
createLogger('status', settings.logLevel).info({ count: applied.length }, 'schema migrated');
