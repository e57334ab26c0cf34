import { checkShape, isLongerThan, type ModelSpec } from '#models';
import { pointerTo, type Issue } from '#problem';
import type { Limits } from './codec.ts';
import type { OperationName } from './mapping.ts';
import { entryOf, planOf, type OperationPlan, type PlannedField } from './plan.ts';
import type { PmsDefinition } from './pms.ts';

/** An id in the payload that must name a record of the same integration. */
export interface PayloadReference {
  /** Where it stands: the field, or for an entry of a list `<field>.<index>`. */
  readonly field: string;
  readonly id: string;
  readonly refersTo: string;
  readonly pointer: string;
}

/** What a PMS makes of a payload. */
export type CheckedWrite =
  | { readonly supported: false; readonly reason: string }
  | {
      readonly supported: true;
      /** The accepted fields; with issues present, those that were fine. */
      readonly values: Readonly<Record<string, unknown>>;
      /** Names that were stripped: on request, or because the PMS would not keep them beside the others. */
      readonly ignored: readonly string[];
      /** Everything that is wrong, not only the first. */
      readonly issues: readonly Issue[];
      readonly references: readonly PayloadReference[];
      /** Whether the record can be read back right after the write. */
      readonly refresh: boolean;
    };

export interface CheckOptions {
  /** Strip what the model or the PMS does not have, instead of refusing it. */
  readonly ignoreUnknownFields: boolean;
  /** When the write is accepted, for defaults that depend on it. @default now */
  readonly acceptedAt?: Date;
}

/** What a refusal says of an update that only repeats what its path says. */
export const NOTHING_SET = 'An update must set at least one field.';

const STRIPPABLE: ReadonlySet<string> = new Set(['unknown_field', 'unsupported_field', 'read_only_field']);

/**
 * Checks a payload against the generic shape of its model and against what one PMS accepts on one operation. Pure, and quick enough to run on
 * every request. `integration_id` and the like belong to the router and must not be in the payload.
 */
export function checkWrite(
  pms: PmsDefinition,
  model: ModelSpec,
  operation: OperationName,
  payload: Readonly<Record<string, unknown>>,
  options: CheckOptions,
): CheckedWrite {
  const capability = pms.capabilities.get(model.path);
  const plan = capability && planOf(capability, operation);
  if (!capability || !plan) return { supported: false, reason: whyNot(pms, model, operation) };

  const shape = checkShape(model, payload);
  const issues: Issue[] = [];
  const ignored: string[] = [];
  for (const issue of shape.issues) {
    if (options.ignoreUnknownFields && STRIPPABLE.has(issue.code) && isTopLevel(issue.pointer))
      ignored.push(nameIn(issue.pointer));
    else issues.push(issue);
  }

  const values: Record<string, unknown> = {};
  const references: PayloadReference[] = [];
  for (const [name, value] of Object.entries(shape.values)) {
    const field = plan.fields.get(name);
    // A null on a create says nothing.
    if (value === undefined || (value === null && operation === 'create' && field?.status === 'accepted')) continue;
    const refusal = refuse(pms, field, name);
    if (refusal && options.ignoreUnknownFields) ignored.push(name);
    else if (refusal) issues.push(refusal);
    else if (field) accept(pms, field, value, values, issues, references);
  }
  if (operation === 'create') addDefaults(plan, values, options.acceptedAt ?? new Date());
  for (const name of plan.rules.flatMap((rule) => rule.drops?.(values) ?? [])) {
    delete values[name];
    ignored.push(name);
  }

  issues.push(...missing(pms, plan, values, payload));
  const known = (issue: Issue): boolean => issues.some(({ pointer, code }) => pointer === issue.pointer && code === issue.code);
  for (const rule of plan.rules) issues.push(...(rule.check?.(values) ?? []).filter((issue) => !known(issue)));
  if (operation === 'update' && Object.keys(values).length === 0 && issues.length === 0 && ignored.length === 0) {
    issues.push({ pointer: '', code: 'required', detail: NOTHING_SET });
  }
  const kept = references.filter(({ field }) => values[field.split('.')[0] ?? field] !== undefined);
  return { supported: true, values, ignored, issues, references: kept, refresh: canRefresh(capability, plan) };
}

/** Why a PMS does not offer an operation, as a sentence. */
export function whyNot(pms: PmsDefinition, model: ModelSpec, operation: OperationName): string {
  const declared = pms.capabilities.get(model.path)?.[operation];
  if (declared && 'lacks' in declared) return declared.lacks;
  return `${pms.title} offers no way to ${operation} a ${model.title} through its API.`;
}

function canRefresh(capability: NonNullable<ReturnType<PmsDefinition['capabilities']['get']>>, plan: OperationPlan): boolean {
  const readable = !('lacks' in capability.reads) && capability.reads.one !== undefined;
  return plan.operation.refresh ?? readable;
}

function refuse(pms: PmsDefinition, field: PlannedField | undefined, name: string): Issue | undefined {
  if (!field) return { pointer: pointerTo(name), code: 'unsupported_field', detail: `${pms.title} does not know ${name}.` };
  if (field.status === 'accepted') return undefined;
  const code = field.status === 'read_only' ? 'read_only_field' : 'unsupported_field';
  return { pointer: pointerTo(name), code, detail: `${pms.title} does not accept ${name}: ${lowerFirst(field.because ?? '')}` };
}

function accept(
  pms: PmsDefinition,
  field: PlannedField,
  value: unknown,
  values: Record<string, unknown>,
  issues: Issue[],
  references: PayloadReference[],
): void {
  const { name } = field;
  const pointer = pointerTo(name);
  if (value === null) {
    if (field.nullable && !field.required) values[name] = null;
    else issues.push({ pointer, code: 'required', detail: `${pms.title} needs ${name}; it can't be cleared.` });
    return;
  }
  const broken = beyond(field.limits, value);
  if (broken) {
    issues.push({ pointer, code: broken.code, detail: `${name} ${broken.words} for ${pms.title}.` });
    return;
  }
  values[name] = value;
  const { refersTo } = field.spec;
  if (!field.isReference || !refersTo) return;
  if (!Array.isArray(value)) references.push({ field: name, id: String(value), refersTo, pointer });
  else
    value.forEach((id, index) =>
      references.push({ field: entryOf(name, index), id: String(id), refersTo, pointer: pointerTo(name, index) }),
    );
}

/** Which limit a value breaks, if any. */
function beyond(limits: Limits, value: unknown): { code: Issue['code']; words: string } | undefined {
  if (typeof value === 'string') {
    if (limits.values && !limits.values.includes(value))
      return { code: 'invalid_enum_value', words: `must be one of ${limits.values.join(', ')}` };
    if (limits.maxLength !== undefined && isLongerThan(limits.maxLength, value))
      return { code: 'too_long', words: `must have at most ${limits.maxLength} characters` };
    if (limits.minLength !== undefined && !isLongerThan(limits.minLength - 1, value))
      return { code: 'too_short', words: `must have at least ${limits.minLength} characters` };
    if (limits.pattern && !new RegExp(limits.pattern.source).test(value))
      return { code: 'invalid_format', words: formOf(limits.pattern) };
  }
  if (Array.isArray(value) && limits.maxItems !== undefined && value.length > limits.maxItems)
    return { code: 'too_long', words: `must have at most ${limits.maxItems} entries` };
  if (typeof value === 'number') {
    if (limits.minimum !== undefined && value < limits.minimum)
      return { code: 'too_small', words: `must be at least ${limits.minimum}` };
    if (limits.maximum !== undefined && value > limits.maximum)
      return { code: 'too_big', words: `must be at most ${limits.maximum}` };
  }
  return undefined;
}

const formOf = ({ words }: { readonly words: string }): string => `must be ${words}`;

/** What a refusal of the PMS's form says, as the description says it too: a pattern can't tell of all forms, and people can't read it. */
export function formWords(pms: PmsDefinition, name: string, pattern: { readonly words: string }): string {
  return `${name} ${formOf(pattern)} for ${pms.title}.`;
}

function addDefaults(plan: OperationPlan, values: Record<string, unknown>, acceptedAt: Date): void {
  for (const { name, mapping, status } of plan.fields.values()) {
    if (status !== 'accepted' || mapping.kind !== 'write' || values[name] !== undefined) continue;
    const value = mapping.default ?? mapping.defaultAt?.at(acceptedAt);
    if (value !== undefined) values[name] = value;
  }
}

/** Required fields that are not there. A field that was sent but is malformed has its own issue already. */
function missing(
  pms: PmsDefinition,
  plan: OperationPlan,
  values: Readonly<Record<string, unknown>>,
  payload: Readonly<Record<string, unknown>>,
): Issue[] {
  return [...plan.fields.values()]
    .filter(
      ({ name, required }) => required && values[name] === undefined && (payload[name] === undefined || payload[name] === null),
    )
    .map(({ name }) => ({ pointer: pointerTo(name), code: 'required', detail: `${pms.title} needs ${name}.` }));
}

const isTopLevel = (pointer: string): boolean => pointer.lastIndexOf('/') === 0;
const nameIn = (pointer: string): string => pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
const lowerFirst = (sentence: string): string =>
  /^[A-Z][a-z]/.test(sentence) && !/^[A-Z][a-z]+ [A-Z]/.test(sentence) && /^(It|The|An?|This|There|Its|Only|No)\b/.test(sentence)
    ? sentence.charAt(0).toLowerCase() + sentence.slice(1)
    : sentence;
