import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MikroORM } from '@mikro-orm/postgresql';
import { MessageBus, natsServer, ProblemOverNats, startAnswering } from '#messaging';
import { assertWritable, openDurably, outageAsProblem } from '#persistence';
import { errorFields, loadCatalog, natsHeard, nestLogger, type Logger, type RunningService, type Settings } from '#service-kit';
import { RouterModule } from './router.module.ts';
import { DIRECTORY } from './store/schema.ts';

/**
 * Starts the router: catalog -> database -> NATS -> listening. Fails when a commit would not be durable, or when the database
 * can't be reached. Stopping lets requests under way finish.
 */
export async function startRouter(settings: Settings, log: Logger): Promise<RunningService> {
  if (!settings.databaseUrl) throw new Error('DATABASE_URL is needed: the router keeps its directory there.');
  const { url, ...credentials } = settings.nats;
  const catalog = await loadCatalog();
  const orm = await openDurably(settings.databaseUrl, DIRECTORY);
  const bus = await MessageBus.connect({ servers: url, name: 'router', ...credentials, ...natsHeard(settings, log) });
  const app = await NestFactory.createMicroservice(
    RouterModule.with({ em: orm.em, bus, catalog, egressAllow: settings.egress.allow }),
    { ...natsServer(url, 'router', credentials), logger: nestLogger(log), abortOnError: false },
  );
  app.useGlobalFilters(new ProblemOverNats((error) => log.error(errorFields(error), 'request failed'), outageAsProblem));
  await startAnswering(app);
  return {
    checks: { database: () => assertWritable(orm.em.fork()), nats: async () => void (await bus.connection.rtt()) },
    stop: () => stop(app, bus, orm),
  };
}

async function stop(app: INestMicroservice, bus: MessageBus, orm: MikroORM): Promise<void> {
  await app.close();
  await bus.close();
  await orm.close();
}
