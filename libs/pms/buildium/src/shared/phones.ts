import type { Limits, Rule } from '#capabilities';
import { pointerTo, type Issue } from '#problem';
import type { PhoneNumberMessage, PhoneNumbersMessage } from '../wire/index.ts';

type Slot = keyof PhoneNumbersMessage;
type Listed = { readonly PhoneNumbers?: readonly PhoneNumberMessage[] | null };

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
const NUMBERS = ['phone_1', 'phone_2'] as const;

export const PHONE_FIELDS = ['phone_1', 'phone_1_type', 'phone_2', 'phone_2_type'] as const;
type PhoneFields = Readonly<Partial<Record<(typeof PHONE_FIELDS)[number], unknown>>>;

const NUMBER: Limits = { minLength: 10, maxLength: 20 };
const KIND: Limits = { values: Object.keys(SLOTS) };

const kindOf = (values: PhoneFields, field: (typeof NUMBERS)[number]): string =>
  String(values[`${field}_type`] ?? DEFAULT_KIND[field]);
/** Buildium shows numbers in a punctuation of its own. */
const digitsOf = (number: unknown): string => String(number ?? '').replaceAll(/\D/g, '');
const isSent = (values: PhoneFields, field: (typeof PHONE_FIELDS)[number]): boolean => values[field] !== undefined;

/**
 * Telephone numbers of a person: two numbered ones with a kind each here, one per kind there. Buildium's answer is a list with kinds, its
 * request an object with slots, which stands at `at` of the document.
 */
export const phonesAt = (at: string) => ({
  lands: `${at}.Home, .Work, .Mobile or .Fax, by the type`,
  because: `Buildium keeps one number of each kind, in no order of ours; without a type phone_1 is ${DEFAULT_KIND.phone_1} and phone_2 is ${DEFAULT_KIND.phone_2}.`,
  limits: { phone_1: NUMBER, phone_2: NUMBER, phone_1_type: KIND, phone_2_type: KIND },
  encode: (values: PhoneFields): Record<string, unknown> =>
    Object.fromEntries(
      NUMBERS.filter((field) => isSent(values, field)).map((field) => [`${at}.${SLOTS[kindOf(values, field)]}`, values[field]]),
    ),
});

export const phones = {
  ...phonesAt('PhoneNumbers'),
  decode: ({ PhoneNumbers }: Listed): PhoneFields => {
    const [first, second] = slotsOf(PhoneNumbers);
    const ours = (slot: Slot | undefined) => Object.keys(SLOTS).find((kind) => SLOTS[kind] === slot);
    return { phone_1: first?.[1], phone_1_type: ours(first?.[0]), phone_2: second?.[1], phone_2_type: ours(second?.[0]) };
  },
  shows: (values: PhoneFields, remote: Listed): boolean => {
    const slots = phonesAsObject(remote);
    return NUMBERS.filter((field) => isSent(values, field)).every(
      (field) => digitsOf(slots[SLOTS[kindOf(values, field)] as Slot]) === digitsOf(values[field]),
    );
  },
};

const issue = (field: string, code: Issue['code'], detail: string): Issue => ({ pointer: pointerTo(field), code, detail });

const TYPE_WITH_NUMBER = "A telephone number's type says nothing without the number.";
const ONE_OF_EACH = 'phone_1 and phone_2 must differ in their types: Buildium keeps one number of each.';

/** What the slots demand of the four fields. */
export const phoneRules: readonly Rule[] = [
  {
    kind: 'required_when',
    fields: PHONE_FIELDS,
    on: ['create', 'update'],
    words: TYPE_WITH_NUMBER,
    check: (values) =>
      NUMBERS.filter((field) => isSent(values, `${field}_type`) && !isSent(values, field)).map((field) =>
        issue(field, 'required', TYPE_WITH_NUMBER),
      ),
    breakIt: ({ phone_1: _left_out, ...values }) => ({ ...values, phone_1_type: 'HOME' }),
  },
  {
    kind: 'distinct',
    fields: PHONE_FIELDS,
    on: ['create', 'update'],
    words: ONE_OF_EACH,
    check: (values) =>
      NUMBERS.every((field) => isSent(values, field)) && kindOf(values, 'phone_1') === kindOf(values, 'phone_2')
        ? [issue('phone_2_type', 'conflict', ONE_OF_EACH)]
        : [],
    breakIt: (values) => ({ ...values, phone_2_type: values['phone_1_type'] ?? DEFAULT_KIND.phone_1 }),
  },
];

/** What a replacement can't keep. */
export const OTHER_NUMBERS =
  'An update may drop telephone numbers that Buildium lists as personal or other: its API has no place to send them back to.';

/** The read list as the object that a replacement must send. Kinds without a slot can't be sent back: Buildium's API has no place for them. */
export function phonesAsObject({ PhoneNumbers }: Listed): PhoneNumbersMessage {
  return Object.fromEntries(slotsOf(PhoneNumbers));
}

function slotsOf(numbers: readonly PhoneNumberMessage[] | null | undefined): [Slot, string][] {
  return (numbers ?? []).flatMap(({ Number: number, Type: type }) => {
    const slot = type && KINDS[type];
    return slot && number ? [[slot, number] as [Slot, string]] : [];
  });
}
