import type { FieldSpec } from '#models';
import { documentsOf, isWritable, operationOf, type Capability, type OperationSpec } from './capability.ts';
import type { Limits } from './codec.ts';
import type { Mapping, OperationName } from './mapping.ts';
import { requiredWhen, type Rule } from './rules.ts';

/** What one field of the model means on one operation of one PMS: everything that checks, documents and tests ask. */
export interface PlannedField {
  readonly name: string;
  readonly spec: FieldSpec;
  readonly mapping: Mapping;
  /** `accepted`, or why the field can't be sent. */
  readonly status: 'accepted' | 'read_only' | 'unsupported';
  readonly because: string | null;
  readonly required: boolean;
  /** Whether null may be sent, to clear the value. */
  readonly nullable: boolean;
  readonly limits: Limits;
  readonly isReference: boolean;
}

/** One operation of a capability, worked out once. */
export interface OperationPlan {
  readonly operation: OperationSpec;
  readonly fields: ReadonlyMap<string, PlannedField>;
  /** Declared rules of this operation and those that follow from the PMS's schema. */
  readonly rules: readonly Rule[];
}

/** How the entries of a list of references are told apart, from the check of a payload to its conversion. */
export const entryOf = (field: string, index: number): string => `${field}.${index}`;

const PLANS = new WeakMap<Capability, Partial<Record<OperationName, OperationPlan>>>();

/** The plan of an operation that the PMS offers; undefined when it does not. Worked out at the first use and kept. */
export function planOf(capability: Capability, name: OperationName): OperationPlan | undefined {
  const operation = operationOf(capability, name);
  if (!operation) return undefined;
  const known = PLANS.get(capability) ?? {};
  PLANS.set(capability, known);
  return (known[name] ??= makePlan(capability, name, operation));
}

function makePlan(capability: Capability, name: OperationName, operation: OperationSpec): OperationPlan {
  const fields = new Map<string, PlannedField>();
  for (const [field, spec] of capability.model.fields) {
    const mapping = capability.fields[field];
    // A companion (x_lease_id) has no mapping of its own.
    if (mapping) fields.set(field, planField(capability, name, operation, spec, mapping));
  }
  const rules = [
    ...capability.rules.filter((rule) => rule.on.includes(name)),
    ...groupRules(capability, name, operation, fields),
  ];
  return { operation, fields, rules };
}

function planField(
  capability: Capability,
  name: OperationName,
  operation: OperationSpec,
  spec: FieldSpec,
  mapping: Mapping,
): PlannedField {
  const base = { name: spec.name, spec, mapping };
  const none = { required: false, nullable: false, limits: {}, isReference: false };
  if (mapping.kind === 'unsupported') return { ...base, ...none, status: 'unsupported', because: mapping.because };
  if (spec.readOnly || mapping.kind === 'read' || mapping.kind === 'derived') {
    const because = (mapping.kind === 'read' ? mapping.because : undefined) ?? 'The PMS owns the value.';
    return { ...base, ...none, status: 'read_only', because };
  }
  if (!isWritable(mapping, name, operation)) {
    return {
      ...base,
      ...none,
      status: 'unsupported',
      because: `It can't be ${name === 'create' ? 'set on a create' : 'changed by an update'}.`,
    };
  }
  if (mapping.kind === 'route') {
    return {
      ...base,
      status: 'accepted',
      because: null,
      required: mapping.required.includes(name),
      nullable: false,
      limits: {},
      isReference: true,
    };
  }
  if (mapping.kind === 'shared') {
    const { fold } = mapping;
    return {
      ...base,
      status: 'accepted',
      because: null,
      required: fold.required[spec.name]?.includes(name) ?? false,
      nullable: !fold.lasting.includes(spec.name),
      limits: fold.limits[spec.name] ?? {},
      isReference: fold.references.includes(spec.name),
    };
  }
  const documents = mapping.documents.filter((document) => documentsOf(operation).has(document));
  const schemas = documents.flatMap((document) => capability.documents[document]?.schema ?? []);
  // The current record supplies what a replacing update needs; only a create must bring it.
  const bySchema = operation.updates !== 'replace' && schemas.some((schema) => schema.requiredPaths.includes(mapping.path));
  const supplied =
    mapping.default !== undefined ||
    mapping.defaultAt !== undefined ||
    documents.every((document) => capability.documents[document]?.constants?.[mapping.path] !== undefined);
  return {
    ...base,
    status: 'accepted',
    because: null,
    required: mapping.required.includes(name) || (bySchema && !supplied),
    nullable:
      mapping.nullable ??
      (schemas.length === 0 || schemas.every((schema) => !schema.requires(mapping.path) && schema.nullable(mapping.path))),
    limits: { ...Object.assign({}, ...schemas.map((schema) => schema.limits(mapping.path))), ...mapping.codec.limits },
    isReference: mapping.reference,
  };
}

/** An optional object of the PMS's schema that needs some members once it is there: sent on a create, all of those must be. */
function groupRules(
  capability: Capability,
  name: OperationName,
  operation: OperationSpec,
  fields: OperationPlan['fields'],
): Rule[] {
  if (operation.updates === 'replace') return [];
  const landing = (path: string, exactly: boolean): string[] =>
    [...fields.values()]
      .filter(
        ({ mapping, status }) =>
          status === 'accepted' &&
          mapping.kind === 'write' &&
          (exactly ? mapping.path === path : mapping.path.startsWith(`${path}.`)),
      )
      .map((field) => field.name);
  return [...documentsOf(operation)].flatMap((document) =>
    [...(capability.documents[document]?.schema?.optionalGroups ?? [])].flatMap(([group, paths]) => {
      const members = landing(group, false);
      const needed = paths.flatMap((path) => landing(path, true));
      const others = members.filter((member) => !needed.includes(member));
      if (needed.length === 0 || members.length < 2) return [];
      return [
        requiredWhen({ anyOf: [...others, ...needed] }, needed, { on: [name], because: 'the PMS takes them as one whole' }),
      ];
    }),
  );
}
