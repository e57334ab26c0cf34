import { CalendarDate, Flag, MoneyInCents, Reference, Text } from '../vocabulary/decorators.ts';

/** A charge that is posted once when the lease is created. */
export class LeaseCharge {
  @Reference('financial-accounts', { description: 'The account that the charge is booked to.', required: true })
  financial_account_id?: string | null;

  @CalendarDate({ description: 'Day on which the charge is booked.', example: '2026-06-01', required: true })
  post_date?: string | null;

  @Text({ description: 'What the charge is for.', example: 'Key deposit', maxLength: 1000, required: true })
  description?: string | null;

  @MoneyInCents({ description: 'How much it is.', example: 5_000, required: true })
  amount_in_cents?: number | null;

  @Flag({ description: 'Whether the charge is for a part of a period only.', example: false, required: true })
  is_prorated?: boolean | null;

  static readonly example = {
    financial_account_id: 'k3v9m2q7x1c8b4n6z5t0w2y7r',
    post_date: '2026-06-01',
    description: 'Key deposit',
    amount_in_cents: 5_000,
    is_prorated: false,
  };
}
