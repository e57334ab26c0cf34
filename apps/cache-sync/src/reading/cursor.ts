/**
 * The place where a page of a list ended, so that the next page begins there however many came before: an offset makes the database walk
 * past all of them. Only orders by a moment of the standard fields have one, because those are never null. By `created_at` and `updated_at`
 * an index leads straight to the place; by `last_seen`, which every sync writes and no index holds, the database still sorts.
 */
import type { Ordering } from './record-query.ts';

const MOMENTS = ['created_at', 'updated_at', 'last_seen'] as const;
type Moment = (typeof MOMENTS)[number];

/** The last record of a page, by what the list is ordered by. */
export interface Cursor {
  readonly field: Moment;
  readonly direction: Ordering['direction'];
  readonly at: Date;
  readonly id: string;
}

/** The cursor behind a record in an order; null when that order has none. */
export function cursorBehind(
  record: Readonly<Record<Moment, Date>> & { readonly id: string },
  orderBy: readonly Ordering[],
): string | null {
  const [ordering, ...further] = orderBy;
  const field = MOMENTS.find((moment) => moment === ordering?.field);
  if (!ordering || !field || further.length > 0) return null;
  const parts = [field, ordering.direction, record[field].toISOString(), record.id];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** What a cursor says; undefined for a text that `cursorBehind` never made. */
export function readCursor(text: string): Cursor | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 4) return undefined;
  const [name, direction, moment, id]: unknown[] = parts;
  const field = MOMENTS.find((known) => known === name);
  const at = typeof moment === 'string' ? new Date(moment) : undefined;
  if (!field || (direction !== 'asc' && direction !== 'desc') || typeof id !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(id)) {
    return undefined;
  }
  return at && !Number.isNaN(at.getTime()) ? { field, direction, at, id } : undefined;
}
