import { defineCapability, text, unsupportedFields } from '#capabilities';
import { Lead } from '#models/lead';
import { mainAddress, wholeAddress } from './shared/addresses.ts';
import { wholeAmount, yearlyAmount } from './shared/codecs.ts';
import { phoneFields, phoneRules } from './shared/phones.ts';
import {
  commonFields,
  createProspect,
  prospectDocuments,
  prospectFields,
  prospectView,
  PROSPECTS_SOURCE,
  readProspects,
  stamps,
  updateProspect,
} from './shared/prospects.ts';
import type { Prospect } from './wire.ts';

const { read, shared, write } = prospectFields;
const phones = phoneFields(['phone_1', 'phone_2']);

/** A lead is a prospect that has not applied. */
export const leads = defineCapability(Lead, {
  source: PROSPECTS_SOURCE,
  documents: prospectDocuments,
  view: prospectView,
  fields: {
    ...commonFields,
    ...stamps,
    first_name: write('FirstName', text(), { only: ['prospect', 'contact'], required: ['create'], nullable: false }),
    ...shared(phones.fields, phones),
    monthly_income_in_cents: write('AnnualIncome', yearlyAmount, { only: ['contact'], from: 'PrimaryContact.AnnualIncome' }),
    desired_min_rent_in_cents: write('RentMin', wholeAmount, { only: ['prospect'] }),
    desired_max_rent_in_cents: write('RentMax', wholeAmount, { only: ['prospect'] }),
    status_raw: read('ProspectStatus', text(), 'Rent Manager works the status of a prospect out by itself.'),
    ...unsupportedFields(['status'], 'Rent Manager works the status of a prospect out by itself.'),
    ...unsupportedFields(['inactive_reason'], 'Its reasons are a list that each account makes, which Latchkey does not read.'),
    ...unsupportedFields(['middle_initial'], 'A contact has a middle name: use middle_name.'),
    ...unsupportedFields(['email_2'], 'A contact has one e-mail address, and Latchkey writes the primary contact only.'),
    ...unsupportedFields(
      ['address_type_id'],
      'Latchkey writes the main address, into the first slot that the account has for prospects.',
    ),
    ...unsupportedFields(
      ['unit_id', 'desired_unit_ids', 'unit_id_preferred', 'desired_unit_number'],
      'The units that a prospect likes are a list of their own, whose form is not published.',
    ),
    ...unsupportedFields(
      ['floor_plan_id', 'desired_floor_plan_id', 'desired_floor_plan_name', 'desired_unit_type', 'desired_amenities'],
      'What a prospect wishes for is a list of its own, whose form is not published.',
    ),
    ...unsupportedFields(
      ['desired_num_bedrooms', 'desired_num_bathrooms', 'desired_min_square_ft', 'desired_max_square_ft', 'credit_score'],
      'A Rent Manager prospect has no such field.',
    ),
    ...unsupportedFields(['desired_lease_term_in_months'], 'Terms are a list of the account: use lease_period_id.'),
    ...unsupportedFields(
      ['applicant_status', 'lead_relationship_id', 'lead_source', 'ils', 'organization_name', 'third_party_id'],
      'A Rent Manager prospect has no such field.',
    ),
    ...unsupportedFields(['leasing_agent', 'x_leasing_agent_id'], 'Rent Manager names the leasing agent by id: see employee_id.'),
    ...unsupportedFields(['x_guestcard_id'], 'A Rent Manager prospect has no guest card.'),
    ...unsupportedFields(['number_of_additional_occupants'], 'Rent Manager counts everybody: use number_of_occupants.'),
    ...unsupportedFields(
      ['has_cats', 'has_dogs', 'has_other_pets', 'pets', 'pet_details'],
      'Pets are records of their own, which Latchkey does not handle.',
    ),
    ...unsupportedFields(['screenings'], 'Screenings are records of their own, which Latchkey does not read.'),
    ...unsupportedFields(['events'], 'Calls, visits and the like are history records of their own.'),
    ...unsupportedFields(['custom_data'], 'Its custom fields are records of their own, which Latchkey does not read.'),
    ...unsupportedFields(
      ['desired_move_in_date', 'desired_bathrooms', 'desired_bedrooms'],
      'It is a former name: for the day of the move in use target_move_in_date; Rent Manager has no field for rooms.',
    ),
  },
  rules: [...phoneRules(['phone_1', 'phone_2']), wholeAddress(mainAddress)],
  create: createProspect,
  update: updateProspect,
  reads: { ...readProspects, only: ({ ApplicationDate }: Prospect) => !ApplicationDate },
});
