import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { pointerTo, type Issue, type IssueCode } from '#problem';
import { fieldsOf, type PartClass } from './field.ts';
import { STANDARD_FIELDS, type ModelSpec } from './model.ts';

/** What the generic shape makes of a payload: the values that are well-formed, and everything that is not. */
export interface ShapeResult {
  /** Known, well-formed fields as they were sent. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly issues: readonly Issue[];
  /** Names that the model does not have; each also is an issue. */
  readonly unknown: readonly string[];
}

/**
 * Checks a payload against the generic shape of its model: names, types, formats, enums, lengths. Nothing here depends on a PMS.
 * Reports every issue, not only the first. Never throws on a payload that is a JSON object, however odd.
 */
export function checkShape(model: ModelSpec, payload: Readonly<Record<string, unknown>>): ShapeResult {
  const known: Record<string, unknown> = {};
  const issues: Issue[] = [];
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(payload)) {
    const spec = model.fields.get(name);
    if (spec && !spec.readOnly) {
      known[name] = value;
    } else if (spec || (STANDARD_FIELDS as readonly string[]).includes(name)) {
      issues.push({
        pointer: pointerTo(name),
        code: 'read_only_field',
        detail: `${name} can't be set: the PMS or Latchkey owns it.`,
      });
    } else {
      unknown.push(name);
      issues.push({ pointer: pointerTo(name), code: 'unknown_field', detail: `${name} is not a field of a ${model.title}.` });
    }
  }
  const instance = plainToInstance(model.type as PartClass, known);
  const errors = validateSync(instance, { forbidUnknownValues: false, stopAtFirstError: true });
  for (const error of errors) collect(error, [], issues);
  for (const [name, value] of Object.entries(known)) unknownInside(model.fields.get(name)?.element, value, [name], issues);
  const broken = new Set(errors.map((error) => error.property));
  return { values: Object.fromEntries(Object.entries(known).filter(([name]) => !broken.has(name))), issues, unknown };
}

function collect(error: ValidationError, path: readonly string[], into: Issue[]): void {
  const here = [...path, error.property];
  for (const [rule, detail] of Object.entries(error.constraints ?? {})) {
    const code = (error.contexts?.[rule] as { code?: IssueCode } | undefined)?.code ?? 'invalid_value';
    into.push({ pointer: pointerTo(...here), code, detail });
  }
  for (const child of error.children ?? []) collect(child, here, into);
}

/** Names that a nested part does not have. class-transformer keeps them silently. */
function unknownInside(
  element: (() => PartClass) | undefined,
  value: unknown,
  path: readonly (string | number)[],
  into: Issue[],
): void {
  if (!element || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    value.forEach((entry, index) => unknownInside(element, entry, [...path, index], into));
    return;
  }
  const fields = fieldsOf(element());
  for (const [name, inner] of Object.entries(value)) {
    const spec = fields.get(name);
    if (spec) unknownInside(spec.element, inner, [...path, name], into);
    else
      into.push({
        pointer: pointerTo(...path, name),
        code: 'unknown_field',
        detail: `${name} is not a field of ${path.join('.')}.`,
      });
  }
}
