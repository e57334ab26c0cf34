import {
  atLeastOne,
  dateAsDateTime,
  defineCapability,
  fallsBackTo,
  fieldsOf,
  inCurrent,
  ordered,
  recordId,
  referenceTo,
  text,
  unsupportedFields,
  type Call,
  type ReadBefore,
  type Step,
} from '#capabilities';
import { Lease } from '#models/lease';
import { changedSince, get, madeSince, post, VISIBLE_AFTER_MS, withVersion } from './shared/calls.ts';
import type { Lease as RemoteLease, LeaseRenewal, LeaseTerm, Unit } from './wire.ts';

/** The first day goes with a new lease too: it becomes the move in when a create names none. */
type NewLease = RemoteLease & Pick<LeaseRenewal, 'StartDate'>;
type Documents = { new: NewLease; lease: RemoteLease; term: LeaseRenewal };
const { read, refer, write } = fieldsOf<RemoteLease, Documents>(['new', 'lease', 'term']);
/** What belongs to the lease itself, new or changed. */
const LEASE = ['new', 'lease'] as const;

const lease: Call = get('/Leases/{leaseId}', { leaseId: recordId }, { embeds: 'ActiveLeaseRenewal,Unit' });
const renewalId = inCurrent('term', ({ ActiveLeaseRenewal }: RemoteLease) => ActiveLeaseRenewal?.LeaseRenewalID);

/** The contract's dates are those of its active term; a lease without a term gets one. */
const term: Step = {
  name: 'term',
  call: post('/LeaseRenewals/{renewalId}', { renewalId }),
  otherwise: { unless: renewalId, call: post('/LeaseRenewals'), asArray: true },
  sends: 'term',
  when: 'filled',
  compose: (body: LeaseRenewal, { current, lookups }) => {
    const { ActiveLeaseRenewal, LeaseID, MoveInDate } = (current ?? {}) as RemoteLease;
    if (ActiveLeaseRenewal) return body;
    const dated = { StartDate: MoveInDate, ...body };
    return { ParentLeaseID: LeaseID, LeaseTermID: fittingTerm(dated, (lookups.terms ?? []) as LeaseTerm[]), ...dated };
  },
};
const lookups = { terms: get('/LeaseTerms') };

/** A lease is one tenant in one unit. */
export const leases = defineCapability(Lease, {
  source:
    'Rent Manager 12 Web API, help pages of Leases and LeaseRenewals. Which members a create needs is not published: [inferred].',
  documents: { new: {}, lease: {}, term: {} },
  fields: {
    resident_id: refer('TenantID', { only: LEASE, required: ['create'], nullable: false }),
    unit_id: refer('UnitID', { only: LEASE, required: ['create'], nullable: false }),
    property_id: refer('PropertyID', { only: LEASE, nullable: false }),
    unit_number: read('Unit.Name', text()),
    start_date: write('StartDate', dateAsDateTime, {
      only: ['new', 'term'],
      from: 'ActiveLeaseRenewal.StartDate',
      nullable: false,
    }),
    end_date: write('EndDate', dateAsDateTime, { only: ['term'], from: 'ActiveLeaseRenewal.EndDate' }),
    signature_date: write('SignDate', dateAsDateTime, { only: ['term'], from: 'ActiveLeaseRenewal.SignDate' }),
    lease_period_id: refer('LeaseTermID', { only: ['term'], from: 'ActiveLeaseRenewal.LeaseTermID', nullable: false }),
    realized_move_in_date: write('MoveInDate', dateAsDateTime, {
      only: LEASE,
      nullable: false,
      note: 'The move in that Rent Manager counts from, planned or done.',
    }),
    realized_move_out_date: write('MoveOutDate', dateAsDateTime, { only: LEASE }),
    scheduled_move_out_date: write('ExpectedMoveOutDate', dateAsDateTime, { only: LEASE }),
    ...unsupportedFields(
      ['move_in_date', 'scheduled_move_in_date'],
      'Rent Manager has one date for the move in: use realized_move_in_date.',
    ),
    ...unsupportedFields(
      ['move_out_date'],
      'Rent Manager tells planned and real apart: use scheduled_move_out_date or realized_move_out_date.',
    ),
    ...unsupportedFields(
      ['associated_resident_ids', 'residents_meta_data', 'primary_contact_id', 'tenants', 'tenant_ids'],
      'A Rent Manager lease has one tenant: use resident_id.',
    ),
    ...unsupportedFields(
      ['applicant_id', 'lead_id', 'lead_source_id', 'application_date'],
      'A Rent Manager lease needs a tenant: create the resident first.',
    ),
    ...unsupportedFields(
      [
        'first_name',
        'middle_name',
        'last_name',
        'maiden_name',
        'email_1',
        'email_2',
        'phone_1',
        'phone_1_type',
        'phone_2',
        'phone_2_type',
        'date_of_birth',
        'address_1',
        'address_2',
        'city',
        'state',
        'zip',
        'country',
        'address_1_alternate',
        'address_2_alternate',
        'city_alternate',
        'state_alternate',
        'zip_alternate',
        'country_alternate',
        'marital_status',
        'identification_number',
        'drivers_license_number',
        'third_party_id',
        'organization_name',
      ],
      'A Rent Manager lease names a tenant that exists already: such fields belong to the resident.',
    ),
    ...unsupportedFields(
      [
        'is_evicted',
        'eviction_description',
        'is_felony',
        'felony_description',
        'is_criminal_charge',
        'criminal_charge_description',
        'address_history',
        'employment_history',
        'other_income',
        'emergency_contacts',
        'other_occupants',
        'pets',
        'vehicles',
        'services',
      ],
      'A Rent Manager lease has no such field.',
    ),
    ...unsupportedFields(
      [
        'rent_amount_in_cents',
        'rent_amount_market_in_cents',
        'rent_due_date',
        'rent_due_day',
        'rent_cycle',
        'recurring_resident_charges',
        'resident_charges',
        'application_fees',
        'concession_fees',
        'deposit_amount_in_cents',
        'deposit_amount',
        'deposit_charge_date',
        'deposit_date',
        'nsf_fee_amount_in_cents',
        'financial_account_id',
      ],
      'Rent and deposits are charges of the tenant, not members of the lease.',
    ),
    ...unsupportedFields(
      [
        'balance_amount_in_cents',
        'balance_amount_raw',
        'past_due_balance_in_cents',
        'past_due_balance_raw',
        'write_off_amount_in_cents',
        'write_off_amount_raw',
      ],
      'Rent Manager keeps balances on the tenant.',
    ),
    ...unsupportedFields(
      ['status', 'status_normalized', 'status_raw', 'is_eviction_pending', 'automatically_move_out_residents'],
      'A Rent Manager lease has dates and no status.',
    ),
    ...unsupportedFields(['term', 'desired_lease_term_in_months'], 'Terms are a list of the account: use lease_period_id.'),
    ...unsupportedFields(
      ['employee_id', 'type', 'floor_plan_id', 'send_welcome_email', 'notes', 'custom_data'],
      'A Rent Manager lease has no such field.',
    ),
  },
  rules: [
    atLeastOne(['realized_move_in_date', 'start_date'], {
      on: ['create'],
      because: 'a Rent Manager lease begins with a move in',
    }),
    ordered('start_date', 'end_date'),
    ordered('realized_move_in_date', 'realized_move_out_date'),
    fallsBackTo(['property_id'], 'Without property_id the lease gets the property of its unit.', { on: ['create'] }),
    fallsBackTo(['realized_move_in_date'], 'Without realized_move_in_date the move in is on start_date.', { on: ['create'] }),
    fallsBackTo(
      ['lease_period_id'],
      'Without lease_period_id a new term gets the lease term of the account that has as many months, or else the first one.',
    ),
  ],
  create: {
    current: lease,
    lookups: { ...lookups, unit: get('/Units/{unitId}', { unitId: referenceTo('unit_id') }) },
    steps: [{ name: 'lease', call: post('/Leases'), sends: 'new', asArray: true, id: '0.LeaseID', compose: newLease }, term],
    doubt: {
      policy: 'search',
      call: get('/Leases', {}, { filters: madeSince({ TenantID: referenceTo('resident_id'), UnitID: referenceTo('unit_id') }) }),
      same: ['x_resident_id', 'x_unit_id'],
      createdAt: 'CreateDate',
      visibleAfterMs: VISIBLE_AFTER_MS,
    },
  },
  update: {
    current: lease,
    lookups,
    steps: [
      {
        name: 'lease',
        call: post('/Leases/{leaseId}', { leaseId: recordId }),
        sends: 'lease',
        when: 'filled',
        compose: withVersion,
      },
      term,
    ],
    doubt: { policy: 'read_back' },
    notes: ['The dates of the contract are those of the active term: an update changes that term and adds none.'],
  },
  reads: { list: get('/Leases', {}, lease.query), one: lease, id: 'LeaseID', changedSince: changedSince() },
});

function newLease({ StartDate, ...body }: NewLease, { lookups: { unit } }: ReadBefore): RemoteLease {
  const { PropertyID } = (unit ?? {}) as Unit;
  return {
    ...(PropertyID === undefined ? {} : { PropertyID }),
    ...(StartDate === undefined ? {} : { MoveInDate: StartDate }),
    ...body,
  };
}

function fittingTerm({ StartDate, EndDate }: LeaseRenewal, terms: readonly LeaseTerm[]): number | undefined {
  const months = StartDate && EndDate ? monthsBetween(StartDate, EndDate) : 1;
  return (terms.find((each) => each.Months === months) ?? terms[0])?.LeaseTermID;
}

/** From the first day to the last, both counted: 1 June to 31 May is twelve. */
function monthsBetween(first: string, last: string): number {
  const [from, to] = [new Date(`${first.slice(0, 10)}T00:00:00Z`), new Date(`${last.slice(0, 10)}T00:00:00Z`)];
  to.setUTCDate(to.getUTCDate() + 1);
  return (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
}
