import type { IncomingHttpHeaders } from 'node:http';
import { nanoid } from 'nanoid';

const SANE = /^[A-Za-z0-9._:-]{1,64}$/;

/** The id of a request: the caller's own `x-request-id` if it is harmless in a header and a log, else a new one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && SANE.test(given) ? given : nanoid();
}

/** The `instance` of problem details. */
export const instanceOf = (requestId: string): string => `urn:request:${requestId}`;
