/** Writes a simulated answer to the socket: JSON or nothing. */
import type { ServerResponse } from 'node:http';
import type { SimulatedResponse } from '../simulator.ts';

const NO_CONTENT = 204;

export const JSON_TYPE = 'application/json; charset=utf-8';

/** @returns the status, for the journal. */
export function answer(response: ServerResponse, { status, headers, body }: SimulatedResponse): number {
  if (body === undefined) {
    response.writeHead(status, status === NO_CONTENT ? headers : { ...headers, 'content-length': '0' });
    response.end();
    return status;
  }
  const text = bodyText(body);
  response.writeHead(status, { ...headers, 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(text) });
  response.end(text);
  return status;
}

export function bodyText(body: unknown): string {
  return JSON.stringify(body);
}
