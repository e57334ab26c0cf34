/**
 * Payloads made from a declaration, for tests: those that a PMS accepts, and those that break exactly one of its demands.
 *
 * Promises: the same declaration gives the same payloads; an accepted one has been through checkWrite.
 * Fails: throws when a PMS does not offer the operation, or when no sample keeps all rules (then a field's example or a rule is at fault).
 */
import type { ModelSpec } from '#models';
import { pointerTo, type IssueCode } from '#problem';
import { checkWrite } from './check.ts';
import type { OperationName } from './mapping.ts';
import { planOf, type OperationPlan, type PlannedField } from './plan.ts';
import type { PmsDefinition } from './pms.ts';
import type { Values } from './rules.ts';

/** Gives the id of a record of a model, by the model's path: what a sample's references name. */
export type SampleReferences = (path: string) => string;

/** More rounds than any chain of rules is long. */
const MAX_ROUNDS = 30;

/**
 * A payload that the PMS accepts. `full` sets every field that can be set together with the others, `minimal` only what is required (on an
 * update with nothing required, the first field that can be set alone). Examples come from the models, adjusted to the PMS's limits.
 */
export function samplePayload(
  pms: PmsDefinition,
  model: ModelSpec,
  operation: OperationName,
  kind: 'full' | 'minimal',
  references: SampleReferences,
): Record<string, unknown> {
  const plan = planFor(pms, model, operation);
  const accepted = [...plan.fields.values()].filter(({ status }) => status === 'accepted');
  const seeds = accepted.filter(({ required }) => kind === 'full' || required);
  const attempt = repair(pms, model, operation, seeds, references);
  if (!Array.isArray(attempt)) return attempt;
  // Nothing is required, and an empty update is none.
  if (kind === 'minimal' && seeds.length === 0) {
    for (const field of accepted) {
      const alone = repair(pms, model, operation, [field], references);
      if (!Array.isArray(alone)) return alone;
    }
  }
  throw new Error(`${pms.title} ${operation} ${model.path}: no ${kind} sample keeps all rules: ${attempt.join(' ')}`);
}

/** A payload that breaks one demand, and the issue that it must raise. */
export interface Violation {
  /** What is broken, for the title of a test. */
  readonly name: string;
  readonly field: string;
  readonly code: IssueCode;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Every demand of an operation that one payload can break, each broken once, starting from `base`, which keeps them all. */
export function violations(pms: PmsDefinition, model: ModelSpec, operation: OperationName, base: Values): Violation[] {
  const plan = planFor(pms, model, operation);
  return [...plan.fields.values()].flatMap((field) => [
    ...missing(field, base),
    ...refused(field, base),
    ...(operation === 'update' ? uncleared(field, base) : []),
    ...beyondLimits(field, base),
  ]);
}

/** Every checked rule of an operation, broken once; `base` should be a full sample, so that each rule applies. */
export function ruleViolations(pms: PmsDefinition, model: ModelSpec, operation: OperationName, base: Values): Violation[] {
  return planFor(pms, model, operation).rules.flatMap((rule) => {
    if (!rule.breakIt || !rule.check) return [];
    const payload = rule.breakIt(base);
    const [issue] = rule.check(payload);
    // A rule that speaks of fields which the sample could not set does not apply to it.
    if (!issue) return [];
    return [{ name: rule.words, field: issue.pointer.slice(1), code: issue.code, payload }];
  });
}

function planFor(pms: PmsDefinition, model: ModelSpec, operation: OperationName): OperationPlan {
  const capability = pms.capabilities.get(model.path);
  const plan = capability && planOf(capability, operation);
  if (!plan) throw new Error(`${pms.title} does not offer to ${operation} ${model.path}`);
  return plan;
}

/** Sets the seeds, then lets the PMS's own check say what to add, to change or to leave out. Returns what is still wrong, if it can't be mended. */
function repair(
  pms: PmsDefinition,
  model: ModelSpec,
  operation: OperationName,
  seeds: readonly PlannedField[],
  references: SampleReferences,
): Record<string, unknown> | string[] {
  const { fields } = planFor(pms, model, operation);
  const tries = new Map<string, number>();
  const sample = (name: string): unknown => {
    const field = fields.get(name);
    return field?.status === 'accepted' ? sampleOf(field, tries.get(name) ?? 0, references) : undefined;
  };
  let payload = without(Object.fromEntries(seeds.map(({ name }) => [name, sample(name)])), undefined);
  let faults: string[] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const checked = checkWrite(pms, model, operation, payload, { ignoreUnknownFields: false });
    if (!checked.supported) throw new Error(checked.reason);
    if (checked.issues.length === 0) return payload;
    faults = checked.issues.map(({ detail }) => detail);
    for (const { pointer, code } of checked.issues) {
      const name = pointer.slice(1).split('/')[0] ?? '';
      if (code !== 'required') tries.set(name, (tries.get(name) ?? 0) + 1);
      payload = { ...payload, [name]: sample(name) };
    }
    payload = without(payload, undefined);
  }
  return faults;
}

/** A value that keeps the limits; undefined when there are no more to try. */
function sampleOf({ name, spec, limits }: PlannedField, attempt: number, references: SampleReferences): unknown {
  if (spec.refersTo) {
    if (attempt > 0) return undefined;
    return spec.kind === 'list' ? [references(spec.refersTo)] : references(spec.refersTo);
  }
  const values = limits.values ?? spec.values;
  if (values) {
    const preferred = values.includes(String(spec.example)) ? [spec.example, ...values] : values;
    return [...new Set(preferred)][attempt];
  }
  if (attempt > 0) return undefined;
  if (typeof spec.example === 'string') {
    const text = spec.example.slice(0, limits.maxLength).padEnd(limits.minLength ?? 0, 'x');
    if (limits.pattern && !new RegExp(limits.pattern.source).test(text))
      throw new Error(`The example of ${name} is not ${limits.pattern.words}`);
    return text;
  }
  if (typeof spec.example === 'number')
    return Math.min(Math.max(spec.example, limits.minimum ?? -Infinity), limits.maximum ?? Infinity);
  return structuredClone(spec.example);
}

function missing({ name, required, status }: PlannedField, base: Values): Violation[] {
  if (!required || status !== 'accepted') return [];
  return [{ name: `${name} left out`, field: name, code: 'required', payload: without(base, name) }];
}

function refused({ name, spec, status }: PlannedField, base: Values): Violation[] {
  if (status === 'accepted') return [];
  const code = spec.readOnly || status === 'read_only' ? 'read_only_field' : 'unsupported_field';
  return [{ name: `${name} set`, field: name, code, payload: { ...base, [name]: structuredClone(spec.example) } }];
}

function uncleared({ name, nullable, required, status }: PlannedField, base: Values): Violation[] {
  if (status !== 'accepted' || (nullable && !required)) return [];
  return [{ name: `${name} cleared`, field: name, code: 'required', payload: { ...base, [name]: null } }];
}

function beyondLimits({ name, spec, limits, status }: PlannedField, base: Values): Violation[] {
  if (status !== 'accepted') return [];
  const found: Violation[] = [];
  const add = (what: string, code: IssueCode, value: unknown): void => {
    found.push({ name: `${name} ${what}`, field: name, code, payload: { ...base, [name]: value } });
  };
  if (limits.values ?? spec.values) add('not in the list', 'invalid_enum_value', 'no such word');
  const isText = typeof spec.example === 'string' && !limits.values && !spec.values && !spec.refersTo;
  // A longer e-mail address or telephone number may break its form first, which is another test's affair.
  if (isText && spec.kind === 'text' && limits.maxLength !== undefined)
    add(
      'too long',
      'too_long',
      String(spec.example)
        .slice(0, 1)
        .repeat(limits.maxLength + 1),
    );
  if (isText && spec.kind === 'text' && (limits.minLength ?? 0) > 0)
    add('too short', 'too_short', String(spec.example).slice(0, (limits.minLength ?? 0) - 1));
  if (spec.kind === 'phone' && limits.maxLength !== undefined) add('too long', 'too_long', '5'.repeat(limits.maxLength + 1));
  if (spec.kind === 'phone' && limits.minLength !== undefined) add('too short', 'too_short', '5'.repeat(limits.minLength - 1));
  const form = limits.pattern && new RegExp(limits.pattern.source);
  const misshapen = ['?', 'of two\nlines'].find((text) => form && !form.test(text));
  if (isText && misshapen !== undefined && limits.minLength === undefined) add('of another form', 'invalid_format', misshapen);
  if (limits.maxItems !== undefined && Array.isArray(spec.example))
    add('too long', 'too_long', Array(limits.maxItems + 1).fill(spec.example[0]));
  if (limits.minimum !== undefined) add('too small', 'too_small', limits.minimum - 1);
  if (limits.maximum !== undefined) add('too big', 'too_big', limits.maximum + 1);
  return found;
}

/** A payload without one field; without all unset ones when no name is given. */
function without(values: Values, name: string | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => (name === undefined ? value !== undefined : key !== name)),
  );
}

/** Where a violation is to be reported. */
export const pointerOf = ({ field }: Violation): string => pointerTo(...field.split('/'));
