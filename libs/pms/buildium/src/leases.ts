import {
  asText,
  calendarDate,
  carryInto,
  defineCapability,
  fieldsOf,
  flag,
  integer,
  money,
  numericId,
  oneOf,
  ordered,
  recordId,
  referenceMust,
  requiredWhen,
  sameWords,
  sideEffect,
  sinceSent,
  text,
  textLike,
  unsupportedFields,
} from '#capabilities';
import { Lease } from '#models/lease';
import { changedSince, get, post, put, REPLACES_ALL, utcSeconds, VISIBLE_AFTER_MS, wire } from './shared/calls.ts';
import { country, stateOf } from './shared/country.ts';
import { PHONE_FIELDS, phoneRules, phonesAt } from './shared/phones.ts';
import type { LeaseMessage, LeasePostMessage, LeasePutMessage } from './wire/index.ts';

type Documents = { create: LeasePostMessage; update: LeasePutMessage };
const { derived, read, refer, shared, write } = fieldsOf<LeaseMessage, Documents>(['create', 'update']);

/** Options of the fields that describe the tenant who is created with the lease. */
const TENANT = { only: ['create'], unread: 'the tenant becomes a resident, and is read there.' } as const;
/** Options of the rent schedule, which a create sets and only schedules of their own change. */
const RENT = { only: ['create'], unread: 'a lease shows what the rent is, not when it is booked, nor where.' } as const;

/** The most that Buildium takes of each kind in one create. */
const MOST_TENANTS = 5;
const tenantIdOf = (id: unknown): number[] => (id === undefined || id === null ? [] : [Number(id)]);

/** A lease is created with its tenants: new, already known, or approved applicants. */
export const leases = defineCapability(Lease, {
  source: 'https://developer.buildium.com/#tag/Leases',
  documents: { create: { schema: wire('LeasePostMessage') }, update: { schema: wire('LeasePutMessage') } },
  fields: {
    property_id: read('PropertyId', numericId, 'A lease belongs to the property of its unit.'),
    unit_id: refer('UnitId'),
    unit_number: read('UnitNumber', text()),
    type: write(
      'LeaseType',
      asText(oneOf({ Fixed: 'Fixed', FixedWithRollover: 'FixedWithRollover', AtWill: 'AtWill', None: null })),
    ),
    term: read('TermType', text()),
    status: read('LeaseStatus', text(), 'It follows from the dates of the lease.'),
    status_raw: read('LeaseStatus', text()),
    status_normalized: read('LeaseStatus', oneOf({ Active: 'ACTIVE', Past: 'INACTIVE', Future: 'PENDING' })),
    start_date: write('LeaseFromDate', calendarDate),
    end_date: write('LeaseToDate', calendarDate),
    is_eviction_pending: write('IsEvictionPending', flag, { only: ['update'] }),
    automatically_move_out_residents: write('AutomaticallyMoveOutTenants', flag, { only: ['update'] }),
    move_in_date: read('Tenants.0.MoveInDate', calendarDate, 'Buildium moves tenants in when the lease starts.'),
    move_out_date: read('MoveOutData.0.MoveOutDate', calendarDate, 'Buildium records a move-out for each tenant.'),

    rent_amount_in_cents: write('Rent.Charges.0.Amount', money, { only: ['create'], from: 'AccountDetails.Rent' }),
    rent_cycle: write(
      'Rent.Cycle',
      sameWords('Daily', 'Weekly', 'Every2Weeks', 'Monthly', 'Every2Months', 'Quarterly', 'Every6Months', 'Yearly', 'OneTime'),
      RENT,
    ),
    rent_due_date: write('Rent.Charges.0.NextDueDate', calendarDate, RENT),
    financial_account_id: refer('Rent.Charges.0.GlAccountId', RENT),
    rent_due_day: read('PaymentDueDay', integer()),
    deposit_amount_in_cents: write('SecurityDeposit.Amount', money, { only: ['create'], from: 'AccountDetails.SecurityDeposit' }),
    deposit_charge_date: write('SecurityDeposit.DueDate', calendarDate, {
      only: ['create'],
      unread: 'a lease shows the amount of the deposit only.',
    }),
    send_welcome_email: write('SendWelcomeEmail', flag, {
      only: ['create'],
      unread: 'it is an order, not a fact about the lease.',
      default: false,
    }),

    ...shared(['resident_id', 'associated_resident_ids'], {
      lands: 'TenantIds',
      only: ['create'],
      references: ['resident_id', 'associated_resident_ids'],
      limits: { associated_resident_ids: { maxItems: MOST_TENANTS } },
      because: 'Buildium has one list of the tenants who are known already; resident_id is its first entry.',
      encode: ({ resident_id: one, associated_resident_ids: all }) => ({
        TenantIds: [...new Set([...tenantIdOf(one), ...((all ?? []) as unknown[]).flatMap(tenantIdOf)])],
      }),
      decode: ({ Tenants }) => {
        const ids = (Tenants ?? []).flatMap(({ Id }) => (Id === undefined ? [] : [String(Id)]));
        return { resident_id: ids[0], associated_resident_ids: ids };
      },
    }),
    applicant_id: refer('ApplicantIds.0', { only: ['create'], unread: 'the applicant becomes a tenant of the lease.' }),
    residents_meta_data: derived('Put together from the tenants and their move-outs.', ({ Tenants, MoveOutData }) =>
      (Tenants ?? []).map(({ Id, Status, MoveInDate }) => {
        const moveOut = MoveOutData?.find(({ TenantId }) => TenantId === Id);
        return {
          x_resident_id: Id === undefined ? null : String(Id),
          x_resident_type: Status ?? null,
          move_in_date: MoveInDate ?? null,
          move_out_date: moveOut?.MoveOutDate ?? null,
          notice_date: moveOut?.NoticeGivenDate ?? null,
        };
      }),
    ),

    first_name: write('Tenants.0.FirstName', text(), TENANT),
    last_name: write('Tenants.0.LastName', text(), TENANT),
    email_1: write('Tenants.0.Email', text(), TENANT),
    email_2: write('Tenants.0.AlternateEmail', text(), TENANT),
    ...shared(PHONE_FIELDS, {
      ...phonesAt('Tenants.0.PhoneNumbers'),
      only: ['create'],
      unread: PHONE_FIELDS,
      decode: () => ({}),
    }),
    date_of_birth: write('Tenants.0.DateOfBirth', calendarDate, TENANT),
    identification_number: write(
      'Tenants.0.TaxId',
      textLike('^(\\d{2}-\\d{7}|\\d{3}-\\d{2}-\\d{4}|\\d{9})$', 'a tax id such as 12-3456789, 123-45-6789 or 123456789'),
      TENANT,
    ),
    address_1: write('Tenants.0.Address.AddressLine1', text(), TENANT),
    address_2: write('Tenants.0.Address.AddressLine2', text(), TENANT),
    city: write('Tenants.0.Address.City', text(), TENANT),
    state: write('Tenants.0.Address.State', text(), TENANT),
    zip: write('Tenants.0.Address.PostalCode', text(), TENANT),
    country: write('Tenants.0.Address.Country', country, TENANT),
    address_1_alternate: write('Tenants.0.AlternateAddress.AddressLine1', text(), TENANT),
    address_2_alternate: write('Tenants.0.AlternateAddress.AddressLine2', text(), TENANT),
    city_alternate: write('Tenants.0.AlternateAddress.City', text(), TENANT),
    state_alternate: write('Tenants.0.AlternateAddress.State', text(), TENANT),
    zip_alternate: write('Tenants.0.AlternateAddress.PostalCode', text(), TENANT),
    country_alternate: write('Tenants.0.AlternateAddress.Country', country, TENANT),
    notes: write('Tenants.0.Comment', text(), {
      ...TENANT,
      note: 'Kept with the tenant: a Buildium lease has no free text of its own.',
    }),

    ...unsupportedFields(['floor_plan_id'], 'Buildium has no floor plans.'),
    ...unsupportedFields(
      ['primary_contact_id', 'tenants', 'tenant_ids'],
      'All tenants of a Buildium lease are equal: name them in resident_id, associated_resident_ids or applicant_id.',
    ),
    ...unsupportedFields(['lead_id', 'lead_source_id'], "Buildium's API has no leads."),
    ...unsupportedFields(['employee_id'], 'Buildium assigns no leasing agent to a lease.'),
    ...unsupportedFields(
      ['lease_period_id', 'desired_lease_term_in_months'],
      'Buildium has no list of lease terms: start_date and end_date say how long a lease runs.',
    ),
    ...unsupportedFields(
      ['application_date', 'signature_date'],
      'Buildium keeps it with the application or the signed document, not on the lease.',
    ),
    ...unsupportedFields(
      ['scheduled_move_in_date', 'scheduled_move_out_date', 'realized_move_in_date', 'realized_move_out_date'],
      'Buildium tells no plan from what happened: tenants move in when the lease starts, and a move-out is recorded for each of them.',
    ),
    ...unsupportedFields(['rent_amount_market_in_cents'], 'Buildium keeps market rent on the unit.'),
    ...unsupportedFields(['deposit_amount', 'deposit_date', 'nsf_fee_amount_in_cents'], 'A Buildium lease has no such field.'),
    ...unsupportedFields(
      ['resident_charges'],
      'Buildium takes charges one by one, once the lease exists: create resident charges.',
    ),
    ...unsupportedFields(
      ['recurring_resident_charges', 'application_fees', 'concession_fees'],
      'Buildium takes them in the ledger of an existing lease, not with the lease.',
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
      'Buildium does not return it with the lease.',
    ),
    ...unsupportedFields(['middle_name', 'maiden_name'], 'A Buildium tenant has a first and a last name only.'),
    ...unsupportedFields(
      ['marital_status', 'drivers_license_number', 'address_history', 'employment_history', 'other_income', 'vehicles', 'pets'],
      'A Buildium tenant has no such field; applicants state it in their application.',
    ),
    ...unsupportedFields(
      [
        'is_evicted',
        'eviction_description',
        'is_felony',
        'felony_description',
        'is_criminal_charge',
        'criminal_charge_description',
      ],
      "Buildium asks it on its application form only; an eviction of the lease's own is is_eviction_pending.",
    ),
    ...unsupportedFields(
      ['emergency_contacts'],
      'Buildium keeps one emergency contact, with a name in one piece; Latchkey does not send it.',
    ),
    ...unsupportedFields(['other_occupants'], 'Buildium knows tenants and cosigners only.'),
    ...unsupportedFields(['services'], 'Buildium has no services of a lease.'),
    ...unsupportedFields(['third_party_id', 'organization_name'], 'A Buildium lease carries no id of another system.'),
    ...unsupportedFields(['custom_data'], "Buildium's API has no custom fields."),
  },
  create: {
    steps: [{ name: 'lease', call: post('/v1/leases'), sends: 'create', id: 'Id' }],
    doubt: {
      policy: 'search',
      call: get('/v1/leases', {}, { lastupdatedfrom: sinceSent(utcSeconds) }),
      // Buildium may drop the end of a lease at will, and has a type of its own for some; a unit has no two leases that begin on one day.
      same: ['x_unit_id', 'start_date'],
      createdAt: 'CreatedDateTime',
      visibleAfterMs: VISIBLE_AFTER_MS,
    },
    notes: ['The tenants of the lease become residents; the next reading of residents brings them.'],
  },
  update: {
    current: get('/v1/leases/{leaseId}', { leaseId: recordId }),
    updates: 'replace',
    carry: carryInto<LeaseMessage, LeasePutMessage>(wire('LeasePutMessage'), {
      // A lease without a type can't be sent back: Buildium demands one, so the caller must bring it.
      LeaseType: ({ LeaseType }) => (LeaseType === 'None' ? null : LeaseType),
    }),
    steps: [{ name: 'lease', call: put('/v1/leases/{leaseId}', { leaseId: recordId }), sends: 'update' }],
    doubt: { policy: 'read_back' },
    notes: [REPLACES_ALL('lease')],
  },
  reads: { list: get('/v1/leases'), one: get('/v1/leases/{leaseId}', { leaseId: recordId }), id: 'Id', changedSince },
  rules: [
    ordered('start_date', 'end_date'),
    requiredWhen({ field: 'type', is: ['Fixed', 'FixedWithRollover'] }, ['end_date'], {
      on: ['create'],
      because: 'only a lease at will has no end',
    }),
    requiredWhen({ anyOf: ['phone_1', 'phone_2'] }, ['first_name', 'last_name', 'address_1', 'zip', 'country'], {
      on: ['create'],
      because: 'a telephone number belongs to a new tenant',
    }),
    stateOf('country', 'state'),
    stateOf('country_alternate', 'state_alternate'),
    referenceMust(['applicant_id'], 'applicant_id must name an approved applicant.', { on: ['create'] }),
    sideEffect(['applicant_id'], 'The applicant of applicant_id becomes a tenant, and counts as added to the lease.', {
      on: ['create'],
    }),
    sideEffect(
      ['send_welcome_email'],
      "With send_welcome_email Buildium invites all tenants of the lease to its residents' site by e-mail.",
      { on: ['create'] },
    ),
    ...phoneRules.map((rule) => ({ ...rule, on: rule.on.filter((operation) => operation === 'create') })),
  ],
});
