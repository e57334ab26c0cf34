import {
  CalendarDate,
  Email,
  Flag,
  Integer,
  Json,
  ListOf,
  MoneyInCents,
  OneOf,
  Phone,
  Reference,
  ReferenceList,
  Text,
  TextList,
} from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';
import { PHONE_TYPES, type PhoneType } from './parts/contact.ts';
import { MARITAL_STATUSES, type MaritalStatus } from './parts/marital-status.ts';
import { ApplicationFee } from './parts/application-fee.ts';
import { ConcessionFee } from './parts/concession-fee.ts';
import { ContactPerson } from './parts/contact-person.ts';
import { Employment } from './parts/employment.ts';
import { FormerAddress } from './parts/former-address.ts';
import { Income } from './parts/income.ts';
import { LeaseCharge } from './parts/lease-charge.ts';
import { LeaseParty } from './parts/lease-party.ts';
import { LeasedService } from './parts/leased-service.ts';
import { Occupant } from './parts/occupant.ts';
import { Pet } from './parts/pet.ts';
import { RecurringLeaseCharge } from './parts/recurring-lease-charge.ts';
import { ResidentSummary } from './parts/resident-summary.ts';
import { Vehicle } from './parts/vehicle.ts';

const LEASE_STATUSES = ['ACTIVE', 'INACTIVE', 'PENDING', 'EVICTED', 'OTHER'] as const;
type LeaseStatus = (typeof LEASE_STATUSES)[number];

const RENT_CYCLES = [
  'Daily',
  'Weekly',
  'Every2Weeks',
  'Monthly',
  'Every2Months',
  'Quarterly',
  'Every6Months',
  'Yearly',
  'OneTime',
] as const;
type RentCycle = (typeof RENT_CYCLES)[number];

/** A contract under which residents rent a unit. */
@Model({
  path: 'leases',
  title: 'lease',
  description:
    'A contract under which residents rent a unit. A create may bring the tenant along: most of its personal fields describe them.',
})
export class Lease extends PmsRecord {
  @Reference('properties', { description: 'The property that the unit belongs to.' })
  property_id?: string | null;

  @Reference('units', { description: 'The unit that is rented.' })
  unit_id?: string | null;

  @Text({ description: 'Number of the unit.', example: '204', readOnly: true })
  unit_number?: string | null;

  @Reference('floor-plans', { description: 'The floor plan of the unit.' })
  floor_plan_id?: string | null;

  @Reference('residents', { description: 'The resident who rents, for PMSs where a lease has one.' })
  resident_id?: string | null;

  @ReferenceList('residents', { description: 'The residents who rent, for PMSs where a lease has several.' })
  associated_resident_ids?: string[] | null;

  @ListOf(() => ResidentSummary, {
    description: 'The residents who rent, and the part that each plays.',
    example: [ResidentSummary.example],
    readOnly: true,
  })
  residents_meta_data?: ResidentSummary[] | null;

  @Text({
    description: 'The Latchkey id of the lead, applicant or resident who is the main contact.',
    example: 'k3v9m2q7x1c8b4n6z5t0w2y7r',
    maxLength: 64,
  })
  primary_contact_id?: string | null;

  @ListOf(() => LeaseParty, {
    description: 'Everybody who is to rent, the main contact among them.',
    example: [LeaseParty.example],
  })
  tenants?: LeaseParty[] | null;

  @TextList({
    description: 'The Latchkey ids of everybody who is to rent, the main contact among them.',
    example: ['k3v9m2q7x1c8b4n6z5t0w2y7r'],
  })
  tenant_ids?: string[] | null;

  @Reference('applicants', { description: 'The applicant who gets the lease.' })
  applicant_id?: string | null;

  @Reference('leads', { description: 'The lead who gets the lease.' })
  lead_id?: string | null;

  @Reference('lead-sources', { description: 'Where the tenant first heard of the property.' })
  lead_source_id?: string | null;

  @Reference('employees', { description: 'The leasing agent who looks after the lease.' })
  employee_id?: string | null;

  @Text({ description: 'What sort of contract it is, such as Fixed, FixedWithRollover or AtWill.', example: 'Fixed' })
  type?: string | null;

  @Text({ description: 'How long it runs, in the words of the PMS.', example: 'Standard', readOnly: true })
  term?: string | null;

  @Reference('lease-periods', { description: 'How long it runs, from the list of the PMS.' })
  lease_period_id?: string | null;

  @Text({ description: 'How many months it is to run.', example: '12' })
  desired_lease_term_in_months?: string | null;

  @Text({
    description: 'How the lease is to stand, in words that the PMS takes.',
    example: 'ACTIVE',
    deprecated: 'For reads use status_normalized or status_raw.',
  })
  status?: string | null;

  @OneOf(LEASE_STATUSES, { description: 'How the lease stands.', example: 'ACTIVE', readOnly: true })
  status_normalized?: LeaseStatus | null;

  @Text({ description: 'How the lease stands, in the words of the PMS.', example: 'Current', readOnly: true })
  status_raw?: string | null;

  @CalendarDate({ description: 'First day of the contract.', example: '2026-06-01' })
  start_date?: string | null;

  @CalendarDate({ description: 'Last day of the contract; none for one without end.', example: '2027-05-31' })
  end_date?: string | null;

  @CalendarDate({ description: 'Day of the application.', example: '2026-05-01' })
  application_date?: string | null;

  @CalendarDate({ description: 'Day of the signature.', example: '2026-05-15' })
  signature_date?: string | null;

  @CalendarDate({ description: 'Day of the move in.', example: '2026-06-01' })
  move_in_date?: string | null;

  @CalendarDate({ description: 'Day of the move out.', example: '2027-05-31' })
  move_out_date?: string | null;

  @CalendarDate({ description: 'Day for which the move in is planned.', example: '2026-06-01' })
  scheduled_move_in_date?: string | null;

  @CalendarDate({ description: 'Day for which the move out is planned.', example: '2027-05-31' })
  scheduled_move_out_date?: string | null;

  @CalendarDate({ description: 'Day on which the residents really moved in.', example: '2026-06-02' })
  realized_move_in_date?: string | null;

  @CalendarDate({ description: 'Day on which the residents really moved out.', example: '2027-05-30' })
  realized_move_out_date?: string | null;

  @Flag({ description: 'Whether an eviction is under way.', example: false })
  is_eviction_pending?: boolean | null;

  @Flag({ description: 'Whether the residents count as moved out once the contract ends.', example: false })
  automatically_move_out_residents?: boolean | null;

  @OneOf(RENT_CYCLES, { description: 'How often rent falls due.', example: 'Monthly' })
  rent_cycle?: RentCycle | null;

  @MoneyInCents({ description: 'Rent for one cycle.', example: 125_000, minimum: 0 })
  rent_amount_in_cents?: number | null;

  @MoneyInCents({ description: 'Rent that the market gives for the unit.', example: 130_000 })
  rent_amount_market_in_cents?: number | null;

  @CalendarDate({ description: 'Day on which rent falls due first.', example: '2026-06-01' })
  rent_due_date?: string | null;

  @Integer({ description: 'Day of the cycle on which rent falls due.', example: 1, minimum: 0, maximum: 31, readOnly: true })
  rent_due_day?: number | null;

  @Reference('financial-accounts', { description: 'The account that rent is booked to.' })
  financial_account_id?: string | null;

  @MoneyInCents({ description: 'Security deposit.', example: 125_000, minimum: 0 })
  deposit_amount_in_cents?: number | null;

  @Text({ description: 'Security deposit, as the PMS writes it.', example: '1250.00', readOnly: true })
  deposit_amount?: string | null;

  @CalendarDate({ description: 'Day on which the deposit is charged.', example: '2026-06-01' })
  deposit_charge_date?: string | null;

  @CalendarDate({ description: 'Day on which the deposit was paid.', example: '2026-06-01', readOnly: true })
  deposit_date?: string | null;

  @MoneyInCents({ description: 'Fee for a payment that bounces.', example: 3_500, minimum: 0 })
  nsf_fee_amount_in_cents?: number | null;

  @ListOf(() => LeaseCharge, { description: 'Charges to post once with the lease.', example: [LeaseCharge.example] })
  resident_charges?: LeaseCharge[] | null;

  @ListOf(() => RecurringLeaseCharge, {
    description: 'Charges to post again and again while the lease runs.',
    example: [RecurringLeaseCharge.example],
  })
  recurring_resident_charges?: RecurringLeaseCharge[] | null;

  @ListOf(() => ApplicationFee, {
    description: 'Fees for the application; some PMSs can only add to this list.',
    example: [ApplicationFee.example],
  })
  application_fees?: ApplicationFee[] | null;

  @ListOf(() => ConcessionFee, { description: 'Concessions granted with the lease.', example: [ConcessionFee.example] })
  concession_fees?: ConcessionFee[] | null;

  @MoneyInCents({ description: 'What is owed on the lease; negative when in credit.', example: 12_500, readOnly: true })
  balance_amount_in_cents?: number | null;

  @Text({ description: 'What is owed on the lease, as the PMS writes it.', example: '125.00', readOnly: true })
  balance_amount_raw?: string | null;

  @MoneyInCents({ description: 'The part of the balance that is overdue.', example: 0, readOnly: true })
  past_due_balance_in_cents?: number | null;

  @Text({ description: 'The part of the balance that is overdue, as the PMS writes it.', example: '0.00', readOnly: true })
  past_due_balance_raw?: string | null;

  @MoneyInCents({ description: 'What has been written off.', example: 0, readOnly: true })
  write_off_amount_in_cents?: number | null;

  @Text({ description: 'What has been written off, as the PMS writes it.', example: '0.00', readOnly: true })
  write_off_amount_raw?: string | null;

  @Flag({ description: 'Whether the PMS sends a welcome e-mail to the residents.', example: false })
  send_welcome_email?: boolean | null;

  @Text({ description: 'Given name of the tenant who is created with the lease.', example: 'Ann' })
  first_name?: string | null;

  @Text({ description: 'Second given name of the tenant.', example: 'Lee' })
  middle_name?: string | null;

  @Text({ description: 'Family name of the tenant.', example: 'Rivera' })
  last_name?: string | null;

  @Text({ description: 'Family name of the tenant at birth.', example: 'Ortega' })
  maiden_name?: string | null;

  @Email({ description: 'Main e-mail address of the tenant.', example: 'ann.rivera@example.com' })
  email_1?: string | null;

  @Email({ description: 'Second e-mail address of the tenant.', example: 'ann.work@example.com' })
  email_2?: string | null;

  @Phone({ description: 'Main telephone number of the tenant.', example: '5135550142' })
  phone_1?: string | null;

  @OneOf(PHONE_TYPES, { description: 'Kind of the main telephone number of the tenant.', example: 'MOBILE' })
  phone_1_type?: PhoneType | null;

  @Phone({ description: 'Second telephone number of the tenant.', example: '5135550143' })
  phone_2?: string | null;

  @OneOf(PHONE_TYPES, { description: 'Kind of the second telephone number of the tenant.', example: 'HOME' })
  phone_2_type?: PhoneType | null;

  @CalendarDate({ description: 'Day on which the tenant was born.', example: '1990-04-12' })
  date_of_birth?: string | null;

  @Text({ description: 'First line of the address of the tenant.', example: '12 Elm Street' })
  address_1?: string | null;

  @Text({ description: 'Second line of the address of the tenant.', example: 'Apt 4' })
  address_2?: string | null;

  @Text({ description: 'City of the tenant.', example: 'Cincinnati' })
  city?: string | null;

  @Text({ description: 'State or province of the tenant, as its two-letter code.', example: 'OH' })
  state?: string | null;

  @Text({ description: 'Postal code of the tenant.', example: '45202' })
  zip?: string | null;

  @Text({ description: 'Country of the tenant, as its ISO 3166 code (US, CA) or English name.', example: 'US' })
  country?: string | null;

  @Text({ description: 'First line of the alternate address of the tenant.', example: 'PO Box 77' })
  address_1_alternate?: string | null;

  @Text({ description: 'Second line of the alternate address of the tenant.', example: 'Attn. Rivera' })
  address_2_alternate?: string | null;

  @Text({ description: 'City of the alternate address of the tenant.', example: 'Dayton' })
  city_alternate?: string | null;

  @Text({ description: 'State or province of the alternate address of the tenant.', example: 'OH' })
  state_alternate?: string | null;

  @Text({ description: 'Postal code of the alternate address of the tenant.', example: '45402' })
  zip_alternate?: string | null;

  @Text({ description: 'Country of the alternate address of the tenant.', example: 'US' })
  country_alternate?: string | null;

  @OneOf(MARITAL_STATUSES, { description: 'Marital status of the tenant.', example: 'SINGLE' })
  marital_status?: MaritalStatus | null;

  @Text({ description: 'Social security number or other number that identifies the tenant.', example: '000-12-3456' })
  identification_number?: string | null;

  @Text({ description: "Number of the driver's license of the tenant.", example: 'RX000000' })
  drivers_license_number?: string | null;

  @Flag({ description: 'Whether the tenant was ever evicted.', example: false })
  is_evicted?: boolean | null;

  @Text({ description: 'What there is to say about the eviction.', example: 'None' })
  eviction_description?: string | null;

  @Flag({ description: 'Whether the tenant was ever convicted of a felony.', example: false })
  is_felony?: boolean | null;

  @Text({ description: 'What there is to say about the felony.', example: 'None' })
  felony_description?: string | null;

  @Flag({ description: 'Whether a criminal charge against the tenant is open.', example: false })
  is_criminal_charge?: boolean | null;

  @Text({ description: 'What there is to say about the criminal charge.', example: 'None' })
  criminal_charge_description?: string | null;

  @ListOf(() => FormerAddress, { description: 'Where the tenant lives and lived.', example: [FormerAddress.example] })
  address_history?: FormerAddress[] | null;

  @ListOf(() => Employment, { description: 'Jobs of the tenant, present and past.', example: [Employment.example] })
  employment_history?: Employment[] | null;

  @ListOf(() => Income, { description: 'Income of the tenant besides wages.', example: [Income.example] })
  other_income?: Income[] | null;

  @ListOf(() => ContactPerson, { description: 'Whom to call in an emergency.', example: [ContactPerson.example] })
  emergency_contacts?: ContactPerson[] | null;

  @ListOf(() => Occupant, {
    description: 'Who else is to live in the unit; some PMSs can only add to the list.',
    example: [Occupant.example],
  })
  other_occupants?: Occupant[] | null;

  @ListOf(() => Pet, { description: 'Animals that are to live in the unit.', example: [Pet.example] })
  pets?: Pet[] | null;

  @ListOf(() => Vehicle, { description: 'Vehicles of the tenant.', example: [Vehicle.example] })
  vehicles?: Vehicle[] | null;

  @ListOf(() => LeasedService, {
    description: 'Services that come with the lease.',
    example: [LeasedService.example],
    readOnly: true,
  })
  services?: LeasedService[] | null;

  @Text({ description: 'Free text about the lease.', example: 'Gets the keys on Monday.' })
  notes?: string | null;

  @Text({ description: 'The id that your own system gives to the tenant.', example: 'web-20931', maxLength: 255 })
  third_party_id?: string | null;

  @Text({ description: 'Name of your organization, as the PMS knows it.', example: 'Example Homes', maxLength: 255 })
  organization_name?: string | null;

  @Json({ description: 'Values that only this PMS has.', example: { Parking: 'B12' }, readOnly: true })
  custom_data?: Record<string, unknown> | null;
}
