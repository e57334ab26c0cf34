/**
 * What the dispatcher reads and writes: what is under way at a PMS, which integrations wait, the heads of their lanes.
 *
 * That an integration has ready writes is noted on its gate (`waiting_*`), so that a pass looks at a few integrations, those served longest ago,
 * and not at ten thousand. The note may be there too long, which costs one look; where it is missing, the sweeper's scan sets it.
 */
import type { Session } from './database.ts';
import type { Head } from '../decide/fair.ts';

/** One troubled host, or one integration's use of it (`integration_id` not empty). */
export interface Shut {
  readonly host: string;
  readonly integration_id: string;
  readonly open: boolean;
  /** Null: no limit. */
  readonly room: number | null;
}

export interface UnderWay {
  readonly busy: readonly {
    readonly integration_id: string;
    readonly organization_id: string;
    readonly host: string | null;
    readonly count: number;
  }[];
  readonly circuits: readonly Shut[];
  /** Calls that the PMS takes from one account at once, if its workers have said so. */
  readonly concurrent: number | null;
}

const UNDER_WAY = `
  select
    (select coalesce(jsonb_agg(b), '[]') from (
      select o.integration_id, o.organization_id, g.host, count(*)::integer as count
      from ledger.operation o left join ledger.gate g on g.integration_id = o.integration_id
      where o.pms = $1 and o.in_flight group by o.integration_id, o.organization_id, g.host
    ) as b) as busy,
    (select coalesce(jsonb_agg(c), '[]') from (
      select host, integration_id, open_since is not null as open, room from ledger.circuit where pms = $1
    ) as c) as circuits,
    (select concurrent from ledger.worker where pms = $1) as concurrent`;

export async function underWay(session: Session, pms: string): Promise<UnderWay> {
  const [row] = await session.run<UnderWay>(UNDER_WAY, pms);
  return row ?? { busy: [], circuits: [], concurrent: null };
}

/** What a pass looks for. */
export interface Search {
  readonly pms: string;
  /** Integrations to look at in any case. */
  readonly woken: readonly string[];
  /** Integrations to look at beside them, of each priority. */
  readonly integrations: number;
  /** Writes to look at, of each integration and priority, while few integrations wait. */
  readonly heads: number;
  readonly without: {
    readonly integrations: readonly string[];
    readonly hosts: readonly string[];
    readonly organizations: readonly string[];
  };
}

/** An integration that was looked at, and its head number `nth`; without one it has nothing ready of that priority. */
export interface Looked {
  readonly integration_id: string;
  readonly priority: 0 | 1;
  readonly host: string | null;
  readonly turn: number;
  /** As its gate says so far; both false where it has none. */
  readonly waiting_interactive: boolean;
  readonly waiting_bulk: boolean;
  /** Null only of an integration that has no gate and nothing ready. */
  readonly owner: string | null;
  readonly id: string | null;
  readonly lane: string | null;
  readonly nth: number | null;
}

const open = `
  g.held_reason is null and (g.paused_until is null or g.paused_until <= now())
  and g.integration_id <> all($5::text[]) and (g.host is null or g.host <> all($6::text[]))
  and (g.organization_id is null or g.organization_id <> all($7::text[]))`;
// What is needed of a gate comes along from the first look at it: joining it again would read all ten thousand.
const ofGate = 'g.host, g.organization_id, g.last_served_at, g.waiting_interactive, g.waiting_bulk';
const longestAgo = (flag: string, priority: number): string => `
  (select g.integration_id, ${priority} as priority, ${ofGate} from ledger.gate g
   where g.pms = $1 and g.${flag} and ${open} order by g.last_served_at nulls first limit $3)`;

// Where many integrations wait, two heads of each are plenty: the second says whether anything is left.
const LOOK = `
  with picked as materialized (
    ${longestAgo('waiting_interactive', 0)} union ${longestAgo('waiting_bulk', 1)}
    union
    select w.id, p.priority, ${ofGate} from unnest($2::text[]) as w(id) cross join (values (0), (1)) as p(priority)
    left join ledger.gate g on g.integration_id = w.id
    where g.integration_id is null or (${open})
  ), placed as materialized (
    select integration_id, priority, host, organization_id,
      coalesce(waiting_interactive, false) as waiting_interactive, coalesce(waiting_bulk, false) as waiting_bulk,
      row_number() over (order by last_served_at nulls first, integration_id)::integer as turn
    from picked
  )
  select placed.integration_id, placed.priority, placed.host, placed.turn, placed.waiting_interactive, placed.waiting_bulk,
    first.id, first.lane, first.nth, coalesce(first.organization_id, placed.organization_id) as owner
  from placed left join lateral (
    select o.id, o.lane, o.organization_id, (row_number() over (order by o.seq))::integer as nth
    from ledger.operation o
    where o.pms = $1 and o.ready and o.priority = placed.priority and o.integration_id = placed.integration_id
      and not exists (select from ledger.operation a where a.lane = o.lane and a.active)
    order by o.seq limit case when (select count(*) from placed) > $3 then 2 else $4 end
  ) as first on true`;

export function look(session: Session, { pms, woken, integrations, heads, without }: Search): Promise<Looked[]> {
  return session.run<Looked>(LOOK, pms, woken, integrations, heads, without.integrations, without.hosts, without.organizations);
}

const PRIORITIES = ['interactive', 'bulk'] as const;

export const headsIn = (looked: readonly Looked[]): Head[] =>
  looked.flatMap(({ id, lane, owner, nth, priority, integration_id, host, turn }) =>
    id === null || lane === null || owner === null || nth === null
      ? []
      : [{ id, lane, organization_id: owner, nth, integration_id, host, turn, priority: PRIORITIES[priority] }],
  );

/** What a pass has found out about one integration. */
export interface Note {
  readonly integration_id: string;
  readonly organization_id: string;
  readonly interactive: boolean;
  readonly bulk: boolean;
  readonly served: boolean;
}

const NOTE = `
  insert into ledger.gate (integration_id, pms, organization_id, waiting_interactive, waiting_bulk, last_served_at)
  select n.integration_id, $2, n.organization_id, n.interactive, n.bulk, case when n.served then clock_timestamp() end
  from jsonb_to_recordset($1::jsonb) as n(integration_id text, organization_id text, interactive boolean, bulk boolean, served boolean)
  order by n.integration_id
  on conflict (integration_id) do update
  set pms = excluded.pms, organization_id = excluded.organization_id, waiting_interactive = excluded.waiting_interactive,
      waiting_bulk = excluded.waiting_bulk, last_served_at = coalesce(excluded.last_served_at, gate.last_served_at)`;

export async function note(session: Session, pms: string, notes: readonly Note[]): Promise<void> {
  if (notes.length > 0) await session.run(NOTE, JSON.stringify(notes), pms);
}

// Those that are noted already are left alone: most are, and their rows would be locked for nothing.
const NOTE_WAITING = `
  insert into ledger.gate (integration_id, pms, organization_id, waiting_interactive, waiting_bulk)
  select w.id, $1, w.organization_id, true, true
  from unnest($2::text[], $3::text[]) as w(id, organization_id)
  where not exists (
    select from ledger.gate g where g.integration_id = w.id and g.pms = $1 and g.waiting_interactive and g.waiting_bulk
  )
  order by w.id
  on conflict (integration_id) do update
  set pms = excluded.pms, organization_id = excluded.organization_id, waiting_interactive = true, waiting_bulk = true`;

/** Notes integrations whose turn can't come now, without a look at what they have. */
export async function noteWaiting(session: Session, pms: string, waiting: ReadonlyMap<string, string>): Promise<void> {
  if (waiting.size > 0) await session.run(NOTE_WAITING, pms, [...waiting.keys()], [...waiting.values()]);
}

const UNNOTED = `
  with recursive leap as (
    (select o.priority, o.integration_id, o.organization_id, 1 as nth from ledger.operation o
     where o.pms = $1 and o.ready and (o.priority, o.integration_id) > ($2::smallint, $3::text)
     order by o.priority, o.integration_id limit 1)
    union all
    select next.priority, next.integration_id, next.organization_id, leap.nth + 1 from leap cross join lateral (
      select o.priority, o.integration_id, o.organization_id from ledger.operation o
      where o.pms = $1 and o.ready and (o.priority, o.integration_id) > (leap.priority, leap.integration_id)
      order by o.priority, o.integration_id limit 1
    ) as next
    where leap.nth < $4
  )
  select leap.priority, leap.integration_id, leap.organization_id,
    not coalesce(case leap.priority when 0 then g.waiting_interactive else g.waiting_bulk end, false) as unnoted
  from leap left join ledger.gate g on g.integration_id = leap.integration_id
  order by leap.nth`;

export interface Scanned {
  readonly priority: number;
  readonly integration_id: string;
  readonly organization_id: string;
  readonly unnoted: boolean;
}
/** The next integrations that have ready writes, after a place, at most `count`; one leap over the index for each. */
export const scan = (
  run: Session['run'],
  pms: string,
  after: { readonly priority: number; readonly integration_id: string },
  count: number,
): Promise<Scanned[]> => run<Scanned>(UNNOTED, pms, after.priority, after.integration_id, count);

/** The PMSs that have ready writes. */
export const READY_PMS = `
  with recursive leap as (
    (select pms from ledger.operation where ready order by pms limit 1)
    union all
    select next.pms from leap cross join lateral (
      select o.pms from ledger.operation o where o.ready and o.pms > leap.pms order by o.pms limit 1
    ) as next
  )
  select pms from leap`;
