/** Numbers of the ledger for Prometheus: what happened in this process, and what Postgres says now. */
import type { State } from '#messaging';
import type { Consequences } from './ledger.repository.ts';
import type { Database } from './store/database.ts';

const BACKLOG = `
  select pms, state, count(*)::integer as count, extract(epoch from now() - min(accepted_at))::float8 as age
  from ledger.operation where holds_lane group by pms, state`;

export class Metrics {
  private accepted = 0;
  private released = 0;
  private events = 0;
  private readonly entered = new Map<State, number>();

  constructor(private readonly database: Database) {}

  countAccepted(count: number): void {
    this.accepted += count;
  }

  count({ released, entered, events }: Consequences): void {
    this.released += released.length;
    this.events += events;
    for (const state of entered) this.entered.set(state, (this.entered.get(state) ?? 0) + 1);
  }

  /** Text in the exposition format. */
  async text(): Promise<string> {
    const backlog = await this.database.run<{ pms: string; state: State; count: number; age: number }>(BACKLOG);
    const lines = [
      ...series('latchkey_writes_accepted_total', 'counter', [['', this.accepted]]),
      ...series('latchkey_writes_released_total', 'counter', [['', this.released]]),
      ...series('latchkey_write_events_total', 'counter', [['', this.events]]),
      ...series(
        'latchkey_write_transitions_total',
        'counter',
        [...this.entered].map(([state, n]) => [`{state="${state}"}`, n]),
      ),
      ...series(
        'latchkey_writes_open',
        'gauge',
        backlog.map(({ count, ...of }) => [labels(of), count]),
      ),
      ...series(
        'latchkey_writes_oldest_seconds',
        'gauge',
        backlog.map(({ age, ...of }) => [labels(of), age]),
      ),
    ];
    return `${lines.join('\n')}\n`;
  }
}

const labels = ({ pms, state }: { pms: string; state: State }): string => `{pms="${pms}",state="${state}"}`;

const series = (name: string, type: string, values: readonly (readonly [string, number])[]): string[] => [
  `# TYPE ${name} ${type}`,
  ...values.map(([label, value]) => `${name}${label} ${value}`),
];
