/**
 * How each kind of fault looks on the socket.
 *
 * Promises: what the table says, byte for byte. Kinds that break the connection take the socket over from the
 * framework; the others are ordinary answers with the wrong content.
 */
import type { ServerResponse } from 'node:http';
import type { SimulatedResponse } from '../simulator.ts';
import type { FaultKind, FaultRule } from './fault-rule.dto.ts';
import { answer, bodyText, JSON_TYPE } from './answer.ts';

/** Plays one fault. `honest` is what the vendor would have said: absent when the call never reached it. */
type FaultReply = (response: ServerResponse, rule: FaultRule, honest: SimulatedResponse | undefined) => number | null;

/** Returns the status that left the house, or null when none did. */
export const FAULTS: Readonly<Record<FaultKind, FaultReply>> = {
  /** Never answers; the socket stays open until the client goes. */
  hang: () => null,

  /** Cuts the connection with a TCP reset. */
  reset: (response) => {
    response.socket?.resetAndDestroy();
    return null;
  },

  /** The status, body and headers of the rule. */
  status: (response, rule) => answer(response, { status: rule.status ?? 500, headers: rule.headers ?? {}, body: rule.body }),

  /** Announces the whole honest answer, sends half of it, and ends the connection. */
  truncate: (response, rule, honest) => {
    const text = bodyText(honest?.body ?? { truncated: true });
    const status = rule.status ?? honest?.status ?? 200;
    const announced = String(Buffer.byteLength(text));
    response.writeHead(status, { ...honest?.headers, ...rule.headers, 'content-type': JSON_TYPE, 'content-length': announced });
    response.write(text.slice(0, Math.ceil(text.length / 2)), () => response.socket?.destroy());
    return status;
  },

  /** A success whose body is cut in the middle of a string, so that no JSON parser accepts it. */
  garbage: (response, rule) => {
    const status = rule.status ?? 200;
    response.writeHead(status, { ...rule.headers, 'content-type': JSON_TYPE });
    response.end('{"unfinished": "busin');
    return status;
  },

  /** The vendor's own answer, late. */
  slow: (response, rule, honest) =>
    answer(response, { status: 200, ...honest, headers: { ...honest?.headers, ...rule.headers } }),

  /** 429, with Retry-After when the rule names seconds. */
  rate_limit: (response, rule) => {
    const pause: Record<string, string> = rule.retry_after === undefined ? {} : { 'retry-after': String(rule.retry_after) };
    return answer(response, { status: 429, headers: { ...rule.headers, ...pause }, body: rule.body });
  },

  /** 200 and not a byte of body. */
  empty: (response, rule) => answer(response, { status: 200, headers: rule.headers ?? {} }),

  /** 200 and a page for people, as something between us and the vendor might say it. */
  page: (response, rule) => {
    response.writeHead(200, { ...rule.headers, 'content-type': 'text/html' });
    response.end('<!doctype html><title>Please wait</title><p>We will be back soon.');
    return 200;
  },
};
