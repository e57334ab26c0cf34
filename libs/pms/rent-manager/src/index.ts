import { definePms, type ErrorReading } from '#capabilities';
import { applicants } from './applicants.ts';
import { chargeCodes } from './charge-codes.ts';
import { employees } from './employees.ts';
import { financialAccounts } from './financial-accounts.ts';
import { leadSources } from './lead-sources.ts';
import { leads } from './leads.ts';
import { leasePeriods } from './lease-periods.ts';
import { leases } from './leases.ts';
import { noteCategories } from './note-categories.ts';
import { properties } from './properties.ts';
import { residentCharges } from './resident-charges.ts';
import { residentNotes } from './resident-notes.ts';
import { residentPayments } from './resident-payments.ts';
import { residents } from './residents.ts';
import { serviceRequestCategories } from './service-request-categories.ts';
import { serviceRequestPriorities } from './service-request-priorities.ts';
import { serviceRequestStatuses } from './service-request-statuses.ts';
import { serviceRequests } from './service-requests.ts';
import { get, post } from './shared/calls.ts';
import { unitTypes } from './unit-types.ts';
import { units } from './units.ts';
import { vendors } from './vendors.ts';

const MINUTE_MS = 60_000;
/** One label of a host name: what is put into the address must not be able to change it. */
const HOST_LABEL = { source: '^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$', words: 'the first part of the host name' };
/** A location is a database of its own; without one, calls go to that of the user. */
const LOCATION = { 'X-RM12Api-LocationID': 'locationId' };

/**
 * What is true of Rent Manager whatever the model. The facts are those of the vendor's Quick Start, Overview and Partner Resource Guide, as public
 * material repeats them, unless a line says otherwise.
 */
export const pms = definePms({
  vendor: 'RENTMANAGER',
  slug: 'rentmanager',
  title: 'Rent Manager',
  source: 'Rent Manager 12 Web API: Help under the address of each account, for its users only.',
  credentials: [
    {
      name: 'companyId',
      description: "The company's code, with which its address begins.",
      secret: false,
      required: true,
      pattern: HOST_LABEL,
    },
    {
      name: 'Username',
      description: 'A user with the right to use the API.',
      secret: false,
      required: false,
      requiredUnless: 'PartnerToken',
    },
    {
      name: 'Password',
      description: 'The password of that user.',
      secret: true,
      required: false,
      requiredUnless: 'PartnerToken',
    },
    {
      name: 'PartnerToken',
      description:
        'The token of an integration partner, in place of a user. It works from the addresses that the partner registered.',
      secret: true,
      required: false,
    },
    {
      name: 'locationId',
      description: 'The number of the location to work in. Without it: that of the user.',
      secret: false,
      required: false,
      pattern: { source: '^\\d{1,9}$', words: 'a number' },
    },
  ],
  baseUrl: ({ companyId = '' }) => {
    if (!new RegExp(HOST_LABEL.source).test(companyId)) throw new Error(`companyId must be ${HOST_LABEL.words}.`);
    return `https://${companyId.toLowerCase()}.api.rentmanager.com`;
  },
  auth: {
    kind: 'login',
    call: post('/Authentication/AuthorizeUser'),
    body: ({ Username, Password, locationId }) => ({
      Username,
      Password,
      ...(locationId ? { LocationID: Number(locationId) } : {}),
    }),
    // The whole answer is one JSON string.
    token: (answer) => (typeof answer === 'string' && answer !== '' ? answer : undefined),
    header: 'X-RM12Api-ApiToken',
    idleMs: 15 * MINUTE_MS,
    lifetimeMs: 24 * 60 * MINUTE_MS,
    headers: LOCATION,
    // Ten sessions a user; the text is what clients report, the vendor documents none. [third party]
    crowded: { is: ({ message }) => /maximum number of times/i.test(message ?? ''), retryAfterMs: MINUTE_MS },
    // As clients in the field do it; the vendor's pages name it without a word more. [third party]
    release: { call: post('/Authentication/DeAuthorize'), query: 'token' },
    unless: { credential: 'PartnerToken', header: 'X-RM12Api-PartnerToken' },
  },
  probe: get('/Current/Locations'),
  limits: {
    concurrent: 8,
    // 500 calls a minute are shared by all programs of a company: only the PMS itself knows how many are left.
    headers: { remaining: 'x-ratelimit-remaining', resetAt: 'x-ratelimit-reset' },
  },
  paging: { kind: 'page', page: 'pageNumber', limit: 'pageSize', size: 1_000, totalHeader: 'x-total-results' },
  verdicts: {
    // Refused before anything was done; none heals by itself.
    403: 'refused',
    409: 'refused',
    410: 'refused',
    412: 'refused',
    // Missing rights and real failures look alike. [seen live]
    500: 'unclear',
  },
  meanings: {
    409: 'The record exists already, or somebody changed it since it was read.',
    410: 'Rent Manager no longer has this part of its API.',
    412: 'Rent Manager needs confirmation of this change; make it in Rent Manager itself.',
  },
  readError,
  capabilities: [
    applicants,
    chargeCodes,
    employees,
    financialAccounts,
    leadSources,
    leads,
    leasePeriods,
    leases,
    noteCategories,
    properties,
    residentCharges,
    residentNotes,
    residentPayments,
    residents,
    serviceRequestCategories,
    serviceRequestPriorities,
    serviceRequestStatuses,
    serviceRequests,
    unitTypes,
    units,
    vendors,
  ],
});

/**
 * Rent Manager's four shapes of an error: its own ErrorModel, a Message for an unknown route, a Message with ModelState for what could not be bound,
 * and nothing at all for an unknown id. [seen live]
 */
function readError(body: unknown): ErrorReading {
  const { DeveloperMessage, UserMessage, Message, ModelState } = (
    typeof body === 'object' && body !== null ? body : {}
  ) as Record<string, unknown>;
  const message = [DeveloperMessage, UserMessage, Message].find((text) => typeof text === 'string' && text !== '');
  const states = typeof ModelState === 'object' && ModelState !== null ? Object.entries(ModelState) : [];
  return {
    message: message === undefined ? null : String(message),
    fields: states.flatMap(([remote, texts]) => [texts].flat().map((text) => ({ remote, message: String(text) }))),
  };
}
