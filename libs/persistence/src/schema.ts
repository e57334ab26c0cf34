import { defineConfig, type EntitySchema, type MigrationObject, type Options } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';

/** What one owner keeps in the database: a schema nobody else reads or writes. */
export interface OwnedSchema {
  /** Name of the Postgres schema. */
  readonly name: string;
  // MikroORM's entity types are invariant in their row type; a list of different ones has no other common type.
  readonly entities: readonly EntitySchema[];
  /** Append-only, in order; run by the migrate step, never by a service. */
  readonly migrations: readonly MigrationObject[];
}

/**
 * Our statements look rows up by key, a handful at a time, often from a list that the planner can't count. Left alone it reads a whole table
 * to join it with three ids (and compiles the plan first): cheap on the day of the test, ruinous a year later. The same where its last count is
 * of a table that was empty a minute ago: a burst of writes into a new ledger was dispatched at a hundredth of the speed until the next count.
 */
const PLANNING = [
  'jit=off',
  'plan_cache_mode=force_generic_plan',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'enable_seqscan=off',
  'random_page_cost=1.1',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

export interface PoolOptions {
  /** @default 10 */
  readonly max?: number;
  /** For steps that nobody waits for, such as migrations: a connection is waited for, and a statement may take its time. @default false */
  readonly patient?: boolean;
}

/** In milliseconds; 0 means for ever. */
const TIMEOUTS = { connectionTimeoutMillis: 2_000, statement_timeout: 10_000, idle_in_transaction_session_timeout: 30_000 };
const PATIENT: typeof TIMEOUTS = {
  connectionTimeoutMillis: 60_000,
  statement_timeout: 0,
  idle_in_transaction_session_timeout: 0,
};

/**
 * MikroORM's configuration for one owner. The time-outs bound what a stuck database may cost a request: an answer of 503 within
 * seconds is worth more than a late success.
 */
export function ownerOptions(url: string, schema: OwnedSchema, pool: PoolOptions = {}): Options {
  return defineConfig({
    clientUrl: url,
    schema: schema.name,
    entities: [...schema.entities],
    extensions: [Migrator],
    pool: { min: 1, max: pool.max ?? 10, idleTimeoutMillis: 30_000 },
    driverOptions: {
      ...(pool.patient ? PATIENT : TIMEOUTS),
      options: PLANNING,
    },
    migrations: {
      tableName: 'migrations',
      schema: schema.name,
      migrationsList: [...schema.migrations],
      snapshot: false,
      disableForeignKeys: false,
      allOrNothing: true,
    },
    // A background job has no request to fork for; every unit of work forks for itself and forgetting it must fail loudly.
    allowGlobalContext: false,
    discovery: { warnWhenNoEntities: false },
    // Its lines would bypass the log's allow-list; what was migrated is told by whoever asked for it.
    logger: () => undefined,
  });
}
