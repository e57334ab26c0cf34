/**
 * The life of a write, as data.
 *
 *   ACCEPTED -> RELEASED -> SENDING -> SUCCEEDED | PARTIAL | FAILED
 *     side:    RETRY_WAIT (provably no effect), HELD (the integration can't be used), CANCELLED (only before it is sent)
 *     doubt:   UNKNOWN -> RECONCILING -> SUCCEEDED | PARTIAL | FAILED | NEEDS_REVIEW
 *
 * Every change of a state goes through `assertTransition`, so what is not in this table can't happen. `checkStates` runs when the service
 * starts and throws if the table contradicts itself.
 */
import { STATES, type State, type WriteStatus } from '#messaging';

/** What each state means to the ledger and to the outside. */
interface Meaning {
  /** The published word. */
  readonly status: WriteStatus['write_status'];
  /** `uncertain`: nobody can say yet (or at all) whether the PMS carried the write out. */
  readonly outcome: WriteStatus['outcome'];
  /**
   * `waiting`: nothing is under way. `active`: it occupies its lane, at most one write of a record does.
   * `ended`: nothing happens any more unless a person acts.
   */
  readonly phase: 'waiting' | 'active' | 'ended';
  /** Entering it is told to the world. The others are bookkeeping between the ledger and its workers. */
  readonly announced: boolean;
}

export const MEANING = {
  ACCEPTED: { status: 'PENDING', outcome: 'certain', phase: 'waiting', announced: false },
  RELEASED: { status: 'PENDING', outcome: 'certain', phase: 'active', announced: false },
  SENDING: { status: 'PENDING', outcome: 'certain', phase: 'active', announced: false },
  RETRY_WAIT: { status: 'PENDING', outcome: 'certain', phase: 'waiting', announced: true },
  HELD: { status: 'PENDING', outcome: 'certain', phase: 'waiting', announced: true },
  UNKNOWN: { status: 'PENDING', outcome: 'uncertain', phase: 'active', announced: true },
  RECONCILING: { status: 'PENDING', outcome: 'uncertain', phase: 'active', announced: true },
  SUCCEEDED: { status: 'SUCCESS', outcome: 'certain', phase: 'ended', announced: true },
  PARTIAL: { status: 'PARTIAL_SUCCESS', outcome: 'certain', phase: 'ended', announced: true },
  FAILED: { status: 'FAILURE', outcome: 'certain', phase: 'ended', announced: true },
  NEEDS_REVIEW: { status: 'FAILURE', outcome: 'uncertain', phase: 'ended', announced: true },
  CANCELLED: { status: 'FAILURE', outcome: 'certain', phase: 'ended', announced: true },
} as const satisfies Record<State, Meaning>;

/** From -> to -> why. */
export const TRANSITIONS = {
  ACCEPTED: {
    RELEASED: 'the dispatcher hands it to the workers',
    SUCCEEDED: 'a late answer proves an earlier sending',
    PARTIAL: 'given up with some steps done',
    FAILED: 'too old, or what it waits for failed',
    CANCELLED: 'the customer takes it back',
    NEEDS_REVIEW: 'the ledger was restored from a backup: it may have been sent since',
  },
  RELEASED: {
    SENDING: 'a worker is about to send',
    ACCEPTED: 'the integration was paused or held before a worker took it',
    RETRY_WAIT: 'it could not be sent',
    HELD: 'the integration was refused before anything was sent',
    SUCCEEDED: 'every step was done before, or a late answer proves an earlier sending',
    PARTIAL: 'given up with some steps done',
    FAILED: 'it can not be sent at all',
    CANCELLED: 'the customer takes it back before it is sent',
    NEEDS_REVIEW: 'the ledger was restored from a backup: it may have been sent since',
  },
  SENDING: {
    RELEASED: 'the worker fell silent between two steps: nothing was on its way',
    SUCCEEDED: 'the PMS confirmed',
    PARTIAL: 'the PMS refused after some steps',
    FAILED: 'the PMS refused',
    RETRY_WAIT: 'provably without effect',
    HELD: 'provably without effect, and the integration is refused',
    UNKNOWN: 'nobody knows whether it happened',
    NEEDS_REVIEW: 'nobody knows, and no machine can find out',
  },
  RETRY_WAIT: {
    RELEASED: 'its time has come',
    SUCCEEDED: 'a late answer proves an earlier sending',
    PARTIAL: 'given up with some steps done',
    FAILED: 'too old, or what it waits for failed',
    CANCELLED: 'the customer takes it back',
    NEEDS_REVIEW: 'the ledger was restored from a backup: it may have been sent since',
  },
  HELD: {
    ACCEPTED: 'the integration works again',
    SUCCEEDED: 'a late answer proves an earlier sending',
    PARTIAL: 'given up with some steps done',
    FAILED: 'too old, or what it waits for failed',
    CANCELLED: 'the customer takes it back',
    NEEDS_REVIEW: 'the ledger was restored from a backup: it may have been sent since',
  },
  UNKNOWN: {
    RECONCILING: 'time to look at the PMS',
    SUCCEEDED: 'a late answer proves it',
    PARTIAL: 'a late refusal after some steps',
    FAILED: 'a late refusal',
    NEEDS_REVIEW: 'not settled in time',
  },
  RECONCILING: {
    UNKNOWN: 'not visible yet, or the worker fell silent',
    SUCCEEDED: 'found in the PMS',
    PARTIAL: 'found to be done in part',
    FAILED: 'proven to be refused',
    RETRY_WAIT: 'proven to be absent: it may be sent once more',
    NEEDS_REVIEW: 'looking did not help',
  },
  SUCCEEDED: {},
  PARTIAL: {},
  FAILED: { ACCEPTED: 'retry-write' },
  NEEDS_REVIEW: {
    SUCCEEDED: 'a person found it, or a late answer proves it',
    PARTIAL: 'a late refusal after some steps',
    FAILED: 'a person did not find it, or a late refusal',
  },
  CANCELLED: {},
} as const satisfies Record<State, Partial<Record<State, string>>>;

/** Ended states that may still be left, and where to: by a person, or by a late answer of the PMS. */
const WAYS_BACK: Partial<Record<State, readonly State[]>> = {
  FAILED: ['ACCEPTED'],
  NEEDS_REVIEW: ['SUCCEEDED', 'PARTIAL', 'FAILED'],
};

type Table = Readonly<Record<string, Readonly<Partial<Record<string, string>>>>>;

/** Throws when a change of state is not in the table: a bug in the caller, never a customer's fault. */
export function assertTransition(from: State, to: State): void {
  if (!(to in TRANSITIONS[from])) throw new Error(`a write can't go from ${from} to ${to}`);
}

/**
 * Throws one error that lists every contradiction: an unknown or unreachable state, a dead end that is not an end, a way out of an end.
 * The table is a parameter so that a test can hand in a broken one.
 */
export function checkStates(table: Table = TRANSITIONS): void {
  const known = new Set<string>(STATES);
  const faults = Object.entries(table).flatMap(([from, ways]) => [
    ...(known.has(from) ? [] : [`${from} is no state`]),
    ...Object.keys(ways).flatMap((to) => (known.has(to) ? [] : [`${from} leads to ${to}, which is no state`])),
  ]);
  const reached = new Set<string>(['ACCEPTED']);
  for (const state of reached) for (const to of Object.keys(table[state] ?? {})) reached.add(to);
  for (const state of STATES) {
    const ways = Object.keys(table[state] ?? {});
    const allowed: readonly string[] = WAYS_BACK[state] ?? [];
    if (!reached.has(state)) faults.push(`${state} can't be reached`);
    if (MEANING[state].phase !== 'ended' && ways.length === 0) faults.push(`${state} is a dead end`);
    if (MEANING[state].phase === 'ended') {
      faults.push(...ways.filter((to) => !allowed.includes(to)).map((to) => `${state} is an end but leads to ${to}`));
    }
  }
  if (faults.length > 0) throw new Error(`The states of a write contradict each other:\n- ${faults.join('\n- ')}`);
}

/** States by a property of theirs, for queries. */
export const statesWhere = (holds: (meaning: Meaning) => boolean): readonly State[] =>
  STATES.filter((state) => holds(MEANING[state]));
