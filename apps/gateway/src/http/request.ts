import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal, Scope } from '#messaging';
import { Problem } from '#problem';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set on every request that reaches a handler. */
    principal: Principal | null;
  }
  interface FastifyContextConfig {
    /** What a key needs to use the route. A route without one is closed to everybody. */
    scope?: Scope;
  }
}

export type Request = FastifyRequest<{ Params: Readonly<Record<string, string>>; Querystring: unknown }>;
export type Reply = FastifyReply;

/** Who asks. Never missing behind the entrance hook. */
export function principalOf(request: Pick<FastifyRequest, 'principal'>): Principal {
  if (!request.principal) throw new Error('a route was reached without a principal');
  return request.principal;
}

const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** A parameter of the path that is an id; 404 for anything that can't be one, in the same words as for an unknown one. */
export function idParam(request: Request, name: string, what: string): string {
  const id = request.params[name];
  if (id === undefined || !ID.test(id)) throw Problem.notFound(what);
  return id;
}
