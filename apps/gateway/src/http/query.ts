import { Problem, type Issue } from '#problem';

/**
 * The query parameters as plain texts.
 * @throws Problem `invalid_request` naming each parameter that is given twice
 */
export function queryOf(query: unknown): Record<string, string> {
  const issues: Issue[] = [];
  const texts: [string, string][] = [];
  for (const [name, value] of Object.entries((query ?? {}) as Readonly<Record<string, string | string[]>>)) {
    if (typeof value !== 'string') issues.push(invalid(name, 'is given more than once.'));
    else if (value.includes('\0')) issues.push(invalid(name, 'holds a NUL.'));
    else texts.push([name, value]);
  }
  if (issues.length > 0) throw Problem.invalid(issues);
  return Object.fromEntries(texts);
}

/** The parameters of a route that takes none. */
export function assertNoQuery(query: unknown): void {
  flagsOf(query, []);
}

const PAGING: ReadonlySet<string> = new Set(['offset', 'limit', 'order-by']);

/** The parameters of a read of one record: none but those of lists, which published clients send along and which mean nothing here. */
export function assertPagingOnly(query: unknown): void {
  assertNoQuery(Object.fromEntries(Object.entries(queryOf(query)).filter(([name]) => !PAGING.has(name))));
}

/**
 * Parameters that switch something on: `true` or `false`, false when left out.
 * @throws Problem `invalid_request` naming each unknown parameter and each value that is neither
 */
export function flagsOf<Name extends string>(query: unknown, names: readonly Name[]): Record<Name, boolean> {
  const given = queryOf(query);
  const known: readonly string[] = names;
  const issues: Issue[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name)) {
      const parameter = shown(name);
      issues.push({ pointer: '', parameter, code: 'unknown_field', detail: `There is no parameter ${parameter} here.` });
    } else if (value !== 'true' && value !== 'false') {
      issues.push(invalid(name, 'must be true or false.'));
    }
  }
  if (issues.length > 0) throw Problem.invalid(issues);
  return Object.fromEntries(names.map((name) => [name, given[name] === 'true'])) as Record<Name, boolean>;
}

function invalid(name: string, fault: string): Issue {
  const parameter = shown(name);
  return { pointer: '', parameter, code: 'invalid_value', detail: `The parameter ${parameter} ${fault}` };
}

/** A name that a caller sent, cut to what a message can bear. */
function shown(name: string): string {
  return name
    .slice(0, 64)
    .toWellFormed()
    .replace(/\p{Cc}/gu, '?');
}
