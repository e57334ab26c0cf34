import { companionOf } from '#models';
import {
  decodeRecord,
  valueAt,
  type Call,
  type Capability,
  type Comparison,
  type PmsDefinition,
  type ReadSpec,
} from '#capabilities';
import { Problem } from '#problem';
import { asRecordId } from './answer.ts';
import type { CallResult } from './call-result.ts';
import type { Caller } from './client.ts';
import { compareWritten, type Written } from './compare.ts';
import { fill, MissingParameter, NOWHERE } from './fill.ts';
import { fetchPage, type Page } from './paging.ts';

/** A record as the PMS told it, in the unified model's fields; references as the PMS's ids, under `x_<field>`. */
export interface RecordCopy {
  readonly x_id: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What one reading brings. */
export interface ReadPageResult {
  readonly records: readonly RecordCopy[];
  /** Where to go on; null at the end. */
  readonly next: string | null;
  /** How many there are in all, when the PMS says so. */
  readonly total: number | null;
}

/** Where a reading goes on. */
interface Cursor {
  /** The page, as the PMS counts. */
  readonly position: number | null;
  /** Records of that page that were handed out before. */
  readonly skip: number;
  /** For a list that hangs under another model's records: which of them come next, and which page of theirs comes after those. */
  readonly parents?: { readonly ids: readonly string[]; readonly next: number | null };
}

const START: Cursor = { position: null, skip: 0 };
/** What fits into one message between services, with room for its envelope. A single larger record is handed out all the same. */
const MAX_PAGE_BYTES = 900_000;

/**
 * Reads one page of a model's records: of all, or only of those that changed since a moment.
 * @throws Problem `operation_not_supported` when the PMS can't list the model, or its changes, `unavailable` when it does not answer as it should, `conflict` when it
 *   refuses, `invalid_request` for a cursor that is not ours.
 */
export async function readPage(
  client: Caller,
  capability: Capability,
  cursorText: string | undefined,
  changedSince?: Date,
): Promise<ReadPageResult> {
  const { pms } = client.account;
  const reads = readsOf(pms, capability);
  const cursor = parseCursor(cursorText);
  const list = changedSince === undefined ? reads.list : changesIn(pms, capability, reads, changedSince);
  if (reads.under === undefined) {
    const page = listed(pms, await fetchPage(client, list, NOWHERE, cursor.position));
    return handOut(pms, capability, reads, page, cursor);
  }
  return readUnderParents(client, capability, reads, reads.under, cursor);
}

/** The list, asked for what changed since a moment only. */
function changesIn(pms: PmsDefinition, { model }: Capability, { list, changedSince, under }: ReadSpec, since: Date): Call {
  if (!changedSince || under !== undefined)
    throw new Problem('operation_not_supported', `${pms.title} can't tell which ${model.title}s changed.`);
  return { ...list, query: { ...list.query, [changedSince.parameter]: changedSince.format(since) } };
}

/** Reads one record by its PMS id. @throws Problem `not_found`, and as `readPage` does */
export async function readOne(client: Caller, capability: Capability, xId: string): Promise<RecordCopy> {
  return (await fetchOne(client, capability, xId)).copy;
}

/** The same, and what the record shows of a write. */
export async function readWritten(
  client: Caller,
  capability: Capability,
  xId: string,
  { operation, ...wanted }: Written,
): Promise<{ readonly copy: RecordCopy; readonly compared: Comparison }> {
  const { copy, remote } = await fetchOne(client, capability, xId);
  return { copy, compared: compareWritten(capability, operation, remote, wanted) };
}

async function fetchOne(client: Caller, capability: Capability, xId: string): Promise<{ copy: RecordCopy; remote: unknown }> {
  const { pms } = client.account;
  const reads = readsOf(pms, capability);
  if (!reads.one) throw new Problem('operation_not_supported', `${pms.title} can't show a single ${capability.model.title}.`);
  const result = await client.call(one(capability, reads.one, xId));
  if (result.verdict !== 'done') throw failedRead(pms, result);
  const remote: unknown = Array.isArray(result.answer) ? result.answer[0] : result.answer;
  const [copy] = copies(pms, capability, reads, remote === undefined ? [] : [remote]);
  if (!copy) throw Problem.notFound(capability.model.title);
  if (copy.x_id !== xId)
    throw Problem.unavailable(`${pms.title} showed another ${capability.model.title} than the one asked for.`);
  return { copy, remote };
}

function one({ model }: Capability, call: NonNullable<ReadSpec['one']>, xId: string) {
  try {
    return fill(call, { ...NOWHERE, recordId: xId });
  } catch (error) {
    if (error instanceof MissingParameter) throw Problem.notFound(model.title);
    throw error;
  }
}

async function readUnderParents(
  client: Caller,
  capability: Capability,
  reads: ReadSpec,
  under: string,
  cursor: Cursor,
): Promise<ReadPageResult> {
  const { pms } = client.account;
  const parents = cursor.parents?.ids.length ? cursor.parents : await nextParents(client, under, cursor.parents?.next ?? null);
  const [parentId, ...others] = parents.ids;
  const after = others.length > 0 || parents.next !== null ? { ...START, parents: { ids: others, next: parents.next } } : null;
  if (parentId === undefined) return { records: [], next: after && JSON.stringify(after), total: null };
  const page = await fetchPage(client, reads.list, { ...NOWHERE, parentId }, cursor.position);
  // A parent that vanished between the two reads has no children.
  const empty: Page = { failed: false, records: [], total: null, next: null };
  const there = listed(pms, page.failed && page.result.status === 404 ? empty : page);
  const { records, next } = handOut(pms, capability, reads, there, cursor, { ids: parents.ids, next: parents.next });
  const { parentField } = reads;
  const named = records.map(({ x_id, fields }) => ({
    x_id,
    fields: parentField === undefined ? fields : { ...fields, [companionOf(parentField)]: parentId },
  }));
  return { records: named, next: next ?? (after && JSON.stringify(after)), total: null };
}

/** The ids of the next page of records under which lists hang. */
async function nextParents(client: Caller, under: string, position: number | null): Promise<NonNullable<Cursor['parents']>> {
  const { pms } = client.account;
  const capability = pms.capabilities.get(under);
  if (!capability) throw new Problem('operation_not_supported', `${pms.title} can't list ${under}.`);
  const reads = readsOf(pms, capability);
  const page = listed(pms, await fetchPage(client, reads.list, NOWHERE, position));
  const ids = kept(reads, page.records).map((record) => asRecordId(valueAt(record, reads.id)));
  return { ids: ids.filter((id) => id !== null), next: page.next };
}

/** As much of a page as fits into a message, and where the rest is. */
function handOut(
  pms: PmsDefinition,
  capability: Capability,
  reads: ReadSpec,
  page: Extract<Page, { failed: false }>,
  cursor: Cursor,
  parents?: Cursor['parents'],
): ReadPageResult {
  const rest = copies(pms, capability, reads, page.records).slice(cursor.skip);
  const count = howManyFit(rest);
  const all = count === rest.length;
  const next: Cursor = {
    position: all ? page.next : cursor.position,
    skip: all ? 0 : cursor.skip + count,
    ...(parents && { parents }),
  };
  return { records: rest.slice(0, count), next: all && page.next === null ? null : JSON.stringify(next), total: page.total };
}

function howManyFit(records: readonly RecordCopy[]): number {
  let bytes = 0;
  const tooMany = records.findIndex((record) => (bytes += Buffer.byteLength(JSON.stringify(record)) + 1) > MAX_PAGE_BYTES);
  return tooMany < 0 ? records.length : Math.max(tooMany, 1);
}

function kept({ only }: ReadSpec, records: readonly unknown[]): readonly unknown[] {
  return only ? records.filter((record) => only(record as never)) : records;
}

/** @throws Problem `unavailable` for records that are none: to leave them out would make them look deleted */
function copies(pms: PmsDefinition, capability: Capability, reads: ReadSpec, records: readonly unknown[]): RecordCopy[] {
  try {
    return kept(reads, records).map((record) => {
      const x_id = asRecordId(valueAt(record, reads.id));
      if (x_id === null) throw new TypeError('A record has no id.');
      return { x_id, fields: decodeRecord(capability, record) };
    });
  } catch (error) {
    throw Problem.unavailable(`${pms.title} showed a ${capability.model.title} in a form that Latchkey does not know.`, 2, error);
  }
}

function readsOf(pms: PmsDefinition, { reads, model }: Capability): ReadSpec {
  if ('lacks' in reads) throw new Problem('operation_not_supported', reads.lacks || `${pms.title} can't list ${model.title}s.`);
  return reads;
}

function listed(pms: PmsDefinition, page: Page): Extract<Page, { failed: false }> {
  if (page.failed) throw failedRead(pms, page.result);
  return page;
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
  if (text === undefined) return START;
  try {
    const { position, skip, parents } = JSON.parse(text) as Partial<Cursor>;
    const isPosition = (value: unknown): boolean => value === null || Number.isInteger(value);
    const isUsable =
      isPosition(position) && Number.isInteger(skip) && (!parents || (Array.isArray(parents.ids) && isPosition(parents.next)));
    if (isUsable) return { position: position ?? null, skip: skip ?? 0, ...(parents && { parents }) };
  } catch {
    // Said below.
  }
  throw new Problem('invalid_request', 'The cursor is not one of a former page.');
}
