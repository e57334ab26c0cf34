/**
 * Whatever happens to a write, in whatever order: what a decision must never do. The commands are random, the rules are not: the model below
 * is the PMS, which knows how often it was really asked.
 */
import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import type { Outcome } from '#messaging';
import { Problem } from '#problem';
import type { Circumstances, Job } from '../job.ts';
import { MEANING, TRANSITIONS } from '../states.ts';
import { advance, claim } from './claim.ts';
import { cancel, retry } from './person.ts';
import { settle } from './settle.ts';
import { expire, look, release, republish, tooOld } from './time.ts';

const OPEN = { held_reason: null, paused_until: null };
const HOUR = 3_600_000;

const accepted = (): Job => ({
  id: 'j', organization_id: 'o', integration_id: 'i', pms: 'p', model: 'm', operation: 'create', record_id: 'r', lane: 'l',
  refresh: false, traceparent: null, payload: {}, x_id: null, references: {}, state: 'ACCEPTED', release_no: 0, unclaimed: 0, released_at: null,
  token: 0, worker: null, lease_until: null, due_at: null, deadline_at: 24 * HOUR, sent_at: null, completed_at: null, steps: [],
  errors: [], retriable: false, resolution: null, doubt_policy: null, settle_by: null, doubt_token: null, settled_token: null,
  retries: 0, reconciliations: 0, resends: 0, crashes: 0, attempts: 0, event_sequence: 0, blocked_by: null, depends_on: [],
  awaits: {}, refreshed_at: null, verified: null, differences: [],
}); // prettier-ignore

/** A worker that may be slow: it acts on the claim that it once got, whatever has become of it. */
interface Worker {
  /** Of one try on one message, like the name. */
  readonly release: number;
  readonly name: string;
  readonly token: number;
  readonly mode: 'perform' | 'reconcile';
  /** Its `sending` was answered, so it calls the PMS. */
  sent: boolean;
}

const doubt: Outcome = { kind: 'doubt', errors: [], policy: 'search', settle_after_ms: 1_000, settle_within_ms: HOUR };

/** What a truthful worker says, given whether the PMS took the write. */
const OUTCOMES: readonly ((took: boolean, worker: Worker) => Outcome)[] = [
  (took) => (took ? { kind: 'succeeded', x_id: 'x' } : { kind: 'retry', errors: [] }),
  (took, worker) => (took || worker.mode === 'reconcile' ? doubt : { kind: 'failed', errors: ['no'], retriable: true }),
  (took, worker) =>
    worker.mode === 'reconcile' ? (took ? { kind: 'succeeded', x_id: 'x' } : { kind: 'absent', errors: [] }) : doubt,
  (_took, worker) => (worker.sent || worker.mode === 'reconcile' ? doubt : { kind: 'hold', reason: 'refused' }),
];

/** Cheaper than a matcher, a few hundred thousand times. */
const must = (holds: boolean, words: string): void => {
  if (!holds) throw new Error(words);
};

describe('decisions about a write', () => {
  it('never send it twice, never lose it, and never say what is not so', () => {
    const step = fc.record({
      // What only makes sense in a few states is rare, or most histories would end before they became interesting.
      what: fc.oneof(
        ...(
          [
            ['tick', 6],
            ['claim', 6],
            ['askAgain', 2],
            ['send', 6],
            ['settle', 6],
            ['cancel', 1],
            ['retry', 2],
            ['tooOld', 1],
          ] as const
        ).map(([name, weight]) => ({ arbitrary: fc.constant(name), weight })),
      ),
      who: fc.oneof({ arbitrary: fc.constant(0), weight: 3 }, fc.nat(3)),
      outcome: fc.constantFrom(...OUTCOMES),
      took: fc.boolean(),
      wait: fc.constantFrom(0, 2_000, 100_000),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 40, maxLength: 80 }), (steps) => {
        let job = accepted();
        let now = 0;
        let effects = 0;
        let tries = 0;
        const workers: Worker[] = [];
        const at = (): Circumstances => ({ now, leaseMs: 60_000, ageLimitMs: 24 * HOUR, random: () => 0.5 });
        const apply = <Answer>(decided: { next: Job | null; answer: Answer | Problem }): Answer | undefined => {
          const { next, answer } = decided;
          if (next) {
            must(next.state === job.state || next.state in TRANSITIONS[job.state], `${job.state} to ${next.state}`);
            must(next.token >= job.token, 'a token never falls');
            must(next.event_sequence >= job.event_sequence, 'events are numbered upwards');
            job = next;
          }
          return answer instanceof Problem ? undefined : answer;
        };
        const act = {
          /** The sweeper, then the dispatcher. */
          tick: () => {
            for (const each of [expire, look, republish]) apply(each(job, at()));
            if (job.state === 'RETRY_WAIT' && (job.due_at ?? 0) <= now) job = { ...job, due_at: null };
            apply(release(job, at()));
          },
          tooOld: () => apply(tooOld(job, at())),
          cancel: () => apply(cancel(job, at())),
          retry: () => apply(retry(job, at())),
          claim: () => {
            const ask = { release: job.release_no, worker: `w${(tries += 1)}` };
            const claimed = apply(claim(job, ask, OPEN, at()));
            if (claimed) workers.push({ ...ask, name: ask.worker, token: claimed.token, mode: claimed.mode, sent: false });
          },
          /** The answer to its claim was lost, or its question is only now delivered. */
          askAgain: (worker: Worker | undefined) => {
            if (!worker) return;
            const claimed = apply(claim(job, { release: worker.release, worker: worker.name }, OPEN, at()));
            if (claimed) must(claimed.token === worker.token, 'the same claim, or none');
          },
          send: (worker: Worker | undefined, took: boolean) => {
            if (!worker || worker.sent) return;
            if (!apply(advance(job, { job_id: 'j', token: worker.token, sending: { step: 's', memo: {} } }, OPEN, at()))) return;
            worker.sent = true;
            // Only a write that is not there may be sent.
            must(effects === 0, 'sent twice');
            if (took) effects += 1;
          },
          settle: (worker: Worker | undefined, outcome: (typeof OUTCOMES)[number]) => {
            if (worker) apply(settle(job, { job_id: 'j', token: worker.token, outcome: outcome(effects > 0, worker) }, at()));
          },
        };
        for (const { what, who, outcome, took, wait } of steps) {
          now += wait;
          const worker = workers.at(-1 - (who % Math.max(1, workers.length)));
          if (what === 'send') act.send(worker, took);
          else if (what === 'settle') act.settle(worker, outcome);
          else if (what === 'askAgain') act.askAgain(worker);
          else act[what]();
          if (MEANING[job.state].outcome === 'certain' && MEANING[job.state].phase === 'ended') {
            must(effects === (job.state === 'SUCCEEDED' ? 1 : 0), `${job.state} after ${effects} effects`);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
