import { CalendarDate, Decimal, Flag, Json, MoneyInCents, OneOf, Reference, Text } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';
import { PROPERTY_CATEGORIES, type PropertyCategory } from './parts/property-category.ts';

/** A home, office or other space of a property that is rented as one. */
@Model({ path: 'units', title: 'unit', description: 'A home, office or other space of a property that is rented as one.' })
export class Unit extends PmsRecord {
  @Reference('properties', { description: 'The property that the unit belongs to.' })
  property_id?: string | null;

  @Text({ description: 'Number of the unit, as on its door.', example: '204' })
  number?: string | null;

  @Text({ description: 'Name of the unit.', example: 'Garden Suite' })
  name?: string | null;

  @Text({ description: 'Short name for reports.', example: 'GS' })
  abbreviation?: string | null;

  @OneOf(PROPERTY_CATEGORIES, { description: 'Whether people live or work there.', example: 'Residential' })
  category?: PropertyCategory | null;

  @Text({ description: 'What sort of unit it is, in words that the PMS takes.', example: 'Apartment' })
  type?: string | null;

  @Reference('unit-types', { description: 'What sort of unit it is, from the list of the PMS.' })
  unit_type_id?: string | null;

  @Reference('floor-plans', { description: 'The floor plan of the unit.', readOnly: true })
  floor_plan_id?: string | null;

  @Text({ description: 'Code of the floor plan.', example: 'MAPLE' })
  floor_plan_code?: string | null;

  @Text({ description: 'Name of the floor plan.', example: 'The Maple', readOnly: true })
  floor_plan_name?: string | null;

  @Reference('lease-periods', { description: 'The lease term on which the unit is let, from the list of the PMS.' })
  lease_period_id?: string | null;

  @Text({ description: 'First line of the address.', example: '40 Elm Street' })
  address_1?: string | null;

  @Text({ description: 'Second line of the address.', example: 'Apt 204' })
  address_2?: string | null;

  @Text({ description: 'City.', example: 'Cincinnati' })
  city?: string | null;

  @Text({ description: 'State or province, as its two-letter code.', example: 'OH' })
  state?: string | null;

  @Text({ description: 'Postal code.', example: '45202' })
  zip?: string | null;

  @Text({ description: 'Country, as its ISO 3166 code (US, CA) or English name.', example: 'US' })
  country?: string | null;

  @Text({ description: 'Former name of the first line of the address.', example: '40 Elm Street', deprecated: 'Use address_1.' })
  street_address_1?: string | null;

  @Text({ description: 'Former name of the second line of the address.', example: 'Apt 204', deprecated: 'Use address_2.' })
  street_address_2?: string | null;

  @Text({ description: 'Name of the building.', example: 'Garden House', readOnly: true })
  building_name?: string | null;

  @Text({ description: 'Number of the building.', example: 'C', readOnly: true })
  building_number?: string | null;

  @Text({ description: 'Floor on which the unit lies.', example: '2', readOnly: true })
  floor?: string | null;

  @Text({ description: 'How many bedrooms it has; 0 for a studio.', example: '2', alsoAs: 'number' })
  bedrooms?: string | null;

  @Text({ description: 'How many bathrooms it has, a half for one without a tub or shower.', example: '1.5', alsoAs: 'number' })
  bathrooms?: string | null;

  @Decimal({ description: 'How many bathrooms with a tub or shower it has.', example: 1, minimum: 0, readOnly: true })
  bathrooms_full?: number | null;

  @Decimal({ description: 'How many bathrooms without a tub or shower it has.', example: 1, minimum: 0, readOnly: true })
  bathrooms_half?: number | null;

  @Decimal({ description: 'Area in square feet.', example: 850, minimum: 0 })
  square_feet?: number | null;

  @Flag({ description: 'Whether it is let with furniture.', example: false })
  is_furnished?: boolean | null;

  @Flag({ description: 'Whether nobody lives in it.', example: true })
  is_vacant?: boolean | null;

  @Flag({ description: 'Whether it can be rented.', example: true, readOnly: true })
  is_available?: boolean | null;

  @Flag({
    description: 'Whether it is advertised.',
    example: true,
    readOnly: true,
    deprecated: 'Listings are records of their own.',
  })
  is_listed?: boolean | null;

  @CalendarDate({ description: 'Day from which it can be rented.', example: '2026-06-01' })
  date_available?: string | null;

  @MoneyInCents({ description: 'Rent that the market gives for it.', example: 130_000, minimum: 0 })
  rent_amount_market_in_cents?: number | null;

  @MoneyInCents({ description: 'Lowest rent that is asked for it.', example: 120_000, readOnly: true })
  rent_amount_min_in_cents?: number | null;

  @MoneyInCents({ description: 'Highest rent that is asked for it.', example: 140_000, readOnly: true })
  rent_amount_max_in_cents?: number | null;

  @Flag({ description: 'Whether animals are allowed.', example: true, readOnly: true })
  pets_allowed?: boolean | null;

  @Flag({ description: 'Whether dogs are allowed.', example: true, readOnly: true })
  dogs_allowed?: boolean | null;

  @Flag({ description: 'Whether cats are allowed.', example: true, readOnly: true })
  cats_allowed?: boolean | null;

  @Text({ description: 'On which terms animals are allowed.', example: 'Two animals at most', readOnly: true })
  pet_policy?: string | null;

  @Text({ description: 'Free text about the unit.', example: 'New floor in 2025.' })
  notes?: string | null;

  @Json({ description: 'Values that only this PMS has.', example: { Parking: 'B12' }, readOnly: true })
  custom_data?: Record<string, unknown> | null;
}
