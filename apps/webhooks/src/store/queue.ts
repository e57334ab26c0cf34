/**
 * Each endpoint's own queue, in Postgres. Claims, and what comes of them, are short transactions that lock the endpoint before its deliveries;
 * nobody waits for an endpoint, whoever finds one locked passes it by. Any number of processes may claim; times are the database's.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { VERIFICATION } from '../events/messages.ts';

/** What one endpoint may have under way at once: a quick one, any other. */
export const AT_ONCE = { quick: 8, other: 1 } as const;

/** A delivery to be made, with all that it takes. Secrets are still sealed. */
export interface Claim {
  readonly id: string;
  readonly endpoint_id: string;
  readonly organization_id: string;
  /** Fencing number, see DeliverySchema. */
  readonly claims: number;
  readonly event_id: string;
  readonly trigger: string;
  readonly body: string;
  readonly failures: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly legacy_signature: boolean;
  readonly secret: string;
  readonly secret_version: number;
  /** Null once its time is over. */
  readonly former_secret: string | null;
}

export interface Claiming {
  /** Of endpoints that answer quickly, or of the others: each kind has slots of its own. */
  readonly quick: boolean;
  /** So many at the most. */
  readonly slots: number;
  /** Of one organization, so many at once in this process; `underWay` has what each of them has already. */
  readonly share: number;
  readonly underWay: Readonly<Record<string, number>>;
  /** Whoever does not settle by then has lost the claim. In milliseconds. */
  readonly leaseMs: number;
}

/** Takes what is due, the endpoints that have waited longest first. */
export function claimDue(em: EntityManager, { quick, slots, share, underWay, leaseMs }: Claiming): Promise<Claim[]> {
  const taken = JSON.stringify(underWay);
  return em.transactional(async (tx) => {
    const due = await tx.execute<{ id: string }[]>(
      `select "id" from "hooks"."endpoint" where "active" and "is_quick" = ? and "due_at" <= now()
          and coalesce((?::jsonb ->> "organization_id")::integer, 0) < ?
        order by "due_at" limit ? for update skip locked`,
      [quick, taken, share, slots],
    );
    if (due.length === 0) return [];
    const ids = due.map(({ id }) => id);
    const lease = `${leaseMs} milliseconds`;
    const claims = await tx.execute<Claim[]>(
      `with due as (
         select e.*, (select count(*) from "hooks"."delivery" as f
                       where f."endpoint_id" = e."id" and f."state" = 'PENDING' and f."lease_until" > now()) as flying
           from "hooks"."endpoint" as e where e."id" in (select jsonb_array_elements_text(?::jsonb))
       ), ready as (
         select d."id", e."due_at", e."organization_id",
                row_number() over (partition by e."organization_id" order by e."due_at", d."next_at") as nth
           from due as e cross join lateral (
           select w."id", w."next_at" from "hooks"."delivery" as w
            where w."endpoint_id" = e."id" and w."state" = 'PENDING' and w."next_at" <= now()
              and (e."verified_at" is not null or w."trigger" = ?)
            order by w."next_at", w."id" limit greatest(0, ? - e.flying)) as d
       ), chosen as (
         select "id" from ready where nth <= ? - coalesce((?::jsonb ->> "organization_id")::integer, 0) order by "due_at" limit ?
       )
       update "hooks"."delivery" as d
          set "claims" = d."claims" + 1, "lease_until" = now() + ?::interval, "next_at" = now() + ?::interval
         from chosen, "hooks"."endpoint" as e
        where d."id" = chosen."id" and e."id" = d."endpoint_id"
       returning d."id", d."endpoint_id", e."organization_id", d."claims", d."event_id", d."trigger", d."body", d."failures", e."url",
         e."headers", e."legacy_signature", e."secret", e."secret_version",
         case when e."former_until" > now() then e."former_secret" end as "former_secret"`,
      [JSON.stringify(ids), VERIFICATION, quick ? AT_ONCE.quick : AT_ONCE.other, share, taken, slots, lease, lease],
    );
    await reschedule(tx, ids);
    return claims;
  });
}

/** Notes when each of these endpoints has something to do next. For whoever has changed its deliveries, in the same transaction. */
export async function reschedule(tx: EntityManager, endpointIds: readonly string[]): Promise<void> {
  await tx.execute(
    `update "hooks"."endpoint" as e set "due_at" = (
       select case when next."at" is not null then greatest(next."at", e."paused_until") end from (
         select case when flying.count >= case when e."is_quick" then ? else ? end then flying.first else (
             select min(w."next_at") from "hooks"."delivery" as w
              where w."endpoint_id" = e."id" and w."state" = 'PENDING' and (e."verified_at" is not null or w."trigger" = ?)
           ) end as "at"
           from (select count(*), min(f."lease_until") as first from "hooks"."delivery" as f
                  where f."endpoint_id" = e."id" and f."state" = 'PENDING' and f."lease_until" > now()) as flying
       ) as next)
     where e."id" in (select jsonb_array_elements_text(?::jsonb))`,
    [AT_ONCE.quick, AT_ONCE.other, VERIFICATION, JSON.stringify(endpointIds)],
    'run',
  );
}

/** A claim that came to nothing by our own fault is due again later; it counts as no try. */
export async function postpone(em: EntityManager, { id, endpoint_id, claims }: Claim, forMs: number): Promise<void> {
  await em.transactional(async (tx) => {
    await tx.execute(
      `update "hooks"."delivery" set "lease_until" = null, "next_at" = now() + ?::interval
        where "id" = ? and "claims" = ? and "state" = 'PENDING'`,
      [`${forMs} milliseconds`, id, claims],
      'run',
    );
    await reschedule(tx, [endpoint_id]);
  });
}

export interface Waiting {
  readonly waiting: number;
  readonly oldestSeconds: number;
  readonly failing: number;
}

/** How much waits at active endpoints, how long the oldest of it has, and how many endpoints fail. */
export async function lookAtQueues(em: EntityManager): Promise<Waiting> {
  const [row] = await em.execute<{ waiting: string; oldest: string | null; failing: string }[]>(
    `select count(*) as waiting, extract(epoch from now() - min(d."created_at")) as oldest,
            (select count(*) from "hooks"."endpoint" where "active" and "failing_since" is not null) as failing
       from "hooks"."delivery" as d join "hooks"."endpoint" as e on e."id" = d."endpoint_id" and e."active"
      where d."state" = 'PENDING'`,
  );
  return { waiting: Number(row?.waiting ?? 0), oldestSeconds: Number(row?.oldest ?? 0), failing: Number(row?.failing ?? 0) };
}

/** How long what has ended is kept, in days. */
const KEPT_DAYS = 30;
const AT_A_TIME = 1_000;

/** Gives up what is too old and forgets what ended long ago; a thousand of each at a time. */
export async function tidy(em: EntityManager): Promise<void> {
  const few = (which: string): string => `"id" in (select "id" from "hooks"."delivery" where ${which} limit ${AT_A_TIME})`;
  await em.execute(
    `update "hooks"."delivery" set "state" = 'FAILED', "completed_at" = now(), "lease_until" = null
      where ${few(`"state" = 'PENDING' and "expires_at" < now()`)}`,
    [],
    'run',
  );
  await em.execute(
    `delete from "hooks"."delivery" where ${few(`"state" <> 'PENDING' and "completed_at" < now() - interval '${KEPT_DAYS} days'`)}`,
    [],
    'run',
  );
  await em.execute(`delete from "hooks"."doubt" where "seen_at" < now() - interval '${KEPT_DAYS} days'`, [], 'run');
}
