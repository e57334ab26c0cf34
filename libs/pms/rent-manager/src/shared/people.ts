/**
 * Tenants, prospects and vendors are accounts with contacts: the account has names, the primary contact has e-mail and birthday, contacts have
 * telephone numbers, accounts have addresses. Writing one person takes up to four calls; this file has those that all three share.
 */
import { inCurrent, recordId, type Call, type ReadBefore, type Step } from '#capabilities';
import type { Address, Contact, ContactType, PhoneNumber } from '../wire.ts';
import { get, post } from './calls.ts';
import { phoneBodies } from './phones.ts';

type Account = 'Tenants' | 'Prospects' | 'Vendors';

/** An account as it is read with its contacts. */
interface WithContacts {
  readonly FirstName?: string | null;
  readonly LastName?: string | null;
  readonly Name?: string;
  readonly Contacts?: Contact[];
  readonly PhoneNumbers?: PhoneNumber[];
  readonly Addresses?: Address[];
}

/** What declarations of people read: the account, its primary contact, and the telephone numbers of that contact. */
export type PersonView<Remote> = Remote & { readonly PrimaryContact?: Contact; readonly PhoneNumbers?: PhoneNumber[] };

export function personView<Remote extends WithContacts>(account: Remote): PersonView<Remote> {
  const contact = primaryContact(account);
  return contact
    ? { ...account, PrimaryContact: contact, PhoneNumbers: account.PhoneNumbers ?? contact.PhoneNumbers ?? [] }
    : account;
}

export function primaryContact({ Contacts = [] }: WithContacts): Contact | undefined {
  return Contacts.find(({ IsPrimary }) => IsPrimary) ?? Contacts[0];
}

/** What must be embedded so that a person is read as a whole. */
export const PERSON_EMBEDS = 'Contacts,Contacts.PhoneNumbers,Contacts.PhoneNumbers.PhoneNumberType,Addresses';

/** The lists of the account's own that the steps below look things up in. */
export const personLookups = (account: Account): Record<'contactTypes' | 'phoneTypes' | 'addressTypes', Call> => ({
  contactTypes: get('/ContactTypes'),
  phoneTypes: get('/Contacts/PhoneNumberTypes'),
  addressTypes: get(`/${account}/AddressTypes`),
});

const contactId = inCurrent('primary contact', (account: WithContacts) => primaryContact(account)?.ContactID);

/** Changes the primary contact, or makes one where the account has none. */
export function contactStep(account: Account): Step {
  return {
    name: 'contact',
    call: post('/Contacts/{contactId}', { contactId }),
    otherwise: { unless: contactId, call: post(`/${account}/{accountId}/Contacts`, { accountId: recordId }), asArray: true },
    sends: 'contact',
    when: 'filled',
    compose: contactBody,
  };
}

function contactBody(body: Readonly<Record<string, unknown>>, { current, lookups }: ReadBefore): object {
  const account = (current ?? {}) as WithContacts;
  if (primaryContact(account)) return body;
  const [type] = (lookups.contactTypes ?? []) as ContactType[];
  const names = { FirstName: account.FirstName, LastName: account.LastName ?? account.Name };
  return { ...names, ContactTypeID: type?.ContactTypeID, IsPrimary: true, ...body };
}

/** Writes the telephone numbers of the primary contact. */
export const contactPhonesStep: Step = {
  name: 'phones',
  call: post('/Contacts/{contactId}/PhoneNumbers', { contactId }),
  sends: 'phones',
  when: 'filled',
  compose: phoneBodies((account: WithContacts) => primaryContact(account)?.PhoneNumbers),
};
