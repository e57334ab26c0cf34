import { CalendarDate, Integer, MoneyInCents, Reference, Text } from '../vocabulary/decorators.ts';

/** A charge that falls due again and again while the lease runs. */
export class RecurringLeaseCharge {
  @Reference('financial-accounts', { description: 'The account that the charge is booked to.', required: true })
  financial_account_id?: string | null;

  @CalendarDate({ description: 'Day from which it falls due.', example: '2026-06-01', required: true })
  start_date?: string | null;

  @CalendarDate({ description: 'Day until which it falls due.', example: '2027-05-31' })
  end_date?: string | null;

  @Text({ description: 'What the charge is for.', example: 'Garage', maxLength: 1000, required: true })
  description?: string | null;

  @MoneyInCents({ description: 'How much it is each time.', example: 7_500, required: true })
  amount_in_cents?: number | null;

  @Integer({ description: 'Day of the month on which it falls due.', example: 1, minimum: 1, maximum: 31, required: true })
  charge_due_day?: number | null;

  @Integer({ description: 'Months from one charge to the next.', example: 1, minimum: 1, maximum: 12, required: true })
  frequency_raw?: number | null;

  static readonly example = {
    financial_account_id: 'k3v9m2q7x1c8b4n6z5t0w2y7r',
    start_date: '2026-06-01',
    description: 'Garage',
    amount_in_cents: 7_500,
    charge_due_day: 1,
    frequency_raw: 1,
  };
}
