import type { Call, QueryValue, Source } from '#capabilities';
import type { StepResult } from '#capabilities';

/** Everything that a call's parameters may be taken from. */
export interface Sources {
  /** The PMS's id of the record; null before it exists. */
  readonly recordId: string | null;
  readonly references: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
  readonly done: Readonly<Record<string, StepResult>>;
  readonly current?: unknown;
  readonly sentAt?: Date;
  readonly parentId?: string;
}

/** A call with its parameters filled in. */
export interface FilledCall {
  readonly method: Call['method'];
  /** Path and query, relative to the account's base URL. */
  readonly target: string;
}

/** A parameter of the path has no value: the call can't be made. Carries what is missing, in words. */
export class MissingParameter extends Error {
  override readonly name = 'MissingParameter';
}

/** Clocks of two machines differ; a record may seem to be made before it was sent for. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/**
 * Fills a call in. Path parameters are encoded as one path segment each, so that no value can change the route; query parameters without a
 * value are left out.
 * @throws MissingParameter
 */
export function fill(call: Call, sources: Sources, extraQuery: Readonly<Record<string, string | number>> = {}): FilledCall {
  const path = call.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const source = call.params[name];
    const value = source && resolve(source, sources);
    if (value === undefined || value === '') throw new MissingParameter(source ? describe(source) : name);
    return encodeSegment(value);
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...call.query, ...extraQuery })) {
    const text = isSource(value) ? resolve(value, sources) : String(value);
    if (text !== undefined && text !== '') query.append(name, text);
  }
  const search = query.toString();
  return { method: call.method, target: search === '' ? path : `${path}?${search}` };
}

/** The value of a source, or undefined when it has none. */
export function resolve(source: Source, sources: Sources): string | undefined {
  switch (source.kind) {
    case 'record':
      return sources.recordId ?? undefined;
    case 'reference':
      return sources.references[source.field];
    case 'step': {
      const result = sources.done[source.step];
      return (source.memo === undefined ? result?.x_id : result?.memo[source.memo]) ?? undefined;
    }
    case 'current': {
      const picked = sources.current === undefined ? undefined : source.pick(sources.current as never);
      return picked === undefined || picked === null ? undefined : String(picked);
    }
    case 'payload':
      return source.pick(sources.values);
    case 'sent_at':
      return sources.sentAt && source.format(new Date(sources.sentAt.getTime() - CLOCK_TOLERANCE_MS));
    case 'parent':
      return sources.parentId;
    case 'joined': {
      const parts = source.parts.flatMap(({ before, value }) => {
        const text = resolve(value, sources);
        return text === undefined || text === '' ? [] : [before + text];
      });
      return parts.length > 0 ? parts.join(source.separator) : undefined;
    }
  }
}

function describe(source: Source): string {
  if (source.kind === 'reference') return `the PMS's id of ${source.field}`;
  if (source.kind === 'step') return `what the step "${source.step}" made`;
  if (source.kind === 'current' || source.kind === 'payload') return source.what;
  return "the record's id at the PMS";
}

const isSource = (value: QueryValue): value is Source => typeof value === 'object';

/** `.` and `..` are not encoded by encodeURIComponent and would walk up the path. */
function encodeSegment(value: string): string {
  return /^\.{1,2}$/.test(value) ? value.replaceAll('.', '%2E') : encodeURIComponent(value);
}
