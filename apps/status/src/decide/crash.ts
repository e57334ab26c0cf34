/**
 * A process died, or did nothing any more, with writes in its hands. Which of them was to blame nobody knows: each becomes a suspect, and suspects
 * are worked on one at a time, in a process of their own. One that ends such a process is guilty, and is given up after a few times; those that only
 * happened to be there succeed, and are suspects no more.
 */
import type { State } from '#messaging';
import { Problem } from '#problem';
import type { Circumstances, Job } from '../job.ts';
import { iso, OUTDATED } from './claim.ts';
import { backoff, CRASH_LIMIT, DOUBT_LIMIT_MS } from './delays.ts';
import { enter, giveUp, inDoubt, refused, tried, type Decided } from './verdict.ts';

const done = (next: Job): Decided<null> => ({ next, answer: null });

/** The process that had nothing but this write in its hands ended. */
export function blame(
  job: Job,
  ask: { readonly token: number; readonly how: string },
  at: Circumstances,
): Decided<{ state: State }> {
  if (job.token !== ask.token || job.lease_until === null) return refused(new Problem('conflict', OUTDATED));
  const { next, ...rest } = crashed(job, { is_guilty: true }, at);
  return { ...rest, next, answer: { state: next?.state ?? job.state } };
}

/**
 * What becomes of a write that was claimed when its process ended. Between two sendings that is harmless; with a step on its way nobody knows, and
 * the write goes to be reconciled at once: its worker knows how.
 */
export function crashed(job: Job, { is_guilty }: { readonly is_guilty: boolean }, at: Circumstances): Decided<null> {
  const crashes = is_guilty ? job.crashes + 1 : Math.max(job.crashes, 1);
  if (job.state === 'RECONCILING') return done(whileLooking({ ...job, crashes }, at));
  const doubt = inDoubt(job);
  if (doubt) {
    const next = enter({ ...job, crashes }, 'UNKNOWN', at, {
      due_at: at.now,
      settle_by: at.now + DOUBT_LIMIT_MS,
      doubt_policy: null,
      doubt_token: job.token,
      errors: ['The worker fell silent while the write was on its way to the PMS.'],
    });
    const attempt = {
      step: doubt.name,
      started_at: doubt.sent_at ?? iso(at.now),
      ended_at: iso(at.now),
      evidence: 'C' as const,
      pms_status: null,
      message: 'The worker fell silent; the request may have reached the PMS.',
    };
    return tried(done(next), job, [attempt]);
  }
  if (crashes >= CRASH_LIMIT) {
    const errors = [`The adapter crashed ${crashes} times before it could send the write.`];
    return done(giveUp(job, at, { errors, retriable: true, crashes }));
  }
  return done(rerelease(job, at, { crashes, unclaimed: 0 }));
}

function whileLooking(job: Job, at: Circumstances): Job {
  // It had proven the step in doubt, but did not get to say that others follow.
  if (!inDoubt(job)) return enter(job, 'RETRY_WAIT', at, { due_at: null, settle_by: null });
  if (job.crashes >= CRASH_LIMIT) {
    const errors = [...job.errors, `The adapter crashed ${job.crashes} times while it looked: a person must look.`];
    return enter(job, 'NEEDS_REVIEW', at, { errors, retriable: false, settle_by: null });
  }
  const due_at = at.now + backoff(job.reconciliations + 1, at.random);
  return enter(job, 'UNKNOWN', at, { due_at, reconciliations: job.reconciliations + 1 });
}

/** Out again, under a new number. */
export const rerelease = (job: Job, at: Circumstances, changes: Partial<Job>): Job =>
  enter(job, job.state === 'RECONCILING' ? 'RECONCILING' : 'RELEASED', at, {
    release_no: job.release_no + 1,
    released_at: at.now,
    ...changes,
  });
