import type { FastifyInstance } from 'fastify';
import type { Logger } from '#service-kit';

/** No key, not enough of one, and what is not there or not the caller's: who looks for others' records leaves a trail of these. */
const DENIALS: ReadonlySet<number> = new Set([401, 403, 404]);

/** Logs each denied request: whose key, which route, never which id. Also each answer of any kind, for debugging. */
export function audit(fastify: FastifyInstance, log: Logger): void {
  fastify.addHook('onResponse', async (request, reply) => {
    const { id: requestId, method, routeOptions, principal } = request;
    const status = reply.statusCode;
    const line = { requestId, method, route: routeOptions.url ?? '', status, durationMs: Math.round(reply.elapsedTime) };
    log.debug(line, 'request answered');
    if (!DENIALS.has(status)) return;
    const who = principal ? { keyId: principal.key_id, organizationId: principal.organization_id } : {};
    log.info({ ...line, ...who }, 'request denied');
  });
}
