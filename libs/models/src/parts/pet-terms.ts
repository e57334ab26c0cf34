import { Flag, MoneyInCents, Text } from '../vocabulary/decorators.ts';

/** On which terms a property takes one sort of animal. */
export class PetTerms {
  @Text({ description: 'What sort of animal it is.', example: 'Dog', readOnly: true })
  name?: string | null;

  @Flag({ description: 'Whether the property takes it.', example: true, readOnly: true })
  is_allowed?: boolean | null;

  @Text({ description: 'The terms in words.', example: 'Dogs up to 50 pounds', readOnly: true })
  description?: string | null;

  @Text({ description: 'What else there is to say.', example: 'Two at most.', readOnly: true })
  notes?: string | null;

  @Text({ description: 'Deposit for the animal, as the PMS writes it.', example: '300.00', readOnly: true })
  deposit_raw?: string | null;

  @MoneyInCents({ description: 'Deposit for the animal.', example: 30_000, readOnly: true })
  deposit_in_cents?: number | null;

  @Text({ description: 'Fee for the animal, paid once, as the PMS writes it.', example: '150.00', readOnly: true })
  fee_raw?: string | null;

  @MoneyInCents({ description: 'Fee for the animal, paid once.', example: 15_000, readOnly: true })
  fee_in_cents?: number | null;

  @Text({ description: 'Lowest fee for the animal, as the PMS writes it.', example: '100.00', readOnly: true })
  fee_min_raw?: string | null;

  @MoneyInCents({ description: 'Lowest fee for the animal.', example: 10_000, readOnly: true })
  fee_min_in_cents?: number | null;

  @Text({ description: 'Highest fee for the animal, as the PMS writes it.', example: '200.00', readOnly: true })
  fee_max_raw?: string | null;

  @MoneyInCents({ description: 'Highest fee for the animal.', example: 20_000, readOnly: true })
  fee_max_in_cents?: number | null;

  @Text({ description: 'Rent for the animal a month, as the PMS writes it.', example: '35.00', readOnly: true })
  rent_amount_raw?: string | null;

  @MoneyInCents({ description: 'Rent for the animal a month.', example: 3_500, readOnly: true })
  rent_amount_in_cents?: number | null;

  static readonly example = { name: 'Dog', is_allowed: true, deposit_in_cents: 30_000 };
}
