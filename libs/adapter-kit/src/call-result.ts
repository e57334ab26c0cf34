import type { ErrorReading, Evidence, Verdict } from '#capabilities';

/** What a call to the PMS came to. */
export interface CallResult {
  readonly evidence: Evidence;
  readonly verdict: Verdict | 'not_sent';
  readonly status: number | null;
  /** The parsed answer; undefined for an empty body, and of a call that is not `done`. */
  readonly answer: unknown;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the PMS said about a call that it did not carry out, without the account's secrets. */
  readonly error: ErrorReading;
  /** In words, when the PMS's own are not enough. */
  readonly reason: string | null;
  /** How long to wait before another try, when the PMS or its limits say so. */
  readonly retryAfterMs: number | undefined;
  /** No call was made, and none was tried: the time was not right. Nothing that anybody needs to hear of. */
  readonly unmade?: true;
}

export const NO_ERROR: ErrorReading = { message: null, fields: [] };

/** A result that no answer of the PMS stands behind. */
export const withoutAnswer = (
  result: Pick<CallResult, 'evidence' | 'verdict'> & Partial<Pick<CallResult, 'reason' | 'retryAfterMs' | 'status' | 'unmade'>>,
): CallResult => ({
  status: null,
  answer: undefined,
  headers: {},
  error: NO_ERROR,
  reason: null,
  retryAfterMs: undefined,
  ...result,
});
