/** What cache-sync counts. */
import { metricsOf, type MetricTable } from '#service-kit';

export const METRICS = {
  latchkey_sync_pages_total: { kind: 'counter', help: 'Pages read by syncs and stored', labels: ['pms'] },
  latchkey_sync_records_total: { kind: 'counter', help: 'Records on them', labels: ['pms'] },
  latchkey_sync_errors_total: { kind: 'counter', help: 'Models that a sync could not read to their end', labels: ['pms'] },
  latchkey_read_backs_total: {
    kind: 'counter',
    help: 'Looks for a record after its write, by how they ended',
    labels: ['pms', 'outcome'],
  },
} as const satisfies MetricTable;

export class SyncMetrics {
  private readonly made = metricsOf(METRICS);

  countPage(pms: string, records: number): void {
    this.made.metrics.latchkey_sync_pages_total.inc({ pms });
    this.made.metrics.latchkey_sync_records_total.inc({ pms }, records);
  }

  countError(pms: string): void {
    this.made.metrics.latchkey_sync_errors_total.inc({ pms });
  }

  countReadBack(pms: string, outcome: string): void {
    this.made.metrics.latchkey_read_backs_total.inc({ pms, outcome });
  }

  text(): Promise<string> {
    return this.made.registry.metrics();
  }
}
