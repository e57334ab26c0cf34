import type { Codec } from '#capabilities';
import type { Country } from '../wire/index.ts';

/** ISO 3166 codes and the names that Buildium uses for the countries in which its customers work. */
const BY_CODE: Readonly<Record<string, Country>> = { US: 'UnitedStates', CA: 'Canada' };

/**
 * Buildium writes countries as one word ("UnitedStates"); we take the ISO code (US, CA) and the English name, and return the code where there
 * is one.
 */
export const country: Codec<Country | null | undefined, string, Country> = {
  name: 'country',
  decode: (remote) => Object.entries(BY_CODE).find(([, name]) => name === remote)?.[0] ?? remote ?? null,
  encode: (value) => BY_CODE[value.toUpperCase()] ?? (value.replaceAll(' ', '') as Country),
  limits: { values: ['US', 'CA', 'United States', 'Canada', 'UnitedStates'] },
  transform: 'US and United States become UnitedStates, CA becomes Canada.',
};
