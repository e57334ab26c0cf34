import type { Call } from '#capabilities';
import { withoutAnswer, type CallResult } from './call-result.ts';
import type { Caller } from './client.ts';
import { fill, type Sources } from './fill.ts';

/** One page of a list, or the result of the call that failed. */
export type Page =
  | { readonly failed: false; readonly records: readonly unknown[]; readonly total: number | null; readonly next: number | null }
  | { readonly failed: true; readonly result: CallResult };

/**
 * Fetches the page that begins at `position` (records to skip, or the number of the page, as the PMS counts). An answer that is no list is a
 * failure: it must never be taken for an empty one.
 */
export async function fetchPage(client: Caller, list: Call, sources: Sources, position: number | null): Promise<Page> {
  const { paging } = client.account.pms;
  const first = paging.kind === 'offset' ? 0 : 1;
  const at = position ?? first;
  // A call that limits itself (a search for one record) keeps its own size.
  const own = Number(list.query[paging.limit]);
  const size = Number.isInteger(own) && own > 0 ? own : paging.size;
  const query = { [paging.kind === 'offset' ? paging.offset : paging.page]: at, [paging.limit]: size };
  const result = await client.call(fill(list, sources, query));
  if (result.verdict !== 'done') return { failed: true, result };
  // "No content" is how some PMSs spell an empty list; a 200 without content is a mistake.
  const listed: unknown = result.status === 204 ? [] : result.answer;
  if (!Array.isArray(listed)) return unclear(result, 'it did not show a list');
  const records: readonly unknown[] = listed;
  const told = result.headers[paging.totalHeader.toLowerCase()];
  const total = told !== undefined && /^\s*\d+\s*$/.test(told) ? Number(told) : null;
  const before = paging.kind === 'offset' ? at : (at - first) * size;
  const seen = before + records.length;
  if (records.length === 0 && total !== null && before < total) return unclear(result, 'its list ended before its end');
  const more = records.length > 0 && (total === null ? records.length >= size : seen < total);
  return { failed: false, records, total, next: more ? (paging.kind === 'offset' ? seen : at + 1) : null };
}

const unclear = (result: CallResult, reason: string): Page => ({
  failed: true,
  result: { ...result, verdict: 'unclear', evidence: 'C', reason },
});

/** A list that is longer is no result of a search. */
const MAX_PAGES = 20;

/** All pages of a list, one after the other; ends with the first that fails. A list without end fails too. */
export async function* walk(client: Caller, list: Call, sources: Sources): AsyncGenerator<Page> {
  let position: number | null = null;
  for (let count = 0; count < MAX_PAGES; count += 1) {
    const page: Page = await fetchPage(client, list, sources, position);
    yield page;
    if (page.failed || page.next === null) return;
    position = page.next;
  }
  yield unclear(withoutAnswer({ evidence: 'C', verdict: 'unclear' }), 'its list does not end');
}
