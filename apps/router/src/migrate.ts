import { migrate } from '#persistence';
import { createLogger, readSettings } from '#service-kit';
import { DIRECTORY } from './store/schema.ts';

/** Brings the schema `directory` up to date; needs DATABASE_URL and ends with 1 when it can't. */
const settings = readSettings();
if (!settings.databaseUrl) throw new Error('DATABASE_URL is needed: the router keeps its directory there.');
const { applied } = await migrate(settings.databaseUrl, DIRECTORY);
createLogger('router', settings.logLevel).info({ count: applied.length }, 'schema migrated');
