import { dateAsDateTime, defineCapability, fieldsOf, flag, recordId, text, unsupportedFields, type Call } from '#capabilities';
import { Vendor } from '#models/vendor';
import { addressesStep, mainAddress, wholeAddress, type AddressesSent } from './shared/addresses.ts';
import { changedSince, filterable, get, madeSince, post, VISIBLE_AFTER_MS, withVersion } from './shared/calls.ts';
import { contactStep, personLookups, personView, type PersonView } from './shared/people.ts';
import { phoneBodies, phoneFields, phoneRules, type PhonesSent } from './shared/phones.ts';
import type { Contact, Vendor as RemoteVendor } from './wire.ts';

type Documents = { vendor: RemoteVendor; contact: Contact; phones: PhonesSent; addresses: AddressesSent };
const { read, shared, write } = fieldsOf<PersonView<RemoteVendor>, Documents>(['vendor', 'contact', 'phones', 'addresses']);

const vendor: Call = get(
  '/Vendors/{vendorId}',
  { vendorId: recordId },
  { embeds: 'Contacts,PhoneNumbers,PhoneNumbers.PhoneNumberType,Addresses' },
);
const NUMBERS = ['phone_1', 'phone_2'] as const;
const phones = phoneFields(NUMBERS);
const lookups = { ...personLookups('Vendors'), phoneTypes: get('/Vendors/PhoneNumberTypes') };
const furtherSteps = [
  contactStep('Vendors'),
  {
    name: 'phones',
    call: post('/Vendors/{vendorId}/PhoneNumbers', { vendorId: recordId }),
    sends: 'phones',
    when: 'filled',
    compose: phoneBodies(({ PhoneNumbers }: RemoteVendor) => PhoneNumbers),
  },
  addressesStep('Vendors'),
] as const;

/** A vendor has a name; the names and the e-mail address of a person stand on its primary contact. */
export const vendors = defineCapability(Vendor, {
  source:
    'Rent Manager 12 Web API, help pages of Vendors, Contacts, PhoneNumbers and Addresses. Which members a create needs is not published: [inferred].',
  documents: { vendor: {}, contact: {}, phones: {}, addresses: {} },
  view: personView<RemoteVendor>,
  fields: {
    name: write('Name', text(), { only: ['vendor'], required: ['create'], nullable: false }),
    first_name: write('FirstName', text(), { only: ['contact'], from: 'PrimaryContact.FirstName' }),
    last_name: write('LastName', text(), { only: ['contact'], from: 'PrimaryContact.LastName', nullable: false }),
    email_1: write('Email', text(), { only: ['contact'], from: 'PrimaryContact.Email' }),
    ...shared(phones.fields, phones),
    ...shared(mainAddress.fields, mainAddress),
    is_active: write('IsActive', flag, { only: ['vendor'], nullable: false }),
    account_number: write('AccountNumber', text(), { only: ['vendor'] }),
    insurance_expire_date: write('InsuranceExpiration', dateAsDateTime, { only: ['vendor'] }),
    workers_comp_expiration_date: write('WorkersCompExpiration', dateAsDateTime, { only: ['vendor'] }),
    notes: write('Comment', text(), { only: ['vendor'] }),
    type: read('Category', text()),
    tax_id: read('TaxID', text(), 'Its API shows the tax number of a vendor and does not take it.'),
    ...unsupportedFields(['is_company'], 'A Rent Manager vendor has a name and a contact, whether it is a company or a person.'),
    ...unsupportedFields(['vendor_category_id'], 'Rent Manager keeps the category of a vendor as free text, not as a list.'),
    ...unsupportedFields(['email_2'], 'A contact has one e-mail address, and Latchkey writes the primary contact only.'),
    ...unsupportedFields(
      ['website', 'insurance_provider', 'insurance_policy_number', 'liability_expiration_date', 'third_party_id'],
      'A Rent Manager vendor has no such field.',
    ),
    ...unsupportedFields(
      [
        'tax_payer_type',
        'tax_payer_name_1',
        'tax_payer_name_2',
        'tax_payer_first_name',
        'tax_payer_last_name',
        'tax_address_1',
        'tax_address_2',
        'tax_city',
        'tax_state',
        'tax_zip',
        'tax_country',
      ],
      'Its API does not take what is needed for taxes.',
    ),
    ...unsupportedFields(['property_id'], 'A Rent Manager vendor belongs to the account, not to a property.'),
    ...unsupportedFields(['contacts', 'x_location_id', 'custom_data'], 'Latchkey does not read it from Rent Manager.'),
  },
  rules: [...phoneRules(NUMBERS), wholeAddress(mainAddress)],
  create: {
    current: vendor,
    lookups,
    steps: [{ name: 'vendor', call: post('/Vendors'), sends: 'vendor', asArray: true, id: '0.VendorID' }, ...furtherSteps],
    doubt: {
      policy: 'search',
      call: get('/Vendors', {}, { filters: madeSince({ Name: filterable('name') }) }),
      same: ['name'],
      createdAt: 'CreateDate',
      visibleAfterMs: VISIBLE_AFTER_MS,
    },
  },
  update: {
    current: vendor,
    lookups,
    steps: [
      {
        name: 'vendor',
        call: post('/Vendors/{vendorId}', { vendorId: recordId }),
        sends: 'vendor',
        when: 'filled',
        compose: withVersion,
      },
      ...furtherSteps,
    ],
    doubt: { policy: 'read_back' },
  },
  reads: { list: get('/Vendors', {}, vendor.query), one: vendor, id: 'VendorID', changedSince: changedSince() },
});
