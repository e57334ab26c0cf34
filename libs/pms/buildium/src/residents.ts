import {
  calendarDate,
  carryInto,
  defineCapability,
  fieldsOf,
  numericId,
  recordId,
  sinceSent,
  text,
  unsupportedFields,
} from '#capabilities';
import { Resident } from '#models/resident';
import { changedSince, get, post, put, REPLACES_ALL, utcSeconds, VISIBLE_AFTER_MS, wire } from './shared/calls.ts';
import { country, stateOf } from './shared/country.ts';
import { OTHER_NUMBERS, PHONE_FIELDS, phoneRules, phones, phonesAsObject } from './shared/phones.ts';
import type { RentalTenantPostMessage, RentalTenantPutMessage, TenantMessage } from './wire/index.ts';

type Documents = { create: RentalTenantPostMessage; update: RentalTenantPutMessage };
const { derived, read, refer, shared, write } = fieldsOf<TenantMessage, Documents>(['create', 'update']);

/** Buildium calls residents tenants; one exists only on a lease. */
export const residents = defineCapability(Resident, {
  source: 'https://developer.buildium.com/#tag/Lease-Tenants',
  documents: { create: { schema: wire('RentalTenantPostMessage') }, update: { schema: wire('RentalTenantPutMessage') } },
  fields: {
    first_name: write('FirstName', text()),
    last_name: write('LastName', text()),
    email_1: write('Email', text()),
    email_2: write('AlternateEmail', text()),
    ...shared(PHONE_FIELDS, phones),
    date_of_birth: write('DateOfBirth', calendarDate),
    address_1: write('Address.AddressLine1', text()),
    address_2: write('Address.AddressLine2', text()),
    city: write('Address.City', text()),
    state: write('Address.State', text(), { note: 'Checked by Buildium for the United States and Canada.' }),
    zip: write('Address.PostalCode', text()),
    country: write('Address.Country', country),
    address_1_alternate: write('AlternateAddress.AddressLine1', text()),
    address_2_alternate: write('AlternateAddress.AddressLine2', text()),
    city_alternate: write('AlternateAddress.City', text()),
    state_alternate: write('AlternateAddress.State', text()),
    zip_alternate: write('AlternateAddress.PostalCode', text()),
    country_alternate: write('AlternateAddress.Country', country),
    notes: write('Comment', text()),
    lease_id: refer('LeaseId', { only: ['create'], from: 'Leases.0.Id' }),
    property_id: read('Leases.0.PropertyId', numericId, 'A Buildium tenant belongs to a lease, and through it to a property.'),
    leases_meta_data: derived('Put together from the leases, their tenants and their move-outs.', ({ Id, Leases }) =>
      (Leases ?? []).map((lease) => {
        const tenant = lease.Tenants?.find((one) => one.Id === Id);
        const moveOut = lease.MoveOutData?.find((one) => one.TenantId === Id);
        return {
          x_lease_id: lease.Id === undefined ? null : String(lease.Id),
          move_in_date: tenant?.MoveInDate ?? null,
          move_out_date: moveOut?.MoveOutDate ?? null,
          notice_date: moveOut?.NoticeGivenDate ?? null,
        };
      }),
    ),
    ...unsupportedFields(['middle_name', 'middle_initial'], 'A Buildium tenant has a first and a last name only.'),
    ...unsupportedFields(['rent_period', 'rent_due_day'], 'Buildium keeps rent on the lease, not on the tenant.'),
    ...unsupportedFields(
      ['is_primary', 'guarantor'],
      'All tenants of a Buildium lease are equal; cosigners are part of the lease.',
    ),
    ...unsupportedFields(
      ['qualified', 'gender', 'monthly_income_in_cents', 'no_checks_in_cash_receipts', 'lead_source_id', 'is_employee'],
      'A Buildium tenant has no such field.',
    ),
    ...unsupportedFields(['attachments'], 'Buildium takes files by a two-step upload of their own.'),
    ...unsupportedFields(['custom_data'], "Buildium's API has no custom fields."),
    ...unsupportedFields(['events'], "Buildium's API has no events; resident notes are the nearest thing to them."),
    ...unsupportedFields(['balance_in_cents', 'late_balance_in_cents'], 'Buildium keeps balances on the lease.'),
    ...unsupportedFields(['pets', 'vehicles'], 'Buildium does not return it with the tenant.'),
  },
  create: {
    steps: [{ name: 'tenant', call: post('/v1/leases/tenants'), sends: 'create', id: 'Id' }],
    doubt: {
      policy: 'search',
      // No name in the filter: Buildium may have tidied it up, and what a filter misses would be made twice.
      call: get('/v1/leases/tenants', {}, { lastupdatedfrom: sinceSent(utcSeconds) }),
      same: ['first_name', 'last_name', 'email_1', 'x_lease_id'],
      createdAt: 'CreatedDateTime',
      visibleAfterMs: VISIBLE_AFTER_MS,
    },
  },
  update: {
    current: get('/v1/leases/tenants/{tenantId}', { tenantId: recordId }),
    updates: 'replace',
    carry: carryInto<TenantMessage, RentalTenantPutMessage>(wire('RentalTenantPutMessage'), { PhoneNumbers: phonesAsObject }),
    steps: [{ name: 'tenant', call: put('/v1/leases/tenants/{tenantId}', { tenantId: recordId }), sends: 'update' }],
    doubt: { policy: 'read_back' },
    notes: [REPLACES_ALL('tenant'), OTHER_NUMBERS],
  },
  reads: {
    list: get('/v1/leases/tenants'),
    one: get('/v1/leases/tenants/{tenantId}', { tenantId: recordId }),
    id: 'Id',
    changedSince,
  },
  rules: [stateOf('country', 'state'), stateOf('country_alternate', 'state_alternate'), ...phoneRules],
});
