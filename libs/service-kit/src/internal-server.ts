import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerFailpoints } from './failpoint-route.ts';
import { Readiness, type ReadinessChecks } from './readiness.ts';

export interface InternalServerOptions {
  readonly host: string;
  readonly port: number;
  /** Asked anew at each look: a service that is still starting has others. */
  readonly checks: () => ReadinessChecks;
  /** The text of `/metrics` in the Prometheus exposition format. */
  readonly metrics: () => Promise<string> | string;
  /** Whether failpoints may be armed through it: never in production. */
  readonly harmful: boolean;
}

/**
 * `/healthz` (the event loop turns: no answer is the other answer), `/readyz` (each check passes; 503 names those that do not) and `/metrics`, on a port of its own that is
 * never exposed to customers.
 */
export async function startInternalServer(options: InternalServerOptions): Promise<{ port: number; close(): Promise<void> }> {
  const readiness = new Readiness();
  const server: Server = createServer((request, response) => {
    const send = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    const path = request.url?.split('?')[0];
    if (path === '/healthz') return send(200, 'application/json', '{"status":"ok"}');
    if (path === '/readyz') {
      void readiness
        .failing(options.checks())
        .then((failing) =>
          send(
            failing.length === 0 ? 200 : 503,
            'application/json',
            JSON.stringify({ status: failing.length === 0 ? 'ready' : 'not ready', failing }),
          ),
        );
      return;
    }
    if (path === '/metrics') {
      void Promise.resolve(options.metrics()).then(
        (text) => send(200, 'text/plain; version=0.0.4', text),
        () => send(500, 'text/plain', ''),
      );
      return;
    }
    if (path === '/failpoints' && options.harmful) return void answerFailpoints(request, response);
    send(404, 'application/json', '{"status":"not found"}');
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port, options.host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
