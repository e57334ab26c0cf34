import {
  dateAsDateTime,
  defineCapability,
  fieldsOf,
  money,
  needsConfirmation,
  recordId,
  text,
  unsupportedFields,
  type Call,
} from '#capabilities';
import { ResidentPayment } from '#models/resident-payment';
import { changedSince, get, post, withVersion } from './shared/calls.ts';
import type { Payment } from './wire.ts';

const { derived, refer, write } = fieldsOf<Payment, { payment: Payment }>(['payment']);

const payment: Call = get('/Payments/{paymentId}', { paymentId: recordId }, { embeds: 'Preallocations' });

/** A payment belongs to a tenant. Unless it is put against charges it is money paid ahead. */
export const residentPayments = defineCapability(ResidentPayment, {
  source:
    'Rent Manager 12 Web API, help pages of Payments and Preallocations. Which members a create needs is not published: [third party].',
  // Rent Manager keeps tenants, owners and vendors apart by the type of their account; a tenant is a customer.
  documents: { payment: { constants: { AccountType: 'Customer' } } },
  fields: {
    resident_id: refer('AccountID', { required: ['create'], on: ['create'] }),
    amount_in_cents: write('Amount', money, { required: ['create'], nullable: false }),
    transaction_date: write('TransactionDate', dateAsDateTime, { required: ['create'], nullable: false }),
    notes: write('Comment', text(), { required: ['create'] }),
    reference_number: write('Reference', text(), {
      required: ['create'],
      unread: 'its help pages count the reference among the calculated members, so it may come back as another one.',
    }),
    charge_code_id: refer('Preallocations.0.ChargeTypeID', {
      on: ['create'],
      note: 'The whole amount is kept for charges of this sort.',
    }),
    property_id: refer('PrepayPropertyID', { note: 'The property that holds what is paid ahead.' }),
    unit_id: refer('PrepayUnitID', { note: 'The unit that holds what is paid ahead.' }),
    is_open: derived('Open until it is allocated in full.', ({ IsFullyAllocated }) =>
      IsFullyAllocated === undefined ? null : !IsFullyAllocated,
    ),
    ...unsupportedFields(['lease_id'], 'A Rent Manager payment belongs to a tenant: use resident_id.'),
    ...unsupportedFields(['financial_account_id', 'x_gl_account_id'], 'Rent Manager takes the account from its own settings.'),
    ...unsupportedFields(['description'], 'A Rent Manager payment has one text: use notes.'),
    ...unsupportedFields(['allocate_prepays'], 'Its API has no such switch for a payment.'),
    ...unsupportedFields(
      ['payment_type', 'payment_method_normalized', 'payment_method_raw', 'name', 'batch_id', 'post_month', 'send_email_receipt'],
      'A Rent Manager payment has no such field.',
    ),
    ...unsupportedFields(
      ['amount_raw', 'allocations', 'x_location_id', 'custom_data'],
      'Latchkey does not read it from Rent Manager.',
    ),
  },
  rules: [
    needsConfirmation(
      ['transaction_date'],
      'Rent Manager refuses to write into books that are closed until somebody confirms it.',
    ),
  ],
  create: {
    steps: [
      {
        name: 'payment',
        call: post('/Payments'),
        sends: 'payment',
        asArray: true,
        id: '0.ID',
        compose: ({ Preallocations, ...body }: Payment) =>
          Preallocations ? { ...body, Preallocations: Preallocations.map((each) => ({ ...each, Amount: body.Amount })) } : body,
      },
    ],
    doubt: {
      policy: 'person',
      because: 'two payments of the same amount on the same day can both be meant, so a search proves nothing.',
    },
  },
  update: {
    current: payment,
    steps: [
      { name: 'payment', call: post('/Payments/{paymentId}', { paymentId: recordId }), sends: 'payment', compose: withVersion },
    ],
    doubt: { policy: 'read_back' },
    notes: ['What a payment is already put against does not change with its amount.'],
  },
  reads: { list: get('/Payments', {}, payment.query), one: payment, id: 'ID', changedSince: changedSince() },
});
