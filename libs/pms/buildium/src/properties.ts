import {
  asText,
  carryInto,
  defineCapability,
  fieldsOf,
  flag,
  integer,
  numericId,
  oneOf,
  recordId,
  referenceMust,
  sameWords,
  sideEffect,
  sinceSent,
  text,
  unsupportedFields,
  Unsendable,
  type ReadBefore,
} from '#capabilities';
import { Property } from '#models/property';
import { changedSince, get, post, put, REPLACES_ALL, utcSeconds, VISIBLE_AFTER_MS, wire } from './shared/calls.ts';
import { country, stateOf } from './shared/country.ts';
import type { BankAccountMessage, RentalMessage, RentalPropertyPostMessage, RentalPropertyPutMessage } from './wire/index.ts';

type Documents = { create: RentalPropertyPostMessage; update: RentalPropertyPutMessage };
const { derived, read, shared, write } = fieldsOf<RentalMessage, Documents>(['create', 'update']);

/** Our financial accounts are Buildium's ledger accounts; a property wants the bank account behind one of them. */
interface BankAccountOf {
  readonly glAccount: number;
}
const isToBeFound = (id: unknown): id is BankAccountOf => typeof id === 'object' && id !== null && 'glAccount' in id;

/** The body with the bank account's own id. @throws Unsendable when no bank account stands behind the ledger account */
function withBankAccount(body: Readonly<Record<string, unknown>>, { lookups }: ReadBefore): Readonly<Record<string, unknown>> {
  const { OperatingBankAccountId: wanted } = body;
  if (!isToBeFound(wanted)) return body;
  const accounts = (lookups['bank accounts'] ?? []) as readonly BankAccountMessage[];
  const account = accounts.find(({ GLAccount }) => GLAccount?.Id === wanted.glAccount);
  if (!account) throw new Unsendable('operating_financial_account_id must name the ledger account of a bank account.');
  return { ...body, OperatingBankAccountId: account.Id };
}

const lookups = { 'bank accounts': get('/v1/bankaccounts', {}, { limit: 1_000 }) };

/** Buildium calls a property that is let a rental. */
export const properties = defineCapability(Property, {
  source: 'https://developer.buildium.com/#tag/Rental-Properties',
  documents: { create: { schema: wire('RentalPropertyPostMessage') }, update: { schema: wire('RentalPropertyPutMessage') } },
  fields: {
    property_id: read('Id', numericId, 'It is the property itself: Buildium has no buildings inside a property.'),
    name: write('Name', text()),
    short_description: write('StructureDescription', text()),
    long_description: read('StructureDescription', text()),
    type: write(
      'RentalSubType',
      asText(
        sameWords(
          'SingleFamily',
          'MultiFamily',
          'CondoTownhome',
          'Office',
          'Retail',
          'ShoppingCenter',
          'Industrial',
          'Storage',
          'ParkingSpace',
        ),
      ),
    ),
    type_raw: read('RentalSubType', text()),
    type_normalized: read(
      'RentalSubType',
      oneOf({
        SingleFamily: 'SINGLE_FAMILY',
        MultiFamily: 'MULTI_FAMILY',
        CondoTownhome: 'OTHER',
        Office: 'COMMERCIAL',
        Retail: 'COMMERCIAL',
        ShoppingCenter: 'COMMERCIAL',
        Industrial: 'COMMERCIAL',
        Storage: 'COMMERCIAL',
        ParkingSpace: 'COMMERCIAL',
      }),
    ),
    category: read(
      'RentalType',
      oneOf({ Residential: 'Residential', Commercial: 'Commercial', None: null }),
      'It follows from the type.',
    ),
    is_active: read(
      'IsActive',
      flag,
      'Buildium closes and reopens a property by calls of their own, which Latchkey does not send.',
    ),
    address_1: write('Address.AddressLine1', text()),
    address_2: write('Address.AddressLine2', text()),
    city: write('Address.City', text()),
    state: write('Address.State', text()),
    zip: write('Address.PostalCode', text()),
    country: write('Address.Country', country),
    year_built: write('YearBuilt', integer(), { note: 'From 1000 to the current year.' }),
    number_of_units: read('NumberUnits', integer()),
    ...shared(['operating_financial_account_id'], {
      lands: 'OperatingBankAccountId',
      required: { operating_financial_account_id: ['create'] },
      references: ['operating_financial_account_id'],
      lasting: ['operating_financial_account_id'],
      unread: ['operating_financial_account_id'],
      because:
        'Buildium wants the id of the bank account, whose ledger account the field names; Latchkey looks the bank account up. What is read back is the bank account only.',
      encode: ({ operating_financial_account_id: id }) => ({
        OperatingBankAccountId: { glAccount: Number(id) } satisfies BankAccountOf,
      }),
      decode: () => ({}),
    }),
    manager_name: derived(
      'Put together from the names of the property manager.',
      ({ RentalManager }) =>
        RentalManager?.CompanyName || [RentalManager?.FirstName, RentalManager?.LastName].filter(Boolean).join(' ') || null,
    ),
    manager_email: read('RentalManager.Email', text(), 'It belongs to the member of staff who manages the property.'),
    ...unsupportedFields(
      ['manager_phone_1', 'manager_phone_1_type', 'manager_phone_2', 'manager_phone_2_type'],
      'They belong to the member of staff who manages the property.',
    ),
    ...unsupportedFields(['associated_owner_ids'], 'Latchkey does not keep the owners of properties yet, so none can be named.'),
    ...unsupportedFields(['street_address_1', 'street_address_2'], 'Use address_1 and address_2.'),
    ...unsupportedFields(['abbreviation', 'code'], 'A Buildium property has a name only.'),
    ...unsupportedFields(
      ['county', 'website', 'square_feet', 'square_footage', 'office_hours', 'pet_types', 'x_created_at'],
      'A Buildium property has no such field.',
    ),
    ...unsupportedFields(
      ['x_portfolio_id', 'x_building_id', 'building_number'],
      'A Buildium property is no part of another: it has neither portfolios nor buildings.',
    ),
    ...unsupportedFields(['notes'], 'Buildium keeps dated notes about properties as records of their own.'),
    ...unsupportedFields(['custom_data'], "Buildium's API has no custom fields."),
  },
  create: {
    lookups,
    steps: [{ name: 'property', call: post('/v1/rentals'), sends: 'create', compose: withBankAccount, id: 'Id' }],
    doubt: {
      policy: 'search',
      call: get('/v1/rentals', {}, { lastupdatedfrom: sinceSent(utcSeconds) }),
      same: ['name', 'type', 'address_1', 'zip'],
      visibleAfterMs: VISIBLE_AFTER_MS,
    },
  },
  update: {
    current: get('/v1/rentals/{propertyId}', { propertyId: recordId }),
    lookups,
    updates: 'replace',
    carry: carryInto<RentalMessage, RentalPropertyPutMessage>(wire('RentalPropertyPutMessage'), {
      PropertyManagerId: ({ RentalManager }) => RentalManager?.Id,
    }),
    steps: [
      {
        name: 'property',
        call: put('/v1/rentals/{propertyId}', { propertyId: recordId }),
        sends: 'update',
        compose: withBankAccount,
      },
    ],
    doubt: { policy: 'read_back' },
    notes: [REPLACES_ALL('property')],
  },
  reads: { list: get('/v1/rentals'), one: get('/v1/rentals/{propertyId}', { propertyId: recordId }), id: 'Id', changedSince },
  rules: [
    stateOf('country', 'state'),
    referenceMust(
      ['operating_financial_account_id'],
      'operating_financial_account_id must name the ledger account of a bank account.',
    ),
    sideEffect(['name'], 'Buildium gives a new property one unit of its own; further ones are created as units.', {
      on: ['create'],
    }),
  ],
});
