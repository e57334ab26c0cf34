import {
  calendarDate,
  carryInto,
  defineCapability,
  fieldsOf,
  flag,
  formBy,
  keepsOnly,
  recordId,
  requiredWhen,
  sameWords,
  sinceSent,
  text,
  textLike,
  together,
  unsupportedFields,
} from '#capabilities';
import { Vendor } from '#models/vendor';
import { changedSince, get, post, put, REPLACES_ALL, utcSeconds, VISIBLE_AFTER_MS, wire } from './shared/calls.ts';
import { country, stateOf } from './shared/country.ts';
import { OTHER_NUMBERS, PHONE_FIELDS, phoneRules, phones, phonesAsObject } from './shared/phones.ts';
import type {
  SaveAddressMessage,
  TaxInformationSaveMessage,
  VendorMessage,
  VendorPostMessage,
  VendorPutMessage,
} from './wire/index.ts';

type Documents = { create: VendorPostMessage; update: VendorPutMessage };
const { read, refer, shared, write } = fieldsOf<VendorMessage, Documents>(['create', 'update']);

const TAX_FORMS = {
  SSN: { source: '^\\d{3}-\\d{2}-\\d{4}$', words: 'of the form 123-45-6789' },
  EIN: { source: '^\\d{2}-\\d{7}$', words: 'of the form 12-3456789' },
};

/** The tax information that was read, as a replacement sends it. */
function taxToSend({ TaxInformation: tax }: VendorMessage): TaxInformationSaveMessage | null {
  if (!tax) return null;
  const { TaxPayerId, TaxPayerIdType, TaxPayerName1, TaxPayerName2, IncludeIn1099 = false, Address } = tax;
  const address = Address ? (wire('SaveAddressMessage').keep(Address) as unknown as SaveAddressMessage) : null;
  return { TaxPayerId, TaxPayerType: TaxPayerIdType, TaxPayerName1, TaxPayerName2, IncludeIn1099, Address: address };
}

/** An update that gives a vendor its first tax information must also say whether it goes into form 1099; a create need not. */
function withForm1099(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { TaxInformation: tax } = body;
  return tax ? { ...body, TaxInformation: { IncludeIn1099: false, ...tax } } : body;
}

export const vendors = defineCapability(Vendor, {
  source: 'https://developer.buildium.com/#tag/Vendors',
  documents: { create: { schema: wire('VendorPostMessage') }, update: { schema: wire('VendorPutMessage') } },
  fields: {
    is_company: write('IsCompany', flag),
    name: write('CompanyName', text(), { note: 'The name of a company; Buildium shows none for a person.' }),
    first_name: write('FirstName', text(), { note: 'Of a person; Buildium shows none for a company.' }),
    last_name: write('LastName', text(), { note: 'Of a person; Buildium shows none for a company.' }),
    vendor_category_id: refer('CategoryId', { from: 'Category.Id' }),
    type: read('Category.Name', text()),
    is_active: read('IsActive', flag, 'Vendors are retired in Buildium.'),
    email_1: write('PrimaryEmail', text()),
    email_2: write('AlternateEmail', text()),
    ...shared(PHONE_FIELDS, phones),
    address_1: write('Address.AddressLine1', text()),
    address_2: write('Address.AddressLine2', text()),
    city: write('Address.City', text()),
    state: write('Address.State', text()),
    zip: write('Address.PostalCode', text()),
    country: write('Address.Country', country),
    website: write('Website', textLike('^https?://\\S+$', 'a web address that begins with http:// or https://')),
    account_number: write('AccountNumber', text()),
    insurance_provider: write('VendorInsurance.Provider', text()),
    insurance_policy_number: write('VendorInsurance.PolicyNumber', text()),
    insurance_expire_date: write('VendorInsurance.ExpirationDate', calendarDate),
    tax_id: write('TaxInformation.TaxPayerId', text()),
    tax_payer_type: write('TaxInformation.TaxPayerType', sameWords('SSN', 'EIN'), { from: 'TaxInformation.TaxPayerIdType' }),
    tax_payer_name_1: write('TaxInformation.TaxPayerName1', text()),
    tax_payer_name_2: write('TaxInformation.TaxPayerName2', text()),
    tax_address_1: write('TaxInformation.Address.AddressLine1', text()),
    tax_address_2: write('TaxInformation.Address.AddressLine2', text()),
    tax_city: write('TaxInformation.Address.City', text()),
    tax_state: write('TaxInformation.Address.State', text()),
    tax_zip: write('TaxInformation.Address.PostalCode', text()),
    tax_country: write('TaxInformation.Address.Country', country),
    notes: write('Comments', text()),
    ...unsupportedFields(
      ['liability_expiration_date', 'workers_comp_expiration_date'],
      'Buildium keeps one insurance of a vendor: use insurance_expire_date.',
    ),
    ...unsupportedFields(
      ['tax_payer_first_name', 'tax_payer_last_name'],
      'Buildium keeps the name for taxes in one piece: use tax_payer_name_1.',
    ),
    ...unsupportedFields(['contacts'], 'Buildium keeps no contacts of a vendor.'),
    ...unsupportedFields(['property_id'], 'A Buildium vendor works for the whole account, not for one property.'),
    ...unsupportedFields(['third_party_id', 'x_location_id'], 'A Buildium vendor has no such field.'),
    ...unsupportedFields(['custom_data'], "Buildium's API has no custom fields."),
  },
  create: {
    steps: [{ name: 'vendor', call: post('/v1/vendors'), sends: 'create', id: 'Id' }],
    doubt: {
      policy: 'search',
      // No name in the filter: Buildium may have tidied it up, and what a filter misses would be made twice.
      call: get('/v1/vendors', {}, { lastupdatedfrom: sinceSent(utcSeconds) }),
      same: ['is_company', 'name', 'first_name', 'last_name', 'email_1', 'x_vendor_category_id'],
      visibleAfterMs: VISIBLE_AFTER_MS,
    },
  },
  update: {
    current: get('/v1/vendors/{vendorId}', { vendorId: recordId }),
    updates: 'replace',
    carry: carryInto<VendorMessage, VendorPutMessage>(wire('VendorPutMessage'), {
      CategoryId: ({ Category }) => Category?.Id,
      ExpenseGlAccountId: ({ ExpenseGLAccountId }) => ExpenseGLAccountId,
      PhoneNumbers: phonesAsObject,
      TaxInformation: taxToSend,
    }),
    steps: [
      { name: 'vendor', call: put('/v1/vendors/{vendorId}', { vendorId: recordId }), sends: 'update', compose: withForm1099 },
    ],
    doubt: { policy: 'read_back' },
    notes: [REPLACES_ALL('vendor'), OTHER_NUMBERS],
  },
  reads: { list: get('/v1/vendors'), one: get('/v1/vendors/{vendorId}', { vendorId: recordId }), id: 'Id', changedSince },
  rules: [
    requiredWhen({ field: 'is_company', is: [true] }, ['name'], { on: ['create'] }),
    requiredWhen({ field: 'is_company', is: [false] }, ['first_name', 'last_name'], { on: ['create'] }),
    keepsOnly(
      { field: 'is_company', is: true },
      { not: ['first_name', 'last_name'] },
      'Buildium keeps no names of a person for a company',
    ),
    keepsOnly({ field: 'is_company', is: false }, { not: ['name'] }, 'Buildium keeps no name of a company for a person'),
    together(['tax_id', 'tax_payer_type'], { because: 'the type says how the number is read' }),
    formBy('tax_id', 'tax_payer_type', TAX_FORMS),
    stateOf('country', 'state'),
    stateOf('tax_country', 'tax_state'),
    ...phoneRules,
  ],
});
