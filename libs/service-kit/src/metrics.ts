/**
 * Metrics as tables: each service lists its own, with what it means and which labels it has, and gets counters, gauges and histograms that take
 * no other. `docker/METRICS.md` is written from the same tables.
 *
 * Labels are few and of few values. No id of a tenant, a write or a record is ever one: it would make a series for each.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Every label that a metric may have, and what its values are. */
export const LABELS = {
  pms: 'the PMS',
  state: 'state of a write',
  outcome:
    'how a request ended: `accepted`, `replayed`, `done`, or the code of the problem; or a try: `delivered`, `again`, `given_up`, `disabled`',
  method: 'HTTP method',
  route: 'template of the path; empty for a path that does not exist',
  status_class: '`2xx`, `4xx`, …',
  verdict: 'what an answer of the PMS means',
  evidence: '`A` not sent, `B` answered, `C` nobody knows',
  way: 'how a doubt ended: `reconciled`, `late`, `answered`, `person`, `resent`, `review`',
  why: 'why an integration is not served: `held`, `paused`',
  consumer: 'durable consumer of JetStream',
} as const;
export type Label = keyof typeof LABELS;

export interface MetricSpec {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels?: readonly Label[];
  /** Histograms only; upper bounds. */
  readonly buckets?: readonly number[];
}
export type MetricTable = Readonly<Record<`latchkey_${string}`, MetricSpec>>;

type LabelOf<S extends MetricSpec> = S['labels'] extends readonly (infer L extends Label)[] ? L : never;
type MetricOf<S extends MetricSpec> = {
  counter: Counter<LabelOf<S>>;
  gauge: Gauge<LabelOf<S>>;
  histogram: Histogram<LabelOf<S>>;
}[S['kind']];
export type Metrics<T extends MetricTable> = { readonly [Name in keyof T & keyof MetricTable]: MetricOf<T[Name]> };

const MAKERS = { counter: Counter, gauge: Gauge, histogram: Histogram } as const;

/** In seconds: an accept takes milliseconds, a PMS a minute at worst. */
export const LATENCY_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

/** The metrics of a table, in a registry of their own. */
export function metricsOf<const T extends MetricTable>(table: T): { metrics: Metrics<T>; registry: Registry } {
  const registry = new Registry();
  const made = Object.entries<MetricSpec>(table).map(([name, { kind, help, labels = [], buckets = LATENCY_BUCKETS }]) => {
    const options = { name, help, labelNames: [...labels], registers: [registry] };
    return [name, new MAKERS[kind](kind === 'histogram' ? { ...options, buckets: [...buckets] } : options)] as const;
  });
  // The one cast: each name of the table has got the kind of metric that the table says.
  return { metrics: Object.fromEntries(made) as unknown as Metrics<T>, registry };
}

/** What Node itself tells: memory, processor, event loop, collections. Once per process. */
export function processMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** How long a look at what is dear to count is good for, in milliseconds. */
const LOOK_EVERY_MS = 5_000;

/**
 * A look that is taken at most every few seconds, however often and by however many it is asked for. A look that fails is reported, and the
 * next one is not sooner for it: figures must not make a bad time worse.
 */
export function atMostEvery(look: () => Promise<void>, onTrouble: (error: unknown) => void, everyMs = LOOK_EVERY_MS) {
  let lookedAt = -Infinity;
  let looking = Promise.resolve();
  return (): Promise<void> => {
    if (performance.now() - lookedAt >= everyMs) {
      lookedAt = performance.now();
      looking = look().catch(onTrouble);
    }
    return looking;
  };
}
