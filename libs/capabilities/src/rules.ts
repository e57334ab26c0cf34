import type { Issue } from '#problem';
import { pointerTo } from '#problem';
import type { OperationName } from './mapping.ts';

/** The values of a payload that a rule looks at. A field that is null counts as absent. */
export type Values = Readonly<Record<string, unknown>>;

/**
 * What a list of fields with a required flag can't say. Every rule says itself in words, for errors and for the reference. A rule with a
 * `check` is enforced before a write is accepted; one without is enforced by the PMS, and told.
 */
export interface Rule {
  readonly kind:
    | 'required_when'
    | 'together'
    | 'at_least_one'
    | 'order'
    | 'sum'
    | 'distinct'
    | 'form'
    | 'reference'
    | 'unique'
    | 'set_once'
    | 'replaces'
    | 'appends'
    | 'keeps_only'
    | 'side_effect'
    | 'transform'
    | 'default'
    | 'template'
    | 'needs_confirmation';
  readonly fields: readonly string[];
  readonly on: readonly OperationName[];
  /** A whole sentence. */
  readonly words: string;
  readonly check?: (values: Values) => readonly Issue[];
  /** Fields of a payload that the PMS would not keep: they are not sent, and the caller is told. */
  readonly drops?: (values: Values) => readonly string[];
  /** A payload that breaks the rule, starting from one that keeps it; for the generated tests of checked rules. */
  readonly breakIt?: (values: Values) => Values;
}

interface RuleOptions {
  /** @default both operations */
  readonly on?: readonly OperationName[];
  /** Why the PMS wants it so; added to the words. */
  readonly because?: string;
}
const BOTH: readonly OperationName[] = ['create', 'update'];
const has = (values: Values, field: string): boolean => values[field] !== undefined && values[field] !== null;
const list = (fields: readonly string[]): string =>
  fields.length < 2 ? (fields[0] ?? '') : `${fields.slice(0, -1).join(', ')} and ${fields.at(-1)}`;
const sentence = (words: string, because?: string): string => (because === undefined ? `${words}.` : `${words}: ${because}.`);
const dayOf = (value: unknown): string => String(value).slice(0, 10);
const without = (values: Values, fields: readonly string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !fields.includes(name)));

/** When any of `when.anyOf` is set (or `when.field` is one of `when.is`, or `when.absent` is not set), each of `needs` must be set too. */
export function requiredWhen(
  when:
    | { readonly anyOf: readonly string[] }
    | { readonly field: string; readonly is: readonly unknown[] }
    | { readonly absent: string },
  needs: readonly string[],
  options: RuleOptions = {},
): Rule {
  const [applies, condition, watched] = conditionOf(when);
  const words = sentence(`${list(needs)} ${needs.length > 1 ? 'are' : 'is'} required when ${condition}`, options.because);
  return {
    kind: 'required_when',
    fields: [...watched, ...needs],
    on: options.on ?? BOTH,
    words,
    check: (values) =>
      applies(values)
        ? needs
            .filter((need) => !has(values, need))
            .map((need) => ({ pointer: pointerTo(need), code: 'required' as const, detail: words }))
        : [],
    breakIt: (values) => ({
      ...without(values, [...needs.slice(0, 1), ...('absent' in when ? [when.absent] : [])]),
      ...('is' in when ? { [when.field]: when.is[0] } : {}),
    }),
  };
}

function conditionOf(when: Parameters<typeof requiredWhen>[0]): [(values: Values) => boolean, string, readonly string[]] {
  if ('anyOf' in when) {
    const condition = when.anyOf.length > 1 ? `any of ${list(when.anyOf)} is set` : `${when.anyOf[0]} is set`;
    return [(values) => when.anyOf.some((field) => has(values, field)), condition, when.anyOf];
  }
  if ('absent' in when) return [(values) => !has(values, when.absent), `${when.absent} is not set`, [when.absent]];
  return [(values) => when.is.includes(values[when.field]), `${when.field} is ${when.is.join(' or ')}`, [when.field]];
}

/** All of the fields or none. */
export function together(fields: readonly string[], options: RuleOptions = {}): Rule {
  const words = sentence(`${list(fields)} go together, all or none`, options.because);
  return {
    kind: 'together',
    fields,
    on: options.on ?? BOTH,
    words,
    check: (values) => {
      const missing = fields.filter((field) => !has(values, field));
      if (missing.length === 0 || missing.length === fields.length) return [];
      return missing.map((field) => ({ pointer: pointerTo(field), code: 'required' as const, detail: words }));
    },
    breakIt: (values) => without(values, fields.slice(0, 1)),
  };
}

export function atLeastOne(fields: readonly string[], options: RuleOptions = {}): Rule {
  const words = sentence(`At least one of ${list(fields)} is required`, options.because);
  return {
    kind: 'at_least_one',
    fields,
    on: options.on ?? BOTH,
    words,
    check: (values) =>
      fields.some((field) => has(values, field))
        ? []
        : [{ pointer: pointerTo(fields[0] ?? ''), code: 'required', detail: words }],
    breakIt: (values) => without(values, fields),
  };
}

/**
 * With that value of a field the PMS keeps nothing of some others, without a word. They are left out, so that nothing waits for them to appear.
 * `because` is a sentence without its full stop.
 */
export function keepsOnly(
  when: { readonly field: string; readonly is: unknown },
  { not: lost }: { readonly not: readonly string[] },
  because: string,
): Rule {
  return {
    kind: 'keeps_only',
    fields: [when.field, ...lost],
    on: BOTH,
    words: `${because}: with ${when.field} ${String(when.is)}, ${list(lost)} ${lost.length > 1 ? 'are' : 'is'} not sent.`,
    drops: (values) => (values[when.field] === when.is ? lost.filter((field) => values[field] !== undefined) : []),
  };
}

/** The first day is not after the second, when both are set. A time of day does not count. */
export function ordered(earlier: string, later: string, options: RuleOptions = {}): Rule {
  const words = sentence(`${earlier} must not be after ${later}`, options.because);
  return {
    kind: 'order',
    fields: [earlier, later],
    on: options.on ?? BOTH,
    words,
    check: (values) =>
      has(values, earlier) && has(values, later) && dayOf(values[earlier]) > dayOf(values[later])
        ? [{ pointer: pointerTo(later), code: 'conflict', detail: words }]
        : [],
    breakIt: (values) => ({ ...values, [earlier]: '2031-01-02', [later]: '2031-01-01' }),
  };
}

/** The fields must not have the same value. */
export function distinct(first: string, second: string, options: RuleOptions = {}): Rule {
  const words = sentence(`${first} and ${second} must differ`, options.because);
  return {
    kind: 'distinct',
    fields: [first, second],
    on: options.on ?? BOTH,
    words,
    check: (values) =>
      has(values, first) && values[first] === values[second]
        ? [{ pointer: pointerTo(second), code: 'conflict', detail: words }]
        : [],
    breakIt: (values) => ({ ...values, [second]: values[first] }),
  };
}

/** What a field looks like depends on the value of another: `forms` gives for each such value a regular expression and its words. */
export function formBy(
  field: string,
  by: string,
  forms: Readonly<Record<string, { readonly source: string; readonly words: string }>>,
  options: RuleOptions = {},
): Rule {
  const each = Object.entries(forms).map(([value, { words }]) => `${words} when ${by} is ${value}`);
  const words = sentence(`${field} must be ${each.join(', ')}`, options.because);
  return {
    kind: 'form',
    fields: [field, by],
    on: options.on ?? BOTH,
    words,
    check: (values) => {
      const form = forms[String(values[by])];
      if (!form || !has(values, field) || new RegExp(form.source).test(String(values[field]))) return [];
      return [{ pointer: pointerTo(field), code: 'invalid_format', detail: words }];
    },
    breakIt: (values) => ({ ...values, [field]: 'x', [by]: Object.keys(forms)[0] }),
  };
}

/** A total must equal the sum of an amount over a list. */
export function sumOf(total: string, items: string, amount: string, options: RuleOptions = {}): Rule {
  const words = sentence(`${total} must be the sum of ${amount} over ${items}`, options.because);
  return {
    kind: 'sum',
    fields: [total, items],
    on: options.on ?? BOTH,
    words,
    check: (values) => {
      const rows = values[items];
      if (!Array.isArray(rows) || !has(values, total)) return [];
      const sum = rows.reduce((so_far: number, row: Values) => so_far + Number(row[amount] ?? 0), 0);
      return sum === values[total] ? [] : [{ pointer: pointerTo(total), code: 'conflict', detail: words }];
    },
  };
}

/** Rules that only the PMS can check; the sentence goes to the reference. */
const told =
  (kind: Rule['kind']) =>
  (fields: readonly string[], words: string, options: RuleOptions = {}): Rule => ({
    kind,
    fields,
    on: options.on ?? BOTH,
    words,
  });

/** The record that a field names must have some property (an employee's role, a lease's unit). */
export const referenceMust = told('reference');
export const uniqueIn = told('unique');
export const setOnce = told('set_once');
export const replacesList = told('replaces');
export const appendsToList = told('appends');
export const sideEffect = told('side_effect');
/** What is sent when a field is left out and the PMS needs it all the same. */
export const fallsBackTo = told('default');
/** The PMS asks a question that a program can't answer, and refuses until somebody does. */
export const needsConfirmation = told('needs_confirmation');
/** What the account's own configuration decides. */
export const dependsOnTemplate = told('template');
