import { requiredWhen, type Codec, type Rule } from '#capabilities';
import { schemas, type Country } from '../wire/index.ts';

/** ISO 3166 codes of the countries in which Buildium's customers work. */
const BY_CODE: Readonly<Record<string, Country>> = { US: 'UnitedStates', CA: 'Canada' };

/** `IsleofMan` -> `Isle of Man`: Buildium runs the words of a name together. */
const asEnglish = (name: string): string =>
  name.replace(/(?<=[a-z])(and|of)?(the)?(?=[A-Z])/g, (_, link?: string, article?: string) =>
    ['', link, article, ''].filter((word) => word !== undefined).join(' '),
  );
const lettersOf = (name: string): string => name.replace(/[^a-z]/gi, '').toLowerCase();
const BY_LETTERS = new Map(schemas.Country.enum.map((name) => [lettersOf(name), name] as const));

/**
 * Buildium writes a country as one word ("UnitedStates"). We take the ISO code of the United States and Canada and the English name of any
 * country, with or without blanks, and return the code where there is one.
 */
export const country: Codec<Country | null | undefined, string, Country> = {
  name: 'country',
  decode: (remote) => {
    if (!remote) return null;
    return Object.entries(BY_CODE).find(([, name]) => name === remote)?.[0] ?? asEnglish(remote);
  },
  // The limits let only names through that are in the map.
  encode: (value) => BY_CODE[value] ?? (BY_LETTERS.get(lettersOf(value)) as Country),
  limits: {
    pattern: {
      source: `^(${[...Object.keys(BY_CODE), ...schemas.Country.enum.map((name) => asEnglish(name).replaceAll(' ', ' ?'))].join('|')})$`,
      words: 'US, CA or the English name of a country',
    },
  },
  transform: 'US and United States become UnitedStates, CA becomes Canada.',
};

/** How a payload can name the two countries whose states Buildium checks. */
const WITH_KNOWN_STATES = Object.entries(BY_CODE).flatMap(([code, name]) => [...new Set([code, asEnglish(name), name])]);

/** An address in the United States or Canada can't be created without its state. On an update the stored state counts too. */
export const stateOf = (countryField: string, stateField: string): Rule =>
  requiredWhen({ field: countryField, is: WITH_KNOWN_STATES }, [stateField], {
    on: ['create'],
    because: 'Buildium looks the state up, by its name or its two letters',
  });
