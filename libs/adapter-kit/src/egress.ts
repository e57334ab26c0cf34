import { isIP } from 'node:net';
import { Agent, errors, request, type Dispatcher } from 'undici';
import { ForbiddenAddress, isPublicAddress, publicLookup } from './address.ts';

/** One HTTP exchange to be made. */
export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came of it. `not_sent` is proof that no byte of the request reached the other side; `lost` is no proof of anything. */
export type ExchangeResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: 'not_sent'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string; readonly status?: number };

export interface EgressOptions {
  /** `host:port` pairs that may be reached although they are not public; the sandbox in development. */
  readonly allow: readonly string[];
  /** Whole time of one exchange, in milliseconds. */
  readonly timeoutMs: number;
  /** Connections to one host. @default 32 */
  readonly connections?: number;
}

/** A larger answer is not read to its end: it is no answer of a PMS. */
const MAX_ANSWER_BYTES = 10 * 1_024 * 1_024;
const CONNECT_TIMEOUT_MS = 10_000;
// Shorter than the idle time-outs of servers that we know of, so that a request rarely meets a connection that is being closed.
const KEEP_ALIVE_MS = 4_000;

/** Errors that undici raises before a request can have left. */
const NOT_SENT_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * The one way out of Latchkey, for every PMS. It checks the address inside the connection's own look-up, follows no redirect, bounds time and
 * size, keeps a pool per host, and above all says honestly what an exchange proves.
 */
export class Egress {
  private readonly agent: Agent;

  constructor(private readonly options: EgressOptions) {
    const shared = {
      connections: options.connections ?? 32,
      keepAliveTimeout: KEEP_ALIVE_MS,
      pipelining: 1,
      maxResponseSize: MAX_ANSWER_BYTES,
    };
    this.agent = new Agent({
      ...shared,
      factory: (origin, given) => {
        const { host } = new URL(origin);
        const lookup = options.allow.includes(host) ? undefined : publicLookup;
        return new Agent({
          ...shared,
          ...given,
          connect: { timeout: CONNECT_TIMEOUT_MS, ...(lookup ? { lookup } : {}) },
        } as Agent.Options);
      },
    });
  }

  /** Never throws: whatever goes wrong is a result. */
  async send(exchange: Exchange): Promise<ExchangeResult> {
    const refusal = this.refuse(exchange.url);
    if (refusal) return { kind: 'not_sent', reason: refusal };
    const deadline = AbortSignal.timeout(this.options.timeoutMs);
    let answer: Dispatcher.ResponseData;
    try {
      answer = await request(exchange.url, {
        method: exchange.method as Dispatcher.HttpMethod,
        headers: exchange.headers,
        ...(exchange.body === undefined ? {} : { body: exchange.body }),
        dispatcher: this.agent,
        signal: deadline,
        headersTimeout: this.options.timeoutMs,
        bodyTimeout: this.options.timeoutMs,
      });
    } catch (error) {
      return wasNotSent(error) ? { kind: 'not_sent', reason: reasonOf(error) } : { kind: 'lost', reason: reasonOf(error) };
    }
    try {
      return { kind: 'answered', status: answer.statusCode, headers: flat(answer.headers), body: await answer.body.text() };
    } catch (error) {
      return { kind: 'lost', reason: reasonOf(error), status: answer.statusCode };
    }
  }

  async close(): Promise<void> {
    await this.agent.close();
  }

  /** What a look-up can't catch: literal addresses, other protocols, user names in the URL. */
  private refuse(url: URL): string | undefined {
    if (this.options.allow.includes(url.host)) return undefined;
    if (url.protocol !== 'https:') return 'only https addresses are called';
    if (url.username || url.password) return 'an address must not carry credentials';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) && !isPublicAddress(host)) return 'the address is not a public one';
    return undefined;
  }
}

function wasNotSent(error: unknown): boolean {
  if (error instanceof ForbiddenAddress || error instanceof errors.InvalidArgumentError) return true;
  const code = (error as { code?: unknown })?.code;
  if (typeof code === 'string' && NOT_SENT_CODES.has(code)) return true;
  const inner = (error as { errors?: unknown; cause?: unknown }) ?? {};
  if (Array.isArray(inner.errors) && inner.errors.length > 0) return inner.errors.every(wasNotSent);
  return inner.cause !== undefined && inner.cause !== error && wasNotSent(inner.cause);
}

function reasonOf(error: unknown): string {
  if (error instanceof ForbiddenAddress) return 'the address is not a public one';
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time';
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return 'no answer in time';
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'no connection in time';
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return 'the answer was larger than any real one';
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host name is not known';
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE') return 'the connection broke';
  return typeof code === 'string' ? `the connection failed (${code})` : 'the connection failed';
}

function flat(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : String(value)]),
  );
}
