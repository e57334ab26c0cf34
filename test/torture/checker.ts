/**
 * What a run proves. Joins three accounts of the same writes, each kept by somebody else: what the client asked and was answered, what
 * Latchkey says became of it, and what the simulated PMSs did.
 *
 * Pure: no clock, no network. A write is known by its mark, a word that stands in one field of it and nowhere else.
 */

/** A write as its client knows it. */
export interface Asked {
  readonly mark: string;
  readonly operation: 'create' | 'update';
  /** The PMS's name of what the mark is written into. */
  readonly resource: string;
  /** The record that it is about; writes of one record were asked one after the other. */
  readonly record: string;
  /** Its place among the writes of its record. */
  readonly order: number;
  /** Every job that an answer named; two, and one request became two writes. Empty: never accepted. */
  readonly jobs: readonly string[];
  /** The last answer was a refusal: it was certainly not accepted. */
  readonly refused: boolean;
}

/** What Latchkey says about a job; `unknown`: it has never heard of it. */
export interface Told {
  readonly job: string;
  readonly state: 'unknown' | 'pending' | 'succeeded' | 'partial' | 'failed' | 'in_review';
  /** Why it did not succeed, in Latchkey's words. */
  readonly errors?: readonly string[];
}

/** A change of a record at a PMS, in the order of `seq`. */
export interface Happened {
  readonly seq: number;
  readonly resource: string;
  readonly action: string;
  readonly sent: unknown;
}

export interface Account {
  readonly asked: readonly Asked[];
  readonly told: readonly Told[];
  readonly happened: readonly Happened[];
  /** What one organization got to see or touch of another, in words. */
  readonly trespasses: readonly string[];
}

export const COUNTERS = ['lost', 'doubled', 'out of order', 'false success', 'false failure', 'cross-tenant'] as const;
export type Counter = (typeof COUNTERS)[number];

export interface Finding {
  readonly counter: Counter;
  /** The write, or the trespass. */
  readonly about: string;
}

export interface Verdict {
  readonly counters: Readonly<Record<Counter, number>>;
  readonly findings: readonly Finding[];
  /** Jobs that have not ended, whatever else is true of them. */
  readonly unended: readonly string[];
}

/** How a mark looks; what is written into a PMS may hold several. */
const MARK = /\bM[0-9a-f]{16}\b/g;

interface Write extends Asked {
  readonly states: readonly Told['state'][];
  /** Where the mark appears at the PMS, ascending. */
  readonly effects: readonly number[];
}

/** Each counter, and when a write counts. A write in review claims nothing, so it can't be false. */
const JUDGEMENTS: Readonly<Record<Exclude<Counter, 'out of order' | 'cross-tenant'>, (write: Write) => boolean>> = {
  lost: ({ states }) => states.includes('unknown'),
  doubled: ({ jobs, effects }) => effects.length > 1 || jobs.length > 1,
  'false success': ({ states, effects }) => states.includes('succeeded') && effects.length === 0,
  'false failure': ({ states, effects, refused, jobs }) =>
    effects.length > 0 && (states.includes('failed') || (refused && jobs.length === 0)),
};

export function check({ asked, told, happened, trespasses }: Account): Verdict {
  const states = new Map(told.map(({ job, state }) => [job, state]));
  const effects = effectsByMark(happened);
  const writes = asked.map((write): Write => ({
    ...write,
    states: write.jobs.map((job) => states.get(job) ?? 'unknown'),
    effects: effects.get(keyOf(write.resource, write.operation, write.mark)) ?? [],
  }));
  const judged = Object.entries(JUDGEMENTS).flatMap(([counter, holds]) =>
    writes.filter(holds).map(({ mark }) => ({ counter: counter as Counter, about: mark })),
  );
  const findings: Finding[] = [
    ...judged,
    ...inversions(writes).map((about) => ({ counter: 'out of order' as const, about })),
    ...trespasses.map((about) => ({ counter: 'cross-tenant' as const, about })),
  ];
  const count = (counter: Counter): number => findings.filter((finding) => finding.counter === counter).length;
  return {
    counters: Object.fromEntries(COUNTERS.map((counter) => [counter, count(counter)])) as Record<Counter, number>,
    findings,
    unended: told.filter(({ state }) => state === 'pending').map(({ job }) => job),
  };
}

const keyOf = (resource: string, action: string, mark: string): string => `${resource} ${action} ${mark}`;

function effectsByMark(happened: readonly Happened[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const { seq, resource, action, sent } of happened.toSorted((one, other) => one.seq - other.seq)) {
    for (const mark of new Set((JSON.stringify(sent) ?? '').match(MARK))) {
      const key = keyOf(resource, action, mark);
      found.set(key, [...(found.get(key) ?? []), seq]);
    }
  }
  return found;
}

/** Writes that took effect before one of the same record that was asked earlier. */
function inversions(writes: readonly Write[]): string[] {
  return [...Map.groupBy(writes, ({ record }) => record).values()].flatMap((ofRecord) => {
    const inOrder = ofRecord.filter(({ effects }) => effects.length > 0).toSorted((one, other) => one.order - other.order);
    return inOrder
      .filter(({ effects }, index) => inOrder.slice(0, index).some((earlier) => (earlier.effects[0] ?? 0) > (effects[0] ?? 0)))
      .map(({ mark }) => mark);
  });
}
