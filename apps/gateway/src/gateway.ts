import type { IncomingHttpHeaders } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import { authenticate, MessageBus } from '#messaging';
import { natsHeard, nestLogger, type Logger, type RunningService, type Settings } from '#service-kit';
import { Authenticator } from './auth/authenticator.ts';
import { Entrance } from './auth/entrance.ts';
import { GatewayModule } from './gateway.module.ts';
import { audit } from './http/audit.ts';
import { assertNotEncoded, BODY_LIMIT, parseJson } from './http/body.ts';
import { refuseConnection } from './http/broken-connection.ts';
import { Leaving } from './http/leaving.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { requestIdOf } from './http/request-id.ts';
import type { Reply, Request } from './http/request.ts';
import { RouteTable } from './http/route-table.ts';
import { traceRequests } from './http/tracing.ts';
import { RequestMetrics } from './metrics.ts';

/** No key has this hash: who answers "unknown" to it, answers. */
const NOBODYS_HASH = '0'.repeat(64);
const MINUTE_MS = 60_000;

/** When slow senders are cut off. In milliseconds. */
export interface SlowSenders {
  readonly headersMs: number;
  /** For the whole request. */
  readonly requestMs: number;
  /** How often it is looked at. */
  readonly lookEveryMs: number;
}
const SLOW_SENDERS: SlowSenders = { headersMs: 15_000, requestMs: 30_000, lookEveryMs: 2_000 };
/** Longer than load balancers keep an idle connection: the side that sends requests must be the one that closes. */
const KEEP_ALIVE_MS = 72_000;
const MAX_HEADER_BYTES = 16 * 1_024;
/** Longer segments of a path match no route. */
const MAX_SEGMENT = 200;

/**
 * Starts the gateway: NATS -> listening. It keeps nothing: what it knows of keys it forgets after seconds, and every promise that it hands
 * on was made by another service. Ready when keys can be looked up. Stopping ends waits and event streams, and lets requests finish.
 */
export async function startGateway(settings: Settings, log: Logger): Promise<RunningService> {
  const { url, ...credentials } = settings.nats;
  const bus = await MessageBus.connect({ servers: url, name: 'gateway', ...credentials, ...natsHeard(settings, log) });
  const requests = new RequestMetrics();
  const app = await createGateway(bus, settings, log, requests);
  const leaving = new Leaving(app.getHttpAdapter().getInstance() as unknown as FastifyInstance);
  await app.listen(settings.http);
  return {
    checks: { router: async () => void (await bus.request(authenticate, { key_hash: NOBODYS_HASH })) },
    metrics: () => requests.text(),
    stop: async () => {
      await leaving.sayFarewell();
      await app.close();
      await bus.close();
    },
  };
}

/** The gateway, initialised and not listening yet. */
export async function createGateway(
  bus: MessageBus,
  { rateLimitPerMinute }: Pick<Settings, 'rateLimitPerMinute'>,
  log: Logger,
  requests = new RequestMetrics(),
  slow = SLOW_SENDERS,
): Promise<NestFastifyApplication> {
  const routes = new RouteTable();
  const filter = new ProblemFilter(routes, log);
  const frameworkErrors: FastifyServerOptions['frameworkErrors'] = (error, request, reply) =>
    filter.answer(error, request as Request, reply as Reply);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    // What still comes over an open connection is a request like any other.
    return503OnClosing: false,
    requestTimeout: slow.requestMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: slow.headersMs, maxHeaderSize: MAX_HEADER_BYTES, connectionsCheckingInterval: slow.lookEveryMs },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_SEGMENT },
    requestIdHeader: false,
    genReqId: ({ headers }: { headers: IncomingHttpHeaders }) => requestIdOf(headers),
    clientErrorHandler: refuseConnection,
    frameworkErrors,
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  fastify.addHook('onRoute', ({ url, method, config }) => routes.add(url, method, config?.scope));
  fastify.decorateRequest('principal', null);
  requests.measure(fastify);
  traceRequests(fastify);
  readJsonOnly(fastify);

  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.with(bus, routes), adapter, {
    bodyParser: false,
    logger: nestLogger(log),
    abortOnError: false,
  });
  app.useGlobalFilters(filter);
  await app.register(rateLimit as never, { global: false });
  const limit = { max: rateLimitPerMinute, timeWindow: MINUTE_MS };
  const entrance = new Entrance(new Authenticator((key_hash) => bus.request(authenticate, { key_hash })), {
    byKey: fastify.createRateLimit({ ...limit, keyGenerator: ({ principal }) => `key:${principal?.key_id}` }),
    byAddress: fastify.createRateLimit({ ...limit, keyGenerator: ({ ip }) => `address:${ip}` }),
  });
  fastify.addHook('onRequest', async (request, reply) => {
    // Answers hold personal data and are JSON: nobody may keep them or take them for something else.
    reply.header('x-request-id', request.id).header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    await entrance.admit(request, reply);
  });
  audit(fastify, log);
  return app.init();
}

/** Fastify's own parsers are more forgiving than we can be. */
function readJsonOnly(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      assertNotEncoded(request.headers['content-encoding']);
      done(null, parseJson(body));
    } catch (error) {
      done(error as Error);
    }
  });
}
