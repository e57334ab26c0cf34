import { CalendarDate, Flag, Json, ListOf, MoneyInCents, Month, Reference, Text } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';
import { Allocation } from './parts/allocation.ts';

/** An amount that a resident is asked to pay. */
@Model({ path: 'resident-charges', title: 'resident charge', description: 'An amount that a resident is asked to pay.' })
export class ResidentCharge extends PmsRecord {
  @Reference('properties', { description: 'The property that the charge belongs to.' })
  property_id?: string | null;

  @Reference('units', { description: 'The unit that the charge belongs to.' })
  unit_id?: string | null;

  @Reference('leases', { description: 'The lease that the charge belongs to.' })
  lease_id?: string | null;

  @Reference('residents', { description: 'The resident whose charge it is.' })
  resident_id?: string | null;

  @Reference('financial-accounts', { description: 'The account that the charge is booked to.' })
  financial_account_id?: string | null;

  @Text({ description: 'The id that the PMS gives to the general ledger account.', example: '4010', readOnly: true })
  x_gl_account_id?: string | null;

  @Reference('charge-codes', { description: 'The charge code of the charge, from the list of the PMS.' })
  charge_code_id?: string | null;

  @MoneyInCents({ description: 'Amount.', example: 125_000 })
  amount_in_cents?: number | null;

  @Text({ description: 'Amount, as the PMS writes it.', example: '1250.00', readOnly: true })
  amount_raw?: string | null;

  @CalendarDate({ description: 'Day of the charge.', example: '2026-06-01' })
  transaction_date?: string | null;

  @Month({ description: 'Month in which the charge is booked.', example: '2026-06' })
  post_month?: string | null;

  @CalendarDate({ description: 'Day by which it must be paid.', example: '2026-06-05', readOnly: true })
  due_date?: string | null;

  @Text({ description: 'What the charge is called.', example: 'Rent', readOnly: true })
  name?: string | null;

  @Text({ description: 'What the charge is for.', example: 'Rent for June' })
  description?: string | null;

  @Text({
    description: 'What there is to say about the charge; some PMSs keep it as the description.',
    example: 'Agreed by telephone.',
  })
  notes?: string | null;

  @Text({ description: 'Number by which you find the charge again.', example: 'RC-1180' })
  reference_number?: string | null;

  @Text({
    description: 'The id that your own system gives to the charge; it is made up where a PMS needs one and none is sent.',
    example: 'web-5521',
    maxLength: 255,
  })
  third_party_charge_id?: string | null;

  @Text({ description: 'The batch that the charge belongs to, named by you.', example: 'batch-2026-06', maxLength: 255 })
  transaction_batch_id?: string | null;

  @Text({
    description: 'The batch that the charge belongs to, for PMSs that know it by this name.',
    example: 'batch-2026-06',
    maxLength: 255,
  })
  batch_id?: string | null;

  @Flag({ description: 'Whether somebody must approve the charge in the PMS.', example: false })
  is_approval_required?: boolean | null;

  @Text({ description: 'Where the charge came from, in the words of the PMS.', example: 'Manual', readOnly: true })
  transaction_source?: string | null;

  @Flag({ description: 'Whether a part of it is still unpaid.', example: true, readOnly: true })
  is_open?: boolean | null;

  @MoneyInCents({ description: 'The part that is unpaid.', example: 25_000, readOnly: true })
  amount_open_in_cents?: number | null;

  @Text({ description: 'The part that is unpaid, as the PMS writes it.', example: '250.00', readOnly: true })
  amount_open_raw?: string | null;

  @MoneyInCents({ description: 'The part that is paid.', example: 100_000, readOnly: true })
  amount_paid_in_cents?: number | null;

  @Text({ description: 'The part that is paid, as the PMS writes it.', example: '1000.00', readOnly: true })
  amount_paid_raw?: string | null;

  @ListOf(() => Allocation, {
    description: 'The payments that settle the charge, and how much of each.',
    example: [Allocation.example],
    readOnly: true,
  })
  allocations?: Allocation[] | null;

  @Text({
    description: 'The id that the PMS gives to the location above the property, where it has locations.',
    example: '1',
    readOnly: true,
  })
  x_location_id?: string | null;

  @Json({ description: 'Values that only this PMS has.', example: { Parking: 'B12' }, readOnly: true })
  custom_data?: Record<string, unknown> | null;
}
