/** What webhooks counts. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { atMostEvery, metricsOf, type MetricTable } from '#service-kit';
import { lookAtQueues } from './store/queue.ts';
import type { Settled } from './store/settle.ts';

export const METRICS = {
  latchkey_webhook_tries_total: {
    kind: 'counter',
    help: 'Tries to deliver a message, by what became of it',
    labels: ['outcome'],
  },
  latchkey_webhook_try_duration_seconds: { kind: 'histogram', help: 'Time of a try, to the end of the answer' },
  latchkey_webhook_deliveries_total: { kind: 'counter', help: 'Deliveries made of events' },
  latchkey_webhook_deliveries_waiting: { kind: 'gauge', help: 'Deliveries that have not ended, at active endpoints' },
  latchkey_webhook_oldest_seconds: { kind: 'gauge', help: 'Age of the oldest of them' },
  latchkey_webhook_endpoints_failing: { kind: 'gauge', help: 'Active endpoints whose last try failed' },
} as const satisfies MetricTable;

export class WebhookMetrics {
  private readonly made = metricsOf(METRICS);
  private readonly look: () => Promise<void>;

  constructor(em: EntityManager) {
    this.look = atMostEvery(
      async () => {
        const { waiting, oldestSeconds, failing } = await lookAtQueues(em.fork());
        this.made.metrics.latchkey_webhook_deliveries_waiting.set(waiting);
        this.made.metrics.latchkey_webhook_oldest_seconds.set(oldestSeconds);
        this.made.metrics.latchkey_webhook_endpoints_failing.set(failing);
      },
      () => {},
    );
  }

  count(outcome: Settled, durationMs: number): void {
    this.made.metrics.latchkey_webhook_tries_total.inc({ outcome });
    this.made.metrics.latchkey_webhook_try_duration_seconds.observe(durationMs / 1_000);
  }

  countDeliveries(count: number): void {
    this.made.metrics.latchkey_webhook_deliveries_total.inc(count);
  }

  async text(): Promise<string> {
    await this.look();
    return this.made.registry.metrics();
  }
}
