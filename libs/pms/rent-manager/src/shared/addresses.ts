/**
 * Postal addresses: fields here, one text of several lines there, in slots whose kinds each account names itself.
 *
 * Promises: an update that names some parts keeps the others as Rent Manager reads them from its text. Fails: with Unsendable when the account has no
 * slot left.
 */
import { recordId, requiredWhen, Unsendable, type Limits, type ReadBefore, type Rule, type Step } from '#capabilities';
import type { Address, AddressType } from '../wire.ts';
import { post } from './calls.ts';

const PARTS = ['address_1', 'address_2', 'city', 'state', 'zip', 'country'] as const;
type Part = (typeof PARTS)[number];
type Parts = Partial<Record<Part, string | null>>;

/** Which of an owner's addresses: the primary one, or the first of the others. */
type Place = 'main' | 'alternate';
const SUFFIX = { main: '', alternate: '_alternate' } as const;
type FieldOf<P extends Place> = `${Part}${(typeof SUFFIX)[P]}`;

/** The document of the addresses step. */
export type AddressesSent = Partial<Record<Place, Parts>>;

interface Owner {
  Addresses?: Address[];
}

const ONE_LINE: Limits = { maxLength: 255, pattern: { source: '^[^\\r\\n]+$', words: 'a single line' } };
const LIMITS: Readonly<Record<Part, Limits>> = {
  address_1: ONE_LINE,
  address_2: ONE_LINE,
  city: ONE_LINE,
  state: { pattern: { source: '^[A-Za-z]{2}$', words: 'a two-letter code' } },
  zip: {
    pattern: {
      source: '^(\\d{5}(-\\d{4})?|[A-Za-z]\\d[A-Za-z] ?\\d[A-Za-z]\\d)$',
      words: 'a postal code of the United States or Canada',
    },
  },
  country: ONE_LINE,
};
/** Without them the text can't be read back into its parts. */
const NEEDED: readonly Part[] = ['address_1', 'city', 'state', 'zip'];

function addressFields<P extends Place>(place: P) {
  const named = (part: Part): FieldOf<P> => `${part}${SUFFIX[place]}`;
  return {
    fields: PARTS.map(named),
    lands: `the lines of Address in the ${place === 'main' ? 'primary' : 'second'} address`,
    only: ['addresses'] as const,
    limits: Object.fromEntries(PARTS.map((part) => [named(part), LIMITS[part]])) as Record<FieldOf<P>, Limits>,
    lasting: NEEDED.map(named),
    because:
      'Rent Manager keeps an address as one text and reads its parts from the lines; it goes into the first free slot of those that the account has.',
    encode: (values: Readonly<Partial<Record<FieldOf<P>, unknown>>>): Record<string, unknown> => ({
      [place]: Object.fromEntries(
        PARTS.filter((part) => values[named(part)] !== undefined).map((part) => [part, values[named(part)]]),
      ),
    }),
    decode: ({ Addresses }: Owner): Partial<Record<FieldOf<P>, unknown>> => {
      const parts = partsOf(addressAt(place, Addresses));
      return Object.fromEntries(PARTS.map((part) => [named(part), parts[part]])) as Partial<Record<FieldOf<P>, unknown>>;
    },
  };
}

export const mainAddress = addressFields('main');
export const alternateAddress = addressFields('alternate');

/** A new address must be whole. */
export function wholeAddress({ fields, lasting }: { fields: readonly string[]; lasting: readonly string[] }): Rule {
  return requiredWhen({ anyOf: fields }, lasting, {
    on: ['create'],
    because: 'Rent Manager keeps the address as one text and reads its parts from it',
  });
}

/** Writes the addresses of an owner; needs the lookup `addressTypes`. */
export function addressesStep(resource: 'Tenants' | 'Prospects' | 'Vendors' | 'Properties' | 'Units'): Step {
  return {
    name: 'addresses',
    call: post(`/${resource}/{ownerId}/Addresses`, { ownerId: recordId }),
    sends: 'addresses',
    when: 'filled',
    compose: addressBodies,
  };
}

function addressBodies(body: AddressesSent, { current, lookups }: ReadBefore): object[] {
  const { Addresses } = (current ?? {}) as Owner;
  const types = (lookups.addressTypes ?? []) as AddressType[];
  return (['main', 'alternate'] as const).flatMap((place) => {
    const sent = body[place];
    if (!sent) return [];
    const there = addressAt(place, Addresses);
    const slot = there
      ? { AddressID: there.AddressID, AddressTypeID: there.AddressTypeID }
      : { AddressTypeID: freeSlot(place, types, Addresses) };
    return [{ ...slot, Address: textOf({ ...partsOf(there), ...sent }), IsPrimary: place === 'main' }];
  });
}

function addressAt(place: Place, addresses: readonly Address[] = []): Address | undefined {
  const main = addresses.find(({ IsPrimary }) => IsPrimary) ?? addresses.find(({ IsPrimary }) => IsPrimary === undefined);
  return place === 'main' ? main : addresses.find((address) => address !== main);
}

/** The account's first kind of address is for the main one, also while there is none yet. */
function freeSlot(place: Place, types: readonly AddressType[], addresses: readonly Address[] = []): number | undefined {
  const taken = new Set(addresses.map(({ AddressTypeID }) => AddressTypeID));
  const kept = place === 'alternate' ? (addressAt('main', addresses)?.AddressTypeID ?? types[0]?.AddressTypeID) : undefined;
  const free = types.find(({ AddressTypeID }) => !taken.has(AddressTypeID) && AddressTypeID !== kept);
  if (!free) throw new Unsendable('The account has no kind of address left that is free for this one.');
  return free.AddressTypeID;
}

function textOf({ address_1, address_2, city, state, zip, country }: Parts): string {
  const region = [state, zip].filter(Boolean).join(' ');
  const cityLine = [city, region].filter(Boolean).join(', ');
  return [address_1, address_2, cityLine, country].filter(Boolean).join('\n');
}

function partsOf(address: Address | undefined): Parts {
  if (!address) return {};
  const [address_1, ...more] = linesOf(address.Street);
  const lines = linesOf(address.Address);
  const cityLine = lines.findLastIndex((line) => address.PostalCode !== undefined && line.includes(address.PostalCode));
  const parts: Parts = { address_1: address_1 ?? null, address_2: more.join(', ') || null };
  if (address.City) parts.city = address.City;
  if (address.State) parts.state = address.State;
  if (address.PostalCode) parts.zip = address.PostalCode;
  // Rent Manager has no part for the country: it is whatever follows the line of the city.
  if (cityLine !== -1) parts.country = lines.slice(cityLine + 1).join(', ') || null;
  return parts;
}

const linesOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
