/**
 * The service `status`: database -> NATS -> streams -> listening. It refuses to start when a commit would not be durable or when the table of
 * states contradicts itself. It starts without JetStream: accepting needs only Postgres, and the sweeper makes the streams as soon as it can.
 * Stopping lets requests under way finish; what is released but not published, or committed but not told, is found by the next sweep.
 */
import { Module, type DynamicModule, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MikroORM } from '@mikro-orm/postgresql';
import { MessageBus, natsServer, ProblemOverNats, startAnswering } from '#messaging';
import { assertWritable, openDurably } from '#persistence';
import { errorFields, natsHeard, nestLogger, type Logger, type RunningService, type Settings } from '#service-kit';
import type { Consequences } from './ledger.repository.ts';
import { Ledger } from './ledger.ts';
import { LedgerController } from './ledger.controller.ts';
import { Metrics } from './metrics.ts';
import { Dispatcher } from './move/dispatcher.ts';
import { CircumstancesKeeper } from './move/circumstances.keeper.ts';
import { JobsPublisher } from './move/jobs.publisher.ts';
import { Outbox } from './move/outbox.ts';
import { StreamsKeeper } from './move/streams.keeper.ts';
import { Sweeper } from './move/sweeper.ts';
import { checkStates } from './states.ts';
import { absenceAsProblem, Database } from './store/database.ts';
import { ledgerSchema } from './store/ledger.schema.ts';

@Module({})
export class StatusModule {
  static with({ ledger, database, streams, circumstances }: LedgerParts): DynamicModule {
    return {
      module: StatusModule,
      controllers: [LedgerController],
      providers: [
        { provide: Ledger, useValue: ledger },
        { provide: Database, useValue: database },
        { provide: StreamsKeeper, useValue: streams },
        { provide: CircumstancesKeeper, useValue: circumstances },
      ],
    };
  }
}

/** The parts of the ledger, joined; nothing runs yet. */
export interface LedgerParts {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly dispatcher: Dispatcher;
  readonly outbox: Outbox;
  readonly publisher: JobsPublisher;
  readonly streams: StreamsKeeper;
  readonly circumstances: CircumstancesKeeper;
  readonly sweeper: Sweeper;
  readonly metrics: Metrics;
}

export interface AssemblyOptions {
  readonly settings: Settings['ledger'];
  readonly log: Logger;
  /** @default Math.random */
  readonly random?: () => number;
}

export function assemble(orm: MikroORM, bus: MessageBus, { settings, log, random }: AssemblyOptions): LedgerParts {
  const database = new Database(orm);
  const metrics = new Metrics(database, (error) => log.warn(errorFields(error), 'figures not looked up'));
  const streams = new StreamsKeeper(database, bus);
  const notMoved = (what: string) => (error: unknown) => {
    streams.suspect();
    log.warn({ reason: what, ...errorFields(error) }, 'left for the sweeper');
  };
  const publisher = new JobsPublisher(bus, notMoved('publish'));
  const outbox = new Outbox(database, bus, notMoved('outbox'));
  const ledger = new Ledger(database, {
    ...settings,
    ...(random ? { random } : {}),
    onOpening: (opened) => metrics.opening(opened),
    onAccepted: (stirred, count) => {
      metrics.countAccepted(count);
      for (const [pms, integrations] of stirred) dispatcher.wake(pms, integrations);
    },
    onCommitted: (consequences) => {
      metrics.count(consequences);
      publisher.publish(consequences.released);
      tellShut(consequences, circumstances, log);
      if (consequences.events > 0) outbox.wake();
      for (const [pms, integrations] of consequences.stirred) dispatcher.wake(pms, integrations);
    },
    onRefused: (error) => log.error(errorFields(error), 'refused by the database'),
  });
  const dispatcher = new Dispatcher(database, ledger, notMoved('dispatch'), settings.caps);
  const circumstances = new CircumstancesKeeper(database, bus, {
    onRoom: (pms) => dispatcher.wake(pms),
    onTurn: (what, { pms, host, integration_id, reason }) =>
      log.warn({ pms, host, integrationId: integration_id, reason }, `circuit ${what}`),
    onTrouble: (error) => log.warn(errorFields(error), 'probe failed'),
  });
  const sweeper = new Sweeper({ database, ledger, dispatcher, outbox, streams, circumstances }, settings.sweepMs, (task, error) =>
    log.warn({ reason: task, ...errorFields(error) }, 'sweep incomplete'),
  );
  return { database, ledger, dispatcher, outbox, publisher, streams, circumstances, sweeper, metrics };
}

/** Accounts that must be left alone from this commit on: the other workers hear of it at once, and a person of refused credentials, once. */
function tellShut({ shut }: Consequences, circumstances: CircumstancesKeeper, log: Logger): void {
  for (const { pms, integration_id, held_reason, paused_for_ms } of shut) {
    if (paused_for_ms !== undefined) circumstances.tell(pms, { pauses: [{ integration_id, for_ms: paused_for_ms }] });
    if (held_reason === undefined) continue;
    circumstances.tell(pms, { gates: [{ integration_id, held: true }] });
    log.error({ pms, integrationId: integration_id, reason: 'credentials refused' }, 'integration held');
  }
}

/** Two batches of accepts and two of commands at a time, one pass per PMS, the relay, the sweeper, and readers. */
const CONNECTIONS = 20;

export async function startStatus(settings: Settings, log: Logger): Promise<RunningService> {
  if (!settings.databaseUrl) throw new Error('DATABASE_URL is needed: the ledger is kept there.');
  checkStates();
  const { url, ...credentials } = settings.nats;
  const orm = await openDurably(settings.databaseUrl, ledgerSchema, { max: CONNECTIONS });
  const bus = await MessageBus.connect({ servers: url, name: 'status', ...credentials, ...natsHeard(settings, log) });
  const parts = assemble(orm, bus, { settings: settings.ledger, log });
  await parts.streams.keep().catch((error: unknown) => log.warn(errorFields(error), 'streams are not ready yet'));
  const app = await NestFactory.createMicroservice(StatusModule.with(parts), {
    ...natsServer(url, 'status', credentials),
    logger: nestLogger(log),
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemOverNats((error) => log.error(errorFields(error), 'request failed'), absenceAsProblem));
  await startAnswering(app);
  await parts.dispatcher.wakeAll();
  parts.sweeper.start();
  bus.onReconnect(() => parts.sweeper.suspectLoss());
  return {
    checks: { database: () => assertWritable(orm.em.fork()), nats: async () => void (await bus.connection.rtt()) },
    metrics: () => parts.metrics.text(),
    stop: () => stop(app, parts, bus, orm),
  };
}

async function stop(app: INestMicroservice, parts: LedgerParts, bus: MessageBus, orm: MikroORM): Promise<void> {
  await app.close();
  await stopParts(parts);
  await bus.close();
  await orm.close();
}

/** In the order in which they wake each other. */
export async function stopParts({ sweeper, circumstances, ledger, dispatcher, publisher, outbox }: LedgerParts): Promise<void> {
  await sweeper.stop();
  await circumstances.drain();
  await ledger.drain();
  await dispatcher.stop();
  await publisher.drain();
  await outbox.stop();
}
