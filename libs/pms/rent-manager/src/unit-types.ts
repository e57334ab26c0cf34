import { defineCapability, fieldsOf, unsupportedFields, text, integer, textAsNumber } from '#capabilities';
import { UnitType } from '#models/unit-type';
import { NOT_READ, pickList } from './shared/pick-list.ts';
import type { UnitType as RemoteUnitType } from './wire.ts';

const { read } = fieldsOf<RemoteUnitType, object>([]);

/** What sorts of unit the account tells apart. */
export const unitTypes = defineCapability(UnitType, {
  source: 'Rent Manager 12 Web API, help pages of UnitTypes.',
  fields: {
    name: read('Name', text()),
    bedrooms: read('Bedrooms', integer()),
    bathrooms: read('Bathrooms', textAsNumber),
    ...unsupportedFields(
      [
        'bathrooms_full',
        'bathrooms_half',
        'rentable_square_feet',
        'gross_square_feet',
        'rent_minimum_in_cents',
        'rent_maximum_in_cents',
        'deposit_amount_in_cents',
        'deposit_amount_raw',
        'unit_count',
        'property_id',
        'x_location_id',
      ],
      NOT_READ,
    ),
  },
  ...pickList('UnitTypes', 'UnitTypeID'),
});
