/**
 * Starts the sandbox. Environment: PORT (4700), HOST (127.0.0.1), JOURNAL_FILE (none).
 *
 * Promises: one log line once it listens; SIGTERM and SIGINT end it at once, for nothing here outlives the process.
 * Fails: a taken port or an unwritable journal file ends the process with code 1 and the cause in the log.
 */
import 'reflect-metadata';
import { pino } from 'pino';
import { createSandbox } from './sandbox.ts';

const log = pino({ name: 'sandbox' });

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));

try {
  const { PORT = '4700', HOST = '127.0.0.1', JOURNAL_FILE } = process.env;
  const app = await createSandbox(JOURNAL_FILE ? { journalFile: JOURNAL_FILE } : {});
  await app.listen(Number(PORT), HOST);
  log.info({ url: await app.getUrl() }, 'sandbox listens');
} catch (error) {
  log.fatal({ err: error }, 'sandbox could not start');
  process.exit(1);
}
