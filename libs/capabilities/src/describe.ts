import type { ModelSpec } from '#models';
import type { Call } from './call.ts';
import { whyNot } from './check.ts';
import type { OperationSpec } from './capability.ts';
import type { Limits } from './codec.ts';
import type { Mapping, OperationName } from './mapping.ts';
import { planOf, type PlannedField } from './plan.ts';
import type { PmsDefinition } from './pms.ts';

/** Which PMS can do what: the high-level reference. */
export interface SupportRow {
  readonly model: string;
  readonly operation: OperationName;
  readonly vendors: readonly { readonly vendor: string; readonly supported: boolean; readonly reason: string | null }[];
}

/** One operation of one PMS: the granular reference. */
export interface OperationReference {
  readonly vendor: string;
  readonly model: string;
  readonly operation: OperationName;
  readonly supported: boolean;
  readonly reason: string | null;
  readonly source?: string;
  readonly fields?: readonly FieldReference[];
  readonly rules?: readonly {
    readonly kind: string;
    readonly fields: readonly string[];
    readonly words: string;
    readonly checked: boolean;
  }[];
  readonly calls?: readonly { readonly step: string; readonly method: string; readonly path: string; readonly purpose: string }[];
  readonly created_id_returned?: boolean;
  readonly refreshed_after_write?: boolean;
  readonly in_doubt?: string;
  readonly notes?: readonly string[];
}

export interface FieldReference {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly accepted: boolean;
  readonly required: boolean;
  readonly reason: string | null;
  readonly lands: string | null;
  readonly limits: Limits;
  readonly refers_to: string | null;
  readonly default: unknown;
  readonly notes: readonly string[];
  readonly deprecated: string | null;
  readonly example: unknown;
}

const OPERATIONS: readonly OperationName[] = ['create', 'update'];

/** The matrix of models x operations x PMSs. */
export function supportMatrix(all: readonly PmsDefinition[], models: Iterable<ModelSpec>): SupportRow[] {
  return [...models].flatMap((model) =>
    OPERATIONS.map((operation) => ({
      model: model.path,
      operation,
      vendors: all.map((pms) => {
        const capability = pms.capabilities.get(model.path);
        const supported = capability !== undefined && planOf(capability, operation) !== undefined;
        return { vendor: pms.vendor, supported, reason: supported ? null : whyNot(pms, model, operation) };
      }),
    })),
  );
}

/** Everything that a developer must know to send one operation to one PMS. */
export function describeOperation(pms: PmsDefinition, model: ModelSpec, operation: OperationName): OperationReference {
  const head = { vendor: pms.vendor, model: model.path, operation };
  const capability = pms.capabilities.get(model.path);
  const plan = capability && planOf(capability, operation);
  if (!capability || !plan) return { ...head, supported: false, reason: whyNot(pms, model, operation) };
  const { reads } = capability;
  return {
    ...head,
    supported: true,
    reason: null,
    source: capability.source,
    fields: [...plan.fields.values()].map(fieldReference),
    rules: plan.rules.map(({ kind, fields, words, check }) => ({ kind, fields, words, checked: check !== undefined })),
    calls: callsOfOperation(plan.operation),
    created_id_returned: operation === 'create' && plan.operation.steps.some((step) => step.id !== undefined),
    refreshed_after_write: plan.operation.refresh ?? (!('lacks' in reads) && reads.one !== undefined),
    in_doubt: doubtInWords(plan.operation),
    notes: plan.operation.notes ?? [],
  };
}

function fieldReference({ name, spec, mapping, status, because, required, limits, isReference }: PlannedField): FieldReference {
  return {
    name,
    type: spec.kind,
    description: spec.description,
    accepted: status === 'accepted',
    required,
    reason: because,
    lands: status === 'unsupported' ? null : landingOf(mapping),
    limits: { ...(spec.values ? { values: spec.values } : {}), ...limits },
    refers_to: isReference || spec.refersTo ? (spec.refersTo ?? null) : null,
    default: mapping.kind === 'write' ? (mapping.default ?? null) : null,
    notes: notesOf(mapping),
    deprecated: spec.deprecated ?? null,
    example: spec.example,
  };
}

/** Where the value stands at the PMS, in words. */
export function landingOf(mapping: Mapping): string | null {
  if (mapping.kind === 'write') return mapping.path;
  if (mapping.kind === 'read') return mapping.from;
  if (mapping.kind === 'route') return 'part of the address of the call';
  if (mapping.kind === 'shared') return mapping.fold.lands;
  return null;
}

/** What happens to a value on its way, and what to know about it, in sentences. */
export function notesOf(mapping: Mapping): string[] {
  if (mapping.kind === 'shared') return [mapping.fold.because];
  if (mapping.kind === 'derived') return [mapping.because];
  if (mapping.kind === 'write') {
    const unread = mapping.unread === undefined ? [] : [`Not returned by the PMS: ${mapping.unread}`];
    const presumed = mapping.defaultAt === undefined ? undefined : `Without it: ${mapping.defaultAt.words}.`;
    return [mapping.codec.transform, mapping.note, presumed, ...unread].filter((note) => note !== undefined);
  }
  return [];
}

function callsOfOperation({ current, steps }: OperationSpec): OperationReference['calls'] {
  const line = (step: string, { method, path }: Call, purpose: string) => ({ step, method, path, purpose });
  return [
    ...(current ? [line('read', current, 'reads the record as it is')] : []),
    ...steps.flatMap((step) => [
      line(step.name, step.call, step.when === 'filled' ? 'when one of its fields is sent' : 'always'),
      ...(step.otherwise
        ? [line(step.name, step.otherwise.call, `instead, when the record has no ${step.otherwise.unless.what} yet`)]
        : []),
    ]),
  ];
}

function doubtInWords({ doubt }: OperationSpec): string {
  if (doubt.policy === 'search')
    return `Latchkey looks for the record (equal ${doubt.same.join(', ')}) before anything else; it is sent again only if it is surely not there.`;
  if (doubt.policy === 'read_back')
    return 'Latchkey reads the record: as wanted means done, as before means it is sent again, anything else goes to a person.';
  return `A person decides: ${doubt.because}`;
}
