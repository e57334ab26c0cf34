/**
 * Lanes: the writes of one record form a chain, each waiting for the one before it (`blocked_by`). A new write is hung at the end when it is
 * accepted; when a write ends, whatever hung on it moves up, and takes over the record's PMS id where it was not known yet.
 *
 * Finding the end of a chain is safe against everything that may happen to it meanwhile: accepts of the same lane take turns (advisory
 * lock, held until commit), and the end found is locked, so it can't leave the lane before the new write hangs on it.
 */
import type { State } from '#messaging';
import { MEANING } from '../states.ts';
import type { Job } from '../job.ts';
import type { Session } from './database.ts';

export const laneOf = (integrationId: string, recordId: string): string => `${integrationId}:${recordId}`;

/** The same rule as the generated column `holds_lane`, for rows that are not written yet. */
export const holdsLane = (job: Pick<Job, 'state' | 'operation'>): boolean =>
  MEANING[job.state].phase !== 'ended' || (job.state === 'NEEDS_REVIEW' && job.operation === 'create');

const LOCK_LANES = `
  select pg_advisory_xact_lock(lane) from (
    select hashtextextended(lane, 0) as lane from unnest($1::text[]) as lane order by 1
  ) as locks`;

const ENDS = `
  select l.lane, o.id
  from unnest($1::text[]) as l(lane)
  cross join lateral (
    select o.id from ledger.operation o where o.lane = l.lane and o.holds_lane order by o.seq desc limit 1
  ) as o`;

const CREATES = `select id from ledger.operation where record_id = any($1::text[]) and operation = 'create'`;

/** What is known of a write that others may have to wait for. */
export interface Anchor {
  readonly id: string;
  readonly organization_id: string;
  readonly lane: string;
  readonly record_id: string;
  readonly operation: 'create' | 'update';
  readonly state: State;
  readonly x_id: string | null;
}
// `for share` keeps it from ending until we have committed; in the order of ids, like every lock on writes.
const HOLD = `
  select id, organization_id, lane, record_id, operation, state, x_id
  from ledger.operation where id = any($1::text[]) order by id for share`;

export interface Surroundings {
  /** The last write of each lane that has one. */
  readonly ends: ReadonlyMap<string, Anchor>;
  /** The create of each record that has one here. */
  readonly creates: ReadonlyMap<string, Anchor>;
  /** All of them and the ones asked for by id. */
  readonly byId: ReadonlyMap<string, Anchor>;
}

/** A lane's end may leave it between being found and being locked; then it is looked for again. */
const MAX_LOOKS = 10;

/** Finds and locks what new writes of these lanes, and writes that name these records, have to wait for. */
export async function lockSurroundings(
  session: Session,
  wanted: { readonly lanes: readonly string[]; readonly records: readonly string[]; readonly ids?: readonly string[] },
): Promise<Surroundings> {
  const lanes = [...new Set(wanted.lanes)];
  const records = [...new Set(wanted.records)];
  if (lanes.length > 0) await session.run(LOCK_LANES, lanes);
  const created = records.length > 0 ? await session.run<{ id: string }>(CREATES, records) : [];
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    const found = lanes.length > 0 ? await session.run<{ lane: string; id: string }>(ENDS, lanes) : [];
    const ids = [...new Set([...[...found, ...created].map(({ id }) => id), ...(wanted.ids ?? [])])];
    const held = ids.length > 0 ? await session.run<Anchor>(HOLD, ids) : [];
    const byId = new Map(held.map((anchor) => [anchor.id, anchor]));
    const ends = found.map(({ id }) => byId.get(id)).filter((anchor) => anchor !== undefined);
    if (!ends.every(holdsLane)) continue;
    return {
      byId,
      ends: new Map(ends.map((anchor) => [anchor.lane, anchor])),
      creates: new Map(created.flatMap(({ id }) => byId.get(id) ?? []).map((anchor) => [anchor.record_id, anchor])),
    };
  }
  throw new Error('a lane did not come to rest');
}

const MOVE_UP = `
  update ledger.operation s
  set blocked_by = p.blocked_by, x_id = coalesce(s.x_id, p.x_id)
  from ledger.operation p
  where s.blocked_by = p.id and s.holds_lane and p.id = any($1::text[])
  returning s.id`;

/** Lets what hung on these writes move up. Repeated, since the one before an ended write may have ended in the same batch. */
export async function moveUp(session: Session, ended: readonly string[]): Promise<void> {
  while ((await session.run(MOVE_UP, ended)).length > 0);
}

const FOLLOWERS = `
  select id, lane, depends_on from ledger.operation
  where operation = 'update' and x_id is null and holds_lane and lane = any($1::text[])
  union all
  select id, lane, depends_on from ledger.operation
  where depends_on <> '{}'::text[] and depends_on && $2::text[] and holds_lane`;

/** Writes that need the ids of these creates: later writes of the same record, and writes that name it. */
export const followersOf = (
  session: Session,
  creates: readonly Job[],
): Promise<{ id: string; lane: string; depends_on: readonly string[] }[]> =>
  session.run(
    FOLLOWERS,
    creates.filter(({ x_id }) => x_id === null).map(({ lane }) => lane),
    creates.map(({ id }) => id),
  );
