import { dateAsDateTime, defineCapability, sideEffect, text, theDayOfTheRequest, unsupportedFields } from '#capabilities';
import { Applicant } from '#models/applicant';
import { mainAddress, wholeAddress } from './shared/addresses.ts';
import { phoneFields, phoneRules } from './shared/phones.ts';
import {
  commonFields,
  createProspect,
  prospectDocuments,
  prospectFields,
  prospectView,
  PROSPECTS_SOURCE,
  readProspects,
  updateProspect,
} from './shared/prospects.ts';
import type { Prospect } from './wire.ts';

const { refer, shared, write } = prospectFields;
const NUMBERS = ['phone_1', 'phone_2', 'phone_3'] as const;
const phones = phoneFields(NUMBERS);

/** An applicant is a prospect with a date of application. */
export const applicants = defineCapability(Applicant, {
  source: PROSPECTS_SOURCE,
  documents: prospectDocuments,
  view: prospectView,
  fields: {
    ...commonFields,
    first_name: write('FirstName', text(), { only: ['prospect', 'contact'] }),
    ...shared(phones.fields, phones),
    drivers_license_number: write('License', text(), { only: ['contact'], from: 'PrimaryContact.License' }),
    application_date: write('ApplicationDate', dateAsDateTime, {
      only: ['prospect'],
      nullable: false,
      defaultAt: theDayOfTheRequest,
      note: 'It makes the prospect an applicant, so it can be changed and not taken away.',
    }),
    lead_id: refer('ProspectID', {
      only: ['prospect'],
      on: ['create'],
      unread: 'the applicant keeps the id of the lead, and every applicant was a lead at some time or none',
    }),
    unit_id: refer('ReservedUnitID', { only: ['prospect'], note: 'The unit is reserved for the applicant.' }),
    start_date: write('ExpectedLeaseStart', dateAsDateTime, { only: ['prospect'] }),
    end_date: write('ExpectedLeaseEnd', dateAsDateTime, { only: ['prospect'] }),
    ...unsupportedFields(['move_in_date'], 'An applicant has not moved in: use target_move_in_date.'),
    ...unsupportedFields(['identification_number'], 'Its API works the tax number of a contact out and is not known to take it.'),
    ...unsupportedFields(['email_2'], 'A contact has one e-mail address, and Latchkey writes the primary contact only.'),
    ...unsupportedFields(
      ['address_type_id'],
      'Latchkey writes the main address, into the first slot that the account has for prospects.',
    ),
    ...unsupportedFields(
      [
        'address_1_alternate',
        'address_2_alternate',
        'city_alternate',
        'state_alternate',
        'zip_alternate',
        'country_alternate',
        'unit_id_preferred',
        'x_lease_id',
        'type_normalized',
        'type_raw',
        'self_reported_income',
        'custom_data',
      ],
      'Latchkey does not read it from Rent Manager.',
    ),
    ...unsupportedFields(
      ['lead_source'],
      'Rent Manager keeps where somebody heard of a property as a list of the account: use lead_source_id.',
    ),
    ...unsupportedFields(
      ['leasing_agent_first_name', 'leasing_agent_last_name', 'leasing_agent_contact_info'],
      'Rent Manager names the leasing agent by id: use employee_id.',
    ),
    ...unsupportedFields(
      ['application_id', 'application_template_id', 'applications', 'application_references', 'send_rental_application_email'],
      'Application forms are records of their own, which Latchkey does not handle.',
    ),
    ...unsupportedFields(
      ['application_status', 'applicant_status', 'type', 'status', 'screenings'],
      'Rent Manager tells from the date of application and from its own screening how an applicant stands.',
    ),
    ...unsupportedFields(['desired_lease_term_in_months'], 'Terms are a list of the account: use lease_period_id.'),
    ...unsupportedFields(
      [
        'desired_num_bedrooms',
        'desired_num_bathrooms',
        'rent_amount_in_cents',
        'rent_amount_market_in_cents',
        'security_deposit_in_cents',
      ],
      'A Rent Manager prospect has no such field.',
    ),
    ...unsupportedFields(
      [
        'maiden_name',
        'marital_status',
        'height',
        'weight',
        'eye_color',
        'hair_color',
        'citizenship',
        'place_of_birth',
        'passport_number',
        'student_id',
        'drivers_license_state',
        'third_party_id',
        'organization_name',
      ],
      'A Rent Manager prospect and its contact have no such field.',
    ),
    ...unsupportedFields(
      ['employment_history', 'other_income', 'bank_accounts', 'credit_cards', 'assistance', 'address_history', 'add_ons'],
      'A Rent Manager prospect has no such list.',
    ),
    ...unsupportedFields(
      ['emergency_contacts', 'other_occupants'],
      'They are contacts of their own, and Latchkey writes the primary contact only.',
    ),
    ...unsupportedFields(['pets', 'vehicles'], 'They are records of their own, which Latchkey does not handle.'),
    ...unsupportedFields(['attachments'], 'Files travel as multipart uploads, which Latchkey does not send yet.'),
    ...unsupportedFields(['events', 'create_new_events_only'], 'Calls, visits and the like are history records of their own.'),
  },
  rules: [
    ...phoneRules(NUMBERS),
    wholeAddress(mainAddress),
    sideEffect(['lead_id'], 'With lead_id that lead becomes the applicant: it keeps its id and is no lead any more.', {
      on: ['create'],
    }),
  ],
  create: createProspect,
  update: updateProspect,
  reads: { ...readProspects, only: ({ ApplicationDate }: Prospect) => Boolean(ApplicationDate) },
});
