/** What one may set for a run, each by an environment variable. A value that is no number, or too small to measure with, ends the run at once. */

function atLeast(name: string, least: number, otherwise: number): number {
  const value = Number(process.env[name] ?? otherwise);
  if (value >= least) return value;
  throw new Error(`${name} must be a number of at least ${least}`);
}

export const SETTINGS = {
  /** Seconds that each contender is measured in each round. */
  seconds: atLeast('BENCH_SECONDS', 1, 5),
  /** Rounds; tables show the median of them. */
  rounds: atLeast('BENCH_ROUNDS', 1, 3),
  /** Writes that are drained. */
  jobs: atLeast('BENCH_JOBS', 100, 3_000),
  /** Accepts per second where latency is measured at a steady load, far below what a machine can do. */
  rate: atLeast('BENCH_RATE', 1, 150),
  /** Writes that wait, for `backlog`. */
  backlog: atLeast('BENCH_BACKLOG', 1_000, 250_000),
  /** Writes that ended long ago, for `history`. */
  history: atLeast('BENCH_HISTORY', 1_000, 500_000),
  /** Copies of records of others, for `records`. */
  records: atLeast('BENCH_RECORDS', 1_000, 200_000),
  /** Minutes of steady load, for `memory`. */
  minutes: atLeast('BENCH_MINUTES', 1, 60),
  /** Whether every service writes a CPU profile. */
  profile: process.env['BENCH_PROFILE'] === '1',
} as const;
