/**
 * What a try means for the delivery and for its endpoint: decided in one place, committed in one transaction.
 *
 * A claim that somebody else has taken over changes nothing any more, unless the message arrived: that stays true whoever brought it.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { VERIFICATION } from '../events/messages.ts';
import { boundedRetryAfter, pauseAfter, type Schedule } from '../sending/schedule.ts';
import type { Verdict } from '../sending/verdict.ts';
import { reschedule, type Claim } from './queue.ts';

/** An endpoint that answers within this is a quick one. */
const QUICK_MS = 2_000;

export interface Tried {
  readonly verdict: Verdict;
  readonly startedAt: Date;
  readonly durationMs: number;
}

/** What became of it: `disabled` says so of the endpoint, too. */
export type Settled = 'delivered' | 'again' | 'given_up' | 'disabled';

const WORDS = {
  gone: 'It answered 410: it is gone.',
  unverified: 'It did not answer the message by which it was to be verified.',
  failing: 'Everything sent to it has failed for days.',
} as const;

type Fencing = Pick<Claim, 'id' | 'endpoint_id' | 'claims' | 'trigger' | 'failures'>;

/** @param random from 0 up to 1, for the length of the pause */
export function settle(
  em: EntityManager,
  claim: Fencing,
  tried: Tried,
  { schedule, random = Math.random() }: { readonly schedule: Schedule; readonly random?: number },
): Promise<Settled> {
  return em.transactional(async (tx) => {
    const [endpoint] = await tx.execute<{ failing_ms: string | null }[]>(
      `select extract(epoch from now() - "failing_since") * 1000 as failing_ms
         from "hooks"."endpoint" where "id" = ? for update`,
      [claim.endpoint_id],
    );
    if (!endpoint) return 'given_up';
    await keepAttempt(tx, claim, tried);
    const failingMs = endpoint.failing_ms === null ? undefined : Number(endpoint.failing_ms);
    const settled = tried.verdict.delivered
      ? await delivered(tx, claim, tried, { failingMs, schedule })
      : await failed(tx, claim, tried, { failingMs, schedule, random });
    await reschedule(tx, [claim.endpoint_id]);
    return settled;
  });
}

interface Circumstances {
  /** How long the endpoint has been failing; undefined when it is not. */
  readonly failingMs: number | undefined;
  readonly schedule: Schedule;
}

async function delivered(
  tx: EntityManager,
  { id, endpoint_id }: Fencing,
  { durationMs }: Tried,
  { failingMs, schedule }: Circumstances,
): Promise<Settled> {
  await end(tx, 'DELIVERED', id);
  await tx.execute(
    `update "hooks"."endpoint" set "failing_since" = null, "paused_until" = null, "is_quick" = ?,
       "verified_at" = coalesce("verified_at", now()) where "id" = ?`,
    [durationMs <= QUICK_MS, endpoint_id],
    'run',
  );
  // It is back: what waits for a pause of its own need not wait to its end.
  if (failingMs !== undefined) {
    await tx.execute(
      `update "hooks"."delivery" set "next_at" = least("next_at", now() + random() * ?::interval)
        where "endpoint_id" = ? and "state" = 'PENDING' and "lease_until" is null`,
      [`${schedule.recoverWithinMs} milliseconds`, endpoint_id],
      'run',
    );
  }
  return 'delivered';
}

async function failed(
  tx: EntityManager,
  claim: Fencing,
  { verdict }: Tried,
  { failingMs, schedule, random }: Circumstances & { readonly random: number },
): Promise<Settled> {
  const { id, endpoint_id, claims, trigger } = claim;
  const { gone, retryAfterMs } = verdict;
  const pauseMs = gone ? undefined : pauseAfter(schedule, claim.failures + 1, retryAfterMs, random);
  const { affectedRows } = await tx.execute<{ affectedRows: number }>(
    `update "hooks"."delivery" set "failures" = "failures" + 1, "lease_until" = null,
       "next_at" = now() + ?::interval, "state" = ?, "completed_at" = case when ? then now() end
      where "id" = ? and "claims" = ? and "state" = 'PENDING'`,
    [`${pauseMs ?? 0} milliseconds`, pauseMs === undefined ? 'FAILED' : 'PENDING', pauseMs === undefined, id, claims],
    'run',
  );
  const isVerification = trigger === VERIFICATION;
  const why = gone
    ? WORDS.gone
    : isVerification && pauseMs === undefined
      ? WORDS.unverified
      : (failingMs ?? 0) > schedule.disableAfterMs
        ? WORDS.failing
        : null;
  const toldMs = retryAfterMs === undefined ? null : boundedRetryAfter(schedule, retryAfterMs);
  await tx.execute(
    `update "hooks"."endpoint" set "failing_since" = coalesce("failing_since", now()), "is_quick" = false,
       "paused_until" = now() + ?::interval, "active" = "active" and ?::text is null,
       "disabled_at" = case when ?::text is null then "disabled_at" else now() end, "disabled_because" = coalesce(?::text, "disabled_because")
      where "id" = ?`,
    [toldMs === null ? null : `${toldMs} milliseconds`, why, why, why, endpoint_id],
    'run',
  );
  if (why !== null) return 'disabled';
  return pauseMs === undefined && affectedRows > 0 ? 'given_up' : 'again';
}

async function end(tx: EntityManager, state: 'DELIVERED' | 'FAILED', id: string): Promise<void> {
  await tx.execute(
    `update "hooks"."delivery" set "state" = ?, "completed_at" = now(), "lease_until" = null where "id" = ? and "state" = 'PENDING'`,
    [state, id],
    'run',
  );
}

async function keepAttempt(tx: EntityManager, { id, claims }: Fencing, { verdict, startedAt, durationMs }: Tried): Promise<void> {
  await tx.execute(
    `insert into "hooks"."attempt" ("delivery_id", "number", "started_at", "duration_ms", "status", "outcome", "reason")
     select ?, ?, ?, ?, ?, ?, ? where exists (select from "hooks"."delivery" where "id" = ?)
     on conflict do nothing`,
    [
      id,
      claims,
      startedAt.toISOString(),
      Math.round(durationMs),
      verdict.status,
      verdict.delivered ? 'delivered' : 'failed',
      verdict.reason,
      id,
    ],
    'run',
  );
}
