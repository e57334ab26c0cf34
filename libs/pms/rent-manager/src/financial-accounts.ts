import { defineCapability, fieldsOf, unsupportedFields, text } from '#capabilities';
import { FinancialAccount } from '#models/financial-account';
import { NOT_READ, pickList } from './shared/pick-list.ts';
import type { GlAccount } from './wire.ts';

const { derived, read } = fieldsOf<GlAccount, object>([]);

/** The accounts of the general ledger. */
export const financialAccounts = defineCapability(FinancialAccount, {
  source: 'Rent Manager 12 Web API, help pages of GLAccounts; members besides the name are [inferred].',
  fields: {
    name: read('Name', text()),
    account_number: read('Reference', text()),
    status_raw: derived('Whether the account is marked as active.', ({ IsActive }) =>
      IsActive === undefined ? null : IsActive ? 'Active' : 'Inactive',
    ),
    ...unsupportedFields(['property_id', 'x_location_id', 'custom_data'], NOT_READ),
  },
  ...pickList('GLAccounts', 'GLAccountID'),
});
