import {
  defineCapability,
  fieldsOf,
  flag,
  instant,
  integer,
  numericId,
  recordId,
  text,
  uniqueIn,
  unsupportedFields,
  type Call,
} from '#capabilities';
import { Property } from '#models/property';
import { addressesStep, mainAddress, wholeAddress, type AddressesSent } from './shared/addresses.ts';
import { changedSince, filterable, get, madeSince, post, VISIBLE_AFTER_MS, withVersion } from './shared/calls.ts';
import { category } from './shared/codecs.ts';
import { phoneBodies, phoneFields, phoneRules, type PhonesSent } from './shared/phones.ts';
import type { Property as RemoteProperty } from './wire.ts';

type Documents = { property: RemoteProperty; phones: PhonesSent; addresses: AddressesSent };
const { read, shared, write } = fieldsOf<RemoteProperty, Documents>(['property', 'phones', 'addresses']);

const property: Call = get(
  '/Properties/{propertyId}',
  { propertyId: recordId },
  { embeds: 'PhoneNumbers,PhoneNumbers.PhoneNumberType,Addresses,UnitCount' },
);
const NUMBERS = ['manager_phone_1', 'manager_phone_2'] as const;
const phones = phoneFields(NUMBERS);
const lookups = { phoneTypes: get('/Properties/PhoneNumberTypes'), addressTypes: get('/Properties/AddressTypes') };
const furtherSteps = [
  {
    name: 'phones',
    call: post('/Properties/{propertyId}/PhoneNumbers', { propertyId: recordId }),
    sends: 'phones',
    when: 'filled',
    compose: phoneBodies(({ PhoneNumbers }: RemoteProperty) => PhoneNumbers),
  },
  addressesStep('Properties'),
] as const;

/** A property of Rent Manager has a name and a short name by which the account lists it. */
export const properties = defineCapability(Property, {
  source:
    'Rent Manager 12 Web API, help pages of Properties, PhoneNumbers and Addresses. Which members a create needs is not published: [inferred].',
  documents: { property: {}, phones: {}, addresses: {} },
  fields: {
    property_id: read('PropertyID', numericId, 'It is the property itself: Rent Manager has no buildings inside a property.'),
    name: write('Name', text(), { only: ['property'], required: ['create'], nullable: false }),
    short_description: write('ShortName', text(), { only: ['property'], required: ['create'], nullable: false }),
    category: write('IsCommercial', category, { only: ['property'], nullable: false }),
    is_active: write('IsActive', flag, { only: ['property'], nullable: false }),
    ...shared(mainAddress.fields, mainAddress),
    manager_name: write('ManagerName', text(), { only: ['property'] }),
    manager_email: write('Email', text(), { only: ['property'], note: 'Rent Manager keeps it as the address of the property.' }),
    ...shared(phones.fields, phones),
    square_feet: write('SquareFootage', integer(), { only: ['property'] }),
    notes: write('Comment', text(), { only: ['property'] }),
    type_raw: read('PropertyType', text()),
    number_of_units: read('UnitCount', integer()),
    x_created_at: read('CreateDate', instant),
    ...unsupportedFields(['type', 'type_normalized'], 'The words that Rent Manager takes for it are not published.'),
    ...unsupportedFields(['abbreviation', 'code'], 'Its short name stands in short_description.'),
    ...unsupportedFields(['street_address_1', 'street_address_2'], 'It is a former name: use address_1 and address_2.'),
    ...unsupportedFields(['square_footage'], 'It is a former name: use square_feet.'),
    ...unsupportedFields(['county', 'website', 'year_built', 'long_description'], 'A Rent Manager property has no such field.'),
    ...unsupportedFields(
      ['x_building_id', 'building_number', 'x_portfolio_id'],
      'Rent Manager knows no buildings and no portfolios around or inside a property.',
    ),
    ...unsupportedFields(['associated_owner_ids'], 'Owners have contracts with a property, which are records of their own.'),
    ...unsupportedFields(
      ['operating_financial_account_id'],
      'Rent Manager names a bank there, and Latchkey knows the accounts of its general ledger only.',
    ),
    ...unsupportedFields(['office_hours', 'pet_types', 'custom_data'], 'Latchkey does not read it from Rent Manager.'),
  },
  rules: [
    ...phoneRules(NUMBERS),
    wholeAddress(mainAddress),
    uniqueIn(['short_description'], 'No two properties of an account have the same short name.'),
  ],
  create: {
    current: property,
    lookups,
    steps: [
      { name: 'property', call: post('/Properties'), sends: 'property', asArray: true, id: '0.PropertyID' },
      ...furtherSteps,
    ],
    doubt: {
      policy: 'search',
      call: get('/Properties', {}, { filters: madeSince({ ShortName: filterable('short_description') }) }),
      same: ['name', 'short_description'],
      createdAt: 'CreateDate',
      visibleAfterMs: VISIBLE_AFTER_MS,
    },
  },
  update: {
    current: property,
    lookups,
    steps: [
      {
        name: 'property',
        call: post('/Properties/{propertyId}', { propertyId: recordId }),
        sends: 'property',
        when: 'filled',
        compose: withVersion,
      },
      ...furtherSteps,
    ],
    doubt: { policy: 'read_back' },
  },
  reads: { list: get('/Properties', {}, property.query), one: property, id: 'PropertyID', changedSince: changedSince() },
});
