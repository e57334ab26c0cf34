import {
  dateAsDateTime,
  defineCapability,
  fallsBackTo,
  fieldsOf,
  money,
  needsConfirmation,
  recordId,
  referenceTo,
  text,
  unsupportedFields,
  type Call,
  type ReadBefore,
} from '#capabilities';
import { ResidentCharge } from '#models/resident-charge';
import { changedSince, get, post, withVersion } from './shared/calls.ts';
import type { Charge, Tenant } from './wire.ts';

const { derived, read, refer, write } = fieldsOf<Charge, { charge: Charge }>(['charge']);

const charge: Call = get('/Charges/{chargeId}', { chargeId: recordId }, { embeds: 'ChargeType' });

/** A charge belongs to a tenant, and to the property and unit that it is for. */
export const residentCharges = defineCapability(ResidentCharge, {
  source: 'Rent Manager 12 Web API, help pages of Charges. Which members a create needs is not published: [third party].',
  documents: { charge: {} },
  fields: {
    resident_id: refer('AccountID', { required: ['create'], on: ['create'] }),
    property_id: refer('PropertyID', { nullable: false }),
    unit_id: refer('UnitID', { nullable: false }),
    charge_code_id: refer('ChargeTypeID', { required: ['create'], nullable: false }),
    amount_in_cents: write('Amount', money, { required: ['create'], nullable: false }),
    transaction_date: write('TransactionDate', dateAsDateTime, { required: ['create'], nullable: false }),
    notes: write('Comment', text(), { required: ['create'] }),
    reference_number: write('Reference', text(), { required: ['create'] }),
    name: read('ChargeType.Name', text()),
    amount_paid_in_cents: read('AmountAllocated', money),
    is_open: derived('Open until it is allocated in full.', ({ IsFullyAllocated }) =>
      IsFullyAllocated === undefined ? null : !IsFullyAllocated,
    ),
    amount_open_in_cents: derived('The amount less what is allocated to it.', ({ Amount, AmountAllocated }) =>
      Amount === undefined ? null : Math.round((Amount - (AmountAllocated ?? 0)) * 100),
    ),
    ...unsupportedFields(['lease_id'], 'A Rent Manager charge belongs to a tenant and a unit: use resident_id and unit_id.'),
    ...unsupportedFields(['financial_account_id', 'x_gl_account_id'], 'The charge code decides which account it is booked to.'),
    ...unsupportedFields(['description'], 'A Rent Manager charge has one text: use notes.'),
    ...unsupportedFields(['post_month'], 'Rent Manager books by the day: use transaction_date.'),
    ...unsupportedFields(
      ['due_date', 'third_party_charge_id', 'transaction_batch_id', 'batch_id', 'is_approval_required', 'transaction_source'],
      'A Rent Manager charge has no such field.',
    ),
    ...unsupportedFields(
      ['amount_raw', 'amount_open_raw', 'amount_paid_raw', 'allocations', 'x_location_id', 'custom_data'],
      'Latchkey does not read it from Rent Manager.',
    ),
  },
  rules: [
    fallsBackTo(
      ['property_id', 'unit_id'],
      "Without them the charge goes to the unit of the resident's lease, the last one that nobody moved out of.",
      { on: ['create'] },
    ),
    needsConfirmation(
      ['transaction_date'],
      'Rent Manager refuses to write into books that are closed until somebody confirms it.',
    ),
  ],
  create: {
    lookups: { tenant: get('/Tenants/{tenantId}', { tenantId: referenceTo('resident_id') }, { embeds: 'Leases' }) },
    steps: [
      {
        name: 'charge',
        call: post('/Charges'),
        sends: 'charge',
        asArray: true,
        id: '0.ID',
        compose: (body: Charge, { lookups }: ReadBefore) => ({ ...placeOf((lookups.tenant ?? {}) as Tenant, body), ...body }),
      },
    ],
    doubt: {
      policy: 'person',
      because: 'two charges of the same amount on the same day can both be meant, so a search proves nothing.',
    },
  },
  update: {
    current: charge,
    steps: [{ name: 'charge', call: post('/Charges/{chargeId}', { chargeId: recordId }), sends: 'charge', compose: withVersion }],
    doubt: { policy: 'read_back' },
  },
  reads: { list: get('/Charges', {}, charge.query), one: charge, id: 'ID', changedSince: changedSince() },
});

/** Where a charge belongs, by the leases of its tenant, as far as the caller does not say. */
function placeOf({ PropertyID, Leases = [] }: Tenant, asked: Charge): Pick<Charge, 'PropertyID' | 'UnitID'> {
  const fitting = Leases.filter(
    (lease) =>
      (asked.PropertyID === undefined || lease.PropertyID === asked.PropertyID) &&
      (asked.UnitID === undefined || lease.UnitID === asked.UnitID),
  );
  const lease = fitting.findLast(({ MoveOutDate }) => !MoveOutDate) ?? fitting.at(-1);
  return { PropertyID: lease?.PropertyID ?? PropertyID, ...(lease?.UnitID === undefined ? {} : { UnitID: lease.UnitID }) };
}
