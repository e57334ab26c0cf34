/**
 * Lists: reading the query, filtering, sorting, paging, the total.
 *
 * Promises: `limit` defaults to 50 and is cut to 1,000, `offset` is zero-based, `X-Total-Count` counts all matches. Records
 * younger than the world's search delay are not there. Only the records of the page are rendered, unless the order asks for
 * a member that only the rendered record has.
 * Fails: 404 for `Limit` and the like (the vendor answers so), 400 for a value that is not of its type or a sort field that
 * does not exist. Names that the call does not know are ignored.
 */
import { operations, type WireOperation, type WireSchema } from '#pms/buildium/wire';
import {
  badRequest,
  noSuchPath,
  type AnswerOf,
  type Answered,
  type Call,
  type CallKey,
  type Issue,
  type ListKey,
  type QueryOf,
  type Refused,
} from './api.ts';
import { toInstant, type Stored } from './store.ts';

const defaultLimit = 50;
const greatestLimit = 1000;

type PagingName = 'orderby' | 'offset' | 'limit';
interface Paging {
  readonly orderby?: string;
  readonly offset?: number;
  readonly limit?: number;
}

/** One predicate for each filter that the call documents. */
export type Filters<K extends ListKey, Record> = {
  readonly [Name in Exclude<keyof QueryOf<K>, PagingName>]-?: (record: Record, wanted: NonNullable<QueryOf<K>[Name]>) => boolean;
};

type Reader = (text: string) => unknown;

const readNumber: Reader = (text) => (text.trim() === '' || Number.isNaN(Number(text)) ? undefined : Number(text));
const readInteger: Reader = (text) => (/^-?\d+$/.test(text) ? Number(text) : undefined);
const readBoolean: Reader = (text) => ({ true: true, false: false })[text.toLowerCase()];

/** One call documents a blank instead of the `T`; all times are UTC. Made comparable as text with the times of records. */
const readInstant: Reader = (text) => {
  const time = Date.parse(text.replace(' ', 'T').replace(/(T[\d:.]+)$/, '$1Z'));
  return Number.isNaN(time) ? undefined : toInstant(new Date(time));
};
const readDate: Reader = (text) => (Number.isNaN(Date.parse(text)) ? undefined : text.slice(0, 10));

const readers: Readonly<Record<string, Reader>> = {
  integer: readInteger,
  number: readNumber,
  boolean: readBoolean,
  date: readDate,
  'date-time': readInstant,
};

function readOne(schema: WireSchema, text: string): unknown {
  if (schema.enum && !schema.enum.includes(text)) return undefined;
  const reader = readers[schema.format ?? ''] ?? readers[schema.type ?? ''];
  return reader ? reader(text) : text;
}

/** The query of a list by its documented types, or the refusal. */
export function readQuery(key: CallKey, query: URLSearchParams): Readonly<Record<string, unknown>> | Refused {
  const operation: WireOperation = operations[key];
  const issues: Issue[] = [];
  const result: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    const schema = operation.query?.[name];
    if (!schema) {
      if (operation.query && ['limit', 'offset'].includes(name.toLowerCase())) return noSuchPath();
      continue;
    }
    const texts = query.getAll(name);
    const values = texts.map((text) => readOne(schema.items ?? schema, text));
    if (values.includes(undefined)) issues.push({ Key: name, Value: `${texts.join(', ')} cannot be read.` });
    result[name] = schema.items ? values : values[0];
  }
  if (typeof result.limit === 'number' && result.limit < 1) issues.push({ Key: 'limit', Value: 'At least 1.' });
  if (typeof result.offset === 'number' && result.offset < 0) issues.push({ Key: 'offset', Value: 'At least 0.' });
  return issues.length > 0 ? badRequest(issues) : result;
}

type SortKey = string | number | null;

/** What every stored record knows without being rendered, by the lower-case name of the member. */
const storedKeys: Readonly<Record<string, (record: Stored) => SortKey>> = {
  id: ({ id }) => id,
  createddatetime: ({ created }) => created,
  lastupdateddatetime: ({ updated }) => updated,
};

function compareKeys(a: SortKey, b: SortKey): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}

const toSortKey = (value: unknown): SortKey => {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return value.toLowerCase();
  return typeof value === 'boolean' ? Number(value) : null;
};

function sort<T extends Stored>(records: T[], orderby: string, render: (record: T) => object): T[] | Issue {
  const rendered = new Map<T, Map<string, unknown>>();
  const membersOf = (record: T) => {
    const members =
      rendered.get(record) ?? new Map(Object.entries(render(record)).map(([name, value]) => [name.toLowerCase(), value]));
    rendered.set(record, members);
    return members;
  };
  const first = records[0];
  const terms: { readonly keyOf: (record: T) => SortKey; readonly sign: 1 | -1 }[] = [];
  for (const term of orderby.split(',')) {
    const [field = '', direction = 'asc'] = term.trim().toLowerCase().split(/\s+/);
    const stored = storedKeys[field];
    if (!['asc', 'desc'].includes(direction) || (!stored && first && !membersOf(first).has(field))) {
      return { Key: 'orderby', Value: `${term.trim()} is no order of this list.` };
    }
    terms.push({
      keyOf: stored ?? ((record: T) => toSortKey(membersOf(record).get(field))),
      sign: direction === 'desc' ? -1 : 1,
    });
  }
  return records.sort((a, b) => {
    for (const { keyOf, sign } of terms) {
      const order = compareKeys(keyOf(a), keyOf(b)) * sign;
      if (order !== 0) return order;
    }
    return 0;
  });
}

/** The page of `records` that the call asks for. */
export function answerList<K extends ListKey, T extends Stored>(
  call: Call<K>,
  records: Iterable<T>,
  filters: Filters<K, T>,
  render: (record: T) => AnswerOf<K> extends readonly (infer Item)[] ? Item & object : never,
): Answered<AnswerOf<K>> | Refused {
  // The compiler cannot follow a query and its filters through K; `Filters` tied them together where they were written.
  const wanted = Object.entries(call.query as object);
  const predicates = filters as Readonly<Record<string, (record: T, wanted: unknown) => boolean>>;
  const active = wanted.flatMap(([name, value]) => (predicates[name] ? [{ matches: predicates[name], value }] : []));
  const visibleUntilMs = call.world.now().getTime() - call.world.searchDelayMs;

  const found: T[] = [];
  for (const record of records) {
    if (record.createdMs <= visibleUntilMs && active.every(({ matches, value }) => matches(record, value))) found.push(record);
  }

  const { orderby, offset = 0, limit = defaultLimit } = call.query as Paging;
  const sorted = orderby ? sort(found, orderby, render) : found;
  if (!Array.isArray(sorted)) return badRequest([sorted]);
  const page = sorted.slice(offset, offset + Math.min(limit, greatestLimit)).map(render);
  return { status: 200, headers: { 'x-total-count': String(sorted.length) }, body: page as AnswerOf<K> };
}

export const contains = (text: string | null | undefined, part: string): boolean =>
  (text ?? '').toLowerCase().includes(part.toLowerCase());

/** The two filters that most lists share. */
export const byUpdate = {
  lastupdatedfrom: ({ updated }: Stored, from: string): boolean => updated >= from,
  lastupdatedto: ({ updated }: Stored, to: string): boolean => updated <= to,
} as const;
