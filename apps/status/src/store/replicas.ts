/** Worker processes that were heard of lately: an account's limits are divided among them. */
import type { Database } from './database.ts';

/** A process that was silent for so long counts no more. In seconds. */
const SILENT_S = 15;

const SEEN = `
  with seen as (
    insert into ledger.replica (pms, name, seen_at) values ($1, $2, clock_timestamp())
    on conflict (pms, name) do update set seen_at = excluded.seen_at
    returning (xmax = 0) as is_new
  )
  select is_new from seen`;
const GONE = 'delete from ledger.replica where pms = $1 and name = $2 returning name';
const SILENT = `delete from ledger.replica where seen_at < clock_timestamp() - interval '${SILENT_S} seconds' returning pms`;

/** @returns whether it was not known before */
export async function sawReplica(database: Database, pms: string, name: string): Promise<boolean> {
  const [row] = await database.run<{ is_new: boolean }>(SEEN, pms, name);
  return row?.is_new ?? false;
}

/** @returns whether it was known */
export const replicaLeft = async (database: Database, pms: string, name: string): Promise<boolean> =>
  (await database.run(GONE, pms, name)).length > 0;

/** @returns the PMSs of which one fell silent */
export const dropSilent = (database: Database): Promise<{ pms: string }[]> => database.run(SILENT);

export async function replicasOf(database: Database, pms: string): Promise<string[]> {
  const rows = await database.run<{ name: string }>('select name from ledger.replica where pms = $1 order by name', pms);
  return rows.map(({ name }) => name);
}
