import { Problem, type Issue } from '#problem';
import type { Page } from './page.ts';

const MAX_LIMIT = 250;
const DEFAULT_LIMIT = 100;
const MAX_OFFSET = 1_000_000;
/** What every list takes. */
export const PAGING: readonly string[] = ['offset', 'limit', 'order-by'];

export interface Ordering {
  readonly field: string;
  readonly direction: 'asc' | 'desc';
}

/** What a list asks for, understood and checked. */
export interface ListQuery {
  readonly page: Page;
  readonly orderBy: Ordering;
  /** The filters that were sent. */
  readonly filters: Readonly<Record<string, string>>;
}

/** What is wrong with the value of a filter, as the end of a sentence; undefined when it is right. */
export type Judge = (value: string) => string | undefined;
export const anyText: Judge = () => undefined;
export const oneOf =
  (...values: readonly string[]): Judge =>
  (value) =>
    values.includes(value) ? undefined : `must be one of ${values.join(', ')}`;
export const aMoment: Judge = (value) =>
  Number.isNaN(Date.parse(value)) || !/^[1-9]\d{3}-\d{2}-\d{2}/.test(value) ? 'must be an ISO 8601 date-time' : undefined;

/**
 * Reads `offset`, `limit` (1 to 250, default 100), `order-by` (one field, default `created_at:desc`) and the filters of a list.
 * @throws Problem `invalid_request` with an issue for each parameter that can't be used, unknown ones included.
 */
export function parseListQuery(
  query: Readonly<Record<string, string>>,
  known: { readonly filters: readonly string[] | Readonly<Record<string, Judge>>; readonly orderable: readonly string[] },
): ListQuery {
  const issues: Issue[] = [];
  const refuse = (parameter: string, code: Issue['code'], detail: string): undefined =>
    void issues.push({ pointer: '', parameter, code, detail });
  const integer = (name: string, from: number, to: number, otherwise: number): number => {
    const text = query[name];
    if (text === undefined) return otherwise;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= from && value <= to) return value;
    refuse(name, 'invalid_value', `The parameter ${name} must be an integer from ${from} to ${to}.`);
    return otherwise;
  };

  const page = { offset: integer('offset', 0, MAX_OFFSET, 0), limit: integer('limit', 1, MAX_LIMIT, DEFAULT_LIMIT) };
  const [field = '', direction = 'asc', ...rest] = (query['order-by'] ?? 'created_at:desc').split(':');
  const order = { field, direction };
  if (!isOrdering(order) || !known.orderable.includes(field) || rest.length > 0) {
    refuse(
      'order-by',
      'invalid_value',
      `The parameter order-by must be one of ${known.orderable.join(', ')}, followed by :asc or :desc.`,
    );
  }
  const judges = judgesOf(known.filters);
  const filters: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    if (PAGING.includes(name)) continue;
    const judge = judges.get(name);
    const fault = judge?.(value);
    if (!judge) refuse(name, 'unknown_field', `There is no parameter ${name} here.`);
    else if (fault !== undefined) refuse(name, 'invalid_value', `The parameter ${name} ${fault}.`);
    else filters[name] = value;
  }
  if (issues.length > 0 || !isOrdering(order)) throw Problem.invalid(issues);
  return { page, orderBy: order, filters };
}

/** The published envelope of a list. */
export function listAnswer<Result>({ page, orderBy }: ListQuery, results: readonly Result[], total: number) {
  const hasMore = page.offset + results.length < total;
  return { meta: { ...page, orderBy: [orderBy], hasMore, total }, results };
}

/** Refuses every parameter, for what takes none. */
export function assertNoQuery(query: Readonly<Record<string, string>>, known: readonly string[] = []): void {
  const unknown = Object.keys(query).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw Problem.invalid(
    unknown.map((name) => ({
      pointer: '',
      parameter: name,
      code: 'unknown_field',
      detail: `There is no parameter ${name} here.`,
    })),
  );
}

/** The issue of a parameter that is neither `true` nor `false`. */
export function faultyFlag(parameter: string): Issue {
  return { pointer: '', parameter, code: 'invalid_value', detail: `The parameter ${parameter} must be true or false.` };
}

const judgesOf = (filters: readonly string[] | Readonly<Record<string, Judge>>): ReadonlyMap<string, Judge> =>
  new Map(isNames(filters) ? filters.map((name) => [name, anyText]) : Object.entries(filters));
const isNames = (filters: readonly string[] | Readonly<Record<string, Judge>>): filters is readonly string[] =>
  Array.isArray(filters);

function isOrdering(order: { field: string; direction: string }): order is Ordering {
  return order.direction === 'asc' || order.direction === 'desc';
}
