import {
  calendarDate,
  carryInto,
  defineCapability,
  fieldsOf,
  flag,
  numericId,
  oneOf,
  parentId,
  recordId,
  referenceMust,
  referenceTo,
  setOnce,
  sideEffect,
  text,
  together,
  unsupportedFields,
} from '#capabilities';
import { ResidentPayment } from '#models/resident-payment';
import { get, post, put, REPLACES_ALL, wire } from './shared/calls.ts';
import { asLine, fromLine, oneLine } from './shared/lines.ts';
import type { LeaseLedgerPaymentPostMessage, LeaseLedgerPaymentPutMessage, LeaseTransactionMessage } from './wire/index.ts';

type Documents = { create: LeaseLedgerPaymentPostMessage; update: LeaseLedgerPaymentPutMessage };
type Method = LeaseLedgerPaymentPutMessage['PaymentMethod'];
const { derived, read, refer, route, shared, write } = fieldsOf<LeaseTransactionMessage, Documents>(['create', 'update']);

/** Buildium's words for ways of paying, and ours. What its own payment service took can be read, not sent. */
const PAYMENT_TYPES = oneOf(
  {
    Check: 'Check',
    Cash: 'Cash',
    MoneyOrder: 'Money Order',
    CashierCheck: 'Cashiers Check',
    CreditCard: 'Credit Card',
    DirectDeposit: 'ACH',
    ElectronicPayment: 'eCheck',
    BuildiumEFT: 'ACH',
    BuildiumCC: 'Credit Card',
    RetailCash: 'Cash',
  },
  { readOnly: ['BuildiumEFT', 'BuildiumCC', 'RetailCash'], lacking: ['Debit Card'] },
);

const ADDRESS = { leaseId: referenceTo('lease_id'), paymentId: recordId } as const;

/** A payment stands in the ledger of a lease, and is read as a transaction of it. */
export const residentPayments = defineCapability(ResidentPayment, {
  source:
    'https://developer.buildium.com/#tag/Lease-Transactions; which of our payment types stands for which of its methods is our choice.',
  documents: {
    create: { schema: wire('LeaseLedgerPaymentPostMessage') },
    update: { schema: wire('LeaseLedgerPaymentPutMessage') },
  },
  fields: {
    lease_id: route({
      from: 'LeaseId',
      required: ['create', 'update'],
      note: 'On an update: the lease that the payment is in; a payment does not move.',
    }),
    resident_id: refer('PayeeUserId', { from: 'PayeeTenantId' }),
    ...shared(['amount_in_cents', 'financial_account_id'], { ...oneLine, encode: (line) => asLine(line), decode: fromLine }),
    transaction_date: write('Date', calendarDate),
    payment_type: write('PaymentMethod', PAYMENT_TYPES, { from: 'PaymentMethod' }),
    payment_method_raw: read('PaymentMethod', text()),
    payment_method_normalized: derived('Our payment type in capitals.', ({ PaymentMethod }) => {
      const type = PAYMENT_TYPES.decode(PaymentMethod as Method | null | undefined);
      return type === null ? null : type.toUpperCase().replaceAll(' ', '_');
    }),
    description: write('Memo', text(), { from: 'Journal.Memo' }),
    reference_number: write('ReferenceNumber', text(), { from: 'Journal.Lines.0.ReferenceNumber' }),
    send_email_receipt: write('SendEmailReceipt', flag, {
      only: ['create'],
      unread: 'it is an order, not a fact about the payment.',
      default: false,
    }),
    property_id: read('Journal.Lines.0.PropertyId', numericId, 'It follows from the lease.'),
    unit_id: read('Journal.Lines.0.UnitId', numericId, 'It follows from the lease.'),
    x_gl_account_id: derived('The account of the only line; none when there are several.', (payment) => {
      const { financial_account_id: id } = fromLine(payment);
      return id === undefined ? null : String(id);
    }),
    amount_raw: derived('The amount as Buildium writes it.', ({ TotalAmount }) =>
      TotalAmount === undefined ? null : String(TotalAmount),
    ),
    name: read('TransactionType', text()),
    ...unsupportedFields(['charge_code_id'], 'Buildium has no charge codes: financial_account_id says what is paid.'),
    ...unsupportedFields(['notes'], 'Buildium keeps one short text: use description.'),
    ...unsupportedFields(['batch_id'], 'Buildium has no batches: use reference_number.'),
    ...unsupportedFields(['allocate_prepays'], 'Buildium settles by account: financial_account_id says what the payment is for.'),
    ...unsupportedFields(['post_month'], 'A Buildium payment has one date, of the transaction.'),
    ...unsupportedFields(['is_open', 'allocations', 'x_location_id'], 'Buildium does not return it with a payment.'),
    ...unsupportedFields(['custom_data'], "Buildium's API has no custom fields."),
  },
  create: {
    steps: [
      { name: 'payment', call: post('/v1/leases/{leaseId}/payments', { leaseId: ADDRESS.leaseId }), sends: 'create', id: 'Id' },
    ],
    doubt: {
      policy: 'person',
      because: 'A resident may pay the same amount twice on one day, so a payment that is found need not be this one.',
    },
  },
  update: {
    current: get('/v1/leases/{leaseId}/transactions/{transactionId}', { leaseId: ADDRESS.leaseId, transactionId: recordId }),
    updates: 'replace',
    carry: carryInto<LeaseTransactionMessage, LeaseLedgerPaymentPutMessage>(wire('LeaseLedgerPaymentPutMessage'), {
      PaymentMethod: ({ PaymentMethod }) => PaymentMethod as Method | null | undefined,
      PayeeUserId: ({ PayeeTenantId }) => PayeeTenantId,
      Memo: ({ Journal }) => Journal?.Memo,
      ReferenceNumber: ({ CheckNumber, Journal }) => CheckNumber ?? Journal?.Lines?.[0]?.ReferenceNumber,
      Lines: ({ Journal }) =>
        (Journal?.Lines ?? []).flatMap(({ Amount, GLAccount }) =>
          Amount === undefined || GLAccount?.Id === undefined ? [] : [{ Amount, GLAccountId: GLAccount.Id }],
        ),
    }),
    steps: [{ name: 'payment', call: put('/v1/leases/{leaseId}/payments/{paymentId}', ADDRESS), sends: 'update' }],
    doubt: { policy: 'read_back' },
    notes: [REPLACES_ALL('payment')],
  },
  reads: {
    list: get('/v1/leases/{leaseId}/transactions', { leaseId: parentId }, { transactiontypes: 'Payment' }),
    id: 'Id',
    under: 'leases',
    parentField: 'lease_id',
  },
  rules: [
    together(['amount_in_cents', 'financial_account_id'], { on: ['update'], because: 'the line is sent as a whole' }),
    referenceMust(['resident_id', 'lease_id'], 'resident_id must name a tenant of the lease.'),
    setOnce(
      ['payment_type', 'transaction_date', 'description', 'amount_in_cents'],
      "payment_type, transaction_date, description and amount_in_cents can't be changed in a payment that Buildium's own payment service took.",
      { on: ['update'] },
    ),
    sideEffect(['send_email_receipt'], 'With send_email_receipt Buildium sends the resident a receipt by e-mail.', {
      on: ['create'],
    }),
  ],
});
