/** What people may do to a write, and what the cache tells about it. Refusals say what the state is and what would be possible. */
import type { JobRequest, NoteRefresh, State } from '#messaging';
import { Problem } from '#problem';
import type { Circumstances, Job } from '../job.ts';
import { enter, giveUp, refused, unchanged, type Decided } from './verdict.ts';

type Done = { success: boolean; job_id: string };

const CANCELLABLE: readonly State[] = ['ACCEPTED', 'RETRY_WAIT', 'HELD', 'RELEASED'];

/** Takes back a write that was not sent. One that a worker holds but has not sent is fenced off: the worker's next message is refused. */
export function cancel(job: Job, at: Circumstances): Decided<Done> {
  if (!CANCELLABLE.includes(job.state)) {
    return refused(new Problem('conflict', `Only a write that was not sent can be cancelled; this one is ${job.state}.`));
  }
  const next = giveUp(job, at, { errors: ['The write was cancelled before it was sent.'], retriable: false }, 'CANCELLED');
  return { next, answer: { success: true, job_id: job.id } };
}

/** Accepts a failed write anew, under its own id, with everything that it went through kept as attempts. */
export function retry(job: Job, at: Circumstances): Decided<Done> {
  if (job.state !== 'FAILED') {
    const hint = job.state === 'NEEDS_REVIEW' ? ' Its outcome is in doubt: resolve it first.' : '';
    return refused(new Problem('conflict', `Only a failed write can be retried; this one is ${job.state}.${hint}`));
  }
  const next = enter(job, 'ACCEPTED', at, {
    deadline_at: at.now + at.ageLimitMs,
    errors: [],
    retriable: false,
    resolution: null,
    retries: 0,
    crashes: 0,
    resends: 0,
    reconciliations: 0,
    doubt_policy: null,
    doubt_token: null,
    settled_token: null,
    sent_at: null,
  });
  return { next, requeue: true, answer: { success: true, job_id: job.id } };
}

/** A person has looked into the PMS. The reason is kept; it is all that will ever explain this outcome. */
export function resolve(job: Job, ask: JobRequest, at: Circumstances): Decided<{ state: State }> {
  if (job.state !== 'NEEDS_REVIEW') {
    return refused(new Problem('conflict', `Only a write that needs a review can be resolved; this one is ${job.state}.`));
  }
  const reason = ask.reason?.trim();
  if (!reason || !ask.outcome) {
    return refused(
      Problem.invalid([
        ...(reason ? [] : [{ pointer: '/reason', code: 'required' as const, detail: 'Say how the outcome was found out.' }]),
        ...(ask.outcome ? [] : [{ pointer: '/outcome', code: 'required' as const, detail: 'Say "succeeded" or "failed".' }]),
      ]),
    );
  }
  const by = `Resolved as ${ask.outcome} with key ${ask.principal.key_id}: ${reason}`;
  const next =
    ask.outcome === 'succeeded'
      ? enter(job, 'SUCCEEDED', at, { x_id: ask.x_id ?? job.x_id, errors: [], resolution: by })
      : giveUp(job, at, { errors: [...job.errors, by], retriable: true, resolution: by });
  return { next, answer: { state: next.state } };
}

/** The integration works again. */
export function resume(job: Job, at: Circumstances): Decided<null> {
  return job.state === 'HELD' ? { next: enter(job, 'ACCEPTED', at, { errors: [] }), answer: null } : unchanged(null);
}

/** The PMS's own value is back in the cache. An older note never replaces a newer one. */
export function refreshed(job: Job, note: NoteRefresh): Decided<{ ok: true }> {
  const refreshed_at = Date.parse(note.refreshed_at);
  if (Number.isNaN(refreshed_at) || refreshed_at < (job.refreshed_at ?? 0)) return unchanged({ ok: true });
  return { next: { ...job, refreshed_at, verified: note.verified, differences: note.differences ?? [] }, answer: { ok: true } };
}
