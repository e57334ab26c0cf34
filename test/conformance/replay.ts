/**
 * A vendor that first hands the adapters' requests on to a simulator and keeps what it answered, then gives those answers again, spoiled as it is
 * told. Promises: the same requests and the same spoiling get the same bytes. What it has no answer to, it answers with 404.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request as send } from 'undici';

/** One answer, as it goes over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The connection ends before so many bytes of the body have come as were announced. */
  readonly isCut?: true;
  /** In place of all of it: bytes that are perhaps no HTTP. */
  readonly raw?: Buffer;
}

/** A request and what was answered to it. */
export interface Exchanged {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The step that was noted before it came, if any. */
  readonly step: string | undefined;
  readonly answer: Answer;
}

/** Changes the answer to the request with this number, counted from 0. */
export type Spoil = (answer: Answer, index: number) => Answer;

const KEPT_HEADERS = ['content-type', 'x-total-count', 'x-total-results'];
const UNKNOWN: Answer = { status: 404, headers: {}, body: Buffer.from('{}') };

export class ReplayingVendor {
  /** All exchanges since the last `record` or `replay`. */
  readonly exchanged: Exchanged[] = [];
  /** Set by the journal of whoever writes: the step that is about to be sent. */
  step: string | undefined;
  private known: readonly Exchanged[] | undefined;
  private spoil: Spoil = (answer) => answer;

  private constructor(
    private readonly server: Server,
    readonly host: string,
    private readonly simulator: URL,
  ) {}

  static async start(simulator: URL): Promise<ReplayingVendor> {
    const server = createServer({ keepAlive: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // Whoever has heard enough of an answer may hang up.
    server.on('connection', (socket) => socket.on('error', () => {}));
    const vendor = new ReplayingVendor(server, `127.0.0.1:${(server.address() as AddressInfo).port}`, simulator);
    server.on('request', (request, response) => void vendor.take(request, response));
    return vendor;
  }

  get origin(): string {
    return `http://${this.host}`;
  }

  /** Requests go to the simulator from now on. */
  record(): void {
    this.begin();
    this.known = undefined;
  }

  /** Requests get known answers from now on. */
  replay(known: readonly Exchanged[], spoil: Spoil): void {
    this.begin();
    this.known = known;
    this.spoil = spoil;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private begin(): void {
    this.exchanged.length = 0;
    this.step = undefined;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const method = request.method ?? '';
    const [path = ''] = (request.url ?? '').split('?', 1);
    const answer = this.known ? this.again(this.known, method, path) : await this.ask(request, Buffer.concat(chunks));
    // A step is noted immediately before it is sent, and noted again before it is sent again.
    const step = method === 'GET' ? undefined : this.step;
    if (method !== 'GET') this.step = undefined;
    this.exchanged.push({ method, path, step, answer });
    give(request, response, answer);
  }

  private async ask({ method = '', url = '', headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    const { connection: _ours, host: _us, ...passed } = headers;
    const answer = await send(new URL(url, this.simulator), {
      method: method as 'GET',
      headers: passed,
      ...(body.length > 0 ? { body } : {}),
    });
    const kept = KEPT_HEADERS.flatMap((name) =>
      answer.headers[name] === undefined ? [] : [[name, String(answer.headers[name])]],
    );
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    return { status: answer.statusCode, headers: Object.fromEntries(kept) as Record<string, string>, body: bytes };
  }

  private again(known: readonly Exchanged[], method: string, path: string): Answer {
    const index = this.exchanged.length;
    const sameRoute = known.filter((one) => one.method === method && one.path === path);
    const before = this.exchanged.filter((one) => one.method === method && one.path === path).length;
    return this.spoil((sameRoute[before] ?? sameRoute.at(-1))?.answer ?? UNKNOWN, index);
  }
}

function give(request: IncomingMessage, response: ServerResponse, { status, headers, body, isCut, raw }: Answer): void {
  response.on('error', () => {});
  if (raw) return void request.socket.end(raw);
  const announced = body.length + (isCut ? 10 : 0);
  response.writeHead(status, { ...headers, 'content-length': announced });
  if (isCut) response.write(body, () => request.socket.destroy());
  else response.end(body);
}
