/**
 * A network that can be made bad: a TCP proxy of our own between a service and what it talks to.
 *
 * Bytes are never lost, altered or reordered, as TCP promises; what is held back by a black hole arrives when it is lifted, as after a
 * partition that heals. `cut` and `reset` end connections the hard way. Connections go to the targets in turn, past those that refuse.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What is wrong with the network; an empty one is well. */
export interface Toxics {
  /** Each byte arrives so much later. */
  readonly latencyMs?: number;
  /** In each direction of each connection: a thin line, or, with very few, a slow drip. */
  readonly bytesPerSecond?: number;
  /** Nothing passes and nothing is refused. */
  readonly blackhole?: boolean;
  /** A connection ends hard after so many bytes towards the client, counted from when it was made. */
  readonly cutAfterBytes?: number;
}

export interface Proxy {
  readonly port: number;
  /** Connections that stand now. */
  readonly connections: number;
  /** Replaces what is wrong, also for connections that stand. */
  poison(toxics: Toxics): void;
  /** All is well. What was held back is delivered. */
  heal(): void;
  /** Ends every connection with a reset. */
  reset(): void;
  /** Refuses new connections, or takes them again. */
  refuse(refused: boolean): void;
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** Ports on 127.0.0.1, asked anew for each connection. */
  readonly targets: () => readonly number[];
  /** @default a free one */
  readonly port?: number;
}

const CHECK_MS = 20;
/** A direction that holds more than this stops reading. */
const HELD_BYTES = 256 * 1024;
/** A thin line sends in steps of this length. */
const STEP_MS = 50;

export async function startProxy({ targets, port = 0 }: ProxyOptions): Promise<Proxy> {
  const network = new Network(targets);
  await new Promise<void>((resolve, reject) => network.server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return network;
}

class Network implements Proxy {
  readonly server: Server = createServer({ allowHalfOpen: true }, (client) => void this.join(client));
  private readonly lines = new Set<Line>();
  private toxics: Toxics = {};
  private refused = false;
  private turn = 0;

  constructor(private readonly targets: () => readonly number[]) {}

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }
  get connections(): number {
    return this.lines.size;
  }

  poison(toxics: Toxics): void {
    this.toxics = toxics;
  }
  heal(): void {
    this.toxics = {};
    this.refused = false;
  }
  reset(): void {
    for (const line of [...this.lines]) line.cut();
  }
  refuse(refused: boolean): void {
    this.refused = refused;
  }
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.reset();
    await closed;
  }

  private async join(client: Socket): Promise<void> {
    client.on('error', () => client.destroy());
    if (this.refused) return void client.resetAndDestroy();
    while (this.toxics.blackhole && !client.destroyed) await sleep(CHECK_MS);
    const server = await this.reach();
    if (!server || client.destroyed) {
      server?.destroy();
      return void client.resetAndDestroy();
    }
    const line = new Line(client, server, () => this.toxics);
    this.lines.add(line);
    await line.ended;
    this.lines.delete(line);
  }

  /** The next target that takes a connection. */
  private async reach(): Promise<Socket | undefined> {
    const ports = this.targets();
    for (let tries = 0; tries < ports.length; tries += 1) {
      const port = ports[this.turn++ % ports.length];
      const socket = port === undefined ? undefined : await dial(port);
      if (socket) return socket;
    }
    return undefined;
  }
}

function dial(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    socket.once('connect', () => resolve(socket)).once('error', () => resolve(undefined));
  });
}

/** One connection: two directions that end together. */
class Line {
  readonly ended: Promise<void>;
  private end: () => void = () => undefined;
  private passed = 0;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly toxics: () => Toxics,
  ) {
    this.ended = new Promise((resolve) => (this.end = resolve));
    client.setNoDelay(true);
    for (const socket of [client, server]) {
      socket.on('error', () => this.cut());
      socket.on('close', () => this.whenBothClosed());
    }
    this.carry(client, server, () => undefined);
    this.carry(server, client, (bytes) => this.count(bytes));
  }

  cut(): void {
    for (const socket of [this.client, this.server]) if (!socket.destroyed) socket.resetAndDestroy();
    this.end();
  }

  private whenBothClosed(): void {
    if (this.client.destroyed && this.server.destroyed) this.end();
  }

  private count(bytes: number): void {
    this.passed += bytes;
    const { cutAfterBytes } = this.toxics();
    if (cutAfterBytes !== undefined && this.passed > cutAfterBytes) this.cut();
  }

  private carry(from: Socket, to: Socket, passed: (bytes: number) => void): void {
    const held: { readonly chunk: Buffer | undefined; readonly arrivedAt: number }[] = [];
    let size = 0;
    let busy = false;
    const deliver = async (): Promise<void> => {
      if (busy) return;
      busy = true;
      for (let next = held.shift(); next; next = held.shift()) {
        await this.hold(next.arrivedAt, to);
        if (to.destroyed) break;
        if (next.chunk === undefined) to.end();
        else await this.write(next.chunk, to, passed);
        size -= next.chunk?.length ?? 0;
        if (size < HELD_BYTES) from.resume();
      }
      busy = false;
    };
    from.on('data', (chunk: Buffer) => {
      held.push({ chunk, arrivedAt: performance.now() });
      size += chunk.length;
      if (size >= HELD_BYTES) from.pause();
      void deliver();
    });
    from.on('end', () => {
      held.push({ chunk: undefined, arrivedAt: performance.now() });
      void deliver();
    });
  }

  private async hold(arrivedAt: number, to: Socket): Promise<void> {
    const { latencyMs = 0 } = this.toxics();
    const left = arrivedAt + latencyMs - performance.now();
    if (left > 0) await sleep(left);
    while (this.toxics().blackhole && !to.destroyed) await sleep(CHECK_MS);
  }

  private async write(chunk: Buffer, to: Socket, passed: (bytes: number) => void): Promise<void> {
    for (let at = 0; at < chunk.length && !to.destroyed;) {
      const { bytesPerSecond } = this.toxics();
      const step = bytesPerSecond === undefined ? chunk.length - at : Math.max(1, Math.floor((bytesPerSecond * STEP_MS) / 1_000));
      const part = chunk.subarray(at, at + step);
      if (!to.write(part)) await new Promise<void>((resolve) => to.once('drain', resolve).once('close', resolve));
      at += part.length;
      passed(part.length);
      if (bytesPerSecond !== undefined) await sleep((part.length / bytesPerSecond) * 1_000);
    }
  }
}
