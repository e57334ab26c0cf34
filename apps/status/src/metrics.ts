/** What the ledger counts: what happened in this process, and what Postgres says now, looked at every few seconds at most. */
import type { Opened, State } from '#messaging';
import { Problem } from '#problem';
import { atMostEvery, metricsOf, type MetricTable } from '#service-kit';
import type { Job } from './job.ts';
import type { Consequences } from './ledger.repository.ts';
import type { Database } from './store/database.ts';

export const METRICS = {
  latchkey_writes_accepted_total: { kind: 'counter', help: 'Writes accepted, repetitions of a key not counted' },
  latchkey_accept_duration_seconds: {
    kind: 'histogram',
    help: 'Time from a request to accept until it is answered, the commit included',
    labels: ['outcome'],
  },
  latchkey_writes_released_total: { kind: 'counter', help: 'Writes handed to the workers, again or not', labels: ['pms'] },
  latchkey_write_events_total: { kind: 'counter', help: 'Events put into the outbox' },
  latchkey_write_transitions_total: { kind: 'counter', help: 'Writes that entered a state', labels: ['pms', 'state'] },
  latchkey_attempts_total: { kind: 'counter', help: 'Attempts, by what they prove', labels: ['pms', 'evidence'] },
  latchkey_doubts_settled_total: { kind: 'counter', help: 'Doubts that ended', labels: ['pms', 'way'] },
  latchkey_writes_open: { kind: 'gauge', help: 'Writes that have not ended', labels: ['pms', 'state'] },
  latchkey_writes_oldest_seconds: { kind: 'gauge', help: 'Age of the oldest of them', labels: ['pms', 'state'] },
  latchkey_writes_blocked: { kind: 'gauge', help: 'Writes that wait for an earlier one of their record', labels: ['pms'] },
  latchkey_queue_age_seconds: { kind: 'gauge', help: 'Age of the oldest write that waits to be sent', labels: ['pms'] },
  latchkey_outbox_events: { kind: 'gauge', help: 'Events that JetStream has not taken yet' },
  latchkey_outbox_age_seconds: { kind: 'gauge', help: 'Age of the oldest of them' },
  latchkey_integrations_shut: { kind: 'gauge', help: 'Integrations that are not served now', labels: ['pms', 'why'] },
  latchkey_circuits_open: { kind: 'gauge', help: 'Hosts, or uses of them, that are out of order', labels: ['pms'] },
} as const satisfies MetricTable;

const BACKLOG = `
  select pms, state, count(*)::integer as count, count(blocked_by)::integer as blocked,
    extract(epoch from now() - min(accepted_at))::float8 as age
  from ledger.operation where holds_lane group by pms, state`;
interface Backlog {
  readonly pms: string;
  readonly state: State;
  readonly count: number;
  readonly blocked: number;
  readonly age: number;
}

const OUTBOX = `
  select count(*)::integer as count,
    coalesce(extract(epoch from now() - (select (body->>'at')::timestamptz from ledger.event order by id limit 1)), 0)::float8 as age
  from ledger.event`;

const SHUT = `
  select coalesce(pms, '') as pms, why, count(*)::integer as count
  from ledger.gate cross join lateral (
    select 'held' as why where held_reason is not null
    union all select 'paused' where held_reason is null and paused_until > now()
  ) as shut
  group by 1, 2`;

const CIRCUITS = `select pms, count(*)::integer as count from ledger.circuit where open_since is not null group by pms`;

/** States in which a write waits for its turn. */
const WAITING: ReadonlySet<State> = new Set(['ACCEPTED', 'RETRY_WAIT']);
const DOUBTFUL: ReadonlySet<State> = new Set(['UNKNOWN', 'RECONCILING', 'NEEDS_REVIEW']);
const BY_MACHINE: ReadonlySet<string | null> = new Set(['reconciled', 'late', 'answered']);

export class Metrics {
  private readonly made = metricsOf(METRICS);
  private readonly look: () => Promise<void>;

  constructor(
    private readonly database: Database,
    onTrouble: (error: unknown) => void,
  ) {
    this.look = atMostEvery(() => this.lookAtTables(), onTrouble);
  }

  countAccepted(count: number): void {
    this.made.metrics.latchkey_writes_accepted_total.inc(count);
  }

  /** Measures an accept that has just begun. */
  opening(opened: Promise<Opened>): void {
    const stop = this.made.metrics.latchkey_accept_duration_seconds.startTimer();
    void opened.then(
      ({ replayed }) => stop({ outcome: replayed ? 'replayed' : 'accepted' }),
      (error: unknown) => stop({ outcome: Problem.from(error).code }),
    );
  }

  count({ released, entered, tried, events }: Consequences): void {
    const { metrics } = this.made;
    for (const { pms } of released) metrics.latchkey_writes_released_total.inc({ pms });
    for (const { pms, evidence } of tried) metrics.latchkey_attempts_total.inc({ pms, evidence });
    for (const { from, to } of entered) {
      metrics.latchkey_write_transitions_total.inc({ pms: to.pms, state: to.state });
      const way = wayOutOfDoubt(from, to);
      if (way !== undefined) metrics.latchkey_doubts_settled_total.inc({ pms: to.pms, way });
    }
    metrics.latchkey_write_events_total.inc(events);
  }

  /** Text in the exposition format. Says what it knows while Postgres does not answer. */
  async text(): Promise<string> {
    await this.look();
    return this.made.registry.metrics();
  }

  private async lookAtTables(): Promise<void> {
    const { database, made } = this;
    const { metrics } = made;
    const backlog = await database.run<Backlog>(BACKLOG);
    const [outbox] = await database.run<{ count: number; age: number }>(OUTBOX);
    const shut = await database.run<{ pms: string; why: string; count: number }>(SHUT);
    const circuits = await database.run<{ pms: string; count: number }>(CIRCUITS);

    for (const gauge of [
      metrics.latchkey_writes_open,
      metrics.latchkey_writes_oldest_seconds,
      metrics.latchkey_writes_blocked,
      metrics.latchkey_queue_age_seconds,
      metrics.latchkey_integrations_shut,
      metrics.latchkey_circuits_open,
    ])
      gauge.reset();
    for (const { pms, state, count, blocked, age } of backlog) {
      metrics.latchkey_writes_open.set({ pms, state }, count);
      metrics.latchkey_writes_oldest_seconds.set({ pms, state }, age);
      metrics.latchkey_writes_blocked.inc({ pms }, blocked);
    }
    for (const [pms, rows] of Map.groupBy(backlog, (row) => row.pms)) {
      const ages = rows.filter(({ state }) => WAITING.has(state)).map(({ age }) => age);
      metrics.latchkey_queue_age_seconds.set({ pms }, Math.max(0, ...ages));
    }
    metrics.latchkey_outbox_events.set(outbox?.count ?? 0);
    metrics.latchkey_outbox_age_seconds.set(outbox?.age ?? 0);
    for (const { pms, why, count } of shut) metrics.latchkey_integrations_shut.set({ pms, why }, count);
    for (const { pms, count } of circuits) metrics.latchkey_circuits_open.set({ pms }, count);
  }
}

/** How a write left the states in which nobody knows its outcome, or came before a person; undefined when it did neither. */
function wayOutOfDoubt(from: Job, to: Job): string | undefined {
  if (!DOUBTFUL.has(from.state)) return undefined;
  if (to.state === 'NEEDS_REVIEW') return 'review';
  if (to.resends > from.resends) return 'resent';
  if (to.completed_at === null) return undefined;
  return BY_MACHINE.has(to.resolution) ? (to.resolution ?? undefined) : 'person';
}
