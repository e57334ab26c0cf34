/** An endpoint of a customer, as good or as hostile as a test wants it. Keeps what it was sent. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Heard {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly at: number;
}

type Answering = (response: ServerResponse, request: IncomingMessage) => void;

/** Ways to answer. `hang`: never. */
export const ANSWERS = {
  ok: (response) => response.writeHead(204).end(),
  error: (response) => response.writeHead(500).end('<script>no</script>'),
  gone: (response) => response.writeHead(410).end(),
  hang: () => undefined,
  reset: (_response, request) => request.socket.resetAndDestroy(),
  endless: (response) => {
    response.writeHead(200);
    const pour = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, 0x61)));
      if (!response.destroyed) response.once('drain', pour);
    };
    pour();
  },
  dripping: (response, request) => {
    request.socket.write('HTTP/1.1 200 OK\r\nx: ');
    const clock = setInterval(() => request.socket.write('a'), 50);
    request.socket.on('close', () => clearInterval(clock));
    response.on('error', () => undefined);
  },
  huge_headers: (_response, request) => void request.socket.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(2_000_000)}\r\n\r\n`),
  nonsense: (_response, request) => void request.socket.end('THIS IS NOT HTTP\r\n\r\n'),
} as const satisfies Readonly<Record<string, Answering>>;
export type Answer = keyof typeof ANSWERS;

export class Receiver {
  readonly heard: Heard[] = [];
  /** How each request is answered; may look at what was sent. */
  answering: (heard: Heard) => Answer | Answering = () => 'ok';

  private constructor(
    readonly port: number,
    private readonly stop: () => Promise<void>,
  ) {}

  static async listen(answering: Receiver['answering'] = () => 'ok'): Promise<Receiver> {
    const sockets = new Set<import('node:net').Socket>();
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('error', () => undefined);
      response.on('error', () => undefined);
      request.on('end', () => {
        const { url: path = '', headers } = request;
        const heard = { path, headers, body, at: performance.now() };
        receiver.heard.push(heard);
        const answer = receiver.answering(heard);
        (typeof answer === 'string' ? ANSWERS[answer] : answer)(response, request);
      });
    });
    server.on('connection', (socket) => {
      sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new Receiver((server.address() as AddressInfo).port, async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    });
    receiver.answering = answering;
    return receiver;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }
  get url(): string {
    return `http://${this.host}/hooks`;
  }
  /** `webhook-id`s of what came, tries included, but for the message by which an endpoint is verified. */
  get ids(): readonly string[] {
    return this.heard.map(({ headers }) => String(headers['webhook-id'])).filter((id) => !id.includes('webhook_verification'));
  }

  close(): Promise<void> {
    return this.stop();
  }
}
