import {
  calendarDate,
  carryInto,
  defineCapability,
  fieldsOf,
  numericId,
  parentId,
  recordId,
  referenceTo,
  requiredWhen,
  text,
  unsupportedFields,
  type ReadBefore,
} from '#capabilities';
import { ResidentCharge } from '#models/resident-charge';
import { get, post, put, REPLACES_ALL, wire } from './shared/calls.ts';
import { asLine, fromLine, oneLine } from './shared/lines.ts';
import type { LeaseChargePostMessage, LeaseChargePutMessage, LeaseTransactionMessage } from './wire/index.ts';

type Documents = { create: LeaseChargePostMessage; update: LeaseChargePutMessage };
const { derived, read, route, shared, write } = fieldsOf<LeaseTransactionMessage, Documents>(['create', 'update']);

/** The lease is in the address of every call: no call finds a charge by its own id. */
const ADDRESS = { leaseId: referenceTo('lease_id'), chargeId: recordId } as const;

/** A line that the caller sent without a number keeps the one that the charge has; those carried over always name theirs. */
function withFormerNumber(body: Readonly<Record<string, unknown>>, { current }: ReadBefore): Readonly<Record<string, unknown>> {
  const { reference_number: former = null } = fromLine(current as LeaseTransactionMessage);
  return { ...body, Lines: (body['Lines'] as readonly object[]).map((line) => ({ ReferenceNumber: former, ...line })) };
}

/** A charge stands in the ledger of a lease, and is read as a transaction of it. */
export const residentCharges = defineCapability(ResidentCharge, {
  source: 'https://developer.buildium.com/#tag/Lease-Transactions',
  documents: { create: { schema: wire('LeaseChargePostMessage') }, update: { schema: wire('LeaseChargePutMessage') } },
  fields: {
    lease_id: route({
      from: 'LeaseId',
      required: ['create', 'update'],
      note: 'On an update: the lease that the charge is in; a charge does not move.',
    }),
    ...shared(['amount_in_cents', 'financial_account_id', 'reference_number'], {
      ...oneLine,
      limits: { reference_number: { maxLength: 30 } },
      lasting: [...oneLine.lasting, 'reference_number'],
      encode: ({ reference_number: number, ...line }) => asLine(line, number === undefined ? {} : { ReferenceNumber: number }),
      decode: fromLine,
    }),
    transaction_date: write('Date', calendarDate, { required: ['create'] }),
    description: write('Memo', text(), { from: 'Journal.Memo' }),
    property_id: read('Journal.Lines.0.PropertyId', numericId, 'It follows from the lease.'),
    unit_id: read('Journal.Lines.0.UnitId', numericId, 'It follows from the lease.'),
    x_gl_account_id: derived('The account of the only line; none when there are several.', (charge) => {
      const { financial_account_id: id } = fromLine(charge);
      return id === undefined ? null : String(id);
    }),
    amount_raw: derived('The amount as Buildium writes it.', ({ TotalAmount }) =>
      TotalAmount === undefined ? null : String(TotalAmount),
    ),
    name: read('TransactionType', text()),
    ...unsupportedFields(['charge_code_id'], 'Buildium has no charge codes: financial_account_id says what is charged.'),
    ...unsupportedFields(['resident_id'], 'Buildium charges the lease, not one of its tenants.'),
    ...unsupportedFields(['notes'], 'Buildium keeps one short text: use description.'),
    ...unsupportedFields(['post_month', 'due_date'], 'A Buildium charge has one date, of the transaction.'),
    ...unsupportedFields(
      ['third_party_charge_id', 'transaction_batch_id', 'batch_id'],
      'Buildium has neither batches nor ids of other systems: use reference_number.',
    ),
    ...unsupportedFields(['is_approval_required'], 'Buildium books a charge at once.'),
    ...unsupportedFields(
      [
        'transaction_source',
        'is_open',
        'amount_open_in_cents',
        'amount_open_raw',
        'amount_paid_in_cents',
        'amount_paid_raw',
        'allocations',
        'x_location_id',
      ],
      'Buildium does not return it with a charge.',
    ),
    ...unsupportedFields(['custom_data'], "Buildium's API has no custom fields."),
  },
  create: {
    // Buildium answers the transactions that the charge became, in a list.
    steps: [
      { name: 'charge', call: post('/v1/leases/{leaseId}/charges', { leaseId: ADDRESS.leaseId }), sends: 'create', id: '0.Id' },
    ],
    doubt: {
      policy: 'person',
      because: 'A lease may be charged the same amount twice on one day, so a charge that is found need not be this one.',
    },
  },
  update: {
    current: get('/v1/leases/{leaseId}/transactions/{transactionId}', { leaseId: ADDRESS.leaseId, transactionId: recordId }),
    updates: 'replace',
    carry: carryInto<LeaseTransactionMessage, LeaseChargePutMessage>(wire('LeaseChargePutMessage'), {
      Memo: ({ Journal }) => Journal?.Memo,
      Lines: ({ Journal }) =>
        (Journal?.Lines ?? []).flatMap(({ Amount, GLAccount, ReferenceNumber }) =>
          Amount === undefined || GLAccount?.Id === undefined ? [] : [{ Amount, GLAccountId: GLAccount.Id, ReferenceNumber }],
        ),
    }),
    steps: [
      {
        name: 'charge',
        call: put('/v1/leases/{leaseId}/charges/{chargeId}', ADDRESS),
        sends: 'update',
        compose: withFormerNumber,
      },
    ],
    doubt: { policy: 'read_back' },
    notes: [REPLACES_ALL('charge')],
  },
  reads: {
    list: get('/v1/leases/{leaseId}/transactions', { leaseId: parentId }, { transactiontypes: 'Charge' }),
    id: 'Id',
    under: 'leases',
    parentField: 'lease_id',
  },
  rules: [
    requiredWhen(
      { anyOf: ['amount_in_cents', 'financial_account_id', 'reference_number'] },
      ['amount_in_cents', 'financial_account_id'],
      { on: ['update'], because: 'Buildium replaces the line that they stand in' },
    ),
  ],
});
