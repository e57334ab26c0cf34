import type { INestApplicationContext } from '@nestjs/common';
import { armFailpoints } from '#failpoints';
import { createLogger, errorFields, type Logger } from './logger.ts';
import { startInternalServer } from './internal-server.ts';
import { processMetrics } from './metrics.ts';
import type { ReadinessChecks } from './readiness.ts';
import { readSettings, type Settings } from './settings.ts';
import { startTracing } from './tracing.ts';
import { startWatchdog } from './watchdog.ts';

/** What a service hands back once it runs. */
export interface RunningService {
  /** Closed last, after `stop`; its shutdown hooks run then. */
  readonly app?: INestApplicationContext;
  readonly checks: ReadinessChecks;
  /** Its own metrics, in the Prometheus exposition format; those of the process come by themselves. */
  readonly metrics?: () => Promise<string>;
  /** Stops taking work and finishes what is under way. */
  readonly stop?: () => Promise<void>;
}

/**
 * After the longest call to a PMS and this, a shutdown is given up and the process ends anyway: what it held is recovered by the ledger. An
 * earlier end would leave the outcome of that call in doubt, on every deployment.
 */
const SHUTDOWN_MARGIN_MS = 10_000;

const STARTING: ReadinessChecks = { start: () => Promise.reject(new Error('starting')) };
const STOPPING: ReadinessChecks = { stop: () => Promise.reject(new Error('stopping')) };

/**
 * The life of every service: settings -> start (alive, not ready) -> ready -> (SIGTERM or SIGINT) stop taking work -> finish -> end.
 * A service that can't start says why in one line and ends with 1, and so does one that meets an error nobody handled: its state is then
 * unknown, and every promise we make survives a restart.
 */
export async function bootService(
  name: string,
  start: (settings: Settings, log: Logger) => Promise<RunningService>,
): Promise<void> {
  const settings = readSettings();
  const log = createLogger(name, settings.logLevel);
  process.on('uncaughtException', (error) => die(log, error));
  process.on('unhandledRejection', (error) => die(log, error));
  try {
    armFailpoints(settings.failpoints);
    const tracing = startTracing(name, settings.tracing);
    startWatchdog(name, settings.watchdogMs);
    const ownMetrics = processMetrics();
    let running: RunningService | undefined;
    let checks = STARTING;
    // Before the service itself: one that waits for its servers is alive, and not ready.
    const internal = await startInternalServer({
      host: settings.http.host,
      port: settings.internalPort,
      checks: () => checks,
      metrics: async () => (await ownMetrics.metrics()) + ((await running?.metrics?.()) ?? ''),
      harmful: !settings.production,
    });
    const service = (running = await start(settings, log));
    checks = service.checks;
    log.info({ port: internal.port }, 'service started');
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        checks = STOPPING;
        setTimeout(() => process.exit(1), settings.egress.timeoutMs + SHUTDOWN_MARGIN_MS).unref();
        const end = async () => {
          await shutDown(service, internal.close);
          await tracing.stop();
        };
        void end().then(
          () => process.exit(0),
          (error) => die(log, error),
        );
      });
    }
  } catch (error) {
    die(log, error);
  }
}

async function shutDown(service: RunningService, closeInternal: () => Promise<void>): Promise<void> {
  await service.stop?.();
  await service.app?.close();
  await closeInternal();
}

function die(log: Logger, error: unknown): never {
  log.fatal(errorFields(error), 'service ends');
  process.exit(1);
}
