/**
 * How a claim ends. The token decides who may say so; the table at the end says what each kind of outcome means while performing and while
 * reconciling. What does not fit is refused, and the lease then brings the write back: silence is always safe.
 */
import type { Outcome, Settle, State } from '#messaging';
import { Problem } from '#problem';
import type { Circumstances, Job, Progress, Step } from '../job.ts';
import { OUTDATED } from './claim.ts';
import { asked, backoff } from './delays.ts';
import { MAY_BE_DONE, RESTORED } from './restored.ts';
import { enter, giveUp, inDoubt, onlyDone, stepDone, tried, refused, unchanged, type Decided } from './verdict.ts';

type Kind = Outcome['kind'];
type OutcomeOf<K extends Kind> = Extract<Outcome, { kind: K }>;
type Rule<K extends Kind> = (job: Job, outcome: OutcomeOf<K>, at: Circumstances) => Job | string;
type Rules = { readonly [K in Kind]: Rule<K> };

export function settle(job: Job, ask: Settle, at: Circumstances): Decided<{ state: State }> {
  if (job.token !== ask.token || job.lease_until === null) return settleLate(job, ask, at);

  const steps = ask.finished ? stepDone(job.steps, ask.finished.step, ask.finished.result) : job.steps;
  const current: Job = { ...job, steps };
  const next = rule(job.state === 'RECONCILING' ? RECONCILING : PERFORMING, current, ask.outcome, at);
  if (typeof next === 'string') return refused(new Problem('conflict', next));

  const settled: Job = { ...next, settled_token: ask.token, crashes: 0 };
  return tried({ next: settled, gate: gateOf(ask.outcome, at), answer: { state: next.state } }, job, [ask.attempt]);
}

/** States in which a claim's late answer, if it is certain, settles the write. */
const LATE: { readonly [K in 'succeeded' | 'failed']: readonly State[] } = {
  // Also where the write is about to be sent again: that would do it twice. Not once it is being sent again.
  succeeded: ['UNKNOWN', 'RECONCILING', 'NEEDS_REVIEW', 'ACCEPTED', 'RETRY_WAIT', 'HELD', 'RELEASED'],
  failed: ['UNKNOWN', 'RECONCILING', 'NEEDS_REVIEW'],
};

/** From a claim that is over: a certain answer to the sending in doubt counts, a repetition is answered again, the rest is evidence. */
function settleLate(job: Job, ask: Settle, at: Circumstances): Decided<{ state: State }> {
  const { outcome } = ask;
  if ((outcome.kind === 'succeeded' || outcome.kind === 'failed') && job.doubt_token === ask.token) {
    if (LATE[outcome.kind].includes(job.state)) {
      const steps = ask.finished ? stepDone(job.steps, ask.finished.step, ask.finished.result) : job.steps;
      const next = rule(PERFORMING, { ...job, steps }, outcome, at);
      if (typeof next !== 'string') {
        const settled: Job = { ...next, resolution: 'late', settled_token: ask.token };
        return tried({ next: settled, answer: { state: next.state } }, job, [ask.attempt], true);
      }
    }
  }
  if (job.settled_token === ask.token) return unchanged({ state: job.state });
  return tried(refused(new Problem('conflict', OUTDATED)), job, [ask.attempt], true);
}

function rule<K extends Kind>(rules: Rules, job: Job, outcome: OutcomeOf<K>, at: Circumstances): Job | string {
  const kind: K = outcome.kind;
  return rules[kind](job, outcome, at);
}

function gateOf(outcome: Outcome, at: Circumstances) {
  if (outcome.kind === 'hold') return { held_reason: outcome.reason };
  if (outcome.kind === 'retry' && outcome.pause) return { paused_until: at.now + asked(outcome.after_ms ?? DEFAULT_PAUSE_MS) };
  return undefined;
}
const DEFAULT_PAUSE_MS = 30_000;

const succeeded: Rule<'succeeded'> = (job, outcome, at) =>
  enter(job, 'SUCCEEDED', at, {
    x_id: outcome.x_id ?? job.x_id,
    resolution: outcome.resolution ?? (job.state === 'RECONCILING' ? 'reconciled' : 'answered'),
    steps: job.steps.map((step) => (step.state === 'sent' ? { ...step, state: 'done', x_id: outcome.x_id } : step)),
    errors: [],
    retriable: false,
    settle_by: null,
  });

const failed: Rule<'failed'> = (job, outcome, at) =>
  giveUp(job, at, { errors: outcome.errors, retriable: outcome.retriable, resolution: 'answered', settle_by: null });

const review = (job: Job, errors: readonly string[], at: Circumstances): Job =>
  enter(job, 'NEEDS_REVIEW', at, { errors, retriable: false, settle_by: null });

const again = (job: Job, at: Circumstances, changes: Partial<Progress> = {}): Job =>
  enter(job, 'RETRY_WAIT', at, { steps: onlyDone(job.steps), retries: job.retries + 1, settle_by: null, ...changes });

/** Back into doubt, to be looked at later: by the worker's word, or by our own patience. */
const stillInDoubt = (job: Job, at: Circumstances, afterMs: number | undefined, changes: Partial<Progress> = {}): Job =>
  enter(job, 'UNKNOWN', at, {
    reconciliations: job.reconciliations + 1,
    due_at: at.now + (afterMs === undefined ? backoff(job.reconciliations + 1, at.random) : asked(afterMs)),
    ...changes,
  });

/** The step in doubt is proven done and others follow. */
const resume: Rule<'resume'> = (job, _outcome, at) =>
  inDoubt(job)
    ? 'The step in doubt is not proven: name it as finished.'
    : again(job, at, { errors: [], due_at: null, retries: job.retries });

/** The count belongs to this sending: another one begins anew. */
const lookedInVain = (step: Step): Step => (step.state === 'sent' ? { ...step, empty_looks: (step.empty_looks ?? 0) + 1 } : step);

const NOTHING_SENT = 'Nothing was sent under this claim, so its outcome is not in doubt.';

const PERFORMING: Rules = {
  succeeded,
  failed,
  resume,
  retry: (job, outcome, at) =>
    again(job, at, {
      errors: outcome.errors,
      ...(outcome.unmade ? { retries: job.retries } : {}),
      due_at: at.now + (outcome.after_ms === undefined ? backoff(job.retries, at.random) : asked(outcome.after_ms)),
    }),
  hold: (job, outcome, at) => enter(job, 'HELD', at, { steps: onlyDone(job.steps), errors: [outcome.reason] }),
  doubt: (job, outcome, at) => {
    if (!inDoubt(job)) return NOTHING_SENT;
    const doubt = { doubt_policy: outcome.policy, doubt_token: job.token, errors: outcome.errors };
    if (outcome.policy === 'person') return { ...review(job, outcome.errors, at), ...doubt };
    return enter(job, 'UNKNOWN', at, {
      ...doubt,
      due_at: at.now + asked(outcome.settle_after_ms),
      settle_by: at.now + outcome.settle_within_ms,
    });
  },
  absent: () => 'Only reconciling can prove that a write had no effect.',
  review: (job, outcome, at) => {
    if (!inDoubt(job)) return NOTHING_SENT;
    return { ...review(job, outcome.errors, at), doubt_policy: 'person', doubt_token: job.token };
  },
};

const RECONCILING: Rules = {
  succeeded,
  failed,
  resume: (job, outcome, at) =>
    job.doubt_policy === RESTORED && !inDoubt(job) ? review(job, [MAY_BE_DONE], at) : resume(job, outcome, at),
  /** The PMS could not be asked. */
  retry: (job, outcome, at) => (inDoubt(job) ? stillInDoubt(job, at, outcome.after_ms) : PERFORMING.retry(job, outcome, at)),
  hold: (job, outcome, at) =>
    inDoubt(job) ? stillInDoubt(job, at, undefined) : again(job, at, { errors: [outcome.reason], due_at: null }),
  doubt: (job, outcome, at) => {
    if (outcome.policy === 'person') return { ...review(job, outcome.errors, at), doubt_policy: 'person' };
    // A doubt that began with a silent worker had a limit that was only guessed; its own declaration replaces it.
    const settle_by = job.doubt_policy === null ? at.now + outcome.settle_within_ms : job.settle_by;
    const policy = job.doubt_policy === RESTORED ? RESTORED : outcome.policy;
    const steps = outcome.empty_look ? job.steps.map(lookedInVain) : job.steps;
    return stillInDoubt(job, at, outcome.settle_after_ms, {
      doubt_policy: policy,
      settle_by,
      errors: outcome.errors,
      steps,
    });
  },
  /** Sent once more, never twice: what is absent a second time may simply be invisible. */
  absent: (job, outcome, at) => {
    const errors = [...outcome.errors];
    if (job.resends > 0) return review(job, [...errors, 'It was sent twice and not found afterwards.'], at);
    return again(job, at, { errors, due_at: null, resends: job.resends + 1 });
  },
  review: (job, outcome, at) => review(job, outcome.errors, at),
};
