import {
  CalendarDate,
  Decimal,
  Email,
  Flag,
  Integer,
  Json,
  ListOf,
  MoneyInCents,
  ObjectOf,
  OneOf,
  Phone,
  Reference,
  ReferenceList,
  Text,
} from './vocabulary/decorators.ts';
import { PersonRecord } from './parts/person.ts';
import { Model } from './vocabulary/model.ts';
import { PHONE_TYPES, type PhoneType } from './parts/contact.ts';
import { APPLICANT_ROLES, type ApplicantRole } from './parts/applicant-role.ts';
import { MARITAL_STATUSES, type MaritalStatus } from './parts/marital-status.ts';
import { AddOn } from './parts/add-on.ts';
import { ApplicationSummary } from './parts/application-summary.ts';
import { Assistance } from './parts/assistance.ts';
import { Attachment } from './parts/attachment.ts';
import { BankAccount } from './parts/bank-account.ts';
import { ContactPerson } from './parts/contact-person.ts';
import { CreditCard } from './parts/credit-card.ts';
import { EmbeddedEvent } from './parts/embedded-event.ts';
import { Employment } from './parts/employment.ts';
import { FormerAddress } from './parts/former-address.ts';
import { Income } from './parts/income.ts';
import { Occupant } from './parts/occupant.ts';
import { Pet } from './parts/pet.ts';
import { Screening } from './parts/screening.ts';
import { SelfReportedIncome } from './parts/self-reported-income.ts';
import { Vehicle } from './parts/vehicle.ts';

const APPLICATION_STAGES = ['COMPLETED', 'APPROVED'] as const;
type ApplicationStage = (typeof APPLICATION_STAGES)[number];

const APPLICANT_TYPES = [...APPLICANT_ROLES, 'GUARANTOR'] as const;
type ApplicantType = (typeof APPLICANT_TYPES)[number];

const DECISIONS = ['PENDING', 'APPROVED', 'CANCELED', 'DENIED', 'SIGNED'] as const;
type Decision = (typeof DECISIONS)[number];

/** A person who applies for a lease, alone or with others. */
@Model({ path: 'applicants', title: 'applicant', description: 'A person who applies for a lease, alone or with others.' })
export class Applicant extends PersonRecord {
  @Text({ description: 'Family name at birth.', example: 'Ortega' })
  maiden_name?: string | null;

  @Email({ description: 'Second e-mail address.', example: 'ann.work@example.com', readOnly: true })
  email_2?: string | null;

  @Phone({ description: 'Third telephone number.', example: '5135550144' })
  phone_3?: string | null;

  @OneOf(PHONE_TYPES, { description: 'Kind of the third telephone number.', example: 'WORK' })
  phone_3_type?: PhoneType | null;

  @Reference('address-types', { description: 'What sort of address it is, for PMSs that keep several.' })
  address_type_id?: string | null;

  @Text({ description: 'First line of the alternate address.', example: 'PO Box 77', readOnly: true })
  address_1_alternate?: string | null;

  @Text({ description: 'Second line of the alternate address.', example: 'Attn. Rivera', readOnly: true })
  address_2_alternate?: string | null;

  @Text({ description: 'City of the alternate address.', example: 'Dayton', readOnly: true })
  city_alternate?: string | null;

  @Text({ description: 'State or province of the alternate address.', example: 'OH', readOnly: true })
  state_alternate?: string | null;

  @Text({ description: 'Postal code of the alternate address.', example: '45402', readOnly: true })
  zip_alternate?: string | null;

  @Text({ description: 'Country of the alternate address.', example: 'US', readOnly: true })
  country_alternate?: string | null;

  @Reference('properties', { description: 'The property that the applicant wants to live in.' })
  property_id?: string | null;

  @Reference('units', { description: 'The unit that the applicant wants to live in.' })
  unit_id?: string | null;

  @ReferenceList('units', { description: 'The units that the applicant likes best.', readOnly: true })
  unit_id_preferred?: string[] | null;

  @Reference('leads', { description: 'The lead who becomes this applicant.' })
  lead_id?: string | null;

  @Text({
    description: 'The id that the PMS gives to the lease of the applicant.',
    example: '1042',
    readOnly: true,
    deprecated: 'Leases name their residents.',
  })
  x_lease_id?: string | null;

  @Reference('lease-periods', { description: 'The lease term that the applicant asks for, from the list of the PMS.' })
  lease_period_id?: string | null;

  @Reference('lead-sources', { description: 'Where the applicant first heard of the property.' })
  lead_source_id?: string | null;

  @Text({ description: 'Where the applicant first heard of the property, in free words.', example: 'Newspaper' })
  lead_source?: string | null;

  @Reference('employees', { description: 'The leasing agent who looks after the applicant.' })
  employee_id?: string | null;

  @Text({ description: 'Given name of the leasing agent.', example: 'Jo' })
  leasing_agent_first_name?: string | null;

  @Text({ description: 'Family name of the leasing agent.', example: 'Park' })
  leasing_agent_last_name?: string | null;

  @Text({ description: 'How to reach the leasing agent.', example: 'jo.park@example.com' })
  leasing_agent_contact_info?: string | null;

  @Reference('applications', { description: 'The application that the applicant belongs to.' })
  application_id?: string | null;

  @Reference('application-templates', {
    description: 'The form that the application follows; it decides which further fields count.',
  })
  application_template_id?: string | null;

  @CalendarDate({ description: 'Day of the application.', example: '2026-05-01' })
  application_date?: string | null;

  @OneOf(APPLICATION_STAGES, { description: 'How far the application has come.', example: 'COMPLETED' })
  application_status?: ApplicationStage | null;

  @OneOf(APPLICANT_ROLES, { description: 'The part that the person plays in the application.', example: 'APPLICANT' })
  applicant_status?: ApplicantRole | null;

  @OneOf(APPLICANT_TYPES, {
    description: 'The part that the person plays in the application, guarantors included.',
    example: 'APPLICANT',
  })
  type?: ApplicantType | null;

  @Text({ description: 'The part that the person plays, in our words.', example: 'APPLICANT', readOnly: true })
  type_normalized?: string | null;

  @Text({ description: 'The part that the person plays, in the words of the PMS.', example: 'Applicant', readOnly: true })
  type_raw?: string | null;

  @OneOf(DECISIONS, { description: 'What has been decided about the application.', example: 'PENDING' })
  status?: Decision | null;

  @ListOf(() => ApplicationSummary, {
    description: 'The applications of the person.',
    example: [ApplicationSummary.example],
    readOnly: true,
  })
  applications?: ApplicationSummary[] | null;

  @ListOf(() => Screening, { description: 'Background checks of the person.', example: [Screening.example], readOnly: true })
  screenings?: Screening[] | null;

  @Flag({ description: 'Whether the PMS sends an e-mail that invites to fill in an application.', example: false })
  send_rental_application_email?: boolean | null;

  @Flag({
    description: 'Whether an update only adds the events that it carries and leaves the rest alone.',
    example: false,
    alsoAs: 'text',
  })
  create_new_events_only?: boolean | null;

  @CalendarDate({ description: 'Day of the move in.', example: '2026-06-01' })
  move_in_date?: string | null;

  @CalendarDate({ description: 'Day on which the applicant would like to move in.', example: '2026-06-01' })
  target_move_in_date?: string | null;

  @CalendarDate({ description: 'First day of the lease that is applied for.', example: '2026-06-01' })
  start_date?: string | null;

  @CalendarDate({ description: 'Last day of the lease that is applied for.', example: '2027-05-31' })
  end_date?: string | null;

  @Decimal({ description: 'How many bedrooms the applicant wants.', example: 2, minimum: 0 })
  desired_num_bedrooms?: number | null;

  @Text({ description: 'How many bathrooms the applicant wants.', example: '1.5' })
  desired_num_bathrooms?: string | null;

  @Text({ description: 'How many months the lease is to run.', example: '12', alsoAs: 'number' })
  desired_lease_term_in_months?: string | null;

  @Integer({ description: 'How many people are to live in the unit.', example: 2, minimum: 0 })
  number_of_occupants?: number | null;

  @MoneyInCents({ description: 'Rent that is applied for.', example: 125_000, minimum: 0 })
  rent_amount_in_cents?: number | null;

  @MoneyInCents({ description: 'Rent that the market gives for the unit.', example: 130_000 })
  rent_amount_market_in_cents?: number | null;

  @MoneyInCents({ description: 'Deposit that is applied for.', example: 125_000, minimum: 0 })
  security_deposit_in_cents?: number | null;

  @OneOf(MARITAL_STATUSES, { description: 'Marital status.', example: 'SINGLE' })
  marital_status?: MaritalStatus | null;

  @Text({ description: 'Body height, with its unit.', example: '5 ft 6 in' })
  height?: string | null;

  @Text({ description: 'Body weight, with its unit.', example: '140 lb' })
  weight?: string | null;

  @Text({ description: 'Colour of the eyes.', example: 'Brown' })
  eye_color?: string | null;

  @Text({ description: 'Colour of the hair.', example: 'Black' })
  hair_color?: string | null;

  @Text({ description: 'Social security number or other number that identifies the person.', example: '000-12-3456' })
  identification_number?: string | null;

  @Text({ description: 'Country of citizenship.', example: 'US' })
  citizenship?: string | null;

  @Text({ description: 'Place of birth.', example: 'Toledo, OH' })
  place_of_birth?: string | null;

  @Text({ description: 'Number of the passport.', example: 'X00000000' })
  passport_number?: string | null;

  @Text({ description: 'Number of the student card.', example: 'S-00917' })
  student_id?: string | null;

  @Text({ description: "Number of the driver's license.", example: 'RX000000' })
  drivers_license_number?: string | null;

  @Text({ description: "State or province that issued the driver's license.", example: 'OH' })
  drivers_license_state?: string | null;

  @Text({ description: 'Free text about the applicant.', example: 'Prefers a ground floor.' })
  notes?: string | null;

  @ListOf(() => Pet, {
    description: 'Animals of the applicant; sending the list replaces the stored one.',
    example: [Pet.example],
  })
  pets?: Pet[] | null;

  @ListOf(() => Vehicle, { description: 'Vehicles of the applicant.', example: [Vehicle.example] })
  vehicles?: Vehicle[] | null;

  @ListOf(() => Employment, { description: 'Jobs of the applicant, present and past.', example: [Employment.example] })
  employment_history?: Employment[] | null;

  @ListOf(() => Income, { description: 'Income besides wages.', example: [Income.example] })
  other_income?: Income[] | null;

  @ListOf(() => SelfReportedIncome, {
    description: 'Income as the applicant stated it.',
    example: [SelfReportedIncome.example],
    readOnly: true,
  })
  self_reported_income?: SelfReportedIncome[] | null;

  @ListOf(() => BankAccount, { description: 'Bank accounts of the applicant.', example: [BankAccount.example] })
  bank_accounts?: BankAccount[] | null;

  @ListOf(() => CreditCard, { description: 'Credit cards of the applicant.', example: [CreditCard.example] })
  credit_cards?: CreditCard[] | null;

  @ObjectOf(() => Assistance, { description: 'Help with the rent that an agency gives.', example: Assistance.example })
  assistance?: Assistance | null;

  @ListOf(() => FormerAddress, { description: 'Where the applicant lives and lived.', example: [FormerAddress.example] })
  address_history?: FormerAddress[] | null;

  @ListOf(() => ContactPerson, { description: 'Whom to call in an emergency.', example: [ContactPerson.example] })
  emergency_contacts?: ContactPerson[] | null;

  @ListOf(() => ContactPerson, { description: 'Who can speak for the applicant.', example: [ContactPerson.example] })
  application_references?: ContactPerson[] | null;

  @ListOf(() => Occupant, {
    description: 'Who else is to live in the unit; some PMSs can only add to this list.',
    example: [Occupant.example],
  })
  other_occupants?: Occupant[] | null;

  @ListOf(() => AddOn, { description: 'What is to be rented along with the unit.', example: [AddOn.example] })
  add_ons?: AddOn[] | null;

  @ListOf(() => Attachment, { description: 'Files to store with the applicant.', example: [Attachment.example] })
  attachments?: Attachment[] | null;

  @ListOf(() => EmbeddedEvent, {
    description: 'Events to add or change with the applicant.',
    example: [EmbeddedEvent.example],
    deprecated: 'Events have writes of their own.',
  })
  events?: EmbeddedEvent[] | null;

  @Text({ description: 'The id that your own system gives to the applicant.', example: 'web-20931', maxLength: 255 })
  third_party_id?: string | null;

  @Text({ description: 'Name of your organization, as the PMS knows it.', example: 'Example Homes', maxLength: 255 })
  organization_name?: string | null;

  @Json({
    description: 'Values of fields that the customer defined in the PMS.',
    example: { Parking: 'B12' },
    deprecated: 'Custom fields have writes of their own.',
  })
  custom_data?: Record<string, unknown> | null;
}
