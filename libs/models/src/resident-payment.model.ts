import { CalendarDate, Flag, Json, ListOf, MoneyInCents, Month, OneOf, Reference, Text } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';
import { Allocation } from './parts/allocation.ts';

const PAYMENT_TYPES = ['ACH', 'Cash', 'Cashiers Check', 'Check', 'Credit Card', 'Debit Card', 'eCheck', 'Money Order'] as const;
type PaymentType = (typeof PAYMENT_TYPES)[number];

/** An amount that a resident has paid. */
@Model({ path: 'resident-payments', title: 'resident payment', description: 'An amount that a resident has paid.' })
export class ResidentPayment extends PmsRecord {
  @Reference('properties', { description: 'The property that the payment belongs to.' })
  property_id?: string | null;

  @Reference('units', { description: 'The unit that the payment belongs to.' })
  unit_id?: string | null;

  @Reference('leases', { description: 'The lease that the payment belongs to.' })
  lease_id?: string | null;

  @Reference('residents', { description: 'The resident whose payment it is.' })
  resident_id?: string | null;

  @Reference('financial-accounts', { description: 'The account that the payment is booked to.' })
  financial_account_id?: string | null;

  @Text({ description: 'The id that the PMS gives to the general ledger account.', example: '4010', readOnly: true })
  x_gl_account_id?: string | null;

  @Reference('charge-codes', { description: 'The charge code of the payment, from the list of the PMS.' })
  charge_code_id?: string | null;

  @MoneyInCents({ description: 'Amount.', example: 125_000 })
  amount_in_cents?: number | null;

  @Text({ description: 'Amount, as the PMS writes it.', example: '1250.00', readOnly: true })
  amount_raw?: string | null;

  @CalendarDate({ description: 'Day of the payment.', example: '2026-06-01' })
  transaction_date?: string | null;

  @Month({ description: 'Month in which the payment is booked.', example: '2026-06', readOnly: true })
  post_month?: string | null;

  @OneOf(PAYMENT_TYPES, { description: 'How it was paid.', example: 'Check' })
  payment_type?: PaymentType | null;

  @Text({ description: 'How it was paid, in our words.', example: 'CHECK', readOnly: true })
  payment_method_normalized?: string | null;

  @Text({ description: 'How it was paid, in the words of the PMS.', example: 'Check', readOnly: true })
  payment_method_raw?: string | null;

  @Text({ description: 'What the payment is called.', example: 'Check 2044', readOnly: true })
  name?: string | null;

  @Text({ description: 'What the payment is for.', example: 'Rent for June' })
  description?: string | null;

  @Text({
    description: 'What there is to say about the payment; some PMSs keep it as the description.',
    example: 'Handed in at the office.',
  })
  notes?: string | null;

  @Text({ description: 'Number by which you find the payment again, such as that of the check.', example: '2044' })
  reference_number?: string | null;

  @Text({ description: 'The batch that the payment belongs to, named by you.', example: 'batch-2026-06', maxLength: 255 })
  batch_id?: string | null;

  @Flag({ description: 'Whether the PMS sends a receipt by e-mail.', example: false })
  send_email_receipt?: boolean | null;

  @Flag({ description: 'Whether money paid ahead is used up first.', example: false })
  allocate_prepays?: boolean | null;

  @Flag({ description: 'Whether a part of it settles no charge yet.', example: false, readOnly: true })
  is_open?: boolean | null;

  @ListOf(() => Allocation, {
    description: 'The charges that the payment settles, and how much of each.',
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
