/**
 * The dispatcher hands waiting writes to the workers of each PMS: only the first of each lane, interactive ones before bulk, the integration
 * with the least under way first and among equals the one served longest ago. Caps bound what is on its way at once, so the backlog stays
 * in Postgres, and nobody's 200,000 writes stand before another's five.
 *
 *   per PMS: idle -> (wake) one pass in one transaction -> again if woken meanwhile -> idle
 *
 * Replicas take turns per PMS (advisory lock), so caps hold for all of them together.
 */
import { failpoint } from '#failpoints';
import type { Consequences } from '../ledger.repository.ts';
import type { Ledger } from '../ledger.ts';
import type { Database, Session } from '../store/database.ts';
import { release } from '../decide/time.ts';

export interface Caps {
  /** Writes of one integration on their way to or at a worker. @default 8 */
  readonly perIntegration: number;
  /** The same for a whole PMS. @default 64 */
  readonly perPms: number;
}
export const CAPS: Caps = { perIntegration: 8, perPms: 64 };

// The integrations that have ready writes are found by leaps over the index, one probe for each, however many writes they have. A gate
// without a row is open.
const CANDIDATES = `
  with recursive busy as (
    select integration_id, count(*)::integer as busy from ledger.operation where pms = $1 and in_flight group by integration_id
  ), leap as (
    (select priority, integration_id from ledger.operation where pms = $1 and ready order by priority, integration_id limit 1)
    union all
    select next.* from leap cross join lateral (
      select o.priority, o.integration_id from ledger.operation o
      where o.pms = $1 and o.ready and (o.priority, o.integration_id) > (leap.priority, leap.integration_id)
      order by o.priority, o.integration_id limit 1
    ) as next
  ), room as (
    select leap.priority, leap.integration_id, g.last_served_at, coalesce(b.busy, 0) as busy
    from leap
    left join ledger.gate g on g.integration_id = leap.integration_id
    left join busy b on b.integration_id = leap.integration_id
    where g.held_reason is null and (g.paused_until is null or g.paused_until <= now()) and coalesce(b.busy, 0) < $2
    order by leap.priority, coalesce(b.busy, 0), g.last_served_at nulls first
    limit greatest(0, $3 - (select coalesce(sum(busy), 0) from busy))
  )
  select first.id, first.lane, room.integration_id, room.busy
  from room cross join lateral (
    select o.id, o.lane, o.seq, row_number() over (order by o.seq) as nth
    from ledger.operation o
    where o.pms = $1 and o.ready and o.priority = room.priority and o.integration_id = room.integration_id
      and not exists (select from ledger.operation a where a.lane = o.lane and a.active)
    order by o.seq limit $2 - room.busy
  ) as first
  order by room.priority, room.busy + first.nth, room.last_served_at nulls first, first.seq
  limit greatest(0, $3 - (select coalesce(sum(busy), 0) from busy))`;

interface Candidate {
  readonly id: string;
  readonly lane: string;
  readonly integration_id: string;
  /** Of its integration, before this pass. */
  readonly busy: number;
}

const SERVED = `
  insert into ledger.gate (integration_id, last_served_at)
  select id, clock_timestamp() from unnest($1::text[]) as id order by id
  on conflict (integration_id) do update set last_served_at = excluded.last_served_at`;

/** First half of the two-part advisory lock; the second is the PMS. */
const DISPATCH_LOCK = 4_601;

export class Dispatcher {
  private readonly passes = new Map<string, { again: boolean; done: Promise<void> }>();
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly ledger: Ledger,
    private readonly onTrouble: (error: unknown) => void,
    private readonly caps: Caps = CAPS,
  ) {}

  /** There may be something to release. Never throws and does not wait. */
  wake(pms: string): void {
    if (this.stopped) return;
    const running = this.passes.get(pms);
    if (running) {
      running.again = true;
      return;
    }
    const state = { again: true, done: Promise.resolve() };
    this.passes.set(pms, state);
    state.done = this.run(pms, state)
      .catch((error: unknown) => this.onTrouble(error))
      .finally(() => {
        this.passes.delete(pms);
        // Woken after the last look, or while a pass failed.
        if (state.again && !this.stopped) this.wake(pms);
      });
  }

  /** Wakes every PMS that has something ready: for what other replicas accepted, and what a failed pass left. */
  async wakeAll(): Promise<void> {
    for (const { pms } of await this.database.run<{ pms: string }>(READY_PMS)) this.wake(pms);
  }

  /** Resolves when no pass is under way. */
  async drain(): Promise<void> {
    while (this.passes.size > 0) await Promise.all([...this.passes.values()].map(({ done }) => done));
  }

  /** Finishes the passes under way and starts no more. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.drain();
  }

  private async run(pms: string, state: { again: boolean }): Promise<void> {
    while (state.again && !this.stopped) {
      state.again = false;
      await this.ledger.transact((session, consequences) => this.pass(session, consequences, pms));
    }
  }

  private async pass(session: Session, consequences: Consequences, pms: string): Promise<void> {
    await session.run('select pg_advisory_xact_lock($1, hashtext($2))', DISPATCH_LOCK, pms);
    const { perIntegration, perPms } = this.caps;
    const found = await session.run<Candidate>(CANDIDATES, pms, perIntegration, perPms);
    const chosen = this.withinCaps(found);
    if (chosen.length === 0) return;
    await this.ledger.run(
      session,
      chosen.map(({ id }) => ({ job_id: id, decide: (job, _gate, at) => release(job, at) })),
      consequences,
    );
    await session.run(SERVED, [...new Set(chosen.map(({ integration_id }) => integration_id))]);
    failpoint('dispatch.before-commit');
  }

  /** An integration may stand among the candidates twice, with interactive and with bulk writes, and a lane too. */
  private withinCaps(found: readonly Candidate[]): Candidate[] {
    const taken = new Map<string, number>();
    const lanes = new Set<string>();
    return found.filter(({ integration_id, busy, lane }) => {
      const count = (taken.get(integration_id) ?? busy) + 1;
      if (count > this.caps.perIntegration || lanes.has(lane)) return false;
      taken.set(integration_id, count);
      lanes.add(lane);
      return true;
    });
  }
}

const READY_PMS = `
  with recursive leap as (
    (select pms from ledger.operation where ready order by pms limit 1)
    union all
    select next.pms from leap cross join lateral (
      select o.pms from ledger.operation o where o.ready and o.pms > leap.pms order by o.pms limit 1
    ) as next
  )
  select pms from leap`;
