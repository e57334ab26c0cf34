/**
 * The dispatcher hands waiting writes to the workers of each PMS: only the first of each lane, and in fair turns (`decide/fair.ts`). Caps bound
 * what is on its way at once, so the backlog stays in Postgres, and nobody's 200,000 writes stand before another's five. Nothing goes to an
 * integration that is held or paused, nor to a host that is out of order; a host that recovers gets a little at a time.
 *
 *   per PMS: idle -> (wake) one pass in one transaction -> again if woken meanwhile -> idle
 *
 * Replicas take turns per PMS (advisory lock), so caps hold for all of them together.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { failpoint } from '#failpoints';
import { choose, type Busy, type Caps } from '../decide/fair.ts';
import { release } from '../decide/time.ts';
import type { Consequences } from '../ledger.repository.ts';
import type { Ledger } from '../ledger.ts';
import type { Database, Session } from '../store/database.ts';
import {
  headsIn,
  look,
  note,
  noteWaiting,
  READY_PMS,
  scan,
  underWay,
  type Looked,
  type Note,
  type UnderWay,
} from '../store/turns.ts';
import { Pace } from './pace.ts';

/** First half of the two-part advisory lock; the second is the PMS. */
const DISPATCH_LOCK = 4_601;
/** Integrations woken by name that one pass looks at; the others wait for the next. */
const WOKEN_AT_ONCE = 256;
/** Integrations that one scan of the sweeper leaps over. */
const SCANNED_AT_ONCE = 1_000;
/** A pass that found nothing and took longer than this rests as long: looking in vain must not become the main work. */
const SHORT_PASS_MS = 5;
/** Under load, passes begin at most so often: each hands out more then. In milliseconds. */
const PASS_GAP_MS = 10;
const LONGEST_REST_MS = 100;

interface Passes {
  again: boolean;
  done: Promise<void>;
  /** Integration -> organization. */
  readonly woken: Map<string, string>;
}

export class Dispatcher {
  private readonly passes = new Map<string, Passes>();
  private readonly sinceBulk = new Map<string, number>();
  /** How far the scan of each PMS came. */
  private readonly scanned = new Map<string, { priority: number; integration_id: string }>();
  /** Kept beyond the passes: the next may begin a moment after the last has ended. */
  private readonly paces = new Map<string, Pace>();
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly ledger: Ledger,
    private readonly onTrouble: (error: unknown) => void,
    private readonly caps: Caps,
  ) {}

  /** There may be something to release, among others of these integrations (integration -> organization). Never throws and does not wait. */
  wake(pms: string, integrations: Iterable<readonly [string, string]> = []): void {
    if (this.stopped) return;
    const running = this.passes.get(pms);
    const state = running ?? { again: true, done: Promise.resolve(), woken: new Map<string, string>() };
    for (const [id, organization] of integrations) state.woken.set(id, organization);
    state.again = true;
    if (running) return;
    this.passes.set(pms, state);
    state.done = this.run(pms, state)
      .catch((error: unknown) => this.onTrouble(error))
      .finally(() => {
        this.passes.delete(pms);
        // Woken after the last look, or while a pass failed.
        if (state.again && !this.stopped) this.wake(pms, state.woken);
      });
  }

  /**
   * Wakes every PMS that has something ready, for what other replicas accepted and what a failed pass left. Integrations that nobody has noted,
   * because the process that accepted their writes died, are found on the way, a slice at a time.
   */
  async wakeAll(): Promise<void> {
    for (const { pms } of await this.database.run<{ pms: string }>(READY_PMS)) this.wake(pms, await this.unnoted(pms));
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

  private paceOf(pms: string): Pace {
    const pace = this.paces.get(pms) ?? new Pace(PASS_GAP_MS);
    this.paces.set(pms, pace);
    return pace;
  }

  private async unnoted(pms: string): Promise<[string, string][]> {
    const from = this.scanned.get(pms) ?? { priority: -1, integration_id: '' };
    const found = await scan((...statement) => this.database.run(...statement), pms, from, SCANNED_AT_ONCE);
    const last = found.at(-1);
    if (last && found.length === SCANNED_AT_ONCE) this.scanned.set(pms, last);
    else this.scanned.delete(pms);
    return found.filter(({ unnoted }) => unnoted).map(({ integration_id, organization_id }) => [integration_id, organization_id]);
  }

  private async run(pms: string, state: Passes): Promise<void> {
    while (state.again && !this.stopped) {
      await this.paceOf(pms).wait();
      const woken = new Map([...state.woken].slice(0, WOKEN_AT_ONCE));
      for (const id of woken.keys()) state.woken.delete(id);
      state.again = state.woken.size > 0;
      const startedAt = performance.now();
      try {
        const released = await this.ledger.transact((session, consequences) => this.pass(session, consequences, pms, woken));
        const tookMs = performance.now() - startedAt;
        if (released === 0 && tookMs > SHORT_PASS_MS && !this.stopped) await pause(Math.min(LONGEST_REST_MS, tookMs));
      } catch (error) {
        // Not woken again by itself: the sweeper does that when the trouble may be over.
        for (const [id, organization] of woken) state.woken.set(id, organization);
        throw error;
      }
    }
  }

  /** @returns how many writes it released */
  private async pass(
    session: Session,
    consequences: Consequences,
    pms: string,
    woken: ReadonlyMap<string, string>,
  ): Promise<number> {
    await session.run('select pg_advisory_xact_lock($1, hashtext($2))', DISPATCH_LOCK, pms);
    const now = await underWay(session, pms);
    const caps = capsNow(this.caps, now);
    const busy = busyNow(now);
    const slots = caps.perPms - busy.total;
    if (slots <= 0) {
      await noteWaiting(session, pms, woken);
      return 0;
    }
    const looked = await look(session, {
      pms,
      woken: [...woken.keys()],
      integrations: 2 * slots,
      heads: Math.min(slots, caps.perIntegration) + 1,
      without: fullNow(now, busy, caps),
    });
    const heads = headsIn(looked);
    const { chosen, sinceBulk } = choose(heads, busy, caps, roomOf(now), this.sinceBulk.get(pms) ?? 0);
    this.sinceBulk.set(pms, sinceBulk);
    if (chosen.length > 0) {
      await this.ledger.run(
        session,
        chosen.map(({ id }) => ({ job_id: id, decide: (job, _gate, at) => release(job, at) })),
        consequences,
      );
    }
    // After the writes: whoever settles one locks first the write and then the gate.
    await note(session, pms, notesOf(looked, new Set(chosen.map(({ id }) => id)), woken));
    const unseen = new Map([...woken].filter(([id]) => !looked.some(({ integration_id }) => integration_id === id)));
    await noteWaiting(session, pms, unseen);
    if (chosen.length > 0) failpoint('dispatch.before-commit');
    return chosen.length;
  }
}

/** An account's last call is left to reads, so that nobody's writes keep the cache from being read. */
function capsNow(caps: Caps, { concurrent }: UnderWay): Caps {
  return concurrent === null ? caps : { ...caps, perIntegration: Math.min(caps.perIntegration, Math.max(1, concurrent - 1)) };
}

function busyNow({ busy }: UnderWay): Busy {
  const sum = (key: 'integration_id' | 'organization_id' | 'host'): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const entry of busy) counts.set(entry[key] ?? '', (counts.get(entry[key] ?? '') ?? 0) + entry.count);
    return counts;
  };
  return {
    byIntegration: sum('integration_id'),
    byOrganization: sum('organization_id'),
    byHost: sum('host'),
    total: busy.reduce((total, { count }) => total + count, 0),
  };
}

/** Who can't get anything now, so that a look is not wasted on them. */
function fullNow(now: UnderWay, { byIntegration, byOrganization, byHost }: Busy, caps: Caps) {
  const full = (counts: ReadonlyMap<string, number>, cap: number) =>
    [...counts].filter(([, count]) => count >= cap).map(([key]) => key);
  const alone = now.circuits.filter(({ integration_id }) => integration_id !== '');
  const shared = now.circuits.filter(({ integration_id }) => integration_id === '');
  return {
    integrations: [
      ...full(byIntegration, caps.perIntegration),
      ...alone
        .filter(({ integration_id, open, room }) => open || (byIntegration.get(integration_id) ?? 0) >= (room ?? Infinity))
        .map(({ integration_id }) => integration_id),
    ],
    organizations: full(byOrganization, caps.perOrganization),
    hosts: shared.filter(({ host, open, room }) => open || (byHost.get(host) ?? 0) >= (room ?? Infinity)).map(({ host }) => host),
  };
}

function roomOf({ circuits }: UnderWay): (host: string | null) => number {
  const rooms = new Map(circuits.filter(({ integration_id }) => integration_id === '').map(({ host, room }) => [host, room]));
  return (host) => rooms.get(host ?? '') ?? Infinity;
}

/** What the pass has learned of each integration that it looked at, where that differs from what is noted. */
function notesOf(looked: readonly Looked[], chosen: ReadonlySet<string>, woken: ReadonlyMap<string, string>): Note[] {
  const byIntegration = Map.groupBy(looked, ({ integration_id }) => integration_id);
  return [...byIntegration].flatMap(([integration_id, rows]) => {
    const [first] = rows;
    const organization_id = rows.find(({ owner }) => owner !== null)?.owner ?? woken.get(integration_id);
    if (!first || organization_id === undefined) return [];
    const left = (priority: 0 | 1, noted: boolean): boolean => {
      const seen = rows.filter((row) => row.priority === priority);
      return seen.length === 0 ? noted : seen.some(({ id }) => id !== null && !chosen.has(id));
    };
    const served = rows.some(({ id }) => id !== null && chosen.has(id));
    const interactive = left(0, first.waiting_interactive);
    const bulk = left(1, first.waiting_bulk);
    const isNews = served || interactive !== first.waiting_interactive || bulk !== first.waiting_bulk;
    return isNews ? [{ integration_id, organization_id, interactive, bulk, served }] : [];
  });
}
