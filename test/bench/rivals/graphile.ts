/**
 * The same steps with graphile-worker: one addJob per request; jobs taken in batches into its local queue; completed in batches; the marks of
 * our own in commits that jobs share.
 */
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { Grouped } from './grouped.ts';
import { accept, CONNECTIONS, createAtPms, HANDS, Intents, orders, ready, type Payload } from './program.ts';

const { role, database, pms } = orders();
const pgPool = new pg.Pool({ connectionString: database, max: CONNECTIONS });
pgPool.on('error', () => undefined);
pgPool.on('connect', (client) => client.on('error', () => undefined));
const logger = new Logger(() => () => undefined);
const TASK = 'create_resident';
const intents = await Intents.at(pgPool, 'rival_graphile');

if (role === 'accept') {
  const utils = await makeWorkerUtils({ pgPool, logger });
  await utils.migrate();
  await accept(async (payload) => (await utils.addJob(TASK, payload)).id);
} else {
  const sending = new Grouped<string>((jobs) => intents.sending(jobs));
  const settled = new Grouped<{ id: string; x_id: string }>((results) => intents.settled(results));
  await run({
    pgPool,
    logger,
    noHandleSignals: true,
    taskList: {
      [TASK]: async (payload, { job: { id } }) => {
        await sending.add(id);
        const x_id = await createAtPms(pms, payload as Payload);
        await settled.add({ id, x_id });
      },
    },
    preset: { worker: { concurrentJobs: HANDS, localQueue: { size: HANDS * 4 }, completeJobBatchDelay: 0, pollInterval: 500 } },
  });
  ready(0);
}
