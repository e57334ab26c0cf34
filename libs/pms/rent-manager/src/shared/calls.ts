/** How every declaration calls Rent Manager: its verbs, its filters, and the version that an update names. */
import { callsOf, fromPayload, joined, sinceSent, type AnyCalls, type ReadBefore, type Source } from '#capabilities';

/** Reads are GET and writes POST: Rent Manager refuses PUT and PATCH. Its list of calls is not published, so paths are not checked. */
export const { get, post } = callsOf<AnyCalls>();

/** Rent Manager says nothing about when a new record shows in its lists; this is our allowance, on the safe side. [inferred] */
export const VISIBLE_AFTER_MS = 10_000;

const DAY_MS = 86_400_000;
/** Dates without an offset are the account's own clock, so we look a day further back than the moment of sending. */
const theDayBefore = (at: Date): string => new Date(at.getTime() - DAY_MS).toISOString().slice(0, 10);

/**
 * The `filters` of a search for a record that may just have been made. `by`: member -> where its value comes from. A part without a value is left
 * out, which finds more and misses nothing: matches are compared field by field afterwards.
 */
export function madeSince(by: Readonly<Record<string, Source>>): Source {
  const equal = Object.entries(by).map(([member, source]) => [`${member},eq,`, source] as const);
  return joined(';', { ...Object.fromEntries(equal), 'CreateDate,ge,': sinceSent(theDayBefore) });
}

/**
 * How lists are asked for what changed: by the day, on the account's own clock. `also`: a filter that the list has anyway, since there is one
 * parameter for all. Whether a change in a part (a contact's address) moves the date of the whole is not published; the weekly full reading
 * brings what it does not. [inferred]
 */
export const changedSince = (also?: string) => ({
  parameter: 'filters',
  format: (at: Date): string => [...(also === undefined ? [] : [also]), `UpdateDate,ge,${theDayBefore(at)}`].join(';'),
});

/** Letters, digits, single blanks and hyphens: what no system trims, escapes or folds. */
const PLAIN = /^[A-Za-z0-9]+([ -][A-Za-z0-9]+)*$/;

/**
 * A field's value as a filter can hold it. Commas, semicolons and parentheses can't be written there; blanks at the ends, quotes and accents Rent
 * Manager may store otherwise than they are sent, and a filter that misses its record would have it made twice. So only plain texts are named.
 */
export function filterable(field: string): Source {
  return fromPayload(field, ({ [field]: value }) => (typeof value === 'string' && PLAIN.test(value) ? value : undefined));
}

/**
 * For `compose` of an update: names the version that was read, so that a change made meanwhile is refused (409) instead of overwritten. Records carry
 * UpdateDate, ConcurrencyID or both.
 */
export function withVersion(body: object, { current }: ReadBefore): object {
  const { UpdateDate, ConcurrencyID } = (current ?? {}) as { UpdateDate?: string; ConcurrencyID?: number };
  return {
    ...body,
    ...(UpdateDate === undefined ? {} : { UpdateDate }),
    ...(ConcurrencyID === undefined ? {} : { ConcurrencyID }),
  };
}
