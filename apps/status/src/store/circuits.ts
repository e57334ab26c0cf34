/** Troubled hosts in Postgres: what all replicas know of them. Every change happens under a lock on the host, in a short transaction of its own. */
import { ENOUGH_INTEGRATIONS, QUIET_MS, type Circuit } from '../decide/outage.ts';
import type { Database, Session } from './database.ts';

/** First half of the two-part advisory lock; the second is the host. */
const HOST_LOCK = 4_602;

const ms = (name: string) => `floor(extract(epoch from ${name}) * 1000)::float8`;
const COLUMNS = `pms, host, integration_id, ${ms('open_since')} as open_since, troubles, troubled, reason, room, is_eager,
  ${ms('probed_at')} as probed_at, ${ms('changed_at')} as changed_at`;

const OF_HOST = `
  select ${COLUMNS} from ledger.circuit where pms = $1 and host = $2 and integration_id in ('', $3)`;
const MANY = `
  select count(*)::integer as count, ${ms('clock_timestamp()')} as now
  from (select from ledger.gate where host = $1 and pms = $2 limit ${ENOUGH_INTEGRATIONS}) as first`;
const SAVE = `
  insert into ledger.circuit (pms, host, integration_id, open_since, troubles, troubled, reason, room, is_eager, probed_at, changed_at)
  select pms, host, integration_id, open_since, troubles, troubled, reason, room, is_eager, probed_at, changed_at
  from jsonb_to_record($1::jsonb) as c(pms text, host text, integration_id text, open_since timestamptz, troubles integer, troubled text[],
    reason text, room real, is_eager boolean, probed_at timestamptz, changed_at timestamptz)
  on conflict (pms, host, integration_id) do update
  set open_since = excluded.open_since, troubles = excluded.troubles, troubled = excluded.troubled, reason = excluded.reason,
      room = excluded.room, is_eager = excluded.is_eager, probed_at = excluded.probed_at, changed_at = excluded.changed_at`;
const REMOVE = 'delete from ledger.circuit where pms = $1 and host = $2 and integration_id = $3';
const REMOVE_PARTS = `delete from ledger.circuit where pms = $1 and host = $2 and integration_id <> ''`;

/** A host under its lock. */
export interface LockedHost {
  readonly whole: Circuit | undefined;
  readonly part: Circuit | undefined;
  /** Integrations that use it, counted up to `ENOUGH_INTEGRATIONS`. */
  readonly integrations: number;
  /** The database's clock, in milliseconds. */
  readonly now: number;
}

export async function lockHost(session: Session, pms: string, host: string, integrationId: string): Promise<LockedHost> {
  await session.run('select pg_advisory_xact_lock($1, hashtext($2))', HOST_LOCK, `${pms} ${host}`);
  const circuits = await session.run<Circuit>(OF_HOST, pms, host, integrationId);
  const [some] = await session.run<{ count: number; now: number }>(MANY, host, pms);
  return {
    whole: circuits.find(({ integration_id }) => integration_id === ''),
    part: circuits.find(({ integration_id }) => integration_id !== ''),
    integrations: some?.count ?? 0,
    now: some?.now ?? 0,
  };
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** Writes what became of a circuit. */
export async function save(session: Session, before: Circuit | undefined, after: Circuit | undefined): Promise<void> {
  if (after === before) return;
  if (after) {
    const times = { open_since: iso(after.open_since), probed_at: iso(after.probed_at), changed_at: iso(after.changed_at) };
    await session.run(SAVE, JSON.stringify({ ...after, ...times }));
  } else if (before) await session.run(REMOVE, before.pms, before.host, before.integration_id);
}

/** A host that is out of order as a whole needs no word on single integrations. */
export const forgetParts = (session: Session, pms: string, host: string) => session.run(REMOVE_PARTS, pms, host);

export const circuitsOf = (database: Database, pms: string): Promise<Circuit[]> =>
  database.run(`select ${COLUMNS} from ledger.circuit where pms = $1`, pms);

const HOST_OF = `
  insert into ledger.gate (integration_id, pms, host) values ($1, $2, $3)
  on conflict (integration_id) do update set pms = excluded.pms, host = excluded.host
  where gate.host is distinct from excluded.host or gate.pms is null`;

/** Remembers where an integration's calls go to. */
export const rememberHost = (database: Database, pms: string, integrationId: string, host: string) =>
  database.run(HOST_OF, integrationId, pms, host);

// The moment is written before the probe begins, so that replicas together keep the distance.
const DUE = `
  update ledger.circuit set probed_at = clock_timestamp()
  where open_since is not null and (probed_at is null or probed_at <= clock_timestamp() - make_interval(secs => $1::float8))
  returning ${COLUMNS}`;
/** Open circuits that nobody has probed for so long; from now on they count as probed. */
export const dueForProbe = (database: Database, everyMs: number): Promise<Circuit[]> => database.run(DUE, everyMs / 1_000);

const PROBER = `
  select integration_id from ledger.gate where host = $1 and pms = $2 and held_reason is null order by random() limit 1`;
/** An integration through which a host can be asked whether it is there. */
export async function proberOf(database: Database, { pms, host, integration_id }: Circuit): Promise<string | undefined> {
  if (integration_id !== '') return integration_id;
  const [one] = await database.run<{ integration_id: string }>(PROBER, host, pms);
  return one?.integration_id;
}

const FORGET = `
  delete from ledger.circuit
  where open_since is null and room is null and changed_at < now() - interval '${QUIET_MS / 1_000} seconds'
  returning pms`;
/** Removes troubles that came to nothing. @returns the PMSs concerned */
export const forgetQuiet = (database: Database): Promise<{ pms: string }[]> => database.run(FORGET);

// As long as a write may wait to be sent, its doubt may wait to be looked at.
const PUT_OFF = `
  update ledger.operation o set settle_by = clock_timestamp() + interval '10 minutes'
  from ledger.circuit c join ledger.gate g on g.host = c.host and g.pms = c.pms
  where c.open_since is not null and c.integration_id in ('', g.integration_id) and o.integration_id = g.integration_id
    and o.state = 'UNKNOWN' and o.due_at is not null and o.settle_by < clock_timestamp() + interval '5 minutes'
    and o.deadline_at > clock_timestamp()`;
/** Nobody can look at a doubt while the host is away: that time does not count. */
export const putOffDoubts = (database: Database) => database.run(PUT_OFF);
