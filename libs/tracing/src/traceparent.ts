/**
 * Where in a trace something happens, as text: `00-<trace id>-<span id>-<flags>` (https://www.w3.org/TR/trace-context/). In this form it
 * travels in headers and stays with a write in the ledger. Vendors' `tracestate` is not carried: our spans need none.
 */
import { isSpanContextValid, trace, type SpanContext } from '@opentelemetry/api';

/** The header, over HTTP and over NATS. */
export const TRACEPARENT = 'traceparent';

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const SAMPLED = 1;

/** The place that a text names; undefined for anything that names none. Later versions may say more after the parts that we know. */
export function readTraceparent(text: string | null | undefined): SpanContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] = FORM.exec(text ?? '') ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  const place: SpanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & SAMPLED, isRemote: true };
  return isSpanContextValid(place) ? place : undefined;
}

export function writeTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${(traceFlags & SAMPLED).toString(16).padStart(2, '0')}`;
}

/** Where the code that calls this is in a trace; undefined outside of any, and always while tracing is off. */
export function placeInTrace(): SpanContext | undefined {
  const place = trace.getActiveSpan()?.spanContext();
  return place && isSpanContextValid(place) ? place : undefined;
}

/** The same as text, for a header or a row. */
export function traceparentNow(): string | undefined {
  const place = placeInTrace();
  return place && writeTraceparent(place);
}
