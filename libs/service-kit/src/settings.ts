import { plainToInstance } from 'class-transformer';
import { IsIn, IsInt, IsNumber, IsOptional, IsString, Matches, Max, Min, validateSync } from 'class-validator';

/** The environment as it is written, checked once at the start of a process. Nobody else reads it. */
class Environment {
  @IsIn(['development', 'test', 'production'])
  NODE_ENV: string = 'production';

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  LOG_LEVEL: string = 'info';

  @Matches(/^(nats|tls):\/\//, { message: 'NATS_URL must be a nats:// or tls:// address' })
  NATS_URL: string = 'nats://127.0.0.1:4222';

  @IsOptional()
  @IsString()
  NATS_USER?: string;

  @IsOptional()
  @IsString()
  NATS_PASSWORD?: string;

  @IsOptional()
  @Matches(/^postgres(ql)?:\/\//, { message: 'DATABASE_URL must be a postgresql:// address' })
  DATABASE_URL?: string;

  @IsString()
  HOST: string = '127.0.0.1';

  @IsInt()
  @Min(0)
  @Max(65_535)
  PORT: number = 4600;

  @IsInt()
  @Min(0)
  @Max(65_535)
  INTERNAL_PORT: number = 0;

  @IsOptional()
  @IsString()
  LATCHKEY_KEYRING?: string;

  @IsString()
  LATCHKEY_EGRESS_ALLOW: string = '';

  @IsInt()
  @Min(1)
  LATCHKEY_RATE_LIMIT_PER_MINUTE: number = 6_000;

  @IsInt()
  @Min(1_000)
  LATCHKEY_LEASE_MS: number = 90_000;

  @IsInt()
  @Min(100)
  LATCHKEY_PMS_TIMEOUT_MS: number = 60_000;

  @IsInt()
  @Min(100)
  @Max(15_000)
  LATCHKEY_WEBHOOK_TIMEOUT_MS: number = 15_000;

  @IsInt()
  @Min(10)
  LATCHKEY_SWEEP_MS: number = 1_000;

  @IsInt()
  @Min(1)
  LATCHKEY_WRITE_AGE_LIMIT_HOURS: number = 24;

  @IsInt()
  @Min(1)
  LATCHKEY_WRITES_PER_INTEGRATION: number = 8;

  @IsInt()
  @Min(1)
  LATCHKEY_WRITES_PER_ORGANIZATION: number = 48;

  @IsInt()
  @Min(1)
  LATCHKEY_WRITES_PER_PMS: number = 64;

  @IsInt()
  @Min(1)
  LATCHKEY_BULK_EVERY: number = 10;

  @IsString()
  LATCHKEY_FAILPOINTS: string = '';

  @IsInt()
  @Min(0)
  LATCHKEY_WATCHDOG_MS: number = 30_000;

  @IsOptional()
  @Matches(/^https?:\/\//, { message: 'OTEL_EXPORTER_OTLP_ENDPOINT must be an http:// or https:// address' })
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  @IsNumber()
  @Min(0)
  @Max(1)
  OTEL_TRACES_SAMPLER_ARG: number = 1;
}

/** What a service may be told from outside, in the units that the names say. */
export interface Settings {
  readonly production: boolean;
  readonly logLevel: string;
  readonly nats: { readonly url: string; readonly user?: string; readonly pass?: string };
  /** Set for the services that own a schema. */
  readonly databaseUrl: string | undefined;
  readonly http: { readonly host: string; readonly port: number };
  /** Health and metrics; 0 takes any free port. */
  readonly internalPort: number;
  /** File with the key ring that opens the credentials of one PMS, or the secrets of webhooks; who opens them only. */
  readonly keyringFile: string | undefined;
  readonly egress: {
    /** host:port pairs that a worker may reach although they are private addresses; must be empty in production. */
    readonly allow: readonly string[];
    /** Whole time of one call to a PMS. @default 60000 */
    readonly timeoutMs: number;
    /** Whole time of one call of a webhook. @default 15000 */
    readonly webhookTimeoutMs: number;
  };
  /** Requests a minute and API key at the gateway. @default 6000 */
  readonly rateLimitPerMinute: number;
  readonly ledger: {
    /** How long a worker may be silent before its claim is taken away. Must exceed the time of one PMS call. @default 90000 */
    readonly leaseMs: number;
    /** How often the ledger looks for what got stuck. @default 1000 */
    readonly sweepMs: number;
    /** A write that could not be sent for so long fails. @default 24 */
    readonly ageLimitHours: number;
    /** Writes on their way to the PMS at once, and how often a bulk write goes before an interactive one; see decide/fair.ts of status. */
    readonly caps: {
      /** Never more than the PMS takes from one account, less one for reads. @default 8 */
      readonly perIntegration: number;
      /** Of one organization at one PMS. @default 48 */
      readonly perOrganization: number;
      /** @default 64 */
      readonly perPms: number;
      /** One of so many is a bulk write, if any waits. @default 10 */
      readonly bulkEvery: number;
    };
  };
  /** At which moments this process harms itself, see libs/failpoints; must be empty in production. */
  readonly failpoints: string;
  /** How long the event loop may stand still before the process is ended; 0: for ever. @default 30000 */
  readonly watchdogMs: number;
  readonly tracing: {
    /** Base address of an OTLP/HTTP collector; tracing is off without one. */
    readonly endpoint: string | undefined;
    /** Share of the traces that begin with us which are recorded, 0 to 1. @default 1 */
    readonly ratio: number;
  };
}

/** Reads the environment. Throws with one line per wrong variable, naming it. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const raw = plainToInstance(Environment, numbersFrom(environment), { exposeDefaultValues: true });
  const faults = validateSync(raw, { whitelist: true }).flatMap((fault) => Object.values(fault.constraints ?? {}));
  const production = raw.NODE_ENV === 'production';
  if (production && raw.LATCHKEY_EGRESS_ALLOW)
    faults.push('LATCHKEY_EGRESS_ALLOW is for development: it opens private addresses');
  if (production && raw.LATCHKEY_FAILPOINTS) faults.push('LATCHKEY_FAILPOINTS is for tests: it harms the process');
  if (raw.LATCHKEY_LEASE_MS <= raw.LATCHKEY_PMS_TIMEOUT_MS) faults.push('LATCHKEY_LEASE_MS must exceed LATCHKEY_PMS_TIMEOUT_MS');
  if (faults.length > 0) throw new Error(`The environment is not usable:\n- ${faults.join('\n- ')}`);
  return {
    production,
    logLevel: raw.LOG_LEVEL,
    nats: {
      url: raw.NATS_URL,
      ...(raw.NATS_USER === undefined ? {} : { user: raw.NATS_USER }),
      ...(raw.NATS_PASSWORD === undefined ? {} : { pass: raw.NATS_PASSWORD }),
    },
    databaseUrl: raw.DATABASE_URL,
    http: { host: raw.HOST, port: raw.PORT },
    internalPort: raw.INTERNAL_PORT,
    keyringFile: raw.LATCHKEY_KEYRING,
    egress: {
      allow: raw.LATCHKEY_EGRESS_ALLOW.split(',').filter(Boolean),
      timeoutMs: raw.LATCHKEY_PMS_TIMEOUT_MS,
      webhookTimeoutMs: raw.LATCHKEY_WEBHOOK_TIMEOUT_MS,
    },
    rateLimitPerMinute: raw.LATCHKEY_RATE_LIMIT_PER_MINUTE,
    ledger: {
      leaseMs: raw.LATCHKEY_LEASE_MS,
      sweepMs: raw.LATCHKEY_SWEEP_MS,
      ageLimitHours: raw.LATCHKEY_WRITE_AGE_LIMIT_HOURS,
      caps: {
        perIntegration: raw.LATCHKEY_WRITES_PER_INTEGRATION,
        perOrganization: raw.LATCHKEY_WRITES_PER_ORGANIZATION,
        perPms: raw.LATCHKEY_WRITES_PER_PMS,
        bulkEvery: raw.LATCHKEY_BULK_EVERY,
      },
    },
    failpoints: raw.LATCHKEY_FAILPOINTS,
    watchdogMs: raw.LATCHKEY_WATCHDOG_MS,
    tracing: { endpoint: raw.OTEL_EXPORTER_OTLP_ENDPOINT, ratio: raw.OTEL_TRACES_SAMPLER_ARG },
  };
}

/** Only our own variables; those that are numbers become numbers, so that "abc" fails as one. */
function numbersFrom(environment: NodeJS.ProcessEnv): Record<string, unknown> {
  const defaults = new Environment() as unknown as Record<string, unknown>;
  const names = [
    ...Object.keys(defaults),
    'NATS_USER',
    'NATS_PASSWORD',
    'DATABASE_URL',
    'LATCHKEY_KEYRING',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
  ];
  return Object.fromEntries(
    names
      .filter((name) => environment[name] !== undefined && environment[name] !== '')
      .map((name) => [name, typeof defaults[name] === 'number' ? Number(environment[name]) : environment[name]]),
  );
}
