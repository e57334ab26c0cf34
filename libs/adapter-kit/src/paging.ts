import type { Call } from '#capabilities';
import type { CallResult, PmsClient } from './client.ts';
import { fill, type Sources } from './fill.ts';

/** One page of a list, or the result of the call that failed. */
export type Page =
  | { readonly failed: false; readonly records: readonly unknown[]; readonly total: number | null; readonly next: number | null }
  | { readonly failed: true; readonly result: CallResult };

/** Fetches the page that begins at `position` (records to skip, or the number of the page, as the PMS counts). */
export async function fetchPage(client: PmsClient, list: Call, sources: Sources, position: number | null): Promise<Page> {
  const { paging } = client.account.pms;
  const first = paging.kind === 'offset' ? 0 : 1;
  const at = position ?? first;
  // A call that limits itself (a search for one record) keeps its own size.
  const size = Number(list.query[paging.limit] ?? paging.size);
  const query = { [paging.kind === 'offset' ? paging.offset : paging.page]: at, [paging.limit]: size };
  const result = await client.call(fill(list, sources, query));
  if (result.verdict !== 'done') return { failed: true, result };
  const records = Array.isArray(result.answer) ? (result.answer as unknown[]) : [];
  const told = result.headers[paging.totalHeader];
  const total = told === undefined || !Number.isFinite(Number(told)) ? null : Number(told);
  const seen = paging.kind === 'offset' ? at + records.length : (at - first) * size + records.length;
  const more = records.length > 0 && (total === null ? records.length >= size : seen < total);
  return { failed: false, records, total, next: more ? (paging.kind === 'offset' ? seen : at + 1) : null };
}

/** All pages of a list, one after the other; ends with the first that fails. */
export async function* walk(client: PmsClient, list: Call, sources: Sources): AsyncGenerator<Page> {
  let position: number | null = null;
  do {
    const page: Page = await fetchPage(client, list, sources, position);
    yield page;
    position = page.failed ? null : page.next;
  } while (position !== null);
}
