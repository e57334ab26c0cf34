import { hostname } from 'node:os';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { Egress, KeyringFile, seal, unseal, type Keys } from '#adapter-kit';
import type { PmsDefinition } from '#capabilities';
import { consume, lagOf, MessageBus, natsServer, ProblemOverNats, type JobMessage, startAnswering } from '#messaging';
import {
  bootService,
  consumerMetrics,
  errorFields,
  natsHeard,
  nestLogger,
  type Logger,
  type RunningService,
  type Settings,
  createLogger,
  readSettings,
} from '#service-kit';
import { Accounts } from './accounts.ts';
import { answersAbout, KEYS } from './answers.ts';
import { Attendance } from './attendance.ts';
import { JobHandler } from './jobs.ts';
import { Neighbourhood } from './neighbourhood.ts';
import { SIDE_ROOM, SideRoom, sitInSideRoom } from './side-room.ts';
import { WorkerWatch } from './watch.ts';

/** Jobs that one worker process works on at the same time; the limits of each account hold besides. */
const CONCURRENCY = 64;

@Module({})
class WorkerModule {
  static about(pms: PmsDefinition, accounts: Accounts, keys: Keys): DynamicModule {
    return {
      module: WorkerModule,
      controllers: [answersAbout(pms)],
      providers: [
        { provide: Accounts, useValue: accounts },
        { provide: KEYS, useValue: keys },
      ],
    };
  }
}

/**
 * The whole of a worker app: NATS in, one PMS out. It has no database and knows no other PMS. On SIGTERM it takes no more jobs and finishes those
 * under way, so that an ordinary deployment leaves no write in doubt. Started as a side room, it does what the worker that started it says.
 */
export function runWorker(pms: PmsDefinition): Promise<void> {
  if (process.argv.includes(SIDE_ROOM)) return startSideRoom(pms);
  return bootService(`worker-${pms.slug}`, (settings, log) => startWorker(pms, settings, log));
}

/** The running worker; `stop` is what SIGTERM calls. */
export async function startWorker(pms: PmsDefinition, settings: Settings, log: Logger): Promise<RunningService> {
  const keys = await KeyringFile.open(settings.keyringFile ?? missing('LATCHKEY_KEYRING'), (error) =>
    log.warn(errorFields(error), 'key ring not usable'),
  );
  const { url, ...login } = settings.nats;
  const bus = await MessageBus.connect({ servers: url, name: `worker-${pms.slug}`, ...login, ...natsHeard(settings, log) });
  const watch = new WorkerWatch();
  const { allow, timeoutMs } = settings.egress;
  const egress = new Egress({ allow, timeoutMs, connections: CONCURRENCY, watch: watch.calls });
  const name = `${hostname()}-${process.pid}`;
  const neighbours = new Neighbourhood(pms, bus, name);
  neighbours.listen();
  const accounts = new Accounts(pms, bus, egress, keys, neighbours);

  const app = await NestFactory.createMicroservice<MicroserviceOptions>(WorkerModule.about(pms, accounts, keys), {
    ...natsServer(url, `worker-${pms.slug}`, login),
    logger: nestLogger(log),
  });
  app.useGlobalFilters(new ProblemOverNats((error) => log.error(errorFields(error), 'request failed')));
  await startAnswering(app);

  const room = new SideRoom();
  const attendance = new Attendance(pms, bus, neighbours, CONCURRENCY * 4);
  const { stream, durable } = await attendance.begin();
  const handler = new JobHandler(pms, bus, accounts, log, name, timeoutMs, room);
  const lag = consumerMetrics(durable, () => lagOf(bus, stream, durable));
  const jobs = consume<JobMessage>(bus, {
    stream,
    durable,
    concurrency: CONCURRENCY,
    handle: (message) => watch.job(pms.slug, () => handler.handle(message)),
    onTrouble: ({ reason, error, deliveries }) =>
      log.warn({ reason, deliveries, ...(error === undefined ? {} : errorFields(error)) }, 'job not handled'),
  });
  return {
    app,
    checks: {
      nats: async () => void (await bus.connection.rtt()),
      consumer: async () => void (await (await bus.jetstreamManager()).consumers.info(stream, durable)),
      keyring: async () => assertOpens(keys),
    },
    metrics: async () => (await watch.text()) + (await lag()),
    stop: async () => {
      await jobs.stop();
      room.close();
      await attendance.end();
      await accounts.close();
      keys.close();
      await egress.close();
      await bus.close();
    },
  };
}

/** The process for suspects: accounts of its own, and neither jobs nor requests but what its worker hands in. */
async function startSideRoom(pms: PmsDefinition): Promise<void> {
  const settings = readSettings();
  const log = createLogger(`worker-${pms.slug}`, settings.logLevel);
  const keys = await KeyringFile.open(settings.keyringFile ?? missing('LATCHKEY_KEYRING'), () => {});
  const { url, ...login } = settings.nats;
  const bus = await MessageBus.connect({ servers: url, name: `worker-${pms.slug}`, ...login });
  const { allow, timeoutMs } = settings.egress;
  const neighbours = new Neighbourhood(pms, bus, `${hostname()}-${process.pid}`);
  neighbours.listen();
  const accounts = new Accounts(pms, bus, new Egress({ allow, timeoutMs }), keys, neighbours);
  const handler = new JobHandler(pms, bus, accounts, log, 'side room', timeoutMs);
  sitInSideRoom((job, note) => handler.carryOut(job, note));
}

const NOWHERE = { organizationId: 'none', integrationId: 'none', version: 0, field: 'none' };

/** @throws Error when the ring can't open what it seals */
function assertOpens({ ring }: Keys): void {
  if (unseal(ring, NOWHERE, seal(ring, NOWHERE, 'probe')) !== 'probe') throw new Error('the key ring is not usable');
}

function missing(variable: string): never {
  throw new Error(`${variable} is not set.`);
}
