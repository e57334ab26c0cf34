import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { lagOf, MessageBus, natsServer, ProblemOverNats, startAnswering, STREAMS, writeEventConsumer } from '#messaging';
import { assertWritable, openDurably, outageAsProblem } from '#persistence';
import { bootService, consumerMetrics, errorFields, loadCatalog, natsHeard, nestLogger } from '#service-kit';
import { assemble, CacheSyncModule } from './cache-sync.ts';
import { RECORDS } from './store/schema.ts';

/** Requests need ten connections at most; each sync under way keeps one more for its lock. */
const CONNECTIONS = 14;

await bootService('cache-sync', async (settings, log) => {
  const { databaseUrl, nats } = settings;
  if (!databaseUrl) throw new Error('DATABASE_URL is needed: cache-sync keeps its records there.');
  const orm = await openDurably(databaseUrl, RECORDS, { max: CONNECTIONS });
  const { url, ...credentials } = nats;
  const bus = await MessageBus.connect({ servers: url, name: 'cache-sync', ...credentials, ...natsHeard(settings, log) });
  const parts = assemble({ orm, bus, catalog: await loadCatalog(), log });
  const app = await NestFactory.createMicroservice(CacheSyncModule.of(parts), {
    ...natsServer(url, 'cache-sync', credentials),
    logger: nestLogger(log),
  });
  app.useGlobalFilters(new ProblemOverNats((error) => log.error(errorFields(error), 'request failed'), outageAsProblem));
  await startAnswering(app);
  parts.schedule.start();
  parts.housekeeping.start();
  const following = parts.events.follow();
  const { durable_name: durable } = writeEventConsumer('cache-sync');
  const lag = consumerMetrics(durable, () => lagOf(bus, STREAMS.events.name, durable));

  return {
    checks: {
      database: () => assertWritable(orm.em),
      nats: async () => void (await bus.connection.rtt()),
    },
    metrics: async () => (await parts.metrics.text()) + (await lag()),
    stop: async () => {
      await app.close();
      await Promise.all([parts.schedule.stop(), parts.housekeeping.stop(), following.stop()]);
      await bus.close();
      await orm.close(true);
    },
  };
});
