import { callsOf, wireOf } from '#capabilities';
import { schemas, type Paths } from '../wire/index.ts';

/** A schema of the vendor's document, by its name: lengths, enums and required members are read there. */
export const wire = wireOf(schemas);

/** The vendor's calls; a path that its document lacks does not compile. */
export const { get, post, put } = callsOf<Paths>();

/** What Buildium wants in its `lastupdatedfrom` filters: UTC without fractions. */
export const utcSeconds = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

/** The filter of most lists. */
export const changedSince = { parameter: 'lastupdatedfrom', format: utcSeconds } as const;

const DAY_MS = 86_400_000;
/**
 * For filters that take a day, or a time without a word on its zone: a day earlier than asked, so that no zone makes a record of that moment be
 * missed. It finds more, which costs a look.
 */
export const theDayBefore = (at: Date): string => new Date(at.getTime() - DAY_MS).toISOString().slice(0, 10);

/**
 * Buildium shows a new record in its lists at once as far as is known, but says nothing about it; this is our allowance, on the safe side.
 * [inferred]
 */
export const VISIBLE_AFTER_MS = 10_000;

/** Why an update reads first. */
export const REPLACES_ALL = (what: string): string =>
  `Buildium replaces the whole ${what}: Latchkey reads it first and keeps everything that the payload does not name.`;
