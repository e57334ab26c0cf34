import {
  defineCapability,
  fieldsOf,
  flag,
  recordId,
  referenceTo,
  text,
  textAsNumber,
  uniqueIn,
  unsupportedFields,
  type Call,
} from '#capabilities';
import { Unit } from '#models/unit';
import { addressesStep, mainAddress, wholeAddress, type AddressesSent } from './shared/addresses.ts';
import { changedSince, filterable, get, madeSince, post, VISIBLE_AFTER_MS, withVersion } from './shared/calls.ts';
import { countAsNumber, wholeNumber } from './shared/codecs.ts';
import type { Unit as RemoteUnit } from './wire.ts';

type Documents = { unit: RemoteUnit; addresses: AddressesSent };
const { read, refer, shared, write } = fieldsOf<RemoteUnit, Documents>(['unit', 'addresses']);

const unit: Call = get('/Units/{unitId}', { unitId: recordId }, { embeds: 'Addresses,IsVacant' });
const lookups = { addressTypes: get('/Units/AddressTypes') };

/** What people call the number of a unit is its name in Rent Manager. */
export const units = defineCapability(Unit, {
  source:
    'Rent Manager 12 Web API, help pages of Units and Addresses. Which members a create needs is not published: [inferred].',
  documents: { unit: {}, addresses: {} },
  fields: {
    property_id: refer('PropertyID', { only: ['unit'], required: ['create'], on: ['create'] }),
    number: write('Name', text(), { only: ['unit'], required: ['create'], nullable: false }),
    unit_type_id: refer('UnitTypeID', { only: ['unit'], required: ['create'], nullable: false }),
    bedrooms: write('Bedrooms', countAsNumber, { only: ['unit'] }),
    bathrooms: write('Bathrooms', textAsNumber, { only: ['unit'] }),
    square_feet: write('SquareFootage', wholeNumber, { only: ['unit'] }),
    notes: write('Comment', text(), { only: ['unit'] }),
    ...shared(mainAddress.fields, mainAddress),
    is_vacant: read('IsVacant', flag, 'Rent Manager tells from the leases whether a unit is vacant.'),
    ...unsupportedFields(['name'], 'The name of a Rent Manager unit is its number: use number.'),
    ...unsupportedFields(['type'], 'Types are a list of the account: use unit_type_id.'),
    ...unsupportedFields(
      ['rent_amount_market_in_cents', 'rent_amount_min_in_cents', 'rent_amount_max_in_cents'],
      'Rent Manager keeps market rents as dated records beside the unit, whose form is not published.',
    ),
    ...unsupportedFields(['street_address_1', 'street_address_2'], 'It is a former name: use address_1 and address_2.'),
    ...unsupportedFields(
      ['abbreviation', 'category', 'lease_period_id', 'is_furnished', 'date_available'],
      'A Rent Manager unit has no such field.',
    ),
    ...unsupportedFields(
      ['floor_plan_id', 'floor_plan_code', 'floor_plan_name'],
      'Floor plans belong to the property, and a unit does not name one.',
    ),
    ...unsupportedFields(
      [
        'building_name',
        'building_number',
        'floor',
        'bathrooms_full',
        'bathrooms_half',
        'is_available',
        'is_listed',
        'pets_allowed',
        'dogs_allowed',
        'cats_allowed',
        'pet_policy',
        'custom_data',
      ],
      'Latchkey does not read it from Rent Manager.',
    ),
  },
  rules: [
    wholeAddress(mainAddress),
    uniqueIn(['property_id', 'number'], 'No two units of a property have the same number. [inferred]'),
  ],
  create: {
    current: unit,
    lookups,
    steps: [{ name: 'unit', call: post('/Units'), sends: 'unit', asArray: true, id: '0.UnitID' }, addressesStep('Units')],
    doubt: {
      policy: 'search',
      call: get('/Units', {}, { filters: madeSince({ Name: filterable('number'), PropertyID: referenceTo('property_id') }) }),
      same: ['number', 'x_property_id'],
      createdAt: 'CreateDate',
      visibleAfterMs: VISIBLE_AFTER_MS,
    },
  },
  update: {
    current: unit,
    lookups,
    steps: [
      {
        name: 'unit',
        call: post('/Units/{unitId}', { unitId: recordId }),
        sends: 'unit',
        when: 'filled',
        compose: withVersion,
      },
      addressesStep('Units'),
    ],
    doubt: { policy: 'read_back' },
  },
  reads: { list: get('/Units', {}, unit.query), one: unit, id: 'UnitID', changedSince: changedSince() },
});
