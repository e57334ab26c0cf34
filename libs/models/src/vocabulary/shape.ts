import { pointerTo, type Issue, type IssueCode } from '#problem';
import { fieldsOf, integerInText, type FieldSpec, type PartClass } from './field.ts';
import { STANDARD_FIELDS, type ModelSpec } from './model.ts';
import { rulesOf, type Rule } from './rules.ts';

/** What the generic shape makes of a payload: the values that are well-formed, and everything that is not. */
export interface ShapeResult {
  /** Known, well-formed fields as they were sent or meant (see FieldSpec `alsoAs`), parts without the names that they do not have or that are read-only. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly issues: readonly Issue[];
  /** Names that the model or one of its parts does not have (`pets.0.nickname`); each also is an issue. */
  readonly unknown: readonly string[];
}

/**
 * Checks a payload against the generic shape of its model: names, types, formats, enums, lengths. Nothing here depends on a PMS.
 * Reports every field that is wrong, not only the first, and for each the first thing that is wrong with it ("must be text" makes
 * "must have at most 30 characters" noise). Never throws on a payload that is a JSON object, however odd.
 */
export function checkShape(model: ModelSpec, payload: Readonly<Record<string, unknown>>): ShapeResult {
  const findings = new Findings();
  const known = admit({ type: model.type, fields: model.fields, name: `the ${model.title} model` }, payload, [], findings);
  const values = Object.fromEntries(Object.entries(known).filter(([name]) => !findings.broken.has(name)));
  return { values, issues: findings.issues, unknown: findings.unknown };
}

type Path = readonly (string | number)[];

/** What a JSON object is checked against: a model, or a part of one. */
interface Owner {
  readonly type: PartClass;
  readonly fields: ReadonlyMap<string, FieldSpec>;
  readonly name: string;
}

class Findings {
  readonly issues: Issue[] = [];
  readonly unknown: string[] = [];
  /** The fields of the model whose value can't be used. */
  readonly broken = new Set<string>();

  refuse(path: Path, code: IssueCode, detail: string): void {
    this.broken.add(String(path[0]));
    this.issues.push({ pointer: pointerTo(...path), code, detail });
  }

  /** Unlike a wrong value, a name that has no place can be left out, so what is around it stays usable. */
  refuseName(path: Path, code: 'unknown_field' | 'read_only_field', detail: string): void {
    if (code === 'unknown_field') this.unknown.push(path.join('.'));
    this.issues.push({ pointer: pointerTo(...path), code, detail });
  }
}

const OURS: ReadonlySet<string> = new Set(STANDARD_FIELDS);

/** The writable fields of a JSON object. Only declared names are copied, so no key of a payload reaches a prototype. */
function admit(owner: Owner, payload: object, path: Path, findings: Findings): Record<string, unknown> {
  const rules = rulesOf(owner.type);
  const known: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(payload)) {
    const spec = owner.fields.get(name);
    const here = [...path, name];
    if (spec && !spec.readOnly) {
      known[name] = admitValue(spec, rules.get(name) ?? [], meant(spec, value), here, findings);
    } else if (spec || (path.length === 0 && OURS.has(name))) {
      findings.refuseName(here, 'read_only_field', `${name} can't be set: the PMS or Latchkey owns it.`);
    } else {
      findings.refuseName(here, 'unknown_field', `${name} is not a field of ${owner.name}.`);
    }
  }
  for (const { name, required } of owner.fields.values()) {
    if (required && (known[name] ?? null) === null) findings.refuse([...path, name], 'required', `${name} is required.`);
  }
  return known;
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** The value that a field published in another JSON type spells; anything else as it was sent, for the rules to judge. */
function meant(spec: FieldSpec, value: unknown): unknown {
  const { kind, alsoAs } = spec;
  if (alsoAs === 'number' && typeof value === 'number') return String(value);
  if (alsoAs !== 'text' || typeof value !== 'string') return value;
  if (kind === 'boolean') return FLAGS.get(value) ?? value;
  return new RegExp(integerInText(spec)).test(value) ? Number(value) : value;
}

/** A null clears a value where the PMS allows it; whether it does is the capability's to say, not the shape's. */
function admitValue(spec: FieldSpec, rules: readonly Rule[], value: unknown, path: Path, findings: Findings): unknown {
  if (value === null || value === undefined) return value;
  for (const rule of rules) {
    const wrong = breaches(rule, value, path);
    for (const where of wrong) findings.refuse(where, rule.code, rule.detail);
    if (wrong.length > 0) return value;
  }
  if (!spec.element) return value;
  const type = spec.element();
  if (!Array.isArray(value)) return admitPart(type, value, path, findings);
  return value.map((entry: unknown, index) => admitPart(type, entry, [...path, index], findings));
}

function admitPart(type: PartClass, value: unknown, path: Path, findings: Findings): unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return admit({ type, fields: fieldsOf(type), name: path.join('.') }, value, path, findings);
  }
  findings.refuse(path, 'invalid_type', `${path.join('.')} must be an object.`);
  return value;
}

/** Where a value breaks a rule: nowhere, at itself, or at some of its entries. */
function breaches(rule: Rule, value: unknown, path: Path): readonly Path[] {
  if (!rule.each || !Array.isArray(value)) return rule.holds(value) ? NOWHERE : [path];
  return value.flatMap((entry: unknown, index) => (rule.holds(entry) ? [] : [[...path, index]]));
}

const NOWHERE: readonly Path[] = [];
