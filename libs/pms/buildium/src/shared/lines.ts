import type { OperationName } from '#capabilities';
import type { JournalMessage, LeaseTransactionMessage } from '../wire/index.ts';

type LineFields = 'amount_in_cents' | 'financial_account_id' | 'reference_number';
type Values = Readonly<Partial<Record<LineFields, unknown>>>;

const REQUIRED: readonly OperationName[] = ['create'];

const soleLineOf = (journal: JournalMessage | null | undefined) => (journal?.Lines?.length === 1 ? journal.Lines[0] : undefined);

/** What a charge and a payment send alike: one line. */
export const oneLine = {
  lands: 'Lines, as one line',
  required: { amount_in_cents: REQUIRED, financial_account_id: REQUIRED },
  references: ['financial_account_id'],
  lasting: ['amount_in_cents', 'financial_account_id'],
  because:
    'Buildium splits an amount over lines, one for each account, and replaces all of them at once. What Latchkey sends has one line; the account of a transaction with several is not shown.',
} as const;

/** The line of an amount and its account; none of it without both. `more` are further members of the line. */
export function asLine(
  { amount_in_cents: cents, financial_account_id: account }: Values,
  more: object = {},
): Record<string, unknown> {
  if (cents === undefined || account === undefined) return {};
  return { Lines: [{ Amount: Number(cents) / 100, GLAccountId: Number(account), ...more }] };
}

/** Amount, account and number of a transaction that was read. */
export function fromLine({ TotalAmount, Journal }: LeaseTransactionMessage): Values {
  const line = soleLineOf(Journal);
  return {
    amount_in_cents: TotalAmount === undefined ? undefined : Math.round(TotalAmount * 100),
    financial_account_id: line?.GLAccount?.Id === undefined ? undefined : String(line.GLAccount.Id),
    reference_number: Journal?.Lines?.[0]?.ReferenceNumber ?? undefined,
  };
}
