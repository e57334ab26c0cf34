import { atMostEvery, metricsOf, type MetricTable } from './metrics.ts';

/** What a service tells of the JetStream consumer that it shares with its replicas: each tells the same, so take the highest. */
export const METRICS = {
  latchkey_consumer_pending: { kind: 'gauge', help: 'Messages that wait for the consumer', labels: ['consumer'] },
  latchkey_consumer_unacknowledged: { kind: 'gauge', help: 'Messages delivered and not acknowledged', labels: ['consumer'] },
} as const satisfies MetricTable;

export interface Lag {
  readonly pending: number;
  readonly unacknowledged: number;
}

/** The text of these metrics for one consumer; looks at most every few seconds, and says the last it knew while JetStream does not answer. */
export function consumerMetrics(consumer: string, lag: () => Promise<Lag>): () => Promise<string> {
  const { metrics, registry } = metricsOf(METRICS);
  const look = atMostEvery(
    async () => {
      const { pending, unacknowledged } = await lag();
      metrics.latchkey_consumer_pending.set({ consumer }, pending);
      metrics.latchkey_consumer_unacknowledged.set({ consumer }, unacknowledged);
    },
    () => {},
  );
  return async () => {
    await look();
    return registry.metrics();
  };
}
