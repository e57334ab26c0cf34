import { MoneyInCents, Text } from '../vocabulary/decorators.ts';

/** Income as the applicant stated it, not yet confirmed. */
export class SelfReportedIncome {
  @MoneyInCents({ description: 'How much it is.', example: 520_000, readOnly: true })
  amount_in_cents?: number | null;

  @Text({ description: 'How much it is, as the PMS writes it.', example: '5200.00', readOnly: true })
  amount_raw?: string | null;

  @Text({ description: 'What the amount stands for.', example: 'MONTHLY', readOnly: true })
  type_normalized?: string | null;

  @Text({ description: 'What the amount stands for, in the words of the PMS.', example: 'Monthly salary', readOnly: true })
  type_raw?: string | null;

  static readonly example = { amount_in_cents: 520_000, type_normalized: 'MONTHLY' };
}
