/** A tenant's ledger: charges, payments and how payments are put against charges. */
import { invalid, missingReference, needsConfirmation } from '../answers.ts';
import { instantMs } from '../instants.ts';
import type { Records } from '../records.ts';
import {
  date,
  dates,
  decimal,
  flag,
  flags,
  id,
  integer,
  integers,
  many,
  one,
  oneOf,
  required,
  stamps,
  text,
  texts,
  type ResourceSpec,
  type Row,
  type SaveContext,
} from '../schema.ts';
import { requireUnitInProperty } from './rules.ts';

/** Books before this day are closed: writing into them needs a confirmation. */
const HARD_CLOSE_DATE = '2020-01-01';

function requireAccount(row: Row, records: Records): void {
  if (records.find('Tenants', row.AccountID) ?? records.find('Prospects', row.AccountID)) return;
  throw missingReference(`AccountID ${row.AccountID} is no tenant and no prospect.`);
}

function requireOpenBooks(row: Row, { saveOptions }: SaveContext): void {
  if (instantMs(String(row.TransactionDate)) >= instantMs(HARD_CLOSE_DATE) || saveOptions.includes('IgnoreHardClose')) return;
  throw needsConfirmation(`The books before ${HARD_CLOSE_DATE} are closed; repeat with saveOptions=IgnoreHardClose.`);
}

const isFullyAllocated = (row: Row): boolean => Number(row.AmountAllocated ?? 0) >= Number(row.Amount);

export const Charges: ResourceSpec = {
  key: 'ID',
  reach: 'top',
  members: {
    ID: integer(),
    ChargeID: integer({ computed: (row) => row.ID ?? null }),
    AccountID: integer(required),
    AccountType: text({ computed: () => 'Customer' }),
    TransactionType: text({ computed: () => 'Charge' }),
    ChargeTypeID: id('ChargeTypes', required),
    Amount: decimal(required),
    TransactionDate: date(required),
    PropertyID: id('Properties', required),
    UnitID: id('Units', required),
    ...texts('Reference', 'Comment', 'MetaTag'),
    ...integers('JobID', 'AccrualDebitID', 'AccrualCreditID'),
    AmountAllocated: decimal(),
    IsFullyAllocated: flag({ computed: isFullyAllocated }),
    ...flags('IsSecurityDepositPriorToGLStartDate'),
    ...stamps,
  },
  relations: {
    Property: one('Properties', 'PropertyID'),
    Unit: one('Units', 'UnitID'),
    ChargeType: one('ChargeTypes', 'ChargeTypeID'),
    Allocations: { ...many('Allocations', 'ID', 'ChargeID'), adopt: undefined },
    CreateUser: one('Users', 'CreateUserID'),
    UpdateUser: one('Users', 'UpdateUserID'),
  },
  defaults: () => ({ AmountAllocated: 0 }),
  check: (row, _before, context) => {
    requireAccount(row, context.records);
    requireUnitInProperty(row, context.records);
    requireOpenBooks(row, context);
  },
};

export const Payments: ResourceSpec = {
  key: 'ID',
  reach: 'top',
  members: {
    ID: integer(),
    PaymentID: integer({ computed: (row) => row.ID ?? null }),
    AccountID: integer(required),
    AccountType: oneOf(['Customer'], required),
    TransactionType: text({ computed: () => 'Payment' }),
    Amount: decimal(required),
    TransactionDate: date(required),
    Reference: text({ readOnly: true }),
    ...texts('Comment', 'ReversalType', 'MetaTag'),
    ...integers('ReceiptID', 'ReversalReconcileID'),
    ...dates('ReversalDate'),
    PrepayPropertyID: id('Properties'),
    PrepayUnitID: id('Units'),
    AmountAllocated: decimal(),
    IsFullyAllocated: flag({ computed: isFullyAllocated }),
    ...flags('IsSecurityDepositPriorToGLStartDate', 'IsRestrictAutomaticAllocationsToUnit'),
    ...stamps,
  },
  relations: {
    Allocations: many('Allocations', 'ID', 'PaymentID', { owned: true }),
    Preallocations: many('Preallocations', 'ID', 'PaymentID', { owned: true }),
    PrepayProperty: one('Properties', 'PrepayPropertyID'),
    PrepayUnit: one('Units', 'PrepayUnitID'),
    Tenant: one('Tenants', 'AccountID'),
    Prospect: one('Prospects', 'AccountID'),
  },
  nestedCreates: {
    Allocations: { relation: 'Allocations', model: (_payment, sent) => sent },
    Preallocations: { relation: 'Preallocations', model: (_payment, sent) => sent },
  },
  defaults: () => ({ AmountAllocated: 0 }),
  check: (row, _before, context) => {
    requireAccount(row, context.records);
    requireOpenBooks(row, context);
  },
};

/** Adds an allocation to what is already allocated of a charge or payment. */
function allocate(side: 'Charges' | 'Payments', id: unknown, amount: number, { records, replace }: SaveContext): void {
  const row = typeof id === 'number' ? records.find(side, id) : undefined;
  if (row === undefined) return;
  const AmountAllocated = Number(row.AmountAllocated ?? 0) + amount;
  if (AmountAllocated > Number(row.Amount) + 0.005) throw invalid(`${side} ${row.ID} has less than ${amount} left to allocate.`);
  replace(side, { ...row, AmountAllocated });
}

export const Allocations: ResourceSpec = {
  key: 'AllocationID',
  reach: 'nested',
  members: {
    AllocationID: integer(),
    PaymentID: id('Payments', required),
    ChargeID: id('Charges', required),
    Amount: decimal(required),
    PropertyID: id('Properties'),
    UnitID: id('Units'),
    ...texts('AllocationType', 'MetaTag'),
    ...stamps,
  },
  relations: { Charge: one('Charges', 'ChargeID'), Payment: one('Payments', 'PaymentID') },
  saved: (row, before, context) => {
    const change = Number(row.Amount) - Number(before?.Amount ?? 0);
    allocate('Charges', row.ChargeID, change, context);
    allocate('Payments', row.PaymentID, change, context);
  },
};

export const Preallocations: ResourceSpec = {
  key: 'PreallocationID',
  reach: 'nested',
  members: {
    PreallocationID: integer(),
    PaymentID: id('Payments', required),
    ChargeTypeID: id('ChargeTypes', required),
    Amount: decimal(required),
    AmountAllocated: decimal(),
    ...texts('MetaTag'),
    ...stamps,
  },
  relations: { ChargeType: one('ChargeTypes', 'ChargeTypeID') },
};

export const ChargeTypes: ResourceSpec = {
  key: 'ChargeTypeID',
  reach: 'top',
  members: {
    ChargeTypeID: integer(),
    Name: text(required),
    ...texts('Description', 'MetaTag'),
    GLAccountID: id('GLAccounts'),
    DefaultAmount: decimal(),
    ...flags('IsProrated', 'IsCam', 'IsActive'),
    ConcurrencyID: integer(),
    ...stamps,
  },
  relations: { GLAccount: one('GLAccounts', 'GLAccountID') },
  defaults: () => ({ IsActive: true }),
};
