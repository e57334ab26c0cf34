import {
  Email,
  Flag,
  Instant,
  Integer,
  Json,
  ListOf,
  OneOf,
  Phone,
  Reference,
  ReferenceList,
  Text,
} from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';
import { PHONE_TYPES, type PhoneType } from './parts/contact.ts';
import { PROPERTY_CATEGORIES, type PropertyCategory } from './parts/property-category.ts';
import { OfficeHours } from './parts/office-hours.ts';
import { PetTerms } from './parts/pet-terms.ts';

const PROPERTY_TYPES = ['SINGLE_FAMILY', 'MULTI_FAMILY', 'STUDENT_HOUSING', 'VACATION', 'COMMERCIAL', 'OTHER'] as const;
type PropertyType = (typeof PROPERTY_TYPES)[number];

/** A building or estate whose units are rented out. */
@Model({ path: 'properties', title: 'property', description: 'A building or estate whose units are rented out.' })
export class Property extends PmsRecord {
  @Reference('properties', {
    description: 'The property itself; where the record stands for one of its buildings, the property around it.',
    readOnly: true,
  })
  property_id?: string | null;

  @Text({ description: 'Name.', example: 'Elm Court' })
  name?: string | null;

  @Text({ description: 'Short name for reports.', example: 'ELM' })
  abbreviation?: string | null;

  @Text({ description: 'Short name or description; for some PMSs the code that they list the property by.', example: 'ELMCT' })
  short_description?: string | null;

  @Text({ description: 'Description.', example: 'Forty units around a garden.', readOnly: true })
  long_description?: string | null;

  @Text({ description: 'Code of the property in the PMS.', example: 'P-17', readOnly: true })
  code?: string | null;

  @OneOf(PROPERTY_CATEGORIES, { description: 'Whether people live or work there.', example: 'Residential' })
  category?: PropertyCategory | null;

  @Text({ description: 'What sort of property it is, in words that the PMS takes.', example: 'Apartment' })
  type?: string | null;

  @OneOf(PROPERTY_TYPES, { description: 'What sort of property it is.', example: 'MULTI_FAMILY', readOnly: true })
  type_normalized?: PropertyType | null;

  @Text({ description: 'What sort of property it is, in the words of the PMS.', example: 'Multi-Family', readOnly: true })
  type_raw?: string | null;

  @Flag({ description: 'Whether the property is still managed.', example: true, alsoAs: 'text' })
  is_active?: boolean | null;

  @Text({ description: 'First line of the address.', example: '40 Elm Street' })
  address_1?: string | null;

  @Text({ description: 'Second line of the address.', example: 'Building C' })
  address_2?: string | null;

  @Text({ description: 'City.', example: 'Cincinnati' })
  city?: string | null;

  @Text({ description: 'State or province, as its two-letter code.', example: 'OH' })
  state?: string | null;

  @Text({ description: 'Postal code.', example: '45202' })
  zip?: string | null;

  @Text({ description: 'Country, as its ISO 3166 code (US, CA) or English name.', example: 'US' })
  country?: string | null;

  @Text({ description: 'County.', example: 'Hamilton' })
  county?: string | null;

  @Text({ description: 'Former name of the first line of the address.', example: '40 Elm Street', deprecated: 'Use address_1.' })
  street_address_1?: string | null;

  @Text({ description: 'Former name of the second line of the address.', example: 'Building C', deprecated: 'Use address_2.' })
  street_address_2?: string | null;

  @Text({ description: 'The id that the PMS gives to the portfolio that the property belongs to.', example: '7' })
  x_portfolio_id?: string | null;

  @Text({ description: 'The id that the PMS gives to the building.', example: '3', readOnly: true })
  x_building_id?: string | null;

  @Text({ description: 'Number of the building.', example: 'C', readOnly: true })
  building_number?: string | null;

  @Text({ description: 'Name of the property manager.', example: 'Priya Shah' })
  manager_name?: string | null;

  @Email({ description: 'E-mail address of the property manager.', example: 'priya.shah@example.com' })
  manager_email?: string | null;

  @Phone({ description: 'Main telephone number of the property manager.', example: '5135550180' })
  manager_phone_1?: string | null;

  @OneOf(PHONE_TYPES, { description: 'Kind of the main telephone number of the property manager.', example: 'WORK' })
  manager_phone_1_type?: PhoneType | null;

  @Phone({ description: 'Second telephone number of the property manager.', example: '5135550181' })
  manager_phone_2?: string | null;

  @OneOf(PHONE_TYPES, { description: 'Kind of the second telephone number of the property manager.', example: 'MOBILE' })
  manager_phone_2_type?: PhoneType | null;

  @ReferenceList('owners', { description: 'The owners of the property.' })
  associated_owner_ids?: string[] | null;

  @Reference('financial-accounts', { description: 'The bank account that the property runs on, for PMSs that demand one.' })
  operating_financial_account_id?: string | null;

  @Text({ description: 'Web address.', example: 'https://elm-court.example.com' })
  website?: string | null;

  @Integer({ description: 'Year in which it was built.', example: 1998, minimum: 0, maximum: 2200 })
  year_built?: number | null;

  @Integer({ description: 'How many units it has.', example: 40, minimum: 0, readOnly: true })
  number_of_units?: number | null;

  @Integer({ description: 'Area in square feet.', example: 52_000, minimum: 0, alsoAs: 'text' })
  square_feet?: number | null;

  @Integer({
    description: 'Former name of the area in square feet.',
    example: 52_000,
    minimum: 0,
    alsoAs: 'text',
    deprecated: 'Use square_feet.',
  })
  square_footage?: number | null;

  @ListOf(() => OfficeHours, { description: 'When the office is open.', example: [OfficeHours.example], readOnly: true })
  office_hours?: OfficeHours[] | null;

  @ListOf(() => PetTerms, {
    description: 'Which animals are allowed, and on which terms.',
    example: [PetTerms.example],
    readOnly: true,
  })
  pet_types?: PetTerms[] | null;

  @Text({ description: 'Free text about the property.', example: 'Gate code at the office.' })
  notes?: string | null;

  @Instant({ description: 'When the PMS says that the property was created.', example: '2020-02-03T12:00:00Z', readOnly: true })
  x_created_at?: string | null;

  @Json({ description: 'Values that only this PMS has.', example: { Parking: 'B12' }, readOnly: true })
  custom_data?: Record<string, unknown> | null;
}
