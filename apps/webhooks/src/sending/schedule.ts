/** When what failed is tried again, and when enough is enough. Numbers only; whoever sends brings the clock and the dice. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Schedule {
  /** Pauses after the first failed try, the second, ...; after the last there is no further one. In milliseconds. */
  readonly pausesMs: readonly number[];
  /** A pause is up to this share shorter or longer, so that what failed together does not come back together. */
  readonly jitter: number;
  /** What could not be tried often enough within this is given up. */
  readonly expiresMs: number;
  /** Of a Retry-After: less and more are not believed. */
  readonly retryAfterMs: { readonly min: number; readonly max: number };
  /** An endpoint at which everything has failed for so long is disabled. */
  readonly disableAfterMs: number;
  /** Once an endpoint is back, what waited comes within this. */
  readonly recoverWithinMs: number;
}

/** Ten tries over three days. */
export const SCHEDULE: Schedule = {
  pausesMs: [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 20 * HOUR + 25 * MINUTE],
  jitter: 0.2,
  expiresMs: 4 * DAY,
  retryAfterMs: { min: SECOND, max: 6 * HOUR },
  disableAfterMs: 5 * DAY,
  recoverWithinMs: 30 * SECOND,
};

/**
 * How long to wait after a failure; undefined when it was the last.
 * @param failures failed tries so far, this one included
 * @param toldMs what the endpoint asked for
 * @param random from 0 up to 1
 */
export function pauseAfter(
  { pausesMs, jitter, retryAfterMs }: Schedule,
  failures: number,
  toldMs: number | undefined,
  random: number,
): number | undefined {
  const pause = pausesMs[failures - 1];
  if (pause === undefined) return undefined;
  const own = pause * (1 - jitter + 2 * jitter * random);
  return Math.round(toldMs === undefined ? own : Math.max(own, boundedRetryAfter({ retryAfterMs }, toldMs)));
}

export const boundedRetryAfter = ({ retryAfterMs: { min, max } }: Pick<Schedule, 'retryAfterMs'>, toldMs: number): number =>
  Math.min(Math.max(toldMs, min), max);
