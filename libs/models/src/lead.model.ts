import {
  CalendarDate,
  Decimal,
  Email,
  Flag,
  Instant,
  Integer,
  Json,
  ListOf,
  MoneyInCents,
  OneOf,
  Reference,
  ReferenceList,
  Text,
} from './vocabulary/decorators.ts';
import { PersonRecord } from './parts/person.ts';
import { Model } from './vocabulary/model.ts';
import { APPLICANT_ROLES, type ApplicantRole } from './parts/applicant-role.ts';
import { EmbeddedEvent } from './parts/embedded-event.ts';
import { Pet } from './parts/pet.ts';
import { Screening } from './parts/screening.ts';

const INACTIVE_REASONS = [
  'PRICE',
  'LOCATION',
  'AMENITIES',
  'NO_REASON',
  'DECIDED_NOT_TO_MOVE',
  'LEASING_CRITERIA_NOT_MET',
  'LOOKING_FOR_MOVE_IN_SPECIAL',
  'NO_AVAILABILITY',
  'DUPLICATE',
  'OTHER',
] as const;
type InactiveReason = (typeof INACTIVE_REASONS)[number];

/** A person who has shown interest in a unit and has not applied yet. */
@Model({ path: 'leads', title: 'lead', description: 'A person who has shown interest in a unit and has not applied yet.' })
export class Lead extends PersonRecord {
  @Text({ description: 'First letter of the second given name.', example: 'L', maxLength: 1 })
  middle_initial?: string | null;

  @Email({ description: 'Second e-mail address.', example: 'ann.work@example.com', readOnly: true })
  email_2?: string | null;

  @Reference('address-types', { description: 'What sort of address it is, for PMSs that keep several.' })
  address_type_id?: string | null;

  @Reference('properties', { description: 'The property that the lead is interested in.' })
  property_id?: string | null;

  @Reference('units', { description: 'The unit that the lead is interested in.' })
  unit_id?: string | null;

  @ReferenceList('units', { description: 'The units that the lead is interested in, where it may be several.' })
  desired_unit_ids?: string[] | null;

  @ReferenceList('units', { description: 'The units that the lead likes best.', readOnly: true })
  unit_id_preferred?: string[] | null;

  @Reference('floor-plans', { description: 'The floor plan that the lead wants.' })
  floor_plan_id?: string | null;

  @Reference('lease-periods', { description: 'The lease term that the lead wants, from the list of the PMS.' })
  lease_period_id?: string | null;

  @Text({
    description:
      'How far the lead has come: ACTIVE, COLD, INACTIVE or WAITLISTED where a PMS takes our words; reads give those of the PMS.',
    example: 'ACTIVE',
  })
  status?: string | null;

  @Text({ description: 'How far the lead has come, in the words of the PMS.', example: 'Hot' })
  status_raw?: string | null;

  @OneOf(INACTIVE_REASONS, { description: 'Why the lead was given up.', example: 'NO_AVAILABILITY' })
  inactive_reason?: InactiveReason | null;

  @OneOf(APPLICANT_ROLES, { description: 'The part that the person would play in an application.', example: 'APPLICANT' })
  applicant_status?: ApplicantRole | null;

  @Reference('lead-relationships', { description: 'How the lead stands to the main contact, from the list of the PMS.' })
  lead_relationship_id?: string | null;

  @Reference('lead-sources', {
    description: 'Where the lead first heard of the property; some PMSs take it only while it is empty.',
  })
  lead_source_id?: string | null;

  @Text({ description: 'Where the lead first heard of the property, in the words of the PMS.', example: 'Newspaper' })
  lead_source?: string | null;

  @Text({ description: 'The listing service that brought the lead.', example: 'Example Listings', readOnly: true })
  ils?: string | null;

  @Reference('employees', { description: 'The leasing agent who looks after the lead.' })
  employee_id?: string | null;

  @Text({ description: 'Name of the leasing agent.', example: 'Jo Park', readOnly: true })
  leasing_agent?: string | null;

  @Text({ description: 'The id that the PMS gives to the leasing agent.', example: '310', readOnly: true })
  x_leasing_agent_id?: string | null;

  @Text({ description: 'The id that the PMS gives to the guest card of the lead.', example: '4410', readOnly: true })
  x_guestcard_id?: string | null;

  @CalendarDate({ description: 'Day on which the lead would like to move in.', example: '2026-06-01' })
  target_move_in_date?: string | null;

  @Text({ description: 'How many months the lease is to run.', example: '12' })
  desired_lease_term_in_months?: string | null;

  @Decimal({ description: 'How many bedrooms the lead wants.', example: 2, minimum: 0 })
  desired_num_bedrooms?: number | null;

  @Decimal({ description: 'How many bathrooms the lead wants.', example: 1.5, minimum: 0 })
  desired_num_bathrooms?: number | null;

  @MoneyInCents({ description: 'The least rent that the lead has in mind.', example: 90_000, minimum: 0 })
  desired_min_rent_in_cents?: number | null;

  @MoneyInCents({ description: 'The highest rent that the lead would pay.', example: 130_000, minimum: 0 })
  desired_max_rent_in_cents?: number | null;

  @Decimal({ description: 'The least area that the lead has in mind, in square feet.', example: 600, readOnly: true })
  desired_min_square_ft?: number | null;

  @Decimal({ description: 'The largest area that the lead has in mind, in square feet.', example: 1100, readOnly: true })
  desired_max_square_ft?: number | null;

  @Text({ description: 'The type of unit that the lead wants, in the words of the PMS.', example: 'Two bedrooms' })
  desired_unit_type?: string | null;

  @Text({ description: 'Number of the unit that the lead wants.', example: '204', readOnly: true })
  desired_unit_number?: string | null;

  @Text({ description: 'The id that the PMS gives to the floor plan that the lead wants.', example: '18', readOnly: true })
  desired_floor_plan_id?: string | null;

  @Text({ description: 'Name of the floor plan that the lead wants.', example: 'The Maple', readOnly: true })
  desired_floor_plan_name?: string | null;

  @Text({ description: 'What else the unit should have.', example: 'Balcony', readOnly: true })
  desired_amenities?: string | null;

  @Integer({ description: 'How many people are to live in the unit.', example: 2, minimum: 0 })
  number_of_occupants?: number | null;

  @Integer({ description: 'How many people are to live in the unit besides the lead.', example: 1, minimum: 0 })
  number_of_additional_occupants?: number | null;

  @Flag({ description: 'Whether the lead has cats.', example: false })
  has_cats?: boolean | null;

  @Flag({ description: 'Whether the lead has dogs.', example: true })
  has_dogs?: boolean | null;

  @Flag({ description: 'Whether the lead has other animals.', example: false })
  has_other_pets?: boolean | null;

  @ListOf(() => Pet, { description: 'Animals of the lead.', example: [Pet.example], readOnly: true })
  pets?: Pet[] | null;

  @Text({ description: 'Animals of the lead, in free words.', example: 'One beagle', readOnly: true, deprecated: 'Use pets.' })
  pet_details?: string | null;

  @Text({ description: 'Credit score, as a number or a range.', example: '720' })
  credit_score?: string | null;

  @MoneyInCents({ description: 'Income a month.', example: 520_000, minimum: 0 })
  monthly_income_in_cents?: number | null;

  @Text({ description: 'Free text about the lead.', example: 'Prefers a ground floor.' })
  notes?: string | null;

  @ListOf(() => Screening, { description: 'Background checks of the lead.', example: [Screening.example], readOnly: true })
  screenings?: Screening[] | null;

  @ListOf(() => EmbeddedEvent, {
    description: 'Events to add or change with the lead.',
    example: [EmbeddedEvent.example],
    deprecated: 'Events have writes of their own.',
  })
  events?: EmbeddedEvent[] | null;

  @Text({ description: 'The id that your own system gives to the lead.', example: 'web-20931', maxLength: 255 })
  third_party_id?: string | null;

  @Text({ description: 'Name of your organization, as the PMS knows it.', example: 'Example Homes', maxLength: 255 })
  organization_name?: string | null;

  @Instant({ description: 'When the PMS says that the lead was created.', example: '2026-04-20T16:05:00Z', readOnly: true })
  x_created_at?: string | null;

  @Instant({ description: 'When the PMS says that the lead was last changed.', example: '2026-04-22T08:40:00Z', readOnly: true })
  x_updated_at?: string | null;

  @Json({ description: 'Values that only this PMS has.', example: { Parking: 'B12' }, readOnly: true })
  custom_data?: Record<string, unknown> | null;

  @CalendarDate({
    description: 'Former name of the day on which the lead would like to move in.',
    example: '2026-06-01',
    deprecated: 'Use target_move_in_date.',
  })
  desired_move_in_date?: string | null;

  @Text({ description: 'Former name of the number of bathrooms.', example: '1.5', deprecated: 'Use desired_num_bathrooms.' })
  desired_bathrooms?: string | null;

  @Integer({
    description: 'Former name of the number of bedrooms.',
    example: 2,
    minimum: 0,
    deprecated: 'Use desired_num_bedrooms.',
  })
  desired_bedrooms?: number | null;
}
