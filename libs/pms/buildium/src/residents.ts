import {
  calendarDate,
  carryInto,
  defineCapability,
  fieldsOf,
  fromPayload,
  recordId,
  sinceSent,
  text,
  unsupportedFields,
} from '#capabilities';
import { Resident } from '#models/resident';
import { get, post, put, utcSeconds, VISIBLE_AFTER_MS, wire } from './shared/calls.ts';
import { country } from './shared/country.ts';
import { PHONE_FIELDS, phones, phonesAsObject } from './shared/phones.ts';
import type { RentalTenantPostMessage, RentalTenantPutMessage, TenantMessage } from './wire/index.ts';

type Documents = { create: RentalTenantPostMessage; update: RentalTenantPutMessage };
const { refer, shared, write } = fieldsOf<TenantMessage, Documents>(['create', 'update']);

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
    ...unsupportedFields(['middle_name', 'middle_initial'], 'A Buildium tenant has a first and a last name only.'),
    ...unsupportedFields(['property_id'], 'A Buildium tenant belongs to a lease, and through it to a property.'),
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
    ...unsupportedFields(['events'], "Buildium's API has no events."),
    ...unsupportedFields(['balance_in_cents', 'late_balance_in_cents'], 'Buildium keeps balances on the lease.'),
    ...unsupportedFields(['leases_meta_data', 'pets', 'vehicles'], 'Buildium does not return it with the tenant.'),
  },
  create: {
    steps: [{ name: 'tenant', call: post('/v1/leases/tenants'), sends: 'create', id: 'Id' }],
    doubt: {
      policy: 'search',
      call: get(
        '/v1/leases/tenants',
        {},
        {
          name: fromPayload('the last name', ({ last_name }) => String(last_name)),
          lastupdatedfrom: sinceSent(utcSeconds),
        },
      ),
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
    notes: ['Buildium replaces the whole tenant: Latchkey reads it first and keeps everything that the payload does not name.'],
  },
  reads: {
    list: get('/v1/leases/tenants'),
    one: get('/v1/leases/tenants/{tenantId}', { tenantId: recordId }),
    id: 'Id',
  },
});
