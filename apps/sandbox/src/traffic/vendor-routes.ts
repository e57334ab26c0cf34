/**
 * Hands every path `/<slug>/…` to its simulator with the raw bytes of the body.
 *
 * Promises: a Fastify plugin of its own, because vendors must see bodies unparsed whatever their content type says,
 * while the sandbox's control routes want JSON. Fails: a first segment that is no slug is a 404 naming the known ones.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyPluginCallback } from 'fastify';
import { pino } from 'pino';
import type { SimulatedRequest, Simulator } from '../simulator.ts';
import { answer } from './answer.ts';
import type { VendorTraffic } from './vendor-traffic.ts';

const NO_BODY = Buffer.alloc(0);
const log = pino({ name: 'sandbox' });

export function vendorRoutes(simulators: readonly Simulator[], traffic: VendorTraffic): FastifyPluginCallback {
  const bySlug = new Map(simulators.map((simulator) => [simulator.slug, simulator]));

  return (fastify, _options, done) => {
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));

    fastify.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      url: '/*',
      handler: async (request, reply) => {
        reply.hijack();
        const { slug, path, search } = splitTarget(request.raw.url ?? '/');
        const simulator = bySlug.get(slug);
        if (simulator === undefined) {
          answer(reply.raw, {
            status: 404,
            body: { message: `No vendor at /${slug}. Known: ${[...bySlug.keys()].join(', ')}.` },
          });
          return;
        }
        const simulated: SimulatedRequest = {
          method: request.method,
          path,
          query: new URLSearchParams(search),
          headers: flatHeaders(request.headers),
          body: Buffer.isBuffer(request.body) ? request.body : NO_BODY,
        };
        try {
          await traffic.serve(simulator, simulated, reply.raw);
        } catch (error) {
          log.error({ err: error, vendor: simulator.vendor, method: request.method }, 'simulator failed');
          if (!reply.raw.headersSent)
            answer(reply.raw, { status: 500, body: { message: 'The simulator has a bug; see its log.' } });
        }
      },
    });
    done();
  };
}

/** `/buildium/v1/leases?limit=1` -> slug `buildium`, path `/v1/leases`, search `limit=1`. */
function splitTarget(url: string): { slug: string; path: string; search: string } {
  const mark = url.indexOf('?');
  const whole = mark === -1 ? url : url.slice(0, mark);
  const slash = whole.indexOf('/', 1);
  return {
    slug: whole.slice(1, slash === -1 ? undefined : slash),
    path: slash === -1 ? '/' : whole.slice(slash),
    search: mark === -1 ? '' : url.slice(mark + 1),
  };
}

function flatHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}
