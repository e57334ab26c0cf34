import { MoneyInCents, Phone, Text } from '../vocabulary/decorators.ts';

/** Money that an applicant has besides a wage. */
export class Income {
  @Text({ description: 'Where it comes from.', example: 'Pension', maxLength: 255, required: true })
  source?: string | null;

  @MoneyInCents({ description: 'How much it is a month.', example: 80_000, minimum: 0, required: true })
  monthly_income_in_cents?: number | null;

  @Phone({ description: 'Telephone number of whoever can confirm it.', example: '5135550190' })
  phone?: string | null;

  static readonly example = { source: 'Pension', monthly_income_in_cents: 80_000 };
}
