import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { KeyringFile } from '#adapter-kit';
import { lagOf, MessageBus, natsServer, ProblemOverNats, startAnswering, STREAMS } from '#messaging';
import { assertWritable, openDurably, outageAsProblem } from '#persistence';
import { bootService, consumerMetrics, errorFields, loadCatalog, natsHeard, nestLogger } from '#service-kit';
import { DURABLE } from './events/write-events.ts';
import { HOOKS } from './store/schema.ts';
import { assemble, WebhooksModule } from './webhooks.ts';

await bootService('webhooks', async (settings, log) => {
  const { databaseUrl, nats, keyringFile, egress } = settings;
  if (!databaseUrl) throw new Error('DATABASE_URL is needed: webhooks keeps its endpoints there.');
  if (!keyringFile) throw new Error('LATCHKEY_KEYRING is needed: it opens the secrets that webhooks are signed with.');
  const keys = await KeyringFile.open(keyringFile, (error) => log.warn(errorFields(error), 'key ring not read'));
  const orm = await openDurably(databaseUrl, HOOKS);
  const { url, ...credentials } = nats;
  const bus = await MessageBus.connect({ servers: url, name: 'webhooks', ...credentials, ...natsHeard(settings, log) });
  const way = { allow: egress.allow, timeoutMs: egress.webhookTimeoutMs };
  const parts = assemble({ orm, bus, catalog: await loadCatalog(), keys, log, egress: way });
  const app = await NestFactory.createMicroservice(WebhooksModule.of(parts), {
    ...natsServer(url, 'webhooks', credentials),
    logger: nestLogger(log),
  });
  app.useGlobalFilters(new ProblemOverNats((error) => log.error(errorFields(error), 'request failed'), outageAsProblem));
  await startAnswering(app);
  parts.sender.start();
  const following = parts.events.follow();
  const lag = consumerMetrics(DURABLE, () => lagOf(bus, STREAMS.events.name, DURABLE));

  return {
    checks: {
      database: () => assertWritable(orm.em),
      nats: async () => void (await bus.connection.rtt()),
    },
    metrics: async () => (await parts.metrics.text()) + (await lag()),
    stop: async () => {
      await app.close();
      await following.stop();
      await parts.sender.stop();
      await bus.close();
      await orm.close(true);
      keys.close();
    },
  };
});
