/** What the gateway counts. */
import type { FastifyInstance } from 'fastify';
import { metricsOf, type MetricTable } from '#service-kit';

export const METRICS = {
  latchkey_http_request_duration_seconds: {
    kind: 'histogram',
    help: 'Time from the first byte of a request to the last of its answer',
    labels: ['method', 'route', 'status_class'],
  },
  latchkey_http_requests_under_way: { kind: 'gauge', help: 'Requests that have no answer yet' },
} as const satisfies MetricTable;

export class RequestMetrics {
  private readonly made = metricsOf(METRICS);

  /** Measures every request that Fastify takes. */
  measure(fastify: FastifyInstance): void {
    const { latchkey_http_request_duration_seconds: duration, latchkey_http_requests_under_way: underWay } = this.made.metrics;
    fastify.addHook('onRequest', (_request, _reply, done) => {
      underWay.inc();
      done();
    });
    fastify.addHook('onResponse', (request, reply, done) => {
      underWay.dec();
      const { method, routeOptions } = request;
      const status_class = `${Math.floor(reply.statusCode / 100)}xx`;
      duration.observe({ method, route: routeOptions.url ?? '', status_class }, reply.elapsedTime / 1_000);
      done();
    });
  }

  text(): Promise<string> {
    return this.made.registry.metrics();
  }
}
