import { migrate } from '#persistence';
import { createLogger, readSettings } from '#service-kit';
import { RECORDS } from './store/schema.ts';

/** Brings the schema `records` up to date; needs DATABASE_URL and ends with 1 when it can't. */
const settings = readSettings();
if (!settings.databaseUrl) throw new Error('DATABASE_URL is needed: cache-sync keeps its records there.');
const { applied } = await migrate(settings.databaseUrl, RECORDS);
createLogger('cache-sync', settings.logLevel).info({ count: applied.length }, 'schema migrated');
