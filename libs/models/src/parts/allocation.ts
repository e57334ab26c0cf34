import { Json, MoneyInCents, Reference, Text } from '../vocabulary/decorators.ts';
import { EmbeddedRecord } from './embedded-record.ts';

/** The share of a payment that settles a charge. */
export class Allocation extends EmbeddedRecord {
  @MoneyInCents({ description: 'How much of the payment goes to the charge.', example: 125_000, readOnly: true })
  amount_in_cents?: number | null;

  @Text({ description: 'The same, as the PMS writes it.', example: '1250.00', readOnly: true })
  amount_raw?: string | null;

  @Text({ description: 'The id that the PMS gives to the payment or credit.', example: '9001', readOnly: true })
  x_source_id?: string | null;

  @Text({ description: 'The id that the PMS gives to the charge.', example: '8001', readOnly: true })
  x_destination_id?: string | null;

  @Reference('financial-accounts', { description: 'The account that it is booked to.', readOnly: true })
  financial_account_id?: string | null;

  @Reference('resident-charges', { description: 'The charge.', readOnly: true })
  resident_charge_id?: string | null;

  @Reference('resident-payments', { description: 'The payment.', readOnly: true })
  resident_payment_id?: string | null;

  @Json({ description: 'Values about the allocation that only this PMS has.', example: { Batch: '12' }, readOnly: true })
  custom_data?: Record<string, unknown> | null;

  static readonly example = { x_source_id: '9001', x_destination_id: '8001', amount_in_cents: 125_000 };
}
