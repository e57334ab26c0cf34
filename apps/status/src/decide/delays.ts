/** How long the ledger waits, in milliseconds. Every number of this kind stands here. */

/** The longest wait between two tries. */
const RETRY_CEILING_MS = 15 * 60_000;
const RETRY_STEP_MS = 1_000;
/** A PMS may ask for more patience than this; it does not get it. */
const ASKED_CEILING_MS = 60 * 60_000;
/** How long a doubt may last when only its worker knows better and has not said. */
export const DOUBT_LIMIT_MS = 60 * 60_000;
/** How often a release is published anew when nobody claims it: first after 5 s, then rarer. */
const UNCLAIMED_STEP_MS = 5_000;
const UNCLAIMED_CEILING_MS = 15_000;
/** Claims of one write that may end in silence before anything was sent. */
export const CRASH_LIMIT = 3;

/** Full jitter: anything between nothing and an exponentially growing ceiling, so that many waiting writes do not return at once. */
export const backoff = (tries: number, random: () => number): number =>
  Math.floor(random() * Math.min(RETRY_CEILING_MS, RETRY_STEP_MS * 2 ** Math.min(tries, 20)));

/** What somebody asked for, within reason. */
export const asked = (afterMs: number): number => Math.min(Math.max(0, afterMs), ASKED_CEILING_MS);

export const unclaimedAfter = (times: number): number => Math.min(UNCLAIMED_CEILING_MS, UNCLAIMED_STEP_MS * (times + 1));
/** The earliest that any release counts as unclaimed; lets the sweeper's query skip the rest. */
export const UNCLAIMED_AFTER_MS = UNCLAIMED_STEP_MS;
