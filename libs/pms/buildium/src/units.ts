import {
  asText,
  carryInto,
  decimal,
  defineCapability,
  fieldsOf,
  flag,
  money,
  oneOf,
  recordId,
  referenceTo,
  sinceSent,
  text,
  uniqueIn,
  unsupportedFields,
} from '#capabilities';
import { Unit } from '#models/unit';
import { changedSince, get, post, put, REPLACES_ALL, utcSeconds, VISIBLE_AFTER_MS, wire } from './shared/calls.ts';
import { country, stateOf } from './shared/country.ts';
import type { RentalUnitMessage, RentalUnitPutMessage, RentalUnitsPostMessage } from './wire/index.ts';

type Documents = { create: RentalUnitsPostMessage; update: RentalUnitPutMessage };
const { derived, read, refer, write } = fieldsOf<RentalUnitMessage, Documents>(['create', 'update']);

/** Buildium's words for numbers of rooms; the last of each list is open-ended. */
const BEDROOMS = {
  Studio: '0',
  OneBed: '1',
  TwoBed: '2',
  ThreeBed: '3',
  FourBed: '4',
  FiveBed: '5',
  SixBed: '6',
  SevenBed: '7',
  EightBed: '8',
  NineBedPlus: '9+',
  NotSet: null,
} as const;
const BATHROOMS = {
  OneBath: '1',
  OnePointFiveBath: '1.5',
  TwoBath: '2',
  TwoPointFiveBath: '2.5',
  ThreeBath: '3',
  ThreePointFiveBath: '3.5',
  FourBath: '4',
  FourPointFiveBath: '4.5',
  FiveBath: '5',
  FivePlusBath: '5+',
  NotSet: null,
} as const;

const wholeNumber = { ...decimal(), encode: Math.round, transform: 'Rounded to a whole number.' };

export const units = defineCapability(Unit, {
  source: 'https://developer.buildium.com/#tag/Rental-Units',
  documents: { create: { schema: wire('RentalUnitsPostMessage') }, update: { schema: wire('RentalUnitPutMessage') } },
  fields: {
    property_id: refer('PropertyId', { only: ['create'] }),
    number: write('UnitNumber', text()),
    bedrooms: write('UnitBedrooms', asText(oneOf(BEDROOMS)), { note: '0 is a studio, 9+ means nine or more.' }),
    bathrooms: write('UnitBathrooms', asText(oneOf(BATHROOMS)), { note: '5+ means more than five.' }),
    square_feet: write('UnitSize', wholeNumber),
    rent_amount_market_in_cents: write('MarketRent', money),
    notes: write('Description', text()),
    address_1: write('Address.AddressLine1', text()),
    address_2: write('Address.AddressLine2', text()),
    city: write('Address.City', text()),
    state: write('Address.State', text()),
    zip: write('Address.PostalCode', text()),
    country: write('Address.Country', country),
    building_name: read('BuildingName', text()),
    is_listed: read('IsUnitListed', flag),
    is_vacant: derived('The opposite of being occupied.', ({ IsUnitOccupied }) =>
      typeof IsUnitOccupied === 'boolean' ? !IsUnitOccupied : null,
    ),
    ...unsupportedFields(['name', 'abbreviation'], 'A Buildium unit has a number only.'),
    ...unsupportedFields(['category', 'type', 'unit_type_id'], 'Buildium tells sorts of properties apart, not of units.'),
    ...unsupportedFields(['floor_plan_id', 'floor_plan_code', 'floor_plan_name'], 'Buildium has no floor plans.'),
    ...unsupportedFields(['lease_period_id'], 'Buildium has no list of lease terms.'),
    ...unsupportedFields(['street_address_1', 'street_address_2'], 'Use address_1 and address_2.'),
    ...unsupportedFields(['bathrooms_full', 'bathrooms_half'], 'Buildium tells the number of bathrooms as one figure.'),
    ...unsupportedFields(
      ['is_available', 'date_available', 'rent_amount_min_in_cents', 'rent_amount_max_in_cents'],
      'Buildium keeps it in the listing of the unit.',
    ),
    ...unsupportedFields(
      ['building_number', 'floor', 'is_furnished', 'pets_allowed', 'dogs_allowed', 'cats_allowed', 'pet_policy'],
      'A Buildium unit has no such field.',
    ),
    ...unsupportedFields(['custom_data'], "Buildium's API has no custom fields."),
  },
  create: {
    steps: [{ name: 'unit', call: post('/v1/rentals/units'), sends: 'create', id: 'Id' }],
    doubt: {
      policy: 'search',
      call: get('/v1/rentals/units', {}, { propertyids: referenceTo('property_id'), lastupdatedfrom: sinceSent(utcSeconds) }),
      // A property has no two units of one number, so whatever is found is the unit.
      same: ['number', 'x_property_id'],
      visibleAfterMs: VISIBLE_AFTER_MS,
    },
  },
  update: {
    current: get('/v1/rentals/units/{unitId}', { unitId: recordId }),
    updates: 'replace',
    carry: carryInto<RentalUnitMessage, RentalUnitPutMessage>(wire('RentalUnitPutMessage'), {}),
    steps: [{ name: 'unit', call: put('/v1/rentals/units/{unitId}', { unitId: recordId }), sends: 'update' }],
    doubt: { policy: 'read_back' },
    notes: [REPLACES_ALL('unit')],
  },
  reads: { list: get('/v1/rentals/units'), one: get('/v1/rentals/units/{unitId}', { unitId: recordId }), id: 'Id', changedSince },
  rules: [stateOf('country', 'state'), uniqueIn(['number'], 'number must be unique in its property.')],
});
