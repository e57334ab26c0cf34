import {
  carryInto,
  defineCapability,
  fieldsOf,
  flag,
  numericId,
  oneOf,
  recordId,
  sideEffect,
  sinceSent,
  text,
  unsupportedFields,
} from '#capabilities';
import { Applicant } from '#models/applicant';
import { changedSince, get, post, put, REPLACES_ALL, utcSeconds, VISIBLE_AFTER_MS, wire } from './shared/calls.ts';
import { OTHER_NUMBERS, PHONE_FIELDS, phoneRules, phones, phonesAsObject } from './shared/phones.ts';
import type { ApplicantDetailsMessage, ApplicantPostMessage, ApplicantPutMessage } from './wire/index.ts';

type Documents = { create: ApplicantPostMessage; update: ApplicantPutMessage };
const { derived, read, refer, shared, write } = fieldsOf<ApplicantDetailsMessage, Documents>(['create', 'update']);

const DECISIONS = {
  New: 'PENDING',
  Draft: 'PENDING',
  Undecided: 'PENDING',
  Deferred: 'PENDING',
  Approved: 'APPROVED',
  AddedToDraftLease: 'APPROVED',
  AddedToLease: 'SIGNED',
  Rejected: 'DENIED',
  Cancelled: 'CANCELED',
  Unknown: null,
} as const;

/** How one of the applicant's applications stands: its summary has another word for a signed one. */
const SUMMARY_STATUS = { ...DECISIONS, AddedToLease: 'APPROVED' } as const;

/** Somebody who wants to rent. The application itself is filled in on Buildium's own form; its API only decides about it. */
export const applicants = defineCapability(Applicant, {
  source: 'https://developer.buildium.com/#tag/Applicants',
  documents: { create: { schema: wire('ApplicantPostMessage') }, update: { schema: wire('ApplicantPutMessage') } },
  fields: {
    first_name: write('FirstName', text()),
    last_name: write('LastName', text()),
    email_1: write('Email', text()),
    ...shared(PHONE_FIELDS, phones),
    unit_id: refer('UnitId'),
    property_id: read('PropertyId', numericId, 'An applicant belongs to the property of the unit.'),
    send_rental_application_email: write('SendRentalApplicationEmail', flag, {
      only: ['create'],
      unread: 'it is an order, not a fact about the applicant.',
      default: false,
    }),
    status: read(
      'Status',
      oneOf(DECISIONS),
      'It follows from the applications; Buildium has a call that decides about one, which Latchkey does not send.',
    ),
    applications: derived('The applications that the applicant has handed in.', ({ Applications }) =>
      (Applications ?? []).map(({ Id: application, ApplicationStatus }) => ({
        x_application_id: application === undefined ? null : String(application),
        status_raw: ApplicationStatus ?? null,
        status_normalized: oneOf(SUMMARY_STATUS).decode(ApplicationStatus),
      })),
    ),
    ...unsupportedFields(['middle_name', 'maiden_name'], 'A Buildium applicant has a first and a last name only.'),
    ...unsupportedFields(['email_2'], 'A Buildium applicant has one e-mail address.'),
    ...unsupportedFields(['phone_3', 'phone_3_type'], 'Latchkey sends two telephone numbers of a person to Buildium.'),
    ...unsupportedFields(
      [
        'date_of_birth',
        'address_1',
        'address_2',
        'city',
        'state',
        'zip',
        'country',
        'address_type_id',
        'address_1_alternate',
        'address_2_alternate',
        'city_alternate',
        'state_alternate',
        'zip_alternate',
        'country_alternate',
        'marital_status',
        'height',
        'weight',
        'eye_color',
        'hair_color',
        'identification_number',
        'citizenship',
        'place_of_birth',
        'passport_number',
        'student_id',
        'drivers_license_number',
        'drivers_license_state',
        'pets',
        'vehicles',
        'employment_history',
        'other_income',
        'self_reported_income',
        'bank_accounts',
        'credit_cards',
        'assistance',
        'address_history',
        'emergency_contacts',
        'application_references',
        'other_occupants',
        'number_of_occupants',
        'add_ons',
        'screenings',
      ],
      'Applicants state it in the rental application, on a form that Buildium shows them; its API does not take it. send_rental_application_email invites them.',
    ),
    ...unsupportedFields(
      [
        'move_in_date',
        'target_move_in_date',
        'start_date',
        'end_date',
        'lease_period_id',
        'desired_lease_term_in_months',
        'desired_num_bedrooms',
        'desired_num_bathrooms',
        'rent_amount_in_cents',
        'rent_amount_market_in_cents',
        'security_deposit_in_cents',
      ],
      'A Buildium applicant names a unit, not terms; those are agreed in the lease.',
    ),
    ...unsupportedFields(['unit_id_preferred'], 'A Buildium applicant names one unit.'),
    ...unsupportedFields(['lead_id', 'lead_source_id', 'lead_source'], "Buildium's API has no leads."),
    ...unsupportedFields(['x_lease_id'], 'Buildium names the tenant that an applicant became, not the lease.'),
    ...unsupportedFields(
      ['employee_id', 'leasing_agent_first_name', 'leasing_agent_last_name', 'leasing_agent_contact_info'],
      'Buildium assigns no leasing agent to an applicant.',
    ),
    ...unsupportedFields(
      [
        'application_id',
        'application_template_id',
        'application_date',
        'application_status',
        'applicant_status',
        'type',
        'type_normalized',
        'type_raw',
      ],
      'An application at Buildium is handed in by the applicant: its API creates none. It can decide about one, which Latchkey does not do.',
    ),
    ...unsupportedFields(['notes'], 'Buildium keeps dated notes about applicants as records of their own.'),
    ...unsupportedFields(['attachments'], 'Buildium takes no files of applicants.'),
    ...unsupportedFields(['events', 'create_new_events_only'], "Buildium's API has no events."),
    ...unsupportedFields(['third_party_id', 'organization_name'], 'A Buildium applicant carries no id of another system.'),
    ...unsupportedFields(['custom_data'], "Buildium's API has no custom fields."),
  },
  create: {
    steps: [{ name: 'applicant', call: post('/v1/applicants'), sends: 'create', id: 'Id' }],
    doubt: {
      policy: 'search',
      // No name in the filter: Buildium may have tidied it up, and what a filter misses would be made twice.
      call: get('/v1/applicants', {}, { lastupdatedfrom: sinceSent(utcSeconds) }),
      same: ['first_name', 'last_name', 'email_1', 'x_unit_id'],
      // Buildium does not say when an applicant was made; the filter leaves only those that were touched since.
      visibleAfterMs: VISIBLE_AFTER_MS,
    },
  },
  update: {
    current: get('/v1/applicants/{applicantId}', { applicantId: recordId }),
    updates: 'replace',
    carry: carryInto<ApplicantDetailsMessage, ApplicantPutMessage>(wire('ApplicantPutMessage'), { PhoneNumbers: phonesAsObject }),
    steps: [{ name: 'applicant', call: put('/v1/applicants/{applicantId}', { applicantId: recordId }), sends: 'update' }],
    doubt: { policy: 'read_back' },
    notes: [REPLACES_ALL('applicant'), OTHER_NUMBERS],
  },
  reads: {
    list: get('/v1/applicants'),
    one: get('/v1/applicants/{applicantId}', { applicantId: recordId }),
    id: 'Id',
    changedSince,
  },
  rules: [
    sideEffect(
      ['send_rental_application_email'],
      'With send_rental_application_email Buildium sends the applicant an e-mail with a link to its application form.',
      { on: ['create'] },
    ),
    ...phoneRules,
  ],
});
