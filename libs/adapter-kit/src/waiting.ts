import type { LimitSpec, Verdict } from '#capabilities';

/** Longer is a mistake, or as good as one. In milliseconds. */
const MAX_WAIT_MS = 3_600_000;
/** A PMS that wants to be left alone does not mean "for no time". */
const MIN_WAIT_MS = 1_000;
/** Used when the PMS says "slow down" without saying for how long. */
export const DEFAULT_SLOW_DOWN_MS = 2_000;

type Headers = Readonly<Record<string, string>>;

/** How long an answer asks us to wait, in milliseconds; undefined when it does not. `now`: milliseconds since the epoch. */
export function waitingTime(verdict: Verdict, headers: Headers, limits: LimitSpec, now: number): number | undefined {
  if (verdict !== 'slow_down' && verdict !== 'later') return undefined;
  const told = retryAfter(headers['retry-after'], now) ?? untilReset(headers, limits, now);
  if (told === undefined) return verdict === 'slow_down' ? DEFAULT_SLOW_DOWN_MS : undefined;
  return Math.min(Math.max(told, MIN_WAIT_MS), MAX_WAIT_MS);
}

/** A PMS that counts for us is believed before it has to refuse: how long to pause, in milliseconds; 0 while something is left. */
export function pauseAfter(headers: Headers, limits: LimitSpec, now: number): number {
  const remaining = limits.headers && headers[limits.headers.remaining.toLowerCase()];
  if (remaining === undefined || !/^\s*(0+(\.0+)?|-\d+)\s*$/.test(remaining)) return 0;
  return Math.min(untilReset(headers, limits, now) ?? 0, MAX_WAIT_MS);
}

/** What a Retry-After says, in milliseconds: seconds or an HTTP date; undefined for anything else, and for a time that is over. */
export function retryAfter(told: string | undefined, now: number): number | undefined {
  if (told === undefined) return undefined;
  const text = told.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  // Dates begin with a day of the week; everything else that Date.parse would take (`-5`, `2`) is garbage here.
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return undefined;
  const wait = Date.parse(text) - now;
  return wait >= 0 ? wait : undefined;
}

function untilReset(headers: Headers, limits: LimitSpec, now: number): number | undefined {
  const told = limits.headers && headers[limits.headers.resetAt.toLowerCase()];
  if (told === undefined || !/^\s*\d+(\.\d+)?\s*$/.test(told)) return undefined;
  const wait = Number(told) * 1_000 - now;
  return wait > 0 ? wait : undefined;
}
