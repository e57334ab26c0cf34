import { ConsoleLogger, type LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { placeInTrace } from '#tracing';

/**
 * The fields that a log line may carry. Everything else is dropped before it is written, so that no payload, name, e-mail, token or
 * credential can slip into a log by way of a careless object.
 */
const ALLOWED = new Set([
  'service', 'jobId', 'integrationId', 'organizationId', 'pms', 'model', 'operation', 'step', 'state', 'attempt', 'evidence', 'release',
  'requestId', 'keyId', 'method', 'route', 'status', 'pmsStatus', 'durationMs', 'count', 'total', 'port', 'stream', 'durable', 'deliveries',
  'trace_id', 'span_id', 'host', 'reason', 'code', 'errorClass', 'errorMessage', 'stack', 'pid', 'url', 'delayMs', 'context',
]); // prettier-ignore

/** What a log line says besides its constant text. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A logger of one service: one JSON line per event, on standard output unless told otherwise. */
export function createLogger(service: string, level: string, to: DestinationStream = pino.destination(1)): Logger {
  const options: LoggerOptions = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: traceFields,
    formatters: { level: (label) => ({ level: label }), log: onlyAllowed },
    hooks: {
      // Values belong into fields: words that are put into the text would pass by the list.
      logMethod([first, text], write) {
        if (typeof first === 'string') write.call(this, first);
        else write.call(this, first, String(text));
      },
    },
  };
  const log = pino(options, to);
  const { child } = log;
  // A child would keep what it is made with, past the list.
  log.child = function (this: Logger, fields: object, more?: object) {
    return child.call(this, onlyAllowed({ ...fields }), more) as never;
  };
  return log;
}

const onlyAllowed = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([name, value]) => ALLOWED.has(name) && isPlain(value)));

/** Where in a trace a line was written, by the names that collectors of logs look for; nothing outside of any. */
function traceFields(): object {
  const place = placeInTrace();
  return place ? { trace_id: place.traceId, span_id: place.spanId } : {};
}

/** An error as log fields: its class, its message cut short, and its stack for errors that are bugs. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { errorClass: typeof error };
  return {
    errorClass: error.name,
    errorMessage: error.message.slice(0, 300),
    stack: error.stack?.split('\n').slice(1, 6).join('\n'),
  };
}

/** Nest's own messages through our logger; its chatter at start-up is debug. */
export function nestLogger(log: Logger): LoggerService {
  const line =
    (level: 'debug' | 'warn' | 'error') =>
    (message: unknown, ...rest: unknown[]) =>
      log[level]({ context: String(rest.at(-1) ?? ''), reason: String(message).slice(0, 300) }, 'framework');
  const quiet = line('debug');
  return Object.assign(new ConsoleLogger(), {
    log: quiet,
    verbose: quiet,
    debug: quiet,
    warn: line('warn'),
    error: line('error'),
    fatal: line('error'),
  });
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value) || value === null;
}

export type { Logger };
