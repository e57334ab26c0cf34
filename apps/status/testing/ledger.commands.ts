/**
 * What can happen to the writes of one integration, as commands (see Happening), how often, and what it makes of the model. Workers keep to their
 * contract (they finish only what they sent); everything else comes in any order, with any token.
 */
import fc from 'fast-check';
import type { Outcome } from '#messaging';
import { Problem } from '#problem';
import { cancel } from '../src/decide/person.ts';
import { customer, type TestLedger } from './ledger.fixture.ts';
import { Happening, Opening, replyOf, type Deed, type IsPossible } from './ledger.happening.ts';
import { ENDINGS, type EndingKind, type Life, type ModelWrite } from './ledger.model.ts';

const FAR_MS = 86_400_000;
const WORKERS = ['worker one', 'worker two'] as const;
const STEPS = ['create', 'attach'] as const;

const OUTCOMES: { readonly [Kind in EndingKind]: (id: string) => Outcome } = {
  succeeded: (id) => ({ kind: 'succeeded', x_id: id }),
  failed: () => ({ kind: 'failed', errors: ['No.'], retriable: false }),
  retry: () => ({ kind: 'retry', errors: [], after_ms: FAR_MS }),
  pause: () => ({ kind: 'retry', errors: [], after_ms: FAR_MS, pause: true }),
  hold: () => ({ kind: 'hold', reason: 'refused' }),
  doubt: () => ({ kind: 'doubt', errors: [], policy: 'search', settle_after_ms: FAR_MS, settle_within_ms: 2 * FAR_MS }),
  'doubt for a person': () => ({ kind: 'doubt', errors: [], policy: 'person', settle_after_ms: 0, settle_within_ms: 0 }),
  resume: () => ({ kind: 'resume' }),
  absent: () => ({ kind: 'absent', errors: [] }),
  review: () => ({ kind: 'review', errors: [] }),
};
const ATTEMPT = {
  started_at: '2026-01-01T00:00:00Z',
  ended_at: '2026-01-01T00:00:01Z',
  evidence: 'B',
  pms_status: 200,
  message: null,
} as const;
const resultOf = (step: string) => ({ step, result: { x_id: null, memo: {} }, attempt: { ...ATTEMPT, step } });
const UNPAUSE = `update ledger.gate set paused_until = now() - interval '1 hour' where integration_id = $1`;

const nth = fc.nat(5);
/** Two that end a write, eight that do not. */
const ending = fc.constantFrom(...ENDINGS);
/** How many claims ago: mostly now. */
const age = fc.oneof({ arbitrary: fc.constant(0), weight: 3 }, { arbitrary: fc.integer({ min: 1, max: 2 }), weight: 2 });
const step = fc.constantFrom(...STEPS);

/** What time does: a moment passes, and the sweeper looks. */
function passing(
  name: string,
  moments: readonly Parameters<TestLedger['pass']>[1][],
  then: (write: ModelWrite) => void,
  isPossible: IsPossible,
): fc.Arbitrary<Happening> {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    for (const moment of moments) await t.pass(id, moment);
    await t.sweeper.sweep();
    then(write);
  };
  return nth.map((index) => new Happening(name, index, deed, isPossible));
}

const isClaimed: IsPossible = ({ worker }) => worker !== null;
const isUnclaimed: IsPossible = ({ state, worker }) => worker === null && (state === 'RELEASED' || state === 'RECONCILING');
const isIn =
  (...states: readonly Life[]): IsPossible =>
  ({ state }) =>
    states.includes(state);
/** By the claim that holds or held last, or by one before it. */
const wasClaimed =
  (ago: number): IsPossible =>
  ({ token }) =>
    token > ago;

const claiming = fc.tuple(nth, fc.constantFrom(...WORKERS), age).map(([index, worker, ago]) => {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    const release = write.release - ago;
    const claimed = t.ledger.claim(t.pms, { job_id: id, release, worker });
    return [write.claim(worker, release), await replyOf(claimed, (claim) => claim === null)];
  };
  return new Happening(`${worker} claims${ago ? ` by a release ${ago} back` : ''}`, index, deed, isIn('RELEASED', 'RECONCILING'));
});
const sending = fc.tuple(nth, step, age).map(([index, name, ago]) => {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    const token = write.token - ago;
    const advanced = t.ledger.advance(t.pms, { job_id: id, token, sending: { step: name, memo: {} } });
    const isNotNow = (answer: unknown): boolean => Object.keys(answer as object).some((key) => key !== 'lease_ms');
    return [write.sending(token, name), await replyOf(advanced, isNotNow)];
  };
  return new Happening(`sends ${name}${ago ? ` by a token ${ago} back` : ''}`, index, deed, wasClaimed(ago));
});
const finishing = fc.tuple(nth, step, age).map(([index, name, ago]) => {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    const token = write.token - ago;
    const advanced = t.ledger.advance(t.pms, { job_id: id, token, finished: resultOf(name) });
    return [write.finished(token, name), await replyOf(advanced)];
  };
  return new Happening(
    `finished ${name}${ago ? ` by a token ${ago} back` : ''}`,
    index,
    deed,
    ({ steps }) => steps.get(name) === 'sent',
  );
});
const settling = fc.tuple(nth, ending, age).map(([index, how, ago]) => {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    const token = write.token - ago;
    const settled = t.ledger.settle(t.pms, { job_id: id, token, outcome: OUTCOMES[how](id) });
    return [write.settle(token, how), await replyOf(settled)];
  };
  return new Happening(`${how}${ago ? ` by a token ${ago} back` : ''}`, index, deed, wasClaimed(ago));
});
/** A worker that takes a write and does its work as far as to some ending, or to none: what random order alone rarely comes to. */
const working = fc.tuple(nth, fc.boolean(), fc.option(ending, { freq: 3 })).map(([index, finishes, how]) => {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    const { release, state } = write;
    const claimed = t.ledger.claim(t.pms, { job_id: id, release, worker: WORKERS[0] });
    const byModel = [write.claim(WORKERS[0], release)];
    const byLedger = [await replyOf(claimed, (claim) => claim === null)];
    const of = { job_id: id, token: write.token };
    if (byModel[0] === 'done' && state === 'RELEASED') {
      const name = write.steps.get(STEPS[0]) === 'done' ? STEPS[1] : STEPS[0];
      byModel.push(write.sending(of.token, name));
      byLedger.push(await replyOf(t.ledger.advance(t.pms, { ...of, sending: { step: name, memo: {} } })));
      if (finishes && byModel[1] === 'done') {
        byModel.push(write.finished(of.token, name));
        byLedger.push(await replyOf(t.ledger.advance(t.pms, { ...of, finished: resultOf(name) })));
      }
    }
    if (byModel[0] === 'done' && how !== null) {
      byModel.push(write.settle(of.token, how));
      byLedger.push(await replyOf(t.ledger.settle(t.pms, { ...of, outcome: OUTCOMES[how](id) })));
    }
    return [byModel.join(), byLedger.join()];
  };
  return new Happening(`is worked on${finishes ? ', a step is finished' : ''}${how ? `: ${how}` : ''}`, index, deed, isUnclaimed);
});
/** A worker wakes up that lost its claim to another, which is at work. */
const late = fc.tuple(nth, ending, step).map(([index, how, name]) => {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    const token = write.token - 1;
    const byModel = [write.sending(token, name), write.settle(token, how)];
    const sent = await replyOf(t.ledger.advance(t.pms, { job_id: id, token, sending: { step: name, memo: {} } }));
    const settled = await replyOf(t.ledger.settle(t.pms, { job_id: id, token, outcome: OUTCOMES[how](id) }));
    return [byModel.join(), [sent, settled].join()];
  };
  return new Happening(`wakes up late: ${how}`, index, deed, ({ token, worker }) => token > 1 && worker !== null);
});
/** The answer comes after all, to whoever asked last. */
const answering = fc.tuple(nth, fc.constantFrom('succeeded' as const, 'failed' as const)).map(([index, how]) => {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    const { token } = write;
    const settled = t.ledger.settle(t.pms, { job_id: id, token, outcome: OUTCOMES[how](id) });
    return [write.settle(token, how), await replyOf(settled)];
  };
  return new Happening(`is answered after all: ${how}`, index, deed, isIn('UNKNOWN', 'NEEDS_REVIEW'));
});
const blaming = fc.tuple(nth, age).map(([index, ago]) => {
  const deed: Deed = async ({ write, id, real: { t } }) => {
    const token = write.token - ago;
    const blamed = t.ledger.blame(t.pms, { job_id: id, token, how: 'exit 1' });
    return [write.blame(token), await replyOf(blamed)];
  };
  return new Happening(`ends its process${ago ? ` by a token ${ago} back` : ''}`, index, deed, wasClaimed(ago));
});
const deciding = fc
  .tuple(nth, fc.constantFrom('cancel', 'retry', 'retry', 'succeeded', 'failed'), fc.nat(4))
  .map(([index, what, sense]) => {
    const deed: Deed = async ({ write, id, real: { t } }) => {
      const ask = { principal: customer(), job_id: id };
      if (what === 'cancel') return [write.cancel(), await replyOf(t.ledger.cancel(ask))];
      if (what === 'retry') return [write.retry(), await replyOf(t.ledger.retry(ask))];
      const outcome = what as 'succeeded' | 'failed';
      return [write.resolve(outcome), await replyOf(t.ledger.resolve({ ...ask, outcome, reason: 'seen' }))];
    };
    // Most know what can be decided, others find out.
    const isPossible = what === 'cancel' || sense === 0 ? undefined : isIn(what === 'retry' ? 'FAILED' : 'NEEDS_REVIEW');
    return new Happening(`a person says ${what}`, index, deed, isPossible);
  });
const pausing = nth.map((index) => {
  const deed: Deed = async ({ model, real: { t, integrationId } }) => {
    await t.database.run(UNPAUSE, integrationId);
    await t.dispatcher.wakeAll();
    model.gate.isPaused = false;
  };
  return new Happening('the pause ends', index, deed, (_, { gate }) => gate.isPaused);
});
const gating = (what: 'hold' | 'open', isPossible: IsPossible) =>
  nth.map((index) => {
    const deed: Deed = async ({ model, real: { t, integrationId } }) => {
      await t.ledger.gate(integrationId, what === 'hold' ? 'held by hand' : null);
      model.gate.isHeld = what === 'hold';
      if (what === 'open') for (const write of model.writes) write.opened();
    };
    return new Happening(`gate: ${what}`, index, deed, isPossible);
  });
/** The process dies before it commits: then nothing has happened. */
const dying = nth.map((index) => {
  const deed: Deed = async ({ id, real: { t } }) => {
    const dead = t.ledger.transact(async (session, consequences) => {
      await t.ledger.run(session, [{ job_id: id, decide: (job, _gate, at) => cancel(job, at) }], consequences);
      throw new Problem('conflict', 'died');
    });
    return ['refused', await replyOf(dead)];
  };
  return new Happening('dies before the commit', index, deed);
});

const isRetriedLater: IsPossible = ({ state, isReady }) => state === 'RETRY_WAIT' && !isReady;
const isOld: IsPossible = ({ state, worker }) =>
  ['ACCEPTED', 'RETRY_WAIT', 'HELD'].includes(state) || (state === 'RELEASED' && worker === null);

/** How often what happens, among a hundred or so. What ends a write is rare, what makes it go on is not. */
const WEIGHTS: readonly (readonly [number, fc.Arbitrary<Happening | Opening>])[] = [
  [4, fc.constant(new Opening())],
  [18, working],
  [8, claiming],
  [8, sending],
  [4, finishing],
  [6, settling],
  [10, late],
  [3, answering],
  [3, blaming],
  [6, deciding],
  [1, dying],
  [1, gating('hold', () => true)],
  [1, gating('open', () => true)],
  [8, gating('open', (_, { gate }) => gate.isHeld)],
  [8, pausing],
  [8, passing('the lease ends', ['lease_until'], (write) => write.expire(), isClaimed)],
  [8, passing('time to look', ['due_at'], (write) => write.look(false), isIn('UNKNOWN'))],
  [2, passing('too late to look', ['due_at', 'settle_by'], (write) => write.look(true), isIn('UNKNOWN'))],
  [8, passing('time to retry', ['due_at'], (write) => void (write.isReady = true), isRetriedLater)],
  [1, passing('nobody claims', ['released_at'], (write) => write.unclaimed(), isUnclaimed)],
  [1, passing('too old', ['deadline_at'], (write) => write.tooOld(), isOld)],
];

/** `maxCommands`: of one run. */
export const happenings = (maxCommands: number) =>
  fc.commands(
    WEIGHTS.flatMap(([weight, arbitrary]) => Array.from({ length: weight }, () => arbitrary)),
    { maxCommands, size: 'max' },
  );
