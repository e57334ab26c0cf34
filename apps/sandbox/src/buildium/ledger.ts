/**
 * Charges and payments of a lease, and the transactions as which both are read.
 *
 * A create of a charge answers an array, everything else one transaction. Payments have no read path of their own.
 */
import type { JournalLineMessage, LeaseChargeMessage, LeaseTransactionMessage } from '#pms/buildium/wire';
import { created, notFound, ok, unprocessable, type Call, type CallKey, type Handlers, type Issue } from './api.ts';
import { answerList } from './listing.ts';
import { noted, sumOf } from './render.ts';
import { lineIssues, when } from './rules.ts';
import type { LeaseRecord, Store, TransactionRecord } from './store.ts';
import { today } from './tenancy.ts';

const totalOf = ({ body }: TransactionRecord): number => sumOf(body.Lines.map(({ Amount }) => Amount));

function renderTransaction(store: Store, transaction: TransactionRecord): Required<LeaseTransactionMessage> {
  const { body, leaseId, type } = transaction;
  const unit = store.units.mustGet(store.leases.mustGet(leaseId).terms.UnitId);
  return {
    Id: transaction.id,
    Date: body.Date,
    TransactionType: type,
    TransactionTypeEnum: type,
    TotalAmount: totalOf(transaction),
    CheckNumber: body.PaymentMethod === 'Check' ? (body.ReferenceNumber ?? null) : null,
    LeaseId: leaseId,
    PayeeTenantId: body.PayeeUserId ?? null,
    PaymentMethod: body.PaymentMethod ?? null,
    Journal: {
      Memo: body.Memo ?? null,
      Lines: body.Lines.map((line): Required<JournalLineMessage> => ({
        GLAccount: store.glAccounts.mustGet(line.GLAccountId).message,
        Amount: line.Amount,
        IsCashPosting: type === 'Payment',
        ReferenceNumber: line.ReferenceNumber ?? body.ReferenceNumber ?? null,
        Memo: body.Memo ?? null,
        PropertyId: unit.propertyId,
        UnitId: unit.id,
      })),
    },
  };
}

const renderCharge = (charge: TransactionRecord): Required<LeaseChargeMessage> => ({
  Id: charge.id,
  Date: charge.body.Date,
  TotalAmount: totalOf(charge),
  Memo: charge.body.Memo ?? null,
  BillId: null,
  Lines: charge.body.Lines.map(({ Amount, GLAccountId }) => ({ Amount, GLAccountId })),
});

function findTransaction(
  store: Store,
  leaseId: number,
  id: number,
  type?: TransactionRecord['type'],
): TransactionRecord | undefined {
  const transaction = store.transactions.get(id);
  return transaction?.leaseId === leaseId && (type === undefined || transaction.type === type) ? transaction : undefined;
}

function addTransaction<K extends CallKey>(
  call: Call<K>,
  lease: LeaseRecord,
  type: TransactionRecord['type'],
  body: TransactionRecord['body'],
): Required<LeaseTransactionMessage> {
  const { store, world } = call;
  const transaction = store.transactions.add({ ...store.transactions.born(world.now()), leaseId: lease.id, type, body });
  lease.transactionIds.push(transaction.id);
  return noted(
    call,
    { resource: 'LeaseTransaction', action: 'create', id: transaction.id },
    renderTransaction(store, transaction),
  );
}

function replaceTransaction<K extends CallKey>(call: Call<K>, transaction: TransactionRecord, body: TransactionRecord['body']) {
  transaction.body = body;
  transaction.updated = call.now;
  const message = renderTransaction(call.store, transaction);
  return ok(noted(call, { resource: 'LeaseTransaction', action: 'update', id: transaction.id }, message));
}

const payeeIssues = (lease: LeaseRecord | undefined, id: number | null | undefined): Issue[] =>
  when(typeof id === 'number' && !lease?.tenantIds.has(id), 'PayeeUserId', 'The lease has no such tenant.');

export const ledgerHandlers = {
  'GET /v1/leases/{leaseId}/charges': (call) => {
    const { params, store } = call;
    const lease = store.leases.get(params.leaseId);
    if (!lease) return notFound('leaseId', params.leaseId);
    return answerList(
      call,
      store.transactions.of(lease.transactionIds.filter((id) => store.transactions.mustGet(id).type === 'Charge')),
      {
        transactiondatefrom: ({ body }, from) => body.Date >= from,
        transactiondateto: ({ body }, to) => body.Date <= to,
        billids: () => false,
      },
      renderCharge,
    );
  },

  'POST /v1/leases/{leaseId}/charges': (call) => {
    const { body, params, store, now } = call;
    const lease = store.leases.get(params.leaseId);
    if (!lease) return notFound('leaseId', params.leaseId);
    const noBills = when(typeof body.BillId === 'number', 'BillId', `No bill has the id ${body.BillId}.`);
    const issues = [...lineIssues(store, body.Lines), ...noBills];
    if (issues.length > 0) return unprocessable(issues);

    const charge = addTransaction(call, lease, 'Charge', { ...body, Date: body.Date ?? today(now), Lines: body.Lines ?? [] });
    return created(`/v1/leases/${lease.id}/charges/${charge.Id}`, [charge]);
  },

  'GET /v1/leases/{leaseId}/charges/{chargeId}': ({ params, store }) => {
    const charge = findTransaction(store, params.leaseId, params.chargeId, 'Charge');
    return charge ? ok(renderCharge(charge)) : notFound('chargeId', params.chargeId);
  },

  'PUT /v1/leases/{leaseId}/charges/{chargeId}': (call) => {
    const { body, params, store } = call;
    const charge = findTransaction(store, params.leaseId, params.chargeId, 'Charge');
    if (!charge) return notFound('chargeId', params.chargeId);
    const issues = lineIssues(store, body.Lines);
    return issues.length > 0 ? unprocessable(issues) : replaceTransaction(call, charge, body);
  },

  'POST /v1/leases/{leaseId}/payments': (call) => {
    const { SendEmailReceipt: _notSent, ...body } = call.body;
    const { params, store } = call;
    const lease = store.leases.get(params.leaseId);
    if (!lease) return notFound('leaseId', params.leaseId);
    const issues = [...lineIssues(store, body.Lines), ...payeeIssues(lease, body.PayeeUserId)];
    if (issues.length > 0) return unprocessable(issues);

    const payment = addTransaction(call, lease, 'Payment', body);
    return created(`/v1/leases/${lease.id}/transactions/${payment.Id}`, payment);
  },

  'PUT /v1/leases/{leaseId}/payments/{paymentId}': (call) => {
    const { body, params, store } = call;
    const payment = findTransaction(store, params.leaseId, params.paymentId, 'Payment');
    if (!payment) return notFound('paymentId', params.paymentId);
    const issues = [...lineIssues(store, body.Lines), ...payeeIssues(store.leases.get(payment.leaseId), body.PayeeUserId)];
    return issues.length > 0 ? unprocessable(issues) : replaceTransaction(call, payment, body);
  },

  'GET /v1/leases/{leaseId}/transactions': (call) => {
    const { params, store } = call;
    const lease = store.leases.get(params.leaseId);
    if (!lease) return notFound('leaseId', params.leaseId);
    return answerList(
      call,
      store.transactions.of(lease.transactionIds),
      {
        transactiondatefrom: ({ body }, from) => body.Date >= from,
        transactiondateto: ({ body }, to) => body.Date <= to,
        transactiontypes: ({ type }, types) => types.includes(type),
      },
      (transaction) => renderTransaction(store, transaction),
    );
  },

  'GET /v1/leases/{leaseId}/transactions/{transactionId}': ({ params, store }) => {
    const transaction = findTransaction(store, params.leaseId, params.transactionId);
    return transaction ? ok(renderTransaction(store, transaction)) : notFound('transactionId', params.transactionId);
  },
} satisfies Partial<Handlers>;
