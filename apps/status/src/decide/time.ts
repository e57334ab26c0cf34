/** What time does to a write: the dispatcher's release, the ends of leases, of doubts and of patience, and the fate of what it waits for. */
import type { Circumstances, Job } from '../job.ts';
import { crashed, rerelease } from './crash.ts';
import { unclaimedAfter } from './delays.ts';
import { enter, giveUp, unchanged, type Decided } from './verdict.ts';

const done = (next: Job): Decided<null> => ({ next, answer: null });
const nothing = unchanged<null>(null);

/** Hands the write to the workers. */
export function release(job: Job, at: Circumstances): Decided<null> {
  const waits = job.blocked_by !== null || job.due_at !== null || job.depends_on.length > 0;
  if ((job.state !== 'ACCEPTED' && job.state !== 'RETRY_WAIT') || waits) return nothing;
  return done(enter(job, 'RELEASED', at, { release_no: job.release_no + 1, released_at: at.now, unclaimed: 0 }));
}

/** The worker was silent for the whole lease: it may have died, of this write or of another that it worked on. */
export const expire = (job: Job, at: Circumstances): Decided<null> =>
  job.lease_until === null || job.lease_until > at.now ? nothing : crashed(job, { is_guilty: false }, at);

/** Nobody claimed the release: its message may be lost, so it is published again under a new number. */
export function republish(job: Job, at: Circumstances): Decided<null> {
  const isOut = job.state === 'RELEASED' || job.state === 'RECONCILING';
  if (!isOut || job.lease_until !== null || (job.released_at ?? 0) + unclaimedAfter(job.unclaimed) > at.now) return nothing;
  if (job.state === 'RECONCILING' && (job.settle_by ?? 0) <= at.now) return done(overdue(job, at));
  return done(rerelease(job, at, { unclaimed: Math.min(job.unclaimed + 1, 1_000) }));
}

/** Time to look whether a write in doubt took effect, or to call a person because looking has not helped for too long. */
export function look(job: Job, at: Circumstances): Decided<null> {
  if (job.state !== 'UNKNOWN' || (job.due_at ?? 0) > at.now) return nothing;
  if ((job.settle_by ?? 0) <= at.now) return done(overdue(job, at));
  return done(enter(job, 'RECONCILING', at, { release_no: job.release_no + 1, released_at: at.now, unclaimed: 0 }));
}

const overdue = (job: Job, at: Circumstances): Job =>
  enter(job, 'NEEDS_REVIEW', at, {
    errors: [
      ...job.errors,
      'It could not be found out in time whether the PMS carried the write out. Look it up there, then resolve it.',
    ],
    retriable: false,
    settle_by: null,
  });

/** Nobody has read the record back yet: the event that says so may be lost. */
export const retell = (job: Job): Decided<null> =>
  job.refresh && job.refreshed_at === null && TOOK_EFFECT.includes(job.state) ? { ...nothing, retell: true } : nothing;

const TOOK_EFFECT: readonly Job['state'][] = ['SUCCEEDED', 'PARTIAL'];

/** Too old to be sent. Never touches what may have been sent. */
export function tooOld(job: Job, at: Circumstances): Decided<null> {
  const unsent = ['ACCEPTED', 'RETRY_WAIT', 'HELD'].includes(job.state) || (job.state === 'RELEASED' && job.lease_until === null);
  if (!unsent || job.deadline_at > at.now) return nothing;
  const hours = Math.round(at.ageLimitMs / 3_600_000);
  const errors = [...job.errors, `The write could not be sent within ${hours} hours and was given up.`];
  return done(giveUp(job, at, { errors, retriable: true }));
}

/** What the write waits for did not bring the id it needs. */
export function orphan(job: Job, cause: { readonly job_id: string; readonly why: string }, at: Circumstances): Decided<null> {
  if (!['ACCEPTED', 'RETRY_WAIT', 'HELD'].includes(job.state)) return nothing;
  const errors = [`The record that this write needs was not created: write ${cause.job_id} ${cause.why}.`];
  return done(giveUp(job, at, { errors, retriable: true }));
}

/** What the write waits for is there: its id takes its place. */
export function supplied(job: Job, from: { readonly job_id: string; readonly x_id: string }): Decided<null> {
  const fields = Object.entries(job.awaits).filter(([, awaited]) => awaited === from.job_id);
  const references = { ...job.references, ...Object.fromEntries(fields.map(([field]) => [field, from.x_id])) };
  return done({ ...job, references, depends_on: job.depends_on.filter((id) => id !== from.job_id) });
}
