import {
  dateAsDateTime,
  defineCapability,
  fieldsOf,
  flag,
  integer,
  money,
  needsConfirmation,
  oneOf,
  recordId,
  referenceTo,
  text,
  unsupportedFields,
  type Call,
} from '#capabilities';
import { Resident } from '#models/resident';
import { addressesStep, alternateAddress, mainAddress, wholeAddress, type AddressesSent } from './shared/addresses.ts';
import { changedSince, filterable, get, madeSince, post, VISIBLE_AFTER_MS, withVersion } from './shared/calls.ts';
import { yearlyAmount } from './shared/codecs.ts';
import { contactPhonesStep, contactStep, PERSON_EMBEDS, personLookups, personView, type PersonView } from './shared/people.ts';
import { phoneFields, phoneRules, type PhonesSent } from './shared/phones.ts';
import type { Contact, Tenant } from './wire.ts';

type Documents = { tenant: Tenant; contact: Contact; phones: PhonesSent; addresses: AddressesSent };
const { read, refer, shared, write, derived } = fieldsOf<PersonView<Tenant>, Documents>([
  'tenant',
  'contact',
  'phones',
  'addresses',
]);

const tenant: Call = get('/Tenants/{tenantId}', { tenantId: recordId }, { embeds: `${PERSON_EMBEDS},Leases,Balance` });
const rentPeriod = oneOf({ Monthly: 'MONTHLY', Weekly: 'WEEKLY', Daily: 'DAILY' });
const phones = phoneFields(['phone_1', 'phone_2']);
const furtherSteps = [contactStep('Tenants'), contactPhonesStep, addressesStep('Tenants')] as const;

/** Rent Manager calls residents tenants. */
export const residents = defineCapability(Resident, {
  source:
    'Rent Manager 12 Web API, help pages of Tenants, Contacts, Addresses and PhoneNumbers. Which members a create needs is not published: [third party].',
  documents: { tenant: {}, contact: {}, phones: {}, addresses: {} },
  view: personView<Tenant>,
  fields: {
    first_name: write('FirstName', text(), { only: ['tenant', 'contact'] }),
    middle_name: write('MiddleName', text(), { only: ['contact'], from: 'PrimaryContact.MiddleName' }),
    last_name: write('LastName', text(), { only: ['tenant', 'contact'], required: ['create'], nullable: false }),
    email_1: write('Email', text(), { only: ['contact'], from: 'PrimaryContact.Email' }),
    ...shared(phones.fields, phones),
    date_of_birth: write('DateOfBirth', dateAsDateTime, { only: ['contact'], from: 'PrimaryContact.DateOfBirth' }),
    monthly_income_in_cents: write('AnnualIncome', yearlyAmount, { only: ['contact'], from: 'PrimaryContact.AnnualIncome' }),
    ...shared(mainAddress.fields, mainAddress),
    ...shared(alternateAddress.fields, alternateAddress),
    property_id: refer('PropertyID', { only: ['tenant'], required: ['create'], on: ['create'] }),
    rent_period: write('RentPeriod', rentPeriod, {
      only: ['tenant'],
      required: ['create'],
      nullable: false,
    }),
    rent_due_day: write('RentDueDay', integer(), { only: ['tenant'], required: ['create'], nullable: false }),
    no_checks_in_cash_receipts: write('DoNotAcceptChecks', flag, { only: ['tenant'] }),
    balance_in_cents: read('Balance', money),
    leases_meta_data: derived('The leases of the tenant, as Rent Manager lists them.', ({ Leases }) =>
      Leases ? Leases.map(({ LeaseID }) => ({ x_lease_id: String(LeaseID) })) : null,
    ),
    ...unsupportedFields(
      ['notes'],
      'Its notes about residents are dated records of their own: write them with POST /v1/residents/{id}/notes.',
    ),
    ...unsupportedFields(['lease_id'], 'A lease names its tenant: create the resident first and then the lease.'),
    ...unsupportedFields(['email_2'], 'A contact has one e-mail address, and Latchkey writes the primary contact only.'),
    ...unsupportedFields(['middle_initial'], 'A contact has a middle name: use middle_name.'),
    ...unsupportedFields(
      ['is_primary', 'guarantor', 'qualified', 'gender', 'is_employee', 'late_balance_in_cents'],
      'A Rent Manager tenant and its contact have no such field.',
    ),
    ...unsupportedFields(['lead_source_id'], 'Rent Manager keeps where somebody heard of a property on the prospect.'),
    ...unsupportedFields(['attachments'], 'Files travel as multipart uploads, which Latchkey does not send yet.'),
    ...unsupportedFields(
      ['custom_data'],
      'Its custom fields are records of their own, with definitions that the account makes; Latchkey does not write them.',
    ),
    ...unsupportedFields(['events'], 'Calls, visits and the like are history records of their own.'),
    ...unsupportedFields(['pets', 'vehicles'], 'They are records of their own, which Latchkey does not read.'),
  },
  rules: [
    ...phoneRules(['phone_1', 'phone_2']),
    wholeAddress(mainAddress),
    wholeAddress(alternateAddress),
    needsConfirmation(
      ['first_name', 'last_name'],
      'Rent Manager may ask whether the contact and the account are to bear the same name, and refuses a change of name until somebody answers.',
      { on: ['update'] },
    ),
  ],
  create: {
    current: tenant,
    lookups: personLookups('Tenants'),
    steps: [{ name: 'tenant', call: post('/Tenants'), sends: 'tenant', asArray: true, id: '0.TenantID' }, ...furtherSteps],
    doubt: {
      policy: 'search',
      call: get(
        '/Tenants',
        {},
        { filters: madeSince({ LastName: filterable('last_name'), PropertyID: referenceTo('property_id') }) },
      ),
      same: ['first_name', 'last_name', 'x_property_id'],
      createdAt: 'CreateDate',
      visibleAfterMs: VISIBLE_AFTER_MS,
    },
  },
  update: {
    current: tenant,
    lookups: personLookups('Tenants'),
    steps: [
      {
        name: 'tenant',
        call: post('/Tenants/{tenantId}', { tenantId: recordId }),
        sends: 'tenant',
        when: 'filled',
        compose: withVersion,
      },
      ...furtherSteps,
    ],
    doubt: { policy: 'read_back' },
    notes: ['What the payload does not name stays as it is. A change that somebody made meanwhile is not overwritten (409).'],
  },
  reads: {
    list: get('/Tenants', {}, tenant.query),
    one: tenant,
    id: 'TenantID',
    changedSince: changedSince(),
  },
});
