import { migrate } from '#persistence';
import { createLogger, readSettings } from '#service-kit';
import { HOOKS } from './store/schema.ts';

/** Brings the schema `hooks` up to date; needs DATABASE_URL and ends with 1 when it can't. */
const settings = readSettings();
if (!settings.databaseUrl) throw new Error('DATABASE_URL is needed: webhooks keeps its endpoints there.');
const { applied } = await migrate(settings.databaseUrl, HOOKS);
createLogger('webhooks', settings.logLevel).info({ count: applied.length }, 'schema migrated');
