import type { AnsweredList } from '#messaging';
import { Problem, type Issue } from '#problem';

const MAX_LIMIT = 250;
const DEFAULT_LIMIT = 100;
const MAX_OFFSET = 1_000_000;

/** What a list of administration asks for. Its only order is by `created_at`. */
export interface ListQuery {
  readonly offset: number;
  readonly limit: number;
  readonly direction: 'asc' | 'desc';
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

/** @throws Problem `invalid_request` with an issue for each parameter that can't be used, unknown ones included */
export function parseListQuery(query: Readonly<Record<string, string>>, known: Readonly<Record<string, Judge>>): ListQuery {
  const issues: Issue[] = [];
  const refuse = (parameter: string, code: Issue['code'], says: string): void =>
    void issues.push({ pointer: '', parameter, code, detail: `The parameter ${parameter} ${says}.` });
  const integer = (name: string, least: number, most: number, otherwise: number): number => {
    const text = query[name];
    if (text === undefined) return otherwise;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    refuse(name, 'invalid_value', `must be an integer from ${least} to ${most}`);
    return otherwise;
  };

  const offset = integer('offset', 0, MAX_OFFSET, 0);
  const limit = integer('limit', 1, MAX_LIMIT, DEFAULT_LIMIT);
  const [, direction] = /^created_at(?::(asc|desc))?$/.exec(query['order-by'] ?? 'created_at:desc') ?? [undefined, null];
  if (direction === null) refuse('order-by', 'invalid_value', 'must be created_at, followed by :asc or :desc');
  const filters: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    if (['offset', 'limit', 'order-by'].includes(name)) continue;
    const judge = Object.hasOwn(known, name) ? known[name] : undefined;
    const fault = judge?.(value);
    if (!judge) refuse(name.slice(0, 80), 'unknown_field', 'is none of this list');
    else if (fault !== undefined) refuse(name, 'invalid_value', fault);
    else filters[name] = value;
  }
  if (issues.length > 0) throw Problem.invalid(issues);
  return { offset, limit, direction: direction === 'desc' ? 'desc' : 'asc', filters };
}

export function listAnswer(
  { offset, limit, direction }: ListQuery,
  results: AnsweredList['results'],
  total: number,
): AnsweredList {
  const orderBy = [{ field: 'created_at', direction }];
  return { meta: { offset, limit, orderBy, hasMore: offset + results.length < total, total }, results };
}
