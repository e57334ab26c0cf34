/** What came of a write, as far as it can be seen from outside: what it wanted, and whether it is still the last word about its record. */
import type { NoteRefresh, WrittenValues } from '#messaging';
import type { Database } from './store/database.ts';

const WRITTEN = 'select operation, payload as values, "references" from ledger.operation where id = $1';

export async function writtenBy(database: Database, jobId: string): Promise<WrittenValues | null> {
  const [row] = await database.run<WrittenValues>(WRITTEN, jobId);
  return row ?? null;
}

// The index of an organization's writes is entered behind the write, which ended seconds ago: there are few.
const SUPERSEDED = `
  select exists (
    select from ledger.operation later
    where later.organization_id = o.organization_id and later.seq > o.seq and later.lane = o.lane and later.sent_at is not null
  ) as superseded
  from ledger.operation o where o.id = $1`;

/**
 * The note as it may be kept: a difference says nothing against a write when a later one of the same record was sent before somebody looked.
 */
export async function judged(database: Database, note: NoteRefresh): Promise<NoteRefresh> {
  if (note.verified !== false) return note;
  const [row] = await database.run<{ superseded: boolean }>(SUPERSEDED, note.job_id);
  return row?.superseded ? { ...note, verified: null, differences: [] } : note;
}
