/** Time, as a parameter. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds of a clock that nobody can set; it goes on while the process is stopped. */
  readonly elapsed: () => number;
}

export const systemClock: Clock = { now: () => Date.now(), elapsed: () => performance.now() };

/** Clocks of two machines differ; a record may seem to be made before it was sent for. In milliseconds. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;
