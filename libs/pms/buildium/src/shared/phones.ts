import type { Limits } from '#capabilities';
import type { PhoneNumberMessage, PhoneNumbersMessage } from '../wire/index.ts';

type Slot = keyof PhoneNumbersMessage;

/** Our kinds of telephone numbers and the slot of Buildium's object that each fills. */
const SLOTS: Readonly<Record<string, Slot>> = { HOME: 'Home', WORK: 'Work', MOBILE: 'Mobile', FAX: 'Fax' };
/** The read side is a list with kinds of its own. */
const KINDS: Readonly<Record<NonNullable<PhoneNumberMessage['Type']>, Slot | null>> = {
  Home: 'Home',
  Office: 'Work',
  Cell: 'Mobile',
  Fax: 'Fax',
  Personal: null,
  Other: null,
  NotSet: null,
};
const DEFAULT_KIND = { phone_1: 'HOME', phone_2: 'MOBILE' } as const;

export const PHONE_FIELDS = ['phone_1', 'phone_1_type', 'phone_2', 'phone_2_type'] as const;
type PhoneFields = Readonly<Partial<Record<(typeof PHONE_FIELDS)[number], unknown>>>;

const NUMBER: Limits = { minLength: 10, maxLength: 20 };
const KIND: Limits = { values: Object.keys(SLOTS) };

/**
 * Telephone numbers of a person: two numbered ones with a kind each here, one per kind there. Buildium's answer is a list with kinds, its
 * request an object with slots.
 */
export const phones = {
  lands: 'PhoneNumbers.Home, .Work, .Mobile or .Fax, by the type',
  because: `Buildium keeps one number of each kind; without a type phone_1 is ${DEFAULT_KIND.phone_1} and phone_2 is ${DEFAULT_KIND.phone_2}.`,
  limits: { phone_1: NUMBER, phone_2: NUMBER, phone_1_type: KIND, phone_2_type: KIND },
  encode: (values: PhoneFields): Record<string, unknown> =>
    Object.fromEntries(
      (['phone_1', 'phone_2'] as const)
        .filter((field) => values[field] !== undefined)
        .map((field) => [`PhoneNumbers.${SLOTS[String(values[`${field}_type`] ?? DEFAULT_KIND[field])]}`, values[field]]),
    ),
  decode: ({ PhoneNumbers }: { PhoneNumbers?: readonly PhoneNumberMessage[] | null }): PhoneFields => {
    const [first, second] = slotsOf(PhoneNumbers);
    const kindOf = (slot: Slot | undefined) => Object.keys(SLOTS).find((kind) => SLOTS[kind] === slot);
    return { phone_1: first?.[1], phone_1_type: kindOf(first?.[0]), phone_2: second?.[1], phone_2_type: kindOf(second?.[0]) };
  },
};

/** The read list as the object that a replacement must send. Kinds without a slot can't be sent back: Buildium's API has no place for them. */
export function phonesAsObject({ PhoneNumbers }: { PhoneNumbers?: readonly PhoneNumberMessage[] | null }): PhoneNumbersMessage {
  return Object.fromEntries(slotsOf(PhoneNumbers));
}

function slotsOf(numbers: readonly PhoneNumberMessage[] | null | undefined): [Slot, string][] {
  return (numbers ?? []).flatMap(({ Number: number, Type: type }) => {
    const slot = type && KINDS[type];
    return slot && number ? [[slot, number] as [Slot, string]] : [];
  });
}
