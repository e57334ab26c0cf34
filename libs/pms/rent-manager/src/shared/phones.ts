/**
 * Telephone numbers: two or three with a kind each here, a list there whose kinds each account names itself.
 *
 * Promises: a number replaces the one of its kind; a first number becomes the primary one. Fails: with Unsendable when the account has no such kind.
 */
import { distinct, requiredWhen, Unsendable, type Limits, type ReadBefore, type Rule } from '#capabilities';
import type { PhoneNumber, PhoneNumberType } from '../wire.ts';

/** Our kinds, and how accounts call theirs. The first that fits counts, so that "Work fax" is a fax. */
const KINDS: Readonly<Record<string, RegExp>> = {
  FAX: /fax/i,
  MOBILE: /mobile|cell/i,
  HOME: /home/i,
  WORK: /work|office|business/i,
};
const OTHER = 'OTHER';
/** For numbers that come without a kind and have no predecessor. */
const DEFAULT_KINDS = ['HOME', 'MOBILE', 'WORK'] as const;

interface SentNumber {
  readonly number: unknown;
  readonly kind?: unknown;
}

/** The document of a step for telephone numbers: by position, 0 for the first. */
export type PhonesSent = { readonly [position in '0' | '1' | '2']?: SentNumber };

interface Owner {
  PhoneNumbers?: PhoneNumber[];
}

const KIND: Limits = { values: [...Object.keys(KINDS), OTHER] };

/** The fields of an owner's numbers; spread `shared(phones.fields, phones)` into a declaration. */
export function phoneFields<const Name extends string>(numbers: readonly Name[]) {
  type Field = Name | `${Name}_type`;
  const kindOf = (number: Name): `${Name}_type` => `${number}_type`;
  const defaults = numbers.map((number, position) => `${number} is ${DEFAULT_KINDS[position]}`).join(', ');
  return {
    fields: numbers.flatMap((number): Field[] => [number, kindOf(number)]),
    lands: 'PhoneNumbers, by the type',
    only: ['phones'] as const,
    limits: Object.fromEntries(numbers.map((number) => [kindOf(number), KIND])) as Record<Field, Limits>,
    lasting: numbers.flatMap((number): Field[] => [number, kindOf(number)]),
    because: `Latchkey keeps one number of each kind that the account has. A number without a type takes the place of the one that is there; of a new one ${defaults}.`,
    encode: (values: Readonly<Partial<Record<Field, unknown>>>): Record<string, unknown> =>
      Object.fromEntries(
        numbers.flatMap((number, position) =>
          values[number] === undefined ? [] : [[String(position), { number: values[number], kind: values[kindOf(number)] }]],
        ),
      ),
    decode: ({ PhoneNumbers }: Owner): Partial<Record<Field, unknown>> => {
      const listed = primaryFirst(PhoneNumbers);
      return Object.fromEntries(
        numbers.flatMap((number, position) => {
          const there = listed[position];
          return there
            ? [
                [number, there.PhoneNumber],
                [kindOf(number), kindNamed(there.PhoneNumberType?.Name)],
              ]
            : [];
        }),
      ) as Partial<Record<Field, unknown>>;
    },
  };
}

/** What callers must know about an owner's numbers. */
export function phoneRules(numbers: readonly string[]): Rule[] {
  const pairs = numbers.flatMap((first, index) => numbers.slice(index + 1).map((second) => [first, second] as const));
  return [
    ...numbers.map((number) => requiredWhen({ anyOf: [`${number}_type`] }, [number])),
    ...pairs.map(([first, second]) =>
      distinct(`${first}_type`, `${second}_type`, { because: 'Latchkey keeps one number of each kind' }),
    ),
  ];
}

/** For `compose`: the numbers as Rent Manager takes them. `owned` finds those that are there; needs the lookup `phoneTypes`. */
export function phoneBodies(owned: (current: never) => readonly PhoneNumber[] | undefined) {
  return (body: Readonly<Record<string, unknown>>, { current, lookups }: ReadBefore): object[] => {
    const listed = primaryFirst(owned(current as never));
    const types = (lookups.phoneTypes ?? []) as PhoneNumberType[];
    return Object.entries(body as PhonesSent).map(([position, { number, kind }]) => {
      const predecessor = kind === undefined ? listed[Number(position)]?.PhoneNumberTypeID : undefined;
      const type = predecessor ?? typeFor(String(kind ?? DEFAULT_KINDS[Number(position)]), types);
      const there = listed.find(({ PhoneNumberTypeID }) => PhoneNumberTypeID === type);
      return {
        ...(there ? { PhoneNumberID: there.PhoneNumberID } : {}),
        PhoneNumberTypeID: type,
        PhoneNumber: number,
        ...(position === '0' ? { IsPrimary: true } : {}),
      };
    });
  };
}

function typeFor(kind: string, types: readonly PhoneNumberType[]): number | undefined {
  const found = types.find(({ Name }) => kindNamed(Name) === kind);
  if (found) return found.PhoneNumberTypeID;
  const names = types.map(({ Name }) => Name).join(', ');
  throw new Unsendable(`The account has no kind of telephone number that means ${kind}; it has ${names || 'none'}.`);
}

const kindNamed = (name = ''): string => Object.keys(KINDS).find((kind) => KINDS[kind]?.test(name)) ?? OTHER;

const primaryFirst = (numbers: readonly PhoneNumber[] = []): PhoneNumber[] =>
  [...numbers].sort((one, other) => Number(other.IsPrimary ?? false) - Number(one.IsPrimary ?? false));
