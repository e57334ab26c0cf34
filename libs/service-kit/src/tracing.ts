/**
 * Sets tracing up, or leaves it off: without an endpoint the OpenTelemetry API stays a no-op. Spans are sent in batches over OTLP/HTTP (JSON).
 * Whatever the collector does, work goes on: a queue of bounded length takes the spans, drops those that do not fit, and nobody waits for it
 * but the end of the process, for a short time.
 */
import { hostname } from 'node:os';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, ParentBasedSampler, TracerProvider, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME, ATTR_SERVICE_NAMESPACE } from '@opentelemetry/semantic-conventions';
import type { Settings } from './settings.ts';

const QUEUE = 8_192;
const BATCH = 512;
const EXPORT_EVERY_MS = 1_000;
const EXPORT_TIMEOUT_MS = 5_000;
/** What a shutdown spends on the last spans. */
const FLUSH_MS = 1_500;

export interface Tracing {
  /** Sends what is left, if that is quick. Never throws. */
  stop(): Promise<void>;
}

/** Starts tracing for this process, once. */
export function startTracing(service: string, { endpoint, ratio }: Settings['tracing']): Tracing {
  if (endpoint === undefined) return { stop: async () => {} };
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_TIMEOUT_MS,
    concurrencyLimit: 2,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: service,
      [ATTR_SERVICE_NAMESPACE]: 'latchkey',
      [ATTR_SERVICE_INSTANCE_ID]: `${hostname()}-${process.pid}`,
    }),
    // Who asks decides; of those who do not say, a share.
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: QUEUE,
        maxExportBatchSize: BATCH,
        scheduledDelayMillis: EXPORT_EVERY_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  return {
    stop: async () => {
      const enough = new Promise<void>((resolve) => setTimeout(resolve, FLUSH_MS).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), enough]);
    },
  };
}
