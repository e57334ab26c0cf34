import { isIP } from 'node:net';
import { Agent, Pool } from 'undici';
import { isPublicAddress } from '#public-address';
import { allAddresses, ForbiddenAddress, publicLookupBy, type Resolver } from './address.ts';
import { Answering, NO_TIME_LEFT } from './answering.ts';
import { unwatched, type CallWatch } from './watch.ts';

/** One HTTP exchange to be made. */
export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A moment of `performance.now()` after which the first byte must not leave any more. @default when the exchange's time is over */
  readonly startBefore?: number;
}

/** What came of it. `not_sent` is proof that no byte of the request reached the other side; `lost` is no proof of anything. */
export type ExchangeResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** By lower-case name; repeated ones joined by commas. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: 'not_sent'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string; readonly status?: number };

export interface EgressOptions {
  /** `host:port` pairs that may be reached although they are not public, by http too; the sandbox in development. */
  readonly allow: readonly string[];
  /** Whole time of one exchange, waiting for a connection included, in milliseconds. */
  readonly timeoutMs: number;
  /** Of an answer; a larger one is not read to its end. In bytes. @default 5 MiB: no answer of a PMS has more */
  readonly maxAnswerBytes?: number;
  /** Connections to one host. @default 32 */
  readonly connections?: number;
  /** Who is asked for the addresses of a name. @default the system */
  readonly resolver?: Resolver;
  /** @default nobody */
  readonly watch?: CallWatch;
}

const CONNECT_TIMEOUT_MS = 10_000;
// Shorter than the idle time-outs of servers that we know of, so that a request rarely meets a connection that is being closed.
const KEEP_ALIVE_MS = 4_000;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };

/**
 * The one way out of Latchkey, to every PMS and every customer's webhook. It checks the address inside the connection's own look-up, follows no redirect, bounds time and
 * size, keeps a pool per host, and above all says honestly what an exchange proves: see `answering.ts`.
 */
export class Egress {
  /** Told by whoever knows what an exchange is for. */
  readonly watch: CallWatch;
  private readonly agent: Agent;
  private readonly underWay = new Set<Promise<ExchangeResult>>();
  private isClosing = false;

  constructor(private readonly options: EgressOptions) {
    this.watch = options.watch ?? unwatched;
    const lookup = publicLookupBy(options.resolver ?? allAddresses);
    this.agent = new Agent({
      factory: (origin) => {
        const allowed = this.isAllowed(new URL(origin));
        return new Pool(origin, {
          connections: options.connections ?? 32,
          keepAliveTimeout: KEEP_ALIVE_MS,
          // One request at a time on a connection, and HTTP/1.1 only: pipelined and multiplexed requests may be sent again by the client itself.
          pipelining: 1,
          allowH2: false,
          connect: {
            timeout: CONNECT_TIMEOUT_MS,
            // Stated, so that no environment variable can turn it off.
            rejectUnauthorized: true,
            minVersion: 'TLSv1.2',
            ...(allowed ? {} : { lookup }),
          },
        });
      },
    });
  }

  /** Never throws: whatever goes wrong is a result. */
  async send(exchange: Exchange): Promise<ExchangeResult> {
    const refusal = this.refuse(exchange);
    if (refusal) return { kind: 'not_sent', reason: refusal };
    const result = this.dispatch(exchange);
    this.underWay.add(result);
    void result.finally(() => this.underWay.delete(result));
    return result;
  }

  /** Begins no further exchange and waits for those under way: at most their whole time. */
  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.all(this.underWay);
    // Not agent.close(): that would wait for connections which nobody needs any more.
    await this.agent.destroy();
  }

  private dispatch({ method, url, headers, body, startBefore }: Exchange): Promise<ExchangeResult> {
    return new Promise((resolve) => {
      const answering = new Answering(resolve, this.options, startBefore);
      try {
        // The answering has its own clock for all of it; undici's are coarse and start anew with every byte.
        const times = { headersTimeout: 0, bodyTimeout: 0 };
        const content = body === undefined ? {} : { body };
        this.agent.dispatch(
          { origin: url.origin, path: url.pathname + url.search, method, headers, ...content, ...times },
          answering,
        );
      } catch (error) {
        answering.onResponseError(null, error);
      }
    });
  }

  /** Why an exchange is not begun at all. Of addresses: what a look-up can't catch. */
  private refuse({ url, startBefore = Infinity }: Exchange): string | undefined {
    if (this.isClosing) return 'Latchkey is stopping';
    if (startBefore < performance.now()) return NO_TIME_LEFT;
    if (url.username || url.password) return 'an address must not carry credentials';
    if (this.isAllowed(url)) return undefined;
    if (url.protocol !== 'https:') return 'only https addresses are called';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) && !isPublicAddress(host)) return new ForbiddenAddress(host).reason;
    return undefined;
  }

  private isAllowed({ protocol, hostname, port }: URL): boolean {
    const defaultPort = DEFAULT_PORTS[protocol];
    return defaultPort !== undefined && this.options.allow.includes(`${hostname}:${port || defaultPort}`);
  }
}
