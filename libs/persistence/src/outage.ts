import { Problem } from '#problem';

/** The database can't be reached, ended the connection, or has no room for another: codes of the network, and classes of Postgres. */
const OUTAGES: readonly string[] = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', '08', '53', '57P'];
/** What the driver says in words only. */
const OUTAGE_IN_WORDS =
  /Connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i;
/** Errors wrap each other; nobody means more than that. */
const DEPTH = 5;

/**
 * An outage of the database as the Problem `unavailable`, so that whoever asked repeats it; undefined for any other error. Whether a statement
 * that was under way has taken effect is not known.
 */
export function outageAsProblem(error: unknown): Problem | undefined {
  let seen = error;
  for (let depth = 0; depth < DEPTH && seen instanceof Error; depth += 1) {
    const { code } = seen as { code?: unknown };
    const isOutage = typeof code === 'string' && OUTAGES.some((start) => code.startsWith(start));
    if (isOutage || OUTAGE_IN_WORDS.test(seen.message)) return Problem.unavailable('The database does not answer.', 2, error);
    seen = seen.cause;
  }
  return undefined;
}
