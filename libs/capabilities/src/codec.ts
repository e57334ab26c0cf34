/**
 * How one value travels between the unified model (T) and a PMS (R when read, W when written). Codecs are two-way, named, tested once and
 * used by every declaration. Members are property functions on purpose: with method syntax the compiler would let a codec through that
 * forgets an enum value.
 */
export interface Codec<R, T, W = R> {
  /** In words, for the reference: "text", "date". */
  readonly name: string;
  /** null when the PMS's value has no counterpart in the model. */
  readonly decode: (remote: R) => T | null;
  readonly encode: (value: T) => W;
  /** What the PMS accepts beyond the model's own rules. */
  readonly limits?: Limits;
  /** What happens to a value on its way, when something does: "the time part is dropped". */
  readonly transform?: string;
}

/** Limits of a value in its unified form. */
export interface Limits {
  readonly values?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Entries of a list. */
  readonly maxItems?: number;
  /** A regular expression, and what it means in words. */
  readonly pattern?: { readonly source: string; readonly words: string };
}

/** Text as it is. Length limits come from the PMS's own schema where it publishes one. */
export function text(limits: Omit<Limits, 'values'> = {}): Codec<string | null | undefined, string, string> {
  return { name: 'text', decode: (remote) => (remote === '' ? null : (remote ?? null)), encode: (value) => value, limits };
}

/** Text that must look like something. `words` completes the sentence "must be …". */
export function textLike(
  source: string,
  words: string,
  limits: Omit<Limits, 'values' | 'pattern'> = {},
): ReturnType<typeof text> {
  return text({ ...limits, pattern: { source, words } });
}

/** A day. The model accepts a date-time too; its time part is dropped. */
export const calendarDate: Codec<string | null | undefined, string, string> = {
  name: 'date',
  decode: (remote) => remote?.slice(0, 10) || null,
  encode: (value) => value.slice(0, 10),
  transform: 'A time part is dropped.',
};

/** A day that the PMS keeps as a date-time without a zone. */
export const dateAsDateTime: Codec<string | null | undefined, string, string> = {
  ...calendarDate,
  name: 'date, sent as a date-time at midnight',
  encode: (value) => `${value.slice(0, 10)}T00:00:00`,
};

/** A moment; the PMS gets it in UTC. */
export const instant: Codec<string | null | undefined, string, string> = {
  name: 'date-time',
  decode: (remote) => (remote ? toUtc(remote) : null),
  encode: toUtc,
  transform: 'Converted to UTC.',
};

/** Cents here, a decimal number of the currency there. */
export const money: Codec<number | null | undefined, number, number> = {
  name: 'amount',
  // Rounded, since 19.99 * 100 is 1998.9999999999998.
  decode: (remote) => (remote === null || remote === undefined ? null : Math.round(remote * 100)),
  encode: (cents) => cents / 100,
  transform: 'Cents become a decimal amount.',
};

export function integer(limits: Pick<Limits, 'minimum' | 'maximum'> = {}): Codec<number | null | undefined, number, number> {
  return { name: 'integer', decode: (remote) => remote ?? null, encode: (value) => value, limits };
}

export function decimal(limits: Pick<Limits, 'minimum' | 'maximum'> = {}): Codec<number | null | undefined, number, number> {
  return { name: 'number', decode: (remote) => remote ?? null, encode: (value) => value, limits };
}

/** A number here kept as text there, or the other way round. */
export const numberAsText: Codec<string | null | undefined, number, string> = {
  name: 'number, sent as text',
  decode: (remote) => (remote && Number.isFinite(Number(remote)) ? Number(remote) : null),
  encode: String,
};
export const textAsNumber: Codec<number | null | undefined, string, number> = {
  name: 'number',
  decode: (remote) => (remote === null || remote === undefined ? null : String(remote)),
  encode: Number,
  limits: { pattern: { source: '^-?\\d+(\\.\\d+)?$', words: 'a number' } },
};

export const flag: Codec<boolean | null | undefined, boolean, boolean> = {
  name: 'true or false',
  decode: (remote) => remote ?? null,
  encode: (value) => value,
};

/** The id of a record in a PMS that counts its records. */
export const numericId: Codec<number | null | undefined, string, number> = {
  name: 'id',
  decode: (remote) => (remote === null || remote === undefined || remote === 0 ? null : String(remote)),
  encode: Number,
};

/** The ids of several records, in a PMS that counts its records. */
export const numericIds: Codec<readonly number[] | null | undefined, string[], number[]> = {
  name: 'list of ids',
  decode: (remote) => (remote ? remote.map(String) : null),
  encode: (values) => values.map(Number),
};

type Table = Readonly<Record<string, string | null>>;
/** The words of the PMS that have a counterpart in the model, less those that it does not take. */
type Sendable<T extends Table, ReadOnly extends keyof T> = {
  [Word in keyof T & string]: T[Word] extends null ? never : Word extends ReadOnly ? never : Word;
}[keyof T & string];

/**
 * A table from the PMS's words to ours. It must hold every word that the PMS may return; `null` is for words that the model can't say. Where
 * two of the PMS's words mean one of ours, the first is sent.
 */
export function oneOf<const T extends Table, const ReadOnly extends keyof T = never, const Lacking extends string = never>(
  table: T,
  options: {
    /** Words that the PMS returns but does not take. @default none */
    readonly readOnly?: readonly ReadOnly[];
    /** Our words for which the PMS has none: they are refused. Named so that none is forgotten. @default none */
    readonly lacking?: readonly Lacking[];
  } = {},
): Codec<(keyof T & string) | null | undefined, Exclude<T[keyof T], null> | Lacking, Sendable<T, ReadOnly>> {
  type Remote = Sendable<T, ReadOnly>;
  type Ours = Exclude<T[keyof T], null>;
  const readOnly: readonly PropertyKey[] = options.readOnly ?? [];
  const sendable = Object.entries(table).filter(([remote, ours]) => ours !== null && !readOnly.includes(remote));
  const toRemote = new Map<string, string>();
  for (const [remote, ours] of sendable) if (!toRemote.has(ours as string)) toRemote.set(ours as string, remote);
  return {
    name: 'one of a list',
    // Only words of the table's own: every object knows a "constructor".
    decode: (remote) =>
      remote === null || remote === undefined || !Object.hasOwn(table, remote) ? null : ((table[remote] ?? null) as Ours | null),
    encode: (value) => toRemote.get(value) as Remote,
    limits: { values: [...toRemote.keys()] },
  };
}

/** A closed list in a field that is free text for other PMSs: the limits refuse every word that is not in it. */
export function asText<R, T extends string, W>(codec: Codec<R, T, W>): Codec<R, string, W> {
  return codec as unknown as Codec<R, string, W>;
}

/** The PMS's own words are ours too. */
export function sameWords<const Words extends readonly string[]>(
  ...words: Words
): Codec<Words[number] | null | undefined, Words[number], Words[number]> {
  const table = Object.fromEntries(words.map((word) => [word, word])) as Record<Words[number], Words[number]>;
  return oneOf(table) as unknown as Codec<Words[number] | null | undefined, Words[number], Words[number]>;
}

/** An offset is honoured; without one the time counts as UTC. */
function toUtc(value: string): string {
  const zoned = /^\d{4}-\d{2}-\d{2}$/.test(value)
    ? `${value}T00:00:00Z`
    : /(Z|[+-]\d{2}:?\d{2})$/.test(value)
      ? value
      : `${value}Z`;
  const date = new Date(zoned);
  return Number.isNaN(date.getTime()) ? value : date.toISOString();
}
