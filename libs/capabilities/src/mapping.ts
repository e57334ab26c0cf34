import type { Codec } from './codec.ts';
import { numericId, numericIds } from './codec.ts';
import type { At, Path } from './paths.ts';

export type OperationName = 'create' | 'update';

/**
 * How one field of the unified model relates to a PMS. One mapping serves validation, both directions of conversion, the reference pages
 * and the generated tests.
 */
export type Mapping<T = unknown> = (Read<T> | Write<T> | Route | Shared | Derived<T> | Unsupported) & {
  /** Carries the type; never set. */
  readonly of?: T;
};

/** A remote value is of any type here; the builders below have checked it against the PMS's types. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- `unknown` would refuse every real codec here
export type AnyCodec<T = any> = Codec<any, T, any>;

/** The reading half of a codec: it need not know every word that the model has. */
export type Decoder<T> = Omit<AnyCodec<T>, 'encode'>;

/** The PMS owns the value; we only read it. */
export interface Read<T> {
  readonly kind: 'read';
  readonly from: string;
  readonly codec: Decoder<T>;
  /** Why it can't be sent although the model lets callers send it. @default the PMS owns the value */
  readonly because?: string;
}

/** Read, and sent in the named documents. */
export interface Write<T> {
  readonly kind: 'write';
  readonly documents: readonly string[];
  readonly path: string;
  /** Where it is read; null when the PMS does not return it, for the reason in `unread`. */
  readonly from: string | null;
  readonly unread?: string;
  readonly codec: AnyCodec<T>;
  /** The value names a record, or is a list of such names: the PMS's ids are sent. */
  readonly reference: boolean;
  readonly required: readonly OperationName[];
  /** Operations on which the field may be sent. */
  readonly on: readonly OperationName[];
  readonly default?: T;
  readonly defaultAt?: MovingDefault;
  /** Whether null clears it. @default what the PMS's schema says; true without a schema */
  readonly nullable?: boolean;
  readonly note?: string;
}

/** A default that depends on when the write is accepted. It is worked out then, so that every attempt sends the same. */
export interface MovingDefault {
  /** For the reference: "the day of the request". */
  readonly words: string;
  readonly at: (acceptedAt: Date) => unknown;
}
export const theDayOfTheRequest: MovingDefault = {
  words: 'the day of the request, in UTC',
  at: (acceptedAt) => acceptedAt.toISOString().slice(0, 10),
};
export const theTimeOfTheRequest: MovingDefault = {
  words: 'the time of the request',
  at: (acceptedAt) => acceptedAt.toISOString(),
};

/** A reference that is part of the address of the call, not of its body. */
export interface Route {
  readonly kind: 'route';
  readonly from: string | null;
  readonly on: readonly OperationName[];
  readonly required: readonly OperationName[];
  readonly codec: AnyCodec<string>;
  readonly note?: string;
}

/** Several fields that travel together as one remote structure. */
export interface Shared {
  readonly kind: 'shared';
  readonly fold: Fold;
}

export interface Fold {
  readonly fields: readonly string[];
  /** Where the structure stands in the documents that are sent, in words or as a path. */
  readonly lands: string;
  readonly documents: readonly string[];
  readonly on: readonly OperationName[];
  readonly required: Readonly<Partial<Record<string, readonly OperationName[]>>>;
  readonly limits: Readonly<Partial<Record<string, import('./codec.ts').Limits>>>;
  readonly references: readonly string[];
  /** Fields that null can't clear. */
  readonly lasting: readonly string[];
  /** Fields that the PMS does not return. */
  readonly unread: readonly string[];
  /** Why they are not simple fields; printed in the reference. */
  readonly because: string;
  /** Paths and values to put into the document, from those of the fields that were sent. */
  readonly encode: (values: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** The fields, from what was read. */
  readonly decode: (remote: never) => Readonly<Record<string, unknown>>;
  /**
   * Whether a record that was read shows the values that were sent, where equality says too little (the PMS keeps them in an order of its own).
   * @default the decoded fields are equal, those of `unread` aside
   */
  readonly shows?: (values: Readonly<Record<string, unknown>>, remote: never) => boolean;
}

/** Computed from several remote values when read; never sent. */
export interface Derived<T> {
  readonly kind: 'derived';
  readonly because: string;
  readonly decode: (remote: never) => T | null;
}

/** The PMS can't express it. */
export interface Unsupported {
  readonly kind: 'unsupported';
  readonly because: string;
}

export interface WriteOptions<Documents extends string> {
  /** Documents that carry the field. @default all of the capability */
  readonly only?: readonly Documents[];
  /** Operations that need it, beyond what the PMS's schema says. @default [] */
  readonly required?: readonly OperationName[];
  /** Operations that take it. @default both, as far as their documents carry it */
  readonly on?: readonly OperationName[];
  /** Sent on a create when the caller does not set the field. */
  readonly default?: unknown;
  /** The same, for values that depend on the time of the request. */
  readonly defaultAt?: MovingDefault;
  /** Whether null may be sent, to clear the value. @default what the PMS's schema says; true without a schema */
  readonly nullable?: boolean;
  /** A rule or peculiarity in words, for the reference. */
  readonly note?: string;
}
type ReadSide<Remote> = { readonly from: Path<Remote> } | { readonly unread: string };

/** Documents that have the path, and the type that stands there in all of them. */
type PathIn<Documents, D extends keyof Documents> = D extends unknown ? Path<Documents[D]> : never;
type Accepts<Documents, D extends keyof Documents, P extends string, W> = D extends unknown
  ? P extends Path<Documents[D]>
    ? [W] extends [At<Documents[D], P> | null | undefined]
      ? never
      : D
    : never
  : never;
type Readable<Remote, P extends string, R> = P extends Path<Remote> ? ([At<Remote, P>] extends [R] ? true : false) : false;
type WriteRest<Remote, Documents extends string, P extends string, R> =
  Readable<Remote, P, R> extends true
    ? [options?: WriteOptions<Documents> & Partial<ReadSide<Remote>>]
    : [options: WriteOptions<Documents> & ReadSide<Remote>];

const BOTH: readonly OperationName[] = ['create', 'update'];

/**
 * The words in which a declaration's fields are written, bound to what the PMS returns (`Remote`) and to the documents that it accepts
 * (`Documents`, by name). A path that a document lacks, a codec of the wrong type and a forgotten enum value do not compile.
 */
export function fieldsOf<Remote, Documents extends object>(documents: readonly (keyof Documents & string)[]) {
  type Doc = keyof Documents & string;

  /** The PMS owns it. `because` says more, where callers might expect to set it: a sentence. */
  const read = <P extends Path<Remote>, R, T>(
    from: P,
    codec: Codec<R, T, unknown> & ([At<Remote, P>] extends [R] ? unknown : never),
    because?: string,
  ): Read<T> => ({
    kind: 'read',
    from,
    codec: codec as unknown as AnyCodec<T>,
    ...(because === undefined ? {} : { because }),
  });

  /** Sent at `path` in every document (or those in `only`), and read from the same place unless `from` or `unread` says otherwise. */
  const write = <P extends PathIn<Documents, Doc>, R, T, W>(
    path: P,
    codec: Codec<R, T, W> & ([Accepts<Documents, Doc, P, W>] extends [never] ? unknown : never),
    ...rest: WriteRest<Remote, Doc, P, R>
  ): Write<T> => {
    const options = (rest[0] ?? {}) as WriteOptions<Doc> & { from?: string; unread?: string };
    return {
      kind: 'write',
      documents: options.only ?? documents,
      path,
      from: options.unread === undefined ? (options.from ?? path) : null,
      ...(options.unread === undefined ? {} : { unread: options.unread }),
      codec: codec as unknown as AnyCodec<T>,
      reference: false,
      required: options.required ?? [],
      on: options.on ?? BOTH,
      ...(options.default === undefined ? {} : { default: options.default as T }),
      ...(options.defaultAt === undefined ? {} : { defaultAt: options.defaultAt }),
      ...(options.nullable === undefined ? {} : { nullable: options.nullable }),
      ...(options.note === undefined ? {} : { note: options.note }),
    };
  };

  /** A field that names another record: the PMS's own id of it is sent at `path`. */
  const refer = <P extends PathIn<Documents, Doc>>(
    path: P,
    ...rest: WriteRest<Remote, Doc, P, number | string | null | undefined>
  ): Write<string> => {
    const [options] = rest;
    return {
      ...(write as (path: P, codec: unknown, options: unknown) => Write<string>)(path, numericId, options),
      reference: true,
    };
  };

  /** A field that lists other records: the PMS's own ids of them are sent at `path`. */
  const referAll = <P extends PathIn<Documents, Doc>>(
    path: P,
    ...rest: WriteRest<Remote, Doc, P, readonly number[] | null | undefined>
  ): Write<string[]> => {
    const [options] = rest;
    return {
      ...(write as (path: P, codec: unknown, options: unknown) => Write<string[]>)(path, numericIds, options),
      reference: true,
    };
  };

  /** A reference that stands in the address of the call. */
  const route = (
    options: { from?: Path<Remote>; on?: readonly OperationName[]; required?: readonly OperationName[]; note?: string } = {},
  ): Route => ({
    kind: 'route',
    from: options.from ?? null,
    on: options.on ?? BOTH,
    required: options.required ?? ['create'],
    codec: numericId,
    ...(options.note === undefined ? {} : { note: options.note }),
  });

  /** Fields that travel together; spread the result into `fields`. */
  const shared = <const F extends string>(
    fields: readonly F[],
    fold: {
      readonly lands: string;
      readonly only?: readonly Doc[];
      readonly on?: readonly OperationName[];
      readonly required?: Partial<Record<NoInfer<F>, readonly OperationName[]>>;
      readonly limits?: Partial<Record<NoInfer<F>, import('./codec.ts').Limits>>;
      readonly references?: readonly NoInfer<F>[];
      /** Fields that null can't clear. @default none */
      readonly lasting?: readonly NoInfer<F>[];
      /** Fields that the PMS does not return; say so in `because`. @default none */
      readonly unread?: readonly NoInfer<F>[];
      readonly because: string;
      readonly encode: (values: Readonly<Partial<Record<NoInfer<F>, unknown>>>) => Readonly<Record<string, unknown>>;
      readonly decode: (remote: Remote) => Readonly<Partial<Record<NoInfer<F>, unknown>>>;
      /** See Fold. @default the decoded fields are equal */
      readonly shows?: (values: Readonly<Partial<Record<NoInfer<F>, unknown>>>, remote: Remote) => boolean;
    },
  ): Record<F, Shared> => {
    const whole = {
      ...fold,
      fields,
      documents: fold.only ?? documents,
      on: fold.on ?? BOTH,
      required: fold.required ?? {},
      limits: fold.limits ?? {},
      references: fold.references ?? [],
      lasting: fold.lasting ?? [],
      unread: fold.unread ?? [],
    } as unknown as Fold;
    return Object.fromEntries(fields.map((field) => [field, { kind: 'shared', fold: whole }])) as Record<F, Shared>;
  };

  /** Computed when read. */
  const derived = <T>(because: string, decode: (remote: Remote) => T | null): Derived<T> => ({
    kind: 'derived',
    because,
    decode: decode as (remote: never) => T | null,
  });

  return { read, write, refer, referAll, route, shared, derived };
}

/** The PMS can't express the field; a request that sets it is refused with this reason. A sentence. */
export function unsupported(because: string): Unsupported {
  return { kind: 'unsupported', because };
}

/** The same reason for several fields; spread the result into `fields`. */
export function unsupportedFields<const F extends string>(fields: readonly F[], because: string): Record<F, Unsupported> {
  return Object.fromEntries(fields.map((field) => [field, unsupported(because)])) as Record<F, Unsupported>;
}
