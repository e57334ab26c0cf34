import type { Socket } from 'node:net';
import { nanoid } from 'nanoid';
import { Problem } from '#problem';
import { instanceOf } from './request-id.ts';

/** What Node refuses before there is a request: by its code, else as something that is no HTTP. */
const REFUSALS: Readonly<Record<string, { line: string; status: number; detail: string }>> = {
  HPE_HEADER_OVERFLOW: {
    line: '431 Request Header Fields Too Large',
    status: 431,
    detail: 'The address and the headers together are too large.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { line: '408 Request Timeout', status: 408, detail: 'The request did not arrive in time.' },
};
const NO_HTTP = { line: '400 Bad Request', status: 400, detail: 'The request is not valid HTTP.' };

/** Answers on a bare socket, in the same form as everywhere, and closes it. */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const { line, status, detail } = REFUSALS[error.code ?? ''] ?? NO_HTTP;
  const id = nanoid();
  const body = JSON.stringify({ ...new Problem('invalid_request', detail).toDocument(instanceOf(id)), status });
  const head = [
    `HTTP/1.1 ${line}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${id}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
