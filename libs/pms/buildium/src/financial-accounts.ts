import { defineCapability, fieldsOf, lacks, recordId, text, unsupportedFields } from '#capabilities';
import { FinancialAccount } from '#models/financial-account';
import { get } from './shared/calls.ts';
import type { GLAccountMessage } from './wire/index.ts';

const { derived, read } = fieldsOf<GLAccountMessage, object>([]);
const MADE_IN_BUILDIUM = 'The chart of accounts is kept in Buildium; Latchkey reads it only.';

/** The accounts of the general ledger. Every bank account stands behind one of them. */
export const financialAccounts = defineCapability(FinancialAccount, {
  source: 'https://developer.buildium.com/#tag/General-Ledger-Accounts',
  fields: {
    name: read('Name', text()),
    account_number: read('AccountNumber', text()),
    status_raw: derived('In words what Buildium says as yes or no.', ({ IsActive }) =>
      IsActive === undefined ? null : IsActive ? 'Active' : 'Inactive',
    ),
    custom_data: derived('What helps to choose the right account.', ({ Type, SubType, IsBankAccount }) => ({
      Type: Type ?? null,
      SubType: SubType ?? null,
      IsBankAccount: IsBankAccount ?? null,
    })),
    ...unsupportedFields(['property_id', 'x_location_id'], 'A Buildium ledger account belongs to the whole account.'),
  },
  create: lacks(MADE_IN_BUILDIUM),
  update: lacks(MADE_IN_BUILDIUM),
  reads: { list: get('/v1/glaccounts'), one: get('/v1/glaccounts/{glAccountId}', { glAccountId: recordId }), id: 'Id' },
});
