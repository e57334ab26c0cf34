/**
 * What Latchkey does, as spans of a trace. A trace begins at the gateway and is only ever continued elsewhere: work that belongs to none (the
 * renewal of a lease, a sweep) makes no span. While tracing is off, each of these is one look at nothing.
 *
 * No span carries a payload, a name, an address or a secret, nor the message of an error: attributes are what a caller of this file names, an
 * error is its code or its class.
 */
import {
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { Problem, type ProblemCode } from '#problem';
import { readTraceparent } from './traceparent.ts';

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const;

/** One thing that is done. */
export interface Activity {
  /** Few different ones: a route or a kind of request, never an id. */
  readonly name: string;
  readonly kind: keyof typeof KINDS;
  readonly attributes?: Attributes;
}

/** An activity that has begun. */
export interface Begun {
  readonly span: Span;
  /** Runs something as a part of it. */
  within<Result>(work: () => Result): Result;
}

/** What an answer of ours says about us, and not about the request. */
const OUR_FAULTS: ReadonlySet<ProblemCode> = new Set(['internal', 'unavailable']);

/** Begins an activity at the place that `parent` names; at the root of a new trace when it names none. The caller ends its span. */
export function begin(activity: Activity, parent?: string | null): Begun {
  const place = readTraceparent(parent);
  return beginIn(place ? trace.setSpanContext(ROOT_CONTEXT, place) : ROOT_CONTEXT, activity);
}

/** Begins a part of what is being done; undefined outside of any trace. The caller ends its span. */
export function beginPart(activity: Activity): Begun | undefined {
  return trace.getActiveSpan() ? beginIn(context.active(), activity) : undefined;
}

/** Says more about what is being done. */
export function describeActivity(attributes: Attributes): void {
  trace.getActiveSpan()?.setAttributes(attributes);
}

/** Does a part of what is being done; outside of any trace it just does it. */
export function inActivity<Result>(activity: Activity, work: (span?: Span) => Promise<Result>): Promise<Result> {
  const part = beginPart(activity);
  return part ? carryOut(part, work) : work();
}

/** Goes on with a trace that came with a message; with none it just does the work. */
export function goOn<Result>(
  parent: string | null | undefined,
  activity: Activity,
  work: (span?: Span) => Promise<Result>,
): Promise<Result> {
  return readTraceparent(parent) ? carryOut(begin(activity, parent), work) : work();
}

/** Notes that an activity did not succeed. */
export function noteError(span: Span, error: unknown): void {
  const problem = Problem.from(error);
  const isBug = problem.code === 'internal' && problem.cause instanceof Error;
  span.setAttribute('error.type', isBug ? (problem.cause as Error).name : problem.code);
  if (OUR_FAULTS.has(problem.code)) span.setStatus({ code: SpanStatusCode.ERROR });
}

function beginIn(at: Context, { name, kind, attributes = {} }: Activity): Begun {
  // Asked for each time: the tracer is a no-op until the service has set tracing up.
  const span = trace.getTracer('latchkey').startSpan(name, { kind: KINDS[kind], attributes }, at);
  const inside = trace.setSpan(at, span);
  return { span, within: (work) => context.with(inside, work) };
}

async function carryOut<Result>({ span, within }: Begun, work: (span: Span) => Promise<Result>): Promise<Result> {
  try {
    return await within(() => work(span));
  } catch (error) {
    noteError(span, error);
    throw error;
  } finally {
    span.end();
  }
}
