/**
 * Calls to a PMS as data: method, path template, where each parameter comes from. The kit fills them in and sends them; the reference pages
 * print them.
 */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{parameters}`, relative to the base URL of the account. */
  readonly path: string;
  readonly params: Readonly<Record<string, Source>>;
  readonly query: Readonly<Record<string, QueryValue>>;
}

/** A query parameter: a fixed text, or a source. A source without a value leaves the parameter out. */
export type QueryValue = string | number | boolean | Source;

/** Where a value of a call comes from. */
export type Source =
  /** The PMS's id of the record that the operation is about. */
  | { readonly kind: 'record' }
  /** The PMS's id of the record that a field of the payload names. */
  | { readonly kind: 'reference'; readonly field: string }
  /** The PMS's id of what an earlier step made, or something else that the step remembered. */
  | { readonly kind: 'step'; readonly step: string; readonly memo?: string }
  /** Something in the record as it is now. `what` names it for people. */
  | { readonly kind: 'current'; readonly what: string; readonly pick: (current: never) => string | number | undefined | null }
  /** Something made of the payload. */
  | {
      readonly kind: 'payload';
      readonly what: string;
      readonly pick: (values: Readonly<Record<string, unknown>>) => string | undefined;
    }
  /** The moment of sending of the step in doubt, less a tolerance for clocks, formatted. */
  | { readonly kind: 'sent_at'; readonly format: (sentAt: Date) => string }
  /** The PMS's id of the parent record while a list that hangs under another model is read. */
  | { readonly kind: 'parent' }
  /** Several values in one text (`Name,eq,Elm;PropertyID,eq,3`). A part without a value is left out; no part, no value. */
  | { readonly kind: 'joined'; readonly separator: string; readonly parts: readonly JoinedPart[] };

export interface JoinedPart {
  /** Stands right before the value. */
  readonly before: string;
  readonly value: Source;
}

export const recordId: Source = { kind: 'record' };
export const parentId: Source = { kind: 'parent' };
export const referenceTo = (field: string): Source => ({ kind: 'reference', field });
export const madeBy = (step: string, memo?: string): Source => ({ kind: 'step', step, ...(memo === undefined ? {} : { memo }) });
export const inCurrent = <Current>(
  what: string,
  pick: (current: Current) => string | number | undefined | null,
): Extract<Source, { kind: 'current' }> => ({
  kind: 'current',
  what,
  pick: pick as (current: never) => string | number | undefined | null,
});
export const fromPayload = (what: string, pick: (values: Readonly<Record<string, unknown>>) => string | undefined): Source => ({
  kind: 'payload',
  what,
  pick,
});
/** `parts`: what stands before a value -> where the value comes from. */
export const joined = (separator: string, parts: Readonly<Record<string, Source>>): Source => ({
  kind: 'joined',
  separator,
  parts: Object.entries(parts).map(([before, value]) => ({ before, value })),
});
export const sinceSent = (format: (sentAt: Date) => string): Source => ({ kind: 'sent_at', format });

/** The parameter names of a path template. */
export type ParamsOf<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | ParamsOf<Rest> : never;
type PathsOf<Calls, Method extends string> = keyof Calls extends infer K ? (K extends `${Method} ${infer P}` ? P : never) : never;
type Args<P extends string> =
  ParamsOf<P> extends never
    ? [params?: Record<string, never>, query?: Record<string, QueryValue>]
    : [params: Record<ParamsOf<P>, Source>, query?: Record<string, QueryValue>];

/**
 * The calls of one PMS. With a map of the vendor's calls as its type (`'GET /v1/leases': …`) a path that the vendor does not have is a
 * compile error; every parameter of a path must be given a source.
 */
export function callsOf<Calls>() {
  const make =
    <Method extends Call['method']>(method: Method) =>
    <P extends PathsOf<Calls, Method> & string>(path: P, ...[params, query]: Args<P>): Call => ({
      method,
      path,
      params: params ?? {},
      query: query ?? {},
    });
  return { get: make('GET'), post: make('POST'), put: make('PUT'), patch: make('PATCH'), delete: make('DELETE') };
}

/** For PMSs that publish no list of calls: any path will do. */
export type AnyCalls = { [K in `${Call['method']} /${string}`]: unknown };
