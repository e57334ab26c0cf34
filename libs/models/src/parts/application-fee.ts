import { MoneyInCents, Reference, Text } from '../vocabulary/decorators.ts';

/** A fee for handling an application. */
export class ApplicationFee {
  @Reference('charge-codes', { description: 'The charge code, which must be one for application fees.', required: true })
  charge_code_id?: string | null;

  @MoneyInCents({ description: 'How much it is.', example: 4_500, minimum: 0, required: true })
  amount_in_cents?: number | null;

  @Text({ description: 'What the fee is for.', example: 'Application fee', maxLength: 1000 })
  description?: string | null;

  static readonly example = { charge_code_id: 'k3v9m2q7x1c8b4n6z5t0w2y7r', amount_in_cents: 4_500 };
}
