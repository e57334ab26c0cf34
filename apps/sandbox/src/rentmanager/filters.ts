/**
 * The `filters` parameter: `Field,op,value;Field2,op,value`, all of which must hold.
 *
 * Promises: text compares without letter case, dates as moments, a dotted field (`Contacts.Email`) holds when it does
 * for any related row. Lists stand in parentheses: `TenantID,in,(101,102)`. A field without a value matches only `ne`
 * and `ni`. Fails: an unknown field or operator, or a value of the wrong type, is a 400 with ModelState.
 */
import { badFilter } from './answers.ts';
import { resourceNamed } from './catalog.ts';
import { instantMs } from './instants.ts';
import type { Records } from './records.ts';
import { valueOf } from './render.ts';
import type { Member, Relation, Resource, Row, Scalar } from './schema.ts';

export type Filter = (row: Row, records: Records) => boolean;

type Comparable = string | number | boolean;

/** Compares a stored value with the values of a filter; all are already in comparable form. */
type Operator = (value: Comparable, wanted: readonly Comparable[]) => boolean;

const textual =
  (holds: (value: string, part: string) => boolean): Operator =>
  (value, [part]) =>
    holds(String(value), String(part));

const OPERATORS: Readonly<Record<string, Operator>> = {
  eq: (value, [wanted]) => value === wanted,
  ne: (value, [wanted]) => value !== wanted,
  lt: (value, [bound]) => bound !== undefined && value < bound,
  le: (value, [bound]) => bound !== undefined && value <= bound,
  gt: (value, [bound]) => bound !== undefined && value > bound,
  ge: (value, [bound]) => bound !== undefined && value >= bound,
  in: (value, wanted) => wanted.includes(value),
  ni: (value, wanted) => !wanted.includes(value),
  bt: (value, [low, high]) => low !== undefined && high !== undefined && value >= low && value <= high,
  ct: textual((value, part) => value.includes(part)),
  sw: textual((value, part) => value.startsWith(part)),
  ew: textual((value, part) => value.endsWith(part)),
};

const LISTS: ReadonlySet<string> = new Set(['in', 'ni', 'bt']);
const TEXT_ONLY: ReadonlySet<string> = new Set(['ct', 'sw', 'ew']);
const HOLDS_WITHOUT_VALUE: ReadonlySet<string> = new Set(['ne', 'ni']);

export function parseFilters(resource: Resource, text: string): Filter {
  const filters = clauses(text).map((clause) => parseClause(resource, clause));
  return (row, records) => filters.every((filter) => filter(row, records));
}

function parseClause(resource: Resource, clause: string): Filter {
  const [, path = '', operator = '', value = ''] = clause.match(/^([^,]+),([^,]+),(.*)$/s) ?? [];
  const op = operator.trim().toLowerCase();
  const holds = OPERATORS[op];
  if (holds === undefined) throw badFilter(`'${clause}' is no filter: write Field,operator,value.`);
  const { member, name, along } = locate(resource, path.trim());
  const wanted = (LISTS.has(op) ? listed(value) : [value]).map((part) => comparableOf(member, part, TEXT_ONLY.has(op), clause));

  return (row, records) => {
    const rows = along.reduce<readonly Row[]>(
      (reached, relation) => reached.flatMap((from) => relation.rows(from, records)),
      [row],
    );
    return rows.some((reached) => {
      const stored = valueOf(name, member, reached, records);
      return stored === null ? HOLDS_WITHOUT_VALUE.has(op) : holds(comparable(member, stored), wanted);
    });
  };
}

/** Follows a dotted path: relations first, a member last. */
function locate(resource: Resource, path: string): { name: string; member: Member; along: readonly Relation[] } {
  const along: Relation[] = [];
  let at = resource;
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  for (const step of steps) {
    const relation = insensitive(at.relations ?? {}, step)?.[1];
    if (relation === undefined) throw badFilter(`${at.name} has no related '${step}'.`);
    along.push(relation);
    at = resourceNamed(relation.resource);
  }
  const found = insensitive(at.members, last);
  if (found === undefined) throw badFilter(`${at.name} has no field '${last}'.`);
  return { name: found[0], member: found[1], along };
}

function insensitive<Value>(table: Readonly<Record<string, Value>>, name: string): [string, Value] | undefined {
  return Object.entries(table).find(([key]) => key.toLowerCase() === name.toLowerCase());
}

/** Splits at semicolons outside parentheses. */
function clauses(text: string): string[] {
  return (text.match(/(?:\([^)]*\)|[^;(]|\()+/gs) ?? []).map((clause) => clause.trim()).filter((clause) => clause !== '');
}

function listed(value: string): string[] {
  return value
    .replace(/^\s*\(|\)\s*$/g, '')
    .split(',')
    .map((part) => part.trim());
}

function comparable(member: Member, stored: Scalar): Comparable {
  if (member.type === 'DateTime') return instantMs(String(stored));
  return typeof stored === 'string' ? stored.toLowerCase() : (stored ?? '');
}

function comparableOf(member: Member, part: string, asText: boolean, clause: string): Comparable {
  const read = asText || member.type === 'String' ? part.toLowerCase() : typed(member, part.trim());
  if (read === undefined) throw badFilter(`'${part}' in '${clause}' is no ${member.type}.`);
  return read;
}

function typed(member: Member, part: string): Comparable | undefined {
  if (member.type === 'Boolean') return { true: true, false: false }[part.toLowerCase()];
  const number = member.type === 'DateTime' ? instantMs(part) : part === '' ? NaN : Number(part);
  return Number.isNaN(number) ? undefined : number;
}
