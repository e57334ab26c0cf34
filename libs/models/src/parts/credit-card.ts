import { MoneyInCents, Text } from '../vocabulary/decorators.ts';

/** A credit card that an applicant states as a debt; never its number. */
export class CreditCard {
  @Text({ description: 'Name of the card or its issuer.', example: 'Example Card', maxLength: 255, required: true })
  name?: string | null;

  @MoneyInCents({ description: 'How much is owed on it.', example: 45_000, minimum: 0 })
  balance_in_cents?: number | null;

  static readonly example = { name: 'Example Card', balance_in_cents: 45_000 };
}
