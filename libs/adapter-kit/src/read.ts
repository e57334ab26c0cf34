import { companionOf } from '#models';
import { decodeRecord, valueAt, type Capability, type PmsDefinition, type ReadSpec } from '#capabilities';
import { Problem } from '#problem';
import type { CallResult, PmsClient } from './client.ts';
import { fill, type Sources } from './fill.ts';
import { fetchPage } from './paging.ts';

/** A record as the PMS told it, in the unified model's fields; references as the PMS's ids, under `x_<field>`. */
export interface RecordCopy {
  readonly x_id: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Where a reading goes on. For a list that hangs under another model's records: which of them, on which page of theirs. */
interface Cursor {
  readonly position: number | null;
  readonly parents?: { readonly position: number | null; readonly index: number };
}

const NOBODY: Sources = { recordId: null, references: {}, values: {}, done: {} };

/**
 * Reads one page of a model's records.
 * @throws Problem `operation_not_supported` when the PMS can't list the model, `unavailable` when it does not answer, `conflict` when it refuses.
 */
export async function readPage(
  client: PmsClient,
  capability: Capability,
  cursorText: string | undefined,
): Promise<{ records: RecordCopy[]; next: string | null; total: number | null }> {
  const reads = readsOf(client.account.pms, capability);
  const cursor = parseCursor(cursorText);
  if (reads.under === undefined) {
    const page = await fetchPage(client, reads.list, NOBODY, cursor.position);
    if (page.failed) throw failedRead(client.account.pms, page.result);
    return {
      records: copies(capability, reads, page.records),
      next: page.next === null ? null : JSON.stringify({ position: page.next }),
      total: page.total,
    };
  }
  return readUnderParents(client, capability, reads, reads.under, cursor);
}

/** Reads one record by its PMS id. @throws Problem `not_found` */
export async function readOne(client: PmsClient, capability: Capability, xId: string): Promise<RecordCopy> {
  const { pms } = client.account;
  const reads = readsOf(pms, capability);
  if (!reads.one) throw new Problem('operation_not_supported', `${pms.title} can't show a single ${capability.model.title}.`);
  const result = await client.call(fill(reads.one, { ...NOBODY, recordId: xId }));
  if (result.verdict !== 'done') throw failedRead(pms, result);
  const answer: unknown = Array.isArray(result.answer) ? result.answer[0] : result.answer;
  const [copy] = copies(capability, reads, answer === undefined ? [] : [answer]);
  if (!copy) throw Problem.notFound(capability.model.title);
  return copy;
}

async function readUnderParents(client: PmsClient, capability: Capability, reads: ReadSpec, under: string, cursor: Cursor) {
  const { pms } = client.account;
  const parentCapability = pms.capabilities.get(under);
  if (!parentCapability) throw new Problem('operation_not_supported', `${pms.title} can't list ${under}.`);
  const parentReads = readsOf(pms, parentCapability);
  const { position = null, index = 0 } = cursor.parents ?? {};
  const parents = await fetchPage(client, parentReads.list, NOBODY, position);
  if (parents.failed) throw failedRead(pms, parents.result);
  const parent = parents.records[index];
  if (parent === undefined)
    return {
      records: [],
      next: parents.next === null ? null : JSON.stringify({ position: null, parents: { position: parents.next, index: 0 } }),
      total: null,
    };
  const parentId = String(valueAt(parent, parentReads.id));
  const page = await fetchPage(client, reads.list, { ...NOBODY, parentId }, cursor.position);
  // A parent that vanished between the two reads has no children.
  if (page.failed && page.result.status !== 404) throw failedRead(pms, page.result);
  const found = page.failed ? [] : copies(capability, reads, page.records);
  const { parentField } = reads;
  const records =
    parentField === undefined
      ? found
      : found.map((copy) => ({ ...copy, fields: { ...copy.fields, [companionOf(parentField)]: parentId } }));
  const more = !page.failed && page.next !== null;
  return {
    records,
    next: JSON.stringify({ position: more ? page.next : null, parents: { position, index: more ? index : index + 1 } }),
    total: null,
  };
}

function copies(capability: Capability, reads: ReadSpec, records: readonly unknown[]): RecordCopy[] {
  const kept = reads.only ? records.filter((record) => reads.only?.(record as never)) : records;
  return kept.map((record) => ({ x_id: String(valueAt(record, reads.id)), fields: decodeRecord(capability, record) }));
}

function readsOf(pms: PmsDefinition, { reads, model }: Capability): ReadSpec {
  if ('lacks' in reads) throw new Problem('operation_not_supported', reads.lacks || `${pms.title} can't list ${model.title}s.`);
  return reads;
}

function failedRead(pms: PmsDefinition, { verdict, status, reason, retryAfterMs }: CallResult): Problem {
  if (status === 404) return new Problem('not_found', `${pms.title} does not have the record.`);
  if (verdict === 'unauthorized')
    return new Problem('conflict', `${pms.title} did not accept the credentials of this integration.`);
  if (verdict === 'refused') return new Problem('conflict', `${pms.title} refused the read (${status}).`);
  return Problem.unavailable(
    `${pms.title} does not answer${reason ? `: ${reason}` : ''}.`,
    Math.ceil((retryAfterMs ?? 2_000) / 1_000),
  );
}

function parseCursor(text: string | undefined): Cursor {
  if (text === undefined) return { position: null };
  const value = JSON.parse(text) as Cursor;
  return value;
}
