import { Email, Flag, Integer, Json, ListOf, MoneyInCents, OneOf, Reference, Text } from './vocabulary/decorators.ts';
import { PersonRecord } from './parts/person.ts';
import { Model } from './vocabulary/model.ts';
import { Attachment } from './parts/attachment.ts';
import { EmbeddedEvent } from './parts/embedded-event.ts';
import { LeaseSummary } from './parts/lease-summary.ts';
import { Pet } from './parts/pet.ts';
import { Vehicle } from './parts/vehicle.ts';

export const RENT_PERIODS = ['MONTHLY', 'WEEKLY', 'DAILY'] as const;
export type RentPeriod = (typeof RENT_PERIODS)[number];

/** A person who lives, lived or will live in a unit under a lease. */
@Model({ path: 'residents', title: 'resident', description: 'A person who lives, lived or will live in a unit under a lease.' })
export class Resident extends PersonRecord {
  @Text({ description: 'First letter of the second given name.', example: 'L', maxLength: 1 })
  middle_initial?: string | null;

  @Email({ description: 'Second e-mail address.', example: 'ann.work@example.com' })
  email_2?: string | null;

  @Text({ description: 'First line of the alternate address.', example: 'PO Box 77' })
  address_1_alternate?: string | null;

  @Text({ description: 'Second line of the alternate address.', example: 'Attn. Rivera' })
  address_2_alternate?: string | null;

  @Text({ description: 'City of the alternate address.', example: 'Dayton' })
  city_alternate?: string | null;

  @Text({ description: 'State or province of the alternate address.', example: 'OH' })
  state_alternate?: string | null;

  @Text({ description: 'Postal code of the alternate address.', example: '45402' })
  zip_alternate?: string | null;

  @Text({ description: 'Country of the alternate address.', example: 'US' })
  country_alternate?: string | null;

  @Text({
    description: 'One free text about the resident. Dated notes are records of their own, see resident notes.',
    example: 'Prefers e-mail.',
  })
  notes?: string | null;

  @Reference('properties', { description: 'The property where the resident lives.' })
  property_id?: string | null;

  @Reference('leases', { description: 'The lease that makes this person a resident.' })
  lease_id?: string | null;

  @OneOf(RENT_PERIODS, { description: 'How often rent falls due.', example: 'MONTHLY' })
  rent_period?: RentPeriod | null;

  @Integer({ description: 'Day of the period on which rent falls due.', example: 1, minimum: 1, maximum: 31 })
  rent_due_day?: number | null;

  @Flag({ description: 'Whether this resident is the main contact of the lease.', example: true })
  is_primary?: boolean | null;

  @Flag({ description: 'Whether the resident passed the screening.', example: true })
  qualified?: boolean | null;

  @OneOf(['MALE', 'FEMALE'], { description: 'Gender, where the PMS keeps one.', example: 'FEMALE' })
  gender?: 'MALE' | 'FEMALE' | null;

  @Flag({ description: 'Whether the resident is a guarantor.', example: false })
  guarantor?: boolean | null;

  @MoneyInCents({ description: 'Income a month.', example: 520_000, minimum: 0 })
  monthly_income_in_cents?: number | null;

  @Flag({ description: 'Whether checks are refused when receipts are taken.', example: false })
  no_checks_in_cash_receipts?: boolean | null;

  @Reference('lead-sources', { description: 'Where the resident first heard of the property.' })
  lead_source_id?: string | null;

  @ListOf(() => Attachment, { description: 'Files to store with the resident.', example: [Attachment.example] })
  attachments?: Attachment[] | null;

  @Json({
    description: 'Values of fields that the customer defined in the PMS.',
    example: { Parking: 'B12' },
    deprecated: 'Custom fields have writes of their own.',
  })
  custom_data?: Record<string, unknown> | null;

  @ListOf(() => EmbeddedEvent, {
    description: 'Events to add or change with the resident.',
    example: [EmbeddedEvent.example],
    deprecated: 'Events have writes of their own.',
  })
  events?: EmbeddedEvent[] | null;

  @Flag({ description: 'Whether the resident works for the management company.', example: false, readOnly: true })
  is_employee?: boolean | null;

  @MoneyInCents({ description: 'What the resident owes; negative when in credit.', example: 12_500, readOnly: true })
  balance_in_cents?: number | null;

  @MoneyInCents({ description: 'The part of the balance that is overdue.', example: 0, readOnly: true })
  late_balance_in_cents?: number | null;

  @ListOf(() => LeaseSummary, { description: 'The leases of the resident.', example: [], readOnly: true })
  leases_meta_data?: LeaseSummary[] | null;

  @ListOf(() => Pet, { description: 'Pets that live in the unit.', example: [], readOnly: true })
  pets?: Pet[] | null;

  @ListOf(() => Vehicle, { description: 'Vehicles of the resident.', example: [], readOnly: true })
  vehicles?: Vehicle[] | null;
}
