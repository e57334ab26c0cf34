/** How Rent Manager writes values that the core codecs do not cover. */
import type { Codec } from '#capabilities';

/** Whole numbers only, where the model takes fractions. */
export const wholeNumber: Codec<number | null | undefined, number, number> = {
  name: 'whole number',
  decode: (remote) => remote ?? null,
  encode: Math.round,
  transform: 'Rounded to a whole number.',
};

/** A count that the model has as text. */
export const countAsNumber: Codec<number | null | undefined, string, number> = {
  name: 'whole number',
  decode: (remote) => (remote === null || remote === undefined ? null : String(remote)),
  encode: Number,
  limits: { pattern: { source: '^\\d{1,4}$', words: 'a whole number' } },
};

/** Cents here, whole units of the currency there. */
export const wholeAmount: Codec<number | null | undefined, number, number> = {
  name: 'amount',
  decode: (remote) => (remote === null || remote === undefined ? null : remote * 100),
  encode: (cents) => Math.round(cents / 100),
  transform: 'Rounded to whole units of the currency.',
};

/** Income a month in cents here, a decimal amount a year there. */
export const yearlyAmount: Codec<number | null | undefined, number, number> = {
  name: 'amount',
  decode: (remote) => (remote === null || remote === undefined ? null : Math.round((remote * 100) / 12)),
  encode: (cents) => (cents * 12) / 100,
  transform: 'Becomes the income of a year, as a decimal amount.',
};

/** A mark for commercial properties. */
export const category: Codec<boolean | null | undefined, 'Residential' | 'Commercial', boolean> = {
  name: 'one of a list',
  decode: (commercial) => (commercial === null || commercial === undefined ? null : commercial ? 'Commercial' : 'Residential'),
  encode: (value) => value === 'Commercial',
  limits: { values: ['Residential', 'Commercial'] },
};
