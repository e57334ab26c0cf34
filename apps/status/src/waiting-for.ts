/** Why nothing happens to a write at the moment, for its customer: the first reason that holds of a short list. */
import type { State } from '#messaging';
import { MEANING } from './states.ts';

const iso = (column: string) => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** Joined to `ledger.operation o`. Small tables, and only for writes that wait. */
export const WAITING_JOINS = `
  left join ledger.gate w on w.integration_id = o.integration_id and o.state in ('ACCEPTED', 'RETRY_WAIT', 'HELD', 'UNKNOWN')
  left join lateral (
    select c.reason, ${iso('c.open_since')} as since from ledger.circuit c
    where c.pms = o.pms and c.host = w.host and c.integration_id in ('', o.integration_id) and c.open_since is not null
    order by c.open_since limit 1
  ) as outage on w.host is not null`;
export const WAITING_COLUMNS = `
  w.held_reason, case when w.paused_until > now() then ${iso('w.paused_until')} end as paused_until, outage.reason as outage_reason,
  outage.since as outage_since, o.blocked_by, o.depends_on`;

export interface WaitingRow {
  readonly state: State;
  readonly held_reason: string | null;
  readonly paused_until: string | null;
  readonly outage_reason: string | null;
  readonly outage_since: string | null;
  readonly blocked_by: string | null;
  readonly depends_on: readonly string[];
}

/** Null for a write that is under way or has ended, and for one that simply waits for its turn. */
export function waitingFor(row: WaitingRow): string | null {
  if (MEANING[row.state].phase !== 'waiting' && row.state !== 'UNKNOWN') return null;
  if (row.blocked_by !== null) return `It waits for write ${row.blocked_by} of the same record.`;
  if (row.depends_on.length > 0) return `It waits for the record of write ${row.depends_on.join(', ')}.`;
  if (row.held_reason !== null) return `The integration is held: ${row.held_reason}`;
  if (row.outage_since !== null)
    return `Nothing is sent since ${row.outage_since}: ${row.outage_reason ?? 'the PMS can not be reached'} It goes on by itself.`;
  return row.paused_until === null ? null : `The PMS wants no calls before ${row.paused_until}.`;
}
