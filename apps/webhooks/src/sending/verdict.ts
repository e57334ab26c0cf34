import { retryAfter, type ExchangeResult } from '#adapter-kit';

/** What an exchange with an endpoint means: it has the message, or not; and what it asks of us. */
export interface Verdict {
  readonly delivered: boolean;
  readonly status: number | null;
  /** Why it failed, in our own words: an endpoint's are not kept. */
  readonly reason: string | null;
  /** It wants nothing any more, ever. */
  readonly gone: boolean;
  /** It asks to be left alone for so long, in milliseconds. */
  readonly retryAfterMs: number | undefined;
}

const GONE = 410;

/**
 * Only a whole answer of 2xx counts. A redirect is a failure like any other: whoever moved must tell us himself, since an address is judged when
 * it is saved. What was lost on the way may have arrived; it is sent again under the same id.
 * @param now Milliseconds since the epoch.
 */
export function verdictOf(result: ExchangeResult, now: number): Verdict {
  if (result.kind !== 'answered') {
    const { status = null } = result.kind === 'lost' ? result : {};
    return { delivered: false, status, reason: result.reason, gone: false, retryAfterMs: undefined };
  }
  const { status, headers } = result;
  const delivered = status >= 200 && status < 300;
  return {
    delivered,
    status,
    reason: delivered ? null : status >= 300 && status < 400 ? 'it redirects, which is not followed' : `it answered ${status}`,
    gone: status === GONE,
    retryAfterMs: delivered ? undefined : retryAfter(headers['retry-after'], now),
  };
}
