import { callsOf, definePms, type ErrorReading } from '#capabilities';
import { applicants } from './applicants.ts';
import { employees } from './employees.ts';
import { financialAccounts } from './financial-accounts.ts';
import { leads } from './leads.ts';
import { leases } from './leases.ts';
import { properties } from './properties.ts';
import { residentCharges } from './resident-charges.ts';
import { residentNotes } from './resident-notes.ts';
import { residentPayments } from './resident-payments.ts';
import { residents } from './residents.ts';
import { serviceRequestCategories } from './service-request-categories.ts';
import { serviceRequests } from './service-requests.ts';
import { units } from './units.ts';
import { vendorCategories } from './vendor-categories.ts';
import { vendors } from './vendors.ts';
import type { Paths } from './wire/index.ts';

const { get } = callsOf<Paths>();

/** What is true of Buildium whatever the model. The facts are those of the vendor's OpenAPI document unless a line says otherwise. */
export const pms = definePms({
  vendor: 'BUILDIUM',
  slug: 'buildium',
  title: 'Buildium',
  source: 'https://developer.buildium.com',
  credentials: [
    { name: 'clientId', description: 'The id of an API key, from Settings > API settings.', secret: false, required: true },
    { name: 'secret', description: 'The secret of that key, shown once when it was made.', secret: true, required: true },
  ],
  baseUrl: () => 'https://api.buildium.com',
  auth: { kind: 'headers', headers: { 'x-buildium-client-id': 'clientId', 'x-buildium-client-secret': 'secret' } },
  probe: get('/v1/rentals', {}, { limit: 1 }),
  // "10 concurrent requests per second": read as ten at the same time; what goes beyond is answered by 429 and waits.
  limits: { concurrent: 10 },
  paging: { kind: 'offset', offset: 'offset', limit: 'limit', size: 1_000, totalHeader: 'x-total-count' },
  verdicts: {
    // Refused before anything was done; neither heals by itself.
    403: 'refused',
    409: 'refused',
    422: 'refused',
    // The document has no word on whether 503 comes before or after the work, so it proves nothing.
    503: 'unclear',
  },
  readError,
  capabilities: [
    applicants,
    employees,
    financialAccounts,
    leads,
    leases,
    properties,
    residentCharges,
    residentNotes,
    residentPayments,
    residents,
    serviceRequestCategories,
    serviceRequests,
    units,
    vendorCategories,
    vendors,
  ],
});

/** Buildium's ApiErrorResponse: a message for users and a list of key and value. Seen in the wild also as Field and Message. [third party] */
function readError(body: unknown): ErrorReading {
  const { UserMessage, Errors } = (typeof body === 'object' && body !== null ? body : {}) as {
    UserMessage?: unknown;
    Errors?: unknown;
  };
  const entries = (Array.isArray(Errors) ? Errors : []) as {
    Key?: unknown;
    Value?: unknown;
    Field?: unknown;
    Message?: unknown;
  }[];
  return {
    message: typeof UserMessage === 'string' ? UserMessage : null,
    fields: entries.map((entry) => ({
      remote: String(entry?.Key ?? entry?.Field ?? ''),
      message: String(entry?.Value ?? entry?.Message ?? ''),
    })),
  };
}
