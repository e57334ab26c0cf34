/**
 * Buildium's Open API, as far as Latchkey calls it, on demo records in memory.
 *
 * Promises: status codes, headers and shapes as the vendor's reference describes them; a refused call changes nothing.
 * The order of the checks: rate limit, key (401), path (404, 405), query, content type (415), JSON (400), schema (422),
 * ids of the path and of parents in the body (404), everything else (422).
 * Not simulated: permissions (403), the conflict on tenant creation (409) whose trigger is not documented, webhooks, files,
 * move-outs, renewals and the vendor's 50 tenants per lease.
 */
import { operations } from '#pms/buildium/wire';
import type { SimulatedRequest, SimulatedResponse, Simulator, World } from '../simulator.ts';
import {
  badRequest,
  methodNotAllowed,
  noSuchPath,
  queryTooLong,
  tooManyRequests,
  unauthorized,
  unprocessable,
  unsupportedMediaType,
  type Call,
  type CallKey,
  type Handlers,
  type Refused,
} from './api.ts';
import { applicantHandlers } from './applicants.ts';
import { demoStore } from './demo.ts';
import { leaseHandlers } from './leases.ts';
import { ledgerHandlers } from './ledger.ts';
import { readQuery } from './listing.ts';
import { noteHandlers } from './notes.ts';
import { referenceHandlers } from './reference.ts';
import { rentalHandlers } from './rentals.ts';
import { findRoute } from './routing.ts';
import { toInstant, type Store } from './store.ts';
import { taskHandlers } from './tasks.ts';
import { tenantHandlers } from './tenants.ts';
import { unitHandlers } from './units.ts';
import { bodyIssues } from './validation.ts';
import { vendorHandlers } from './vendors.ts';
import { workOrderHandlers } from './work-orders.ts';

const handlers: Handlers = {
  ...applicantHandlers,
  ...leaseHandlers,
  ...ledgerHandlers,
  ...noteHandlers,
  ...referenceHandlers,
  ...rentalHandlers,
  ...taskHandlers,
  ...tenantHandlers,
  ...unitHandlers,
  ...vendorHandlers,
  ...workOrderHandlers,
};

/** A call whose parts have been checked against the description of a call that is known only at run time. */
interface CheckedCall extends Omit<Call<CallKey>, 'params' | 'body' | 'query'> {
  readonly params: Readonly<Record<string, number>>;
  readonly body: unknown;
  readonly query: Readonly<Record<string, unknown>>;
}

const requestsPerSecond = 10;
const longestQuery = 4096;

const isJson = (contentType = ''): boolean => contentType.split(';')[0]?.trim().toLowerCase() === 'application/json';

/** The parsed body of a call that has one, or the refusal. */
function readBody(key: CallKey, { headers, body }: SimulatedRequest): { readonly value: unknown } | Refused {
  if (!('body' in operations[key])) return { value: undefined };
  if (!isJson(headers['content-type'])) return unsupportedMediaType();
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    const issues = bodyIssues(key, value);
    return issues.length > 0 ? unprocessable(issues) : { value };
  } catch (error) {
    if (error instanceof SyntaxError) return badRequest([{ Key: '', Value: 'The body is not JSON.' }]);
    throw error;
  }
}

export class BuildiumSimulator implements Simulator {
  readonly vendor = 'BUILDIUM';
  readonly slug = 'buildium';
  readonly demoCredentials = { clientId: 'demo-client', secret: 'demo-secret' } as const;
  #store: Store = demoStore();
  /** When the latest calls came, in ms: at most as many as the limit allows. */
  #recentMs: number[] = [];

  reset(): void {
    this.#store = demoStore();
    this.#recentMs = [];
  }

  handle(request: SimulatedRequest, world: World): SimulatedResponse {
    const { method, path, query, headers } = request;
    if (world.rateLimits && this.#isOverLimit(world)) return tooManyRequests();
    if (!this.#isKnownKey(headers)) return unauthorized();
    const route = findRoute(method, path);
    if (!route) return noSuchPath();
    if ('allow' in route) return methodNotAllowed(route.allow.join(', '));

    if (query.size > 0 && query.toString().length > longestQuery) return queryTooLong();
    const wanted = readQuery(route.call, query);
    if (isRefused(wanted)) return wanted;
    const body = readBody(route.call, request);
    if (isRefused(body)) return body;

    // The route fixes the key, and the schema of that key has just accepted the body: what the compiler cannot follow.
    const handler = handlers[route.call] as (call: CheckedCall) => SimulatedResponse;
    return handler({
      params: route.params,
      body: body.value,
      query: wanted,
      store: this.#store,
      world,
      now: toInstant(world.now()),
    });
  }

  #isKnownKey(headers: SimulatedRequest['headers']): boolean {
    const { clientId, secret } = this.demoCredentials;
    return headers['x-buildium-client-id'] === clientId && headers['x-buildium-client-secret'] === secret;
  }

  #isOverLimit(world: World): boolean {
    const nowMs = world.now().getTime();
    this.#recentMs = this.#recentMs.filter((callMs) => callMs > nowMs - 1000);
    if (this.#recentMs.length >= requestsPerSecond) return true;
    this.#recentMs.push(nowMs);
    return false;
  }
}

const isRefused = (value: object): value is Refused =>
  'status' in value && typeof value.status === 'number' && value.status >= 400;
