import type { Verdict } from '#capabilities';
import type { CallResult } from './call-result.ts';

/** A call that goes out to a PMS, as far as anybody else may know of it: no parameter, no query, no body, no header. */
export interface CallBegun {
  readonly pms: string;
  readonly method: string;
  /** The path with the names of its parameters, as the declaration has it. */
  readonly template: string;
  readonly url: { readonly hostname: string; readonly port: string; readonly protocol: string };
}
export type CallEnded = Pick<CallResult, 'evidence' | 'status'> & { readonly verdict: Verdict | 'not_sent' };

/**
 * Hears of each exchange with a PMS, logins included: when it begins, and by what it returns, how it ended. For traces and figures; neither may
 * throw or take its time.
 */
export type CallWatch = (call: CallBegun) => (ended: CallEnded) => void;

export const unwatched: CallWatch = () => () => {};
