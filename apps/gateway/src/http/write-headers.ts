import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '#problem';

const MAX_WAIT_SECONDS = 30;
const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

/**
 * The Idempotency-Key of a write, if it has one.
 * @throws Problem `invalid_request` for a key that is not 1 to 255 visible ASCII characters
 */
export function idempotencyKeyOf(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && VISIBLE_ASCII.test(key)) return key;
  const detail = 'The Idempotency-Key must have 1 to 255 visible ASCII characters.';
  throw Problem.invalid([{ pointer: '', code: 'invalid_format', detail }]);
}

/**
 * How many seconds `Prefer: wait=N` asks to wait (RFC 7240), at most 30; undefined when it does not. As that standard says, a preference
 * that can't be understood is ignored, and of several `wait` the first counts.
 */
export function preferredWaitOf(headers: IncomingHttpHeaders): number | undefined {
  const { prefer } = headers;
  const preferences = (Array.isArray(prefer) ? prefer.join(',') : (prefer ?? '')).split(',');
  for (const preference of preferences) {
    const [, seconds] = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(;.*)?$/i.exec(preference) ?? [];
    if (seconds !== undefined) return Number(seconds) > 0 ? Math.min(Number(seconds), MAX_WAIT_SECONDS) : undefined;
  }
  return undefined;
}
