/**
 * Statements on MikroORM's own connection pool, for the paths where a transaction handles hundreds of writes: parameters are bound by
 * the server, never written into the text. Everything else reads through the entity manager.
 *
 * A transaction ends in one of three ways, and callers act on the difference: committed; proven to be rolled back (the server said so);
 * or unknown (the connection broke), in which case the connection is closed for good.
 */
import type { EntityManager, MikroORM, PostgreSqlConnection } from '@mikro-orm/postgresql';
import { outageAsProblem } from '#persistence';
import { Problem } from '#problem';
import { MEANS_OF_ERRORS, type ErrorMeaning } from './database-errors.ts';

/** What we use of a `pg` client; the package ships no types. */
interface Client {
  query(statement: { name?: string; text: string; values?: readonly unknown[] }): Promise<{ rows: unknown[] }>;
  release(broken?: boolean): void;
}
interface Pool {
  connect(): Promise<Client>;
}

/** Nobody can say whether what was asked for has been done: the connection broke, or could not be had, or broke off after the commit. */
export class ConnectionLost extends Error {}

/**
 * Statements are prepared once per connection and run by their names: reading and planning one anew costs more than carrying it out. There
 * are a few dozen of them, each a constant of the source, so the map stays small.
 */
const NAMES = new Map<string, string>();

function named(text: string): { name?: string; text: string } {
  if (text.length < 16) return { text };
  const name = NAMES.get(text) ?? `s${NAMES.size}`;
  NAMES.set(text, name);
  return { name, text };
}

/** One connection, inside a transaction. */
export class Session {
  constructor(private readonly client: Client) {}

  /** @typeParam Row What the statement selects: the caller's promise, written beside the statement. */
  async run<Row>(statement: string, ...values: readonly unknown[]): Promise<Row[]> {
    try {
      const { rows } = await this.client.query({ ...named(statement), values });
      return rows as Row[];
    } catch (error) {
      throw sqlState(error) === undefined ? new ConnectionLost('connection lost', { cause: error }) : error;
    }
  }
}

export class Database {
  private pool: Promise<Pool> | undefined;

  constructor(private readonly orm: MikroORM) {}

  /** A fresh unit of work for reading; forked anew for every request. */
  get em(): EntityManager {
    return this.orm.em.fork();
  }

  /** One statement in a transaction of its own. */
  async run<Row>(statement: string, ...values: readonly unknown[]): Promise<Row[]> {
    return this.with((session) => session.run<Row>(statement, ...values));
  }

  /**
   * Resolves after COMMIT was answered. Every transaction is READ COMMITTED and takes row locks before it decides.
   * @param then Follows the commit. It can't undo it, so what it throws is told as an outcome that nobody knows, and never as a refusal: whoever
   *   took it for one would do the work again.
   */
  async transaction<Result>(
    work: (session: Session) => Promise<Result>,
    then: (result: Result) => void = () => undefined,
  ): Promise<Result> {
    const result = await this.committed(work);
    try {
      then(result);
    } catch (error) {
      throw new ConnectionLost('committed, but what follows failed', { cause: error });
    }
    return result;
  }

  private async committed<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.with(async (session) => {
      await session.run('begin');
      try {
        const result = await work(session);
        await session.run('commit');
        return result;
      } catch (error) {
        if (meaningOf(error) !== 'unavailable') await session.run('rollback');
        throw error;
      }
    });
  }

  private async with<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    // Not a promise kept for ever: a first attempt that failed must not poison the later ones.
    this.pool ??= poolOf(this.orm).catch((error: unknown) => {
      this.pool = undefined;
      throw error;
    });
    const client = await (await this.pool).connect().catch((error: unknown) => {
      throw new ConnectionLost('no connection', { cause: error });
    });
    try {
      const result = await work(new Session(client));
      client.release();
      return result;
    } catch (error) {
      // Anything but a clean refusal leaves the connection in a state that nobody knows: it is closed, not used again.
      client.release(meaningOf(error) === 'unavailable');
      throw error;
    }
  }
}

/** What an error means for the batch that met it. Anything that is neither the server's nor the connection's is our own refusal, or a bug. */
export function meaningOf(error: unknown): ErrorMeaning {
  if (error instanceof ConnectionLost) return 'unavailable';
  const code = sqlState(error);
  if (code === undefined) return 'refused';
  return MEANS_OF_ERRORS.find(({ prefix }) => code.startsWith(prefix))?.meaning ?? 'unavailable';
}

/** What a reader is told when the database can't answer; undefined for any other error. */
export const absenceAsProblem = (error: unknown): Problem | undefined =>
  error instanceof ConnectionLost || (sqlState(error) !== undefined && meaningOf(error) === 'unavailable')
    ? Problem.unavailable('The database does not answer.', 2, error)
    : outageAsProblem(error);

/** The server's five-character code, when the error came from the server. */
export function sqlState(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

async function poolOf(orm: MikroORM): Promise<Pool> {
  const connection: PostgreSqlConnection = orm.em.getDriver().getConnection();
  const pool: unknown = await connection.getNativeClient();
  return pool as Pool;
}

/**
 * A value as JSON that `jsonb` takes: it has no U+0000 and no half of a surrogate pair. For what the PMS or a worker told us; a customer's
 * payload is never altered but refused.
 */
export function cleanJson(value: unknown): string {
  const text = JSON.stringify(value);
  if (!/\\u(0000|d[89a-f])/i.test(text)) return text;
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'string' ? member.toWellFormed().replaceAll('\u0000', '\uFFFD') : member,
  );
}
