import { toPublishedIssue, type Issue } from './issue.ts';

/** Each kind of problem: its HTTP status, the stable code that programs switch on, and its title for people. */
const KINDS = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'No valid API key' },
  forbidden: { status: 403, title: 'The API key lacks a scope' },
  not_found: { status: 404, title: 'Not found' },
  operation_not_supported: { status: 405, title: 'The PMS does not offer this operation' },
  conflict: { status: 409, title: 'The current state does not allow this' },
  payload_too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'The content type is not supported' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key belongs to another request' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof KINDS;

export interface ProblemOptions {
  /** One entry per thing that is wrong; all of them, not the first only. */
  readonly errors?: readonly Issue[];
  /** Seconds after which a repetition makes sense; becomes the Retry-After header. */
  readonly retryAfterSeconds?: number;
  /** What led here; logged by its class only, never sent. */
  readonly cause?: unknown;
}

/** A problem as it travels between our services. */
export interface WireProblem {
  readonly problem: true;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors: readonly Issue[];
  readonly retryAfterSeconds?: number;
}

/** RFC 9457 problem details plus the published error envelope as a member. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  readonly errors: readonly Issue[];
  readonly error: { code: ProblemCode; message: string; details: { issues: readonly unknown[] } };
}

/**
 * The one error family of Latchkey: thrown where a request can't go on, carried over NATS as data, and turned into
 * `application/problem+json` at the edge. Its words are for the API's caller, so they never hold a stack, a secret or
 * another organization's data. Anything thrown that is not a Problem is a bug and reaches the caller as `internal`.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly errors: readonly Issue[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    options: ProblemOptions = {},
  ) {
    super(detail, { cause: options.cause });
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return KINDS[this.code].status;
  }

  get title(): string {
    return KINDS[this.code].title;
  }

  /** 400 with every issue found. */
  static invalid(errors: readonly Issue[], detail = summarise(errors)): Problem {
    return new Problem('invalid_request', detail, { errors });
  }

  /** 404 in the same words for what does not exist and for what is another organization's. */
  static notFound(what: string): Problem {
    return new Problem('not_found', `There is no such ${what}.`);
  }

  /** 503: nothing was done; the caller may repeat the request (with the same Idempotency-Key) after `retryAfterSeconds`. */
  static unavailable(detail: string, retryAfterSeconds = 2, cause?: unknown): Problem {
    return new Problem('unavailable', detail, { retryAfterSeconds, cause });
  }

  /** Whatever was thrown, as a Problem; unknown errors become `internal` and keep the original as their cause. */
  static from(error: unknown): Problem {
    if (error instanceof Problem) return error;
    return Problem.fromWire(error) ?? new Problem('internal', 'The request failed. It can be repeated.', { cause: error });
  }

  /** The Problem that another service sent, or undefined when `value` is none. */
  static fromWire(value: unknown): Problem | undefined {
    if (!isWireProblem(value)) return undefined;
    const { code, detail, errors, retryAfterSeconds } = value;
    return new Problem(code, detail, { errors, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) });
  }

  toWire(): WireProblem {
    const { code, detail, errors, retryAfterSeconds } = this;
    return { problem: true, code, detail, errors, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  }

  /** `instance` identifies this occurrence: the request id as a URN. */
  toDocument(instance?: string): ProblemDocument {
    return {
      type: `urn:latchkey:problem:${this.code.replaceAll('_', '-')}`,
      title: this.title,
      status: this.status,
      detail: this.detail,
      ...(instance === undefined ? {} : { instance }),
      errors: this.errors,
      error: { code: this.code, message: this.detail, details: { issues: this.errors.map(toPublishedIssue) } },
    };
  }
}

function isWireProblem(value: unknown): value is WireProblem {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as WireProblem).problem === true &&
    Object.hasOwn(KINDS, (value as WireProblem).code)
  );
}

function summarise(errors: readonly Issue[]): string {
  const [first] = errors;
  if (!first) return 'The request is not valid.';
  return errors.length === 1 ? first.detail : `${first.detail} (and ${errors.length - 1} more, see errors)`;
}
