import type { Call, QueryValue, Source } from '#capabilities';
import type { StepResult } from '#capabilities';
import { CLOCK_TOLERANCE_MS } from './clock.ts';

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

/** For calls that are about no record. */
export const NOWHERE: Sources = { recordId: null, references: {}, values: {}, done: {} };

/** A call with its parameters filled in. */
export interface FilledCall {
  readonly method: Call['method'];
  /** Path and query, relative to the account's base URL. */
  readonly target: string;
  /** The path as it is declared, parameters by their names. */
  readonly template: string;
}

/** A parameter of the path has no value that can stand there: the call can't be made. The message says what is missing, as part of a sentence. */
export class MissingParameter extends Error {
  override readonly name = 'MissingParameter';
}

/**
 * Fills a call in. Path parameters are encoded as one path segment each, so that no value can change the route; query parameters without a
 * value are left out.
 * @throws MissingParameter
 */
export function fill(call: Call, sources: Sources, extraQuery: Readonly<Record<string, string | number>> = {}): FilledCall {
  const path = call.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const source = call.params[name];
    const value = source && resolve(source, sources);
    if (value === undefined || !canBeSegment(value)) throw new MissingParameter(source ? describe(source) : name);
    return encodeURIComponent(value.toWellFormed());
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...call.query, ...extraQuery })) {
    const text = isSource(value) ? resolve(value, sources) : String(value);
    if (text !== undefined && text !== '') query.append(name, text);
  }
  // A blank as %20 is understood by everybody, as + only by those who read the query as a form; a plus sign is %2B in both.
  const search = query.toString().replaceAll('+', '%20');
  return { method: call.method, target: search === '' ? path : `${path}?${search}`, template: call.path };
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

/** Every source that a call takes values from, those inside of joined ones included. */
export function sourcesIn(call: Call): Source[] {
  const flatten = (source: Source): Source[] =>
    source.kind === 'joined' ? source.parts.flatMap(({ value }) => flatten(value)) : [source];
  return [...Object.values(call.params), ...Object.values(call.query).filter(isSource)].flatMap(flatten);
}

function describe(source: Source): string {
  if (source.kind === 'reference') return `the PMS's id of ${source.field}`;
  if (source.kind === 'step') return `what the step "${source.step}" made`;
  if (source.kind === 'current' || source.kind === 'payload') return source.what;
  return "the record's id at the PMS";
}

const isSource = (value: QueryValue): value is Source => typeof value === 'object';

/** `.` and `..` walk up the path however they are encoded: URLs read `%2E` as a dot. */
const canBeSegment = (value: string): boolean => value !== '' && !/^\.{1,2}$/.test(value);
