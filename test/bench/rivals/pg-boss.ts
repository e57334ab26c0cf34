/**
 * The same steps with pg-boss: one send per request to a queue with a table of its own; batches of jobs, each marked, called and completed as
 * one; woken by NOTIFY, and without a pause while batches come back full.
 */
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { accept, CONNECTIONS, createAtPms, HANDS, Intents, orders, ready, type Payload } from './program.ts';

const { role, database, pms } = orders();
const boss = new PgBoss({
  connectionString: database,
  max: CONNECTIONS,
  useListenNotify: role === 'carry out',
  supervise: false,
  schedule: false,
});
boss.on('error', () => undefined);
await boss.start();
const QUEUE = 'create_resident';
if (!(await boss.getQueue(QUEUE))) await boss.createQueue(QUEUE, { partition: true, notify: true, retryLimit: 0 });

/** Batches at the same time: one waits for the slowest of its calls, so several overlap. */
const BATCHES = 4;
const intents = await Intents.at(new pg.Pool({ connectionString: database, max: BATCHES }), 'rival_pgboss');

if (role === 'accept') {
  await accept(async (payload) => (await boss.send(QUEUE, payload)) ?? '');
} else {
  const options = {
    batchSize: HANDS / BATCHES,
    localConcurrency: BATCHES,
    burstWhenBatchFull: true,
    pollingIntervalSeconds: 0.5,
    notifyPollingIntervalSeconds: 0.5,
  };
  await boss.work<Payload>(QUEUE, options, async (jobs) => {
    await intents.sending(jobs.map(({ id }) => id));
    const results = await Promise.all(jobs.map(async ({ id, data }) => ({ id, x_id: await createAtPms(pms, data) })));
    await intents.settled(results);
  });
  ready(0);
}
