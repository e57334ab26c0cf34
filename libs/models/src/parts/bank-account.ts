import { MoneyInCents, OneOf, Text } from '../vocabulary/decorators.ts';

export const ACCOUNT_TYPES = ['SAVINGS', 'CHECKING'] as const;
export type AccountType = (typeof ACCOUNT_TYPES)[number];

/** An account that an applicant states as means. */
export class BankAccount {
  @Text({ description: 'Name of the bank or of the account.', example: 'Example Savings Bank', maxLength: 255, required: true })
  name?: string | null;

  @OneOf(ACCOUNT_TYPES, { description: 'What sort of account it is.', example: 'CHECKING' })
  account_type?: AccountType | null;

  @Text({ description: 'Number of the account.', example: '000123456789', maxLength: 40 })
  account_number?: string | null;

  @MoneyInCents({ description: 'How much is on it.', example: 340_000, minimum: 0 })
  balance_in_cents?: number | null;

  static readonly example = { name: 'Example Savings Bank', account_type: 'CHECKING', balance_in_cents: 340_000 } as const;
}
