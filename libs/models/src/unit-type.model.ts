import { Integer, MoneyInCents, Reference, Text } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';

/** A kind of unit that a property has many of. */
@Model({ path: 'unit-types', title: 'unit type', description: 'A kind of unit that a property has many of.' })
export class UnitType extends PmsRecord {
  @Text({ description: 'Name.', example: 'Two bedrooms, one bath', readOnly: true })
  name?: string | null;

  @Integer({ description: 'How many bedrooms such a unit has; 0 for a studio.', example: 2, minimum: 0, readOnly: true })
  bedrooms?: number | null;

  @Text({
    description: 'How many bathrooms such a unit has, a half for one without a tub or shower.',
    example: '1.5',
    readOnly: true,
  })
  bathrooms?: string | null;

  @Integer({ description: 'How many bathrooms with a tub or shower such a unit has.', example: 1, minimum: 0, readOnly: true })
  bathrooms_full?: number | null;

  @Integer({ description: 'How many bathrooms without a tub or shower such a unit has.', example: 1, minimum: 0, readOnly: true })
  bathrooms_half?: number | null;

  @Integer({ description: 'Area that rent is paid for, in square feet.', example: 820, minimum: 0, readOnly: true })
  rentable_square_feet?: number | null;

  @Integer({ description: 'Whole area, in square feet.', example: 850, minimum: 0, readOnly: true })
  gross_square_feet?: number | null;

  @MoneyInCents({ description: 'Lowest rent that is asked for such a unit.', example: 120_000, readOnly: true })
  rent_minimum_in_cents?: number | null;

  @MoneyInCents({ description: 'Highest rent that is asked for such a unit.', example: 140_000, readOnly: true })
  rent_maximum_in_cents?: number | null;

  @MoneyInCents({ description: 'Security deposit for such a unit.', example: 125_000, readOnly: true })
  deposit_amount_in_cents?: number | null;

  @Text({ description: 'Security deposit for such a unit, as the PMS writes it.', example: '1250.00', readOnly: true })
  deposit_amount_raw?: string | null;

  @Integer({ description: 'How many such units there are.', example: 12, minimum: 0, readOnly: true })
  unit_count?: number | null;

  @Reference('properties', {
    description: 'The property that the unit type belongs to, where the PMS keeps it by property.',
    readOnly: true,
  })
  property_id?: string | null;

  @Text({
    description: 'The id that the PMS gives to the location above the property, where it has locations.',
    example: '1',
    readOnly: true,
  })
  x_location_id?: string | null;
}
