import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createSocketServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** One request as a vendor saw it. */
export interface Seen {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** A server on loopback that plays a PMS. */
export interface Vendor {
  readonly port: number;
  /** `127.0.0.1:port`, as the egress is told to allow it. */
  readonly host: string;
  readonly origin: string;
  readonly seen: Seen[];
  readonly connections: () => number;
  close(): Promise<void>;
}

export type Answer = (request: Seen, response: ServerResponse, count: number) => void | Promise<void>;

/** Answers with JSON. */
export function json(response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Starts a vendor whose every answer the test decides; `count` is the number of the request, from 1. */
export function startVendor(answer: Answer, tls?: { key: string; cert: string }): Promise<Vendor> {
  const seen: Seen[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: target = '', headers, rawHeaders } = request;
      seen.push({ method, target, headers, rawHeaders, body: Buffer.concat(chunks).toString('utf8') });
      void answer(seen.at(-1) as Seen, response, seen.length);
    });
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  return listen(server, seen, tls ? 'https' : 'http');
}

/** Starts a vendor that speaks bytes. */
export function startRawVendor(onConnection: (socket: Socket, count: number) => void): Promise<Vendor> {
  let count = 0;
  return listen(
    createSocketServer((socket) =>
      onConnection(
        socket.on('error', () => {}),
        (count += 1),
      ),
    ),
    [],
    'http',
  );
}

async function listen(server: Server, seen: Seen[], scheme: string): Promise<Vendor> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket.on('close', () => sockets.delete(socket)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    host: `127.0.0.1:${port}`,
    origin: `${scheme}://127.0.0.1:${port}`,
    seen,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Resolves when a condition holds; fails after two seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + 2_000;
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error('the condition did not come true');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
