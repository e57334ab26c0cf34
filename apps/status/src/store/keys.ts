/** Idempotency keys: one row per key, written before its write and in the same transaction. */
import type { Opened } from '#messaging';
import { Problem } from '#problem';
import type { Verdict } from '../group-commit.ts';
import type { Session } from './database.ts';
import type { Entry } from './placing.ts';

/** A key is honoured at least this long, and in any case until its write has ended. */
const KEY_HOURS = 72;

// In the order of the keys, so that two batches with the same keys don't deadlock; a key that another transaction has written but not
// committed is waited for.
const CLAIM = `
  insert into ledger.idempotency_key (organization_id, route, key, fingerprint, operation_id, expires_at)
  select k.organization_id, k.route, k.key, k.fingerprint, k.id, now() + make_interval(hours => $2)
  from jsonb_to_recordset($1::jsonb) as k(organization_id text, route text, key text, fingerprint text, id text, position integer)
  order by k.organization_id, k.route, k.key, k.position
  on conflict do nothing
  returning operation_id as id`;

const KNOWN = `
  select w.position, k.fingerprint, o.id as job_id, o.record_id, o.payload, o.ignored_fields
  from jsonb_to_recordset($1::jsonb) as w(organization_id text, route text, key text, position integer)
  join ledger.idempotency_key k using (organization_id, route, key)
  join ledger.operation o on o.id = k.operation_id`;

interface Known extends Omit<Opened, 'replayed'> {
  readonly position: number;
  readonly fingerprint: string;
}

const keyed = (entries: readonly Entry[]) =>
  entries.flatMap(({ request, position }) =>
    request.idempotency
      ? [{ organization_id: request.organization_id, ...request.idempotency, id: request.job_id, position }]
      : [],
  );

/** Writes the keys of a batch; the ids returned are those whose key is new. */
export async function claimKeys(session: Session, entries: readonly Entry[]): Promise<ReadonlySet<string>> {
  const keys = keyed(entries);
  const won = keys.length > 0 ? await session.run<{ id: string }>(CLAIM, JSON.stringify(keys), KEY_HOURS) : [];
  return new Set(won.map(({ id }) => id));
}

/** A refused write must not keep its key: the corrected request comes with the same one. */
export async function giveBackKeys(session: Session, entries: readonly Entry[]): Promise<void> {
  const ids = keyed(entries).map(({ id }) => id);
  if (ids.length > 0) await session.run('delete from ledger.idempotency_key where operation_id = any($1::text[])', ids);
}

/** Answers for requests whose key was known: the stored write, or a refusal when the content differs. */
export async function answerKnown(session: Session, entries: readonly Entry[]): Promise<Map<number, Verdict<Opened>>> {
  const keys = keyed(entries);
  const rows = keys.length > 0 ? await session.run<Known>(KNOWN, JSON.stringify(keys)) : [];
  const known = new Map(rows.map((row) => [row.position, row]));
  return new Map(keys.map((asked) => [asked.position, replay(known.get(asked.position), asked)]));
}

function replay(known: Known | undefined, asked: { readonly fingerprint: string; readonly id: string }): Verdict<Opened> {
  if (!known) return { problem: Problem.unavailable('Another request with this Idempotency-Key was just refused. Repeat.', 1) };
  if (known.fingerprint !== asked.fingerprint) {
    return {
      problem: new Problem('idempotency_key_reused', 'The Idempotency-Key was used with another request. Use a new key.'),
    };
  }
  const { job_id, record_id, payload, ignored_fields } = known;
  // Not a replay when the customer asked once, and only our own answer was lost.
  return { answer: { job_id, record_id, payload, ignored_fields, replayed: job_id !== asked.id } };
}

const STORED = 'select id as job_id, record_id, payload, ignored_fields from ledger.operation where id = any($1::text[])';

/** Answers for requests whose write is stored, by their positions. */
export async function answerStored(session: Session, entries: readonly Entry[]): Promise<Map<number, Opened>> {
  if (entries.length === 0) return new Map();
  const rows = await session.run<Omit<Opened, 'replayed'>>(
    STORED,
    entries.map(({ request }) => request.job_id),
  );
  const byId = new Map(rows.map((row) => [row.job_id, row]));
  return new Map(
    entries.flatMap(({ request, position }) => {
      const row = byId.get(request.job_id);
      return row ? [[position, { ...row, replayed: false }] as const] : [];
    }),
  );
}
