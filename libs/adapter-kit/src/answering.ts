import { type Dispatcher } from 'undici';
import { failpointLater } from '#failpoints';
import { ForbiddenAddress } from './address.ts';
import type { EgressOptions, ExchangeResult } from './egress.ts';

/**
 * Unless whoever asks sets another limit. A larger answer is not read to its end: it is no answer of a PMS, a thousand records of which have five
 * thousand characters each.
 */
const MAX_ANSWER_BYTES = 5 * 1_024 * 1_024;
/** What holding one piece of an answer costs besides its bytes: an answer in pieces of one byte would otherwise take a hundred times its size. */
const BYTES_OF_A_PIECE = 128;

/** Why an exchange was broken off by ourselves. */
class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}
const TOO_LATE = 'no answer in time';
const NO_CONNECTION = 'no connection in time';
export const NO_TIME_LEFT = 'too little time was left to send it';
const TOO_LARGE = 'the answer was larger than any real one';

/**
 * Follows one exchange to its end and says what it proves.
 *
 *   waiting -> (onRequestStart) started -> headers -> answered
 *      any failure: not_sent            lost      lost, with the status
 *
 * undici calls `onRequestStart` on a connection that stands (TLS included) immediately before it writes the first byte, and never for a request
 * that waits in its queue. So a failure before that call is proof that nothing was sent, whatever its error code, and a failure after it is no
 * proof of anything: `ECONNRESET` on a connection that was used before may mean that the PMS took the request, or that it never saw it.
 */
export class Answering implements Dispatcher.DispatchHandler {
  private readonly startBefore: number;
  private readonly maxBytes: number;
  private readonly isNoted: boolean;
  private readonly timer: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | undefined;
  private status: number | undefined;
  private headers: Readonly<Record<string, string>> = {};
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private over = false;

  constructor(
    private readonly resolve: (result: ExchangeResult) => void,
    { timeoutMs, maxAnswerBytes = MAX_ANSWER_BYTES }: Pick<EgressOptions, 'timeoutMs' | 'maxAnswerBytes'>,
    startBefore = Infinity,
  ) {
    this.maxBytes = maxAnswerBytes;
    // Only a sending of which the ledger was told has such a moment.
    this.isNoted = startBefore !== Infinity;
    this.startBefore = Math.min(startBefore, performance.now() + timeoutMs);
    this.timer = setTimeout(() => this.breakOff(this.controller ? TOO_LATE : NO_CONNECTION), timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // A process that was stopped while it connected wakes up here, perhaps long after somebody else took its work over.
    const isTooLate = this.over || this.controller !== undefined || performance.now() > this.startBefore;
    if (isTooLate) return controller.abort(new BrokenOff(NO_TIME_LEFT));
    this.controller = controller;
    if (this.isNoted) failpointLater('worker.after-first-byte');
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // 103 and the like only announce the answer.
    if (status < 200) return;
    this.status = status;
    this.headers = flat(headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.length + BYTES_OF_A_PIECE;
    if (this.size > this.maxBytes) this.breakOff(TOO_LARGE);
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.status === undefined) return this.fail('the answer could not be read');
    // Bytes that are no text become replacement characters; whoever looks for an id in them does not find one.
    const body = new TextDecoder().decode(Buffer.concat(this.chunks));
    this.end({ kind: 'answered', status: this.status, headers: this.headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: unknown): void {
    this.fail(reasonOf(error));
  }

  private breakOff(reason: string): void {
    const { controller } = this;
    this.fail(reason);
    controller?.abort(new BrokenOff(reason));
  }

  private fail(reason: string): void {
    if (!this.controller) return this.end({ kind: 'not_sent', reason });
    this.end({ kind: 'lost', reason, ...(this.status === undefined ? {} : { status: this.status }) });
  }

  private end(result: ExchangeResult): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    this.chunks.length = 0;
    this.resolve(result);
  }
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

function flat(headers: Headers): Record<string, string> {
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : String(value)]),
  );
}

/** Error codes in words, as part of a sentence. */
const REASONS: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: NO_CONNECTION,
  ETIMEDOUT: NO_CONNECTION,
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name is not known',
  UND_ERR_SOCKET: 'the connection broke',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the answer were larger than any real ones',
  UND_ERR_INVALID_ARG: 'the request can not be sent as it is',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};

function reasonOf(error: unknown): string {
  if (error instanceof ForbiddenAddress) return error.reason;
  if (error instanceof BrokenOff) return error.message;
  const { code, errors } = (error ?? {}) as { code?: unknown; errors?: unknown };
  // Several addresses were tried, each failed for a reason of its own.
  if (typeof code !== 'string' && Array.isArray(errors) && errors.length > 0) return reasonOf(errors[0]);
  if (typeof code !== 'string') return 'the connection failed';
  return REASONS[code] ?? `the connection failed (${code})`;
}
