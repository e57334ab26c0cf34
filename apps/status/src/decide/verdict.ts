/**
 * What a decision about one write says: what the write becomes, what is to be written beside it, and what the asker hears. Decisions are
 * pure; `ledger.repository.ts` carries them out. A decision that is late or does not fit changes nothing and says so: requests may come
 * twice, late, or for a write that has moved on.
 */
import type { AttemptReport } from '#messaging';
import type { Problem } from '#problem';
import { assertTransition, MEANING } from '../states.ts';
import type { Circumstances, Job, Progress } from '../job.ts';

export interface Decided<Answer> {
  /** Null: nothing changes. */
  readonly next: Job | null;
  readonly attempts?: readonly (AttemptReport & { readonly late: boolean })[];
  /** What the decision means for the whole integration. */
  readonly gate?: { readonly paused_until?: number; readonly held_reason?: string };
  /** Tell its last event once more, under the same number. */
  readonly retell?: true;
  /** Accept it anew, at the end of its lane. */
  readonly requeue?: true;
  readonly answer: Answer | Problem;
}

export const unchanged = <Answer>(answer: Answer): Decided<Answer> => ({ next: null, answer });
export const refused = (problem: Problem): Decided<never> => ({ next: null, answer: problem });

type State = Job['state'];
/** States in which a worker may hold a claim. */
const CLAIMABLE: readonly State[] = ['RELEASED', 'SENDING', 'RECONCILING'];
/** States in which `due_at` means something. */
const TIMED: readonly State[] = ['RETRY_WAIT', 'UNKNOWN'];

/**
 * The write in its next state, with what always follows from entering one: the event number, the end of a claim, the time of
 * an end.
 * @throws Error when the table has no such transition
 */
export function enter(job: Job, state: State, at: Circumstances, changes: Partial<Progress> = {}): Job {
  if (state !== job.state) assertTransition(job.state, state);
  const staysClaimed = state === 'SENDING' && CLAIMABLE.includes(job.state);
  const claimEnds = job.lease_until !== null && !staysClaimed;
  return {
    ...job,
    due_at: TIMED.includes(state) ? job.due_at : null,
    ...changes,
    state,
    event_sequence: job.event_sequence + (MEANING[state].announced && state !== job.state ? 1 : 0),
    ...(claimEnds ? { lease_until: null, worker: null } : {}),
    completed_at: MEANING[state].phase === 'ended' ? at.now : null,
  };
}

/** Adds attempts to a decision and numbers them. */
export function tried<Answer>(
  decided: Decided<Answer>,
  job: Job,
  reports: readonly (AttemptReport | undefined)[],
  late = false,
): Decided<Answer> {
  const given = reports.filter((report) => report !== undefined);
  if (given.length === 0) return decided;
  const base = decided.next ?? job;
  return {
    ...decided,
    next: { ...base, attempts: base.attempts + given.length },
    attempts: given.map((report, index) => ({ ...report, number: base.attempts + index + 1, late })),
  };
}

/** Steps after `name` was proven done. */
export const stepDone = (
  steps: Job['steps'],
  name: string,
  result: { x_id: string | null; memo: Readonly<Record<string, unknown>> },
): Job['steps'] => [
  ...steps.filter((step) => step.name !== name),
  {
    name,
    state: 'done',
    sent_at: steps.find((step) => step.name === name)?.sent_at ?? null,
    x_id: result.x_id,
    memo: result.memo,
  },
];

/** Steps that are proven done; what was only sent is proven to be without effect, or given up. */
export const onlyDone = (steps: Job['steps']): Job['steps'] => steps.filter(({ state }) => state === 'done');

export const inDoubt = (job: Job) => job.steps.find(({ state }) => state === 'sent');

/**
 * The end of a write that is not going to succeed: PARTIAL when some of its steps took effect.
 * `otherwise` is what it would be with none.
 */
export function giveUp(
  job: Job,
  at: Circumstances,
  changes: Partial<Progress> & Pick<Progress, 'errors' | 'retriable'>,
  otherwise: 'FAILED' | 'CANCELLED' = 'FAILED',
): Job {
  const steps = onlyDone(changes.steps ?? job.steps);
  const x_id = changes.x_id ?? job.x_id ?? steps.find((step) => step.x_id !== null)?.x_id ?? null;
  return steps.length > 0
    ? enter(job, 'PARTIAL', at, { ...changes, steps, x_id })
    : enter(job, otherwise, at, { ...changes, steps });
}
