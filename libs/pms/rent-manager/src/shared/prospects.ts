/**
 * Leads and applicants are one resource, prospects: the one with a date of application is an applicant. What both declarations share stands here.
 */
import {
  dateAsDateTime,
  fieldsOf,
  integer,
  instant,
  recordId,
  referenceTo,
  text,
  type Call,
  type DoubtPolicy,
  type Step,
} from '#capabilities';
import type { Contact, Prospect } from '../wire.ts';
import { addressesStep, mainAddress, type AddressesSent } from './addresses.ts';
import { changedSince, filterable, get, madeSince, post, VISIBLE_AFTER_MS, withVersion } from './calls.ts';
import { contactPhonesStep, contactStep, PERSON_EMBEDS, personLookups, personView, type PersonView } from './people.ts';
import type { PhonesSent } from './phones.ts';

type Documents = { prospect: Prospect; contact: Contact; phones: PhonesSent; addresses: AddressesSent };

/** The words for the fields of a prospect. */
export const prospectFields = fieldsOf<PersonView<Prospect>, Documents>(['prospect', 'contact', 'phones', 'addresses']);
const { read, refer, shared, write } = prospectFields;

export const prospectDocuments = { prospect: {}, contact: {}, phones: {}, addresses: {} };
export const prospectView = personView<Prospect>;

export const PROSPECTS_SOURCE =
  'Rent Manager 12 Web API, help pages of Prospects, Contacts, Addresses and PhoneNumbers. Which members a create needs, and that a date of application makes an applicant, is not published: [third party].';

/** The fields that a lead and an applicant have in common. */
export const commonFields = {
  middle_name: write('MiddleName', text(), { only: ['contact'], from: 'PrimaryContact.MiddleName' }),
  last_name: write('LastName', text(), { only: ['prospect', 'contact'], required: ['create'], nullable: false }),
  email_1: write('Email', text(), { only: ['contact'], from: 'PrimaryContact.Email' }),
  date_of_birth: write('DateOfBirth', dateAsDateTime, { only: ['contact'], from: 'PrimaryContact.DateOfBirth' }),
  ...shared(mainAddress.fields, mainAddress),
  property_id: refer('PropertyID', { only: ['prospect'], required: ['create'], nullable: false }),
  lead_source_id: refer('LeadSourceID', { only: ['prospect'] }),
  employee_id: refer('LeasingAgentID', { only: ['prospect'] }),
  lease_period_id: refer('ExpectedLeaseTermID', { only: ['prospect'] }),
  target_move_in_date: write('MoveInDate', dateAsDateTime, { only: ['prospect'] }),
  number_of_occupants: write('PeopleCount', integer(), { only: ['prospect'] }),
  notes: write('Comment', text(), { only: ['prospect'] }),
};

export const stamps = { x_created_at: read('CreateDate', instant), x_updated_at: read('UpdateDate', instant) };

const furtherSteps = [contactStep('Prospects'), contactPhonesStep, addressesStep('Prospects')] as const;

const prospect: Call = get('/Prospects/{prospectId}', { prospectId: recordId }, { embeds: PERSON_EMBEDS });
const create: Step = { name: 'prospect', call: post('/Prospects'), sends: 'prospect', asArray: true, id: '0.ProspectID' };
const update: Step = {
  name: 'prospect',
  call: post('/Prospects/{prospectId}', { prospectId: recordId }),
  sends: 'prospect',
  when: 'filled',
  compose: withVersion,
};

const whatIsRead = { current: prospect, lookups: personLookups('Prospects') };

const inDoubt: DoubtPolicy = {
  policy: 'search',
  call: get(
    '/Prospects',
    {},
    { filters: madeSince({ LastName: filterable('last_name'), PropertyID: referenceTo('property_id') }) },
  ),
  same: ['first_name', 'last_name', 'x_property_id'],
  createdAt: 'CreateDate',
  visibleAfterMs: VISIBLE_AFTER_MS,
};

export const createProspect = { ...whatIsRead, steps: [create, ...furtherSteps], doubt: inDoubt } as const;
export const updateProspect = { ...whatIsRead, steps: [update, ...furtherSteps], doubt: { policy: 'read_back' } } as const;

export const readProspects = {
  list: get('/Prospects', {}, prospect.query),
  one: prospect,
  id: 'ProspectID',
  changedSince: changedSince(),
};
