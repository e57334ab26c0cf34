/**
 * The database was put back to an older backup. What was done after the backup was taken is not in it: a write that looks unsent may have been
 * carried out, and a step after the one that was under way may have been too. Nothing that stood open then may be sent on its word.
 */
import type { Circumstances, Job } from '../job.ts';
import { MEANING } from '../states.ts';
import { DOUBT_LIMIT_MS } from './delays.ts';
import { enter, inDoubt, unchanged, type Decided } from './verdict.ts';

/** The policy of a doubt that comes from a restored backup; until it is settled, it outlasts what its worker declares. */
export const RESTORED = 'restored';

export const MAY_BE_DONE =
  'The ledger was restored from a backup, so what became of this write afterwards is not known. Look it up in the PMS, then resolve it.';

/** What is known to have been sent is looked for, as any doubt is. The rest is a person's: nobody noted what would have to be looked for. */
export function restored(job: Job, at: Circumstances): Decided<{ became: 'doubt' | 'review' } | null> {
  if (MEANING[job.state].phase === 'ended') return unchanged(null);
  if (!inDoubt(job)) {
    const next = enter(job, 'NEEDS_REVIEW', at, { errors: [MAY_BE_DONE], retriable: false, settle_by: null });
    return { next, answer: { became: 'review' } };
  }
  const next = enter(job, 'UNKNOWN', at, {
    due_at: at.now,
    settle_by: at.now + DOUBT_LIMIT_MS,
    doubt_policy: RESTORED,
    errors: ['The ledger was restored from a backup that was taken while the write was on its way to the PMS.'],
  });
  return { next, answer: { became: 'doubt' } };
}
