/**
 * Each request is a span, the root of its trace or the child of the `traceparent` that came with it. The answer says where to look: in
 * `traceresponse`, and in problem details as `trace_id`. Without tracing there is neither.
 */
import { SpanStatusCode } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import { begin, placeInTrace, TRACEPARENT, writeTraceparent, type Begun } from '#tracing';

declare module 'fastify' {
  interface FastifyRequest {
    /** The span of the request; null while tracing is off. */
    begun: Begun | null;
  }
}

/** Must be the first to hook in: what comes before it is not traced. */
export function traceRequests(fastify: FastifyInstance): void {
  fastify.decorateRequest('begun', null);
  fastify.addHook('onRequest', (request, reply, done) => {
    const { method, routeOptions, headers } = request;
    const route = routeOptions.url;
    const begun = begin(
      {
        name: route === undefined ? method : `${method} ${route}`,
        kind: 'server',
        attributes: { 'http.request.method': method, ...(route === undefined ? {} : { 'http.route': route }) },
      },
      String(headers[TRACEPARENT] ?? ''),
    );
    const place = begun.within(placeInTrace);
    if (!place) return done();
    request.begun = begun;
    reply.header('traceresponse', writeTraceparent(place));
    begun.within(done);
  });
  // The body came in by events of the socket, which belong to no request.
  fastify.addHook('preValidation', (request, _reply, done) => (request.begun ? request.begun.within(done) : done()));
  fastify.addHook('onResponse', (request, reply, done) => {
    const { span } = request.begun ?? {};
    span?.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500)
      span?.setAttribute('error.type', String(reply.statusCode)).setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    done();
  });
}

/** The member that problem details have besides their own, in a traced request. */
export const traceOf = ({ begun }: { begun?: Begun | null }): { trace_id?: string } =>
  begun ? { trace_id: begun.span.spanContext().traceId } : {};
