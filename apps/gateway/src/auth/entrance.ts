import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hashApiKey, isApiKey } from '#api-key';
import type { Principal, Scope } from '#messaging';
import { Problem } from '#problem';
import type { Authenticator } from './authenticator.ts';
import { bearerOf } from './bearer.ts';

type Limit = ReturnType<FastifyInstance['createRateLimit']>;

/** How many requests a minute one key, and one address without a known key, may send. */
export interface EntranceLimits {
  readonly byKey: Limit;
  readonly byAddress: Limit;
}

const WORDS = {
  none: 'Send your API key: Authorization: Bearer <API key>.',
  malformed: 'This is not an API key of Latchkey: it is mistyped or cut off.',
  unknown: 'The API key is not known, or it was revoked.',
} as const;

/**
 * What every request passes before its body is read: counted, identified, and let through only with the scope that its route names. A key
 * that has to be looked up, and everything without a valid one, counts for the address that it comes from: so nobody can try keys, or make
 * the router look keys up, faster than the limit.
 */
export class Entrance {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly limits: EntranceLimits,
  ) {}

  /** @throws Problem `unauthenticated`, `forbidden`, `rate_limited`, or `unavailable` when keys can't be looked up */
  async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (request.is404) return this.count(this.limits.byAddress, request, reply);
    const key = bearerOf(request.headers.authorization);
    const hash = key !== undefined && isApiKey(key) ? hashApiKey(key) : undefined;
    if (hash === undefined || !this.authenticator.remembers(hash)) await this.count(this.limits.byAddress, request, reply);
    if (hash === undefined) {
      throw new Problem('unauthenticated', request.headers.authorization === undefined ? WORDS.none : WORDS.malformed);
    }
    const principal = await this.authenticator.identify(hash);
    if (!principal) throw new Problem('unauthenticated', WORDS.unknown);
    request.principal = principal;
    await this.count(this.limits.byKey, request, reply);
    assertScope(principal, request.routeOptions.config.scope);
  }

  private async count(limit: Limit, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const count = await limit(request);
    if (count.isAllowed) return;
    const remaining = Math.max(0, count.remaining);
    reply.header('x-ratelimit-limit', count.max).header('x-ratelimit-remaining', remaining);
    if (count.isExceeded) {
      const retryAfterSeconds = Math.max(1, count.ttlInSeconds);
      throw new Problem('rate_limited', `More than ${count.max} requests in a minute.`, { retryAfterSeconds });
    }
  }
}

/** A route that names no scope is closed: forgetting it must not open it. */
function assertScope({ scopes }: Principal, needed: Scope | undefined): void {
  if (needed !== undefined && scopes.includes(needed)) return;
  throw new Problem('forbidden', `The API key needs the scope "${needed ?? 'none'}" for this.`);
}
