import { fieldsOf, type FieldSpec, type PartClass } from './field.ts';

/** The fields that every record has, whatever its model. They are ours or the PMS's to set, never the caller's. */
export const STANDARD_FIELDS = [
  'id',
  'created_at',
  'updated_at',
  'last_seen',
  'x_id',
  'integration_id',
  'integration_vendor',
] as const;

/** What the unified API says about one model. */
export interface ModelSpec {
  /** Its name and the first segment of its routes: 'service-requests'. */
  readonly path: string;
  /** In words, singular: 'service request'. */
  readonly title: string;
  readonly description: string;
  /** The model whose record owns one of these, for `POST /v1/<parent>/{id}/<child>`; its reference field is always required. */
  readonly parent?: { readonly path: string; readonly field: string; readonly child: string };
  readonly type: ModelClass;
  /** Every field but the standard ones, in the order of the class; references are followed by their `x_` companion. */
  readonly fields: ReadonlyMap<string, FieldSpec>;
}

/** The base of every model: the standard fields. */
export abstract class PmsRecord {
  readonly id!: string;
  readonly created_at!: string;
  readonly updated_at!: string;
  readonly last_seen!: string;
  readonly x_id!: string;
  readonly integration_id!: string;
  readonly integration_vendor!: string;
}

export type ModelClass<M extends PmsRecord = PmsRecord> = new () => M;

const MODELS = new Map<string, ModelSpec>();
const BY_TYPE = new Map<ModelClass, ModelSpec>();

/** Makes a class a model of the unified API. Its path must be unique; the class must extend PmsRecord. */
export function Model(spec: Pick<ModelSpec, 'path' | 'title' | 'description' | 'parent'>) {
  return (type: ModelClass): void => {
    if (MODELS.has(spec.path)) throw new Error(`Two models have the path ${spec.path}`);
    const model = { ...spec, type, fields: withCompanions(type) };
    MODELS.set(spec.path, model);
    BY_TYPE.set(type, model);
  };
}

/** The model of a class that carries @Model; throws for any other class, which is a programming error. */
export function modelOf(type: ModelClass): ModelSpec {
  const found = BY_TYPE.get(type);
  if (!found) throw new Error(`${type.name} is no model: it lacks @Model`);
  return found;
}

/** The models loaded so far by their path. A service loads all of them at its start. */
export function knownModels(): ReadonlyMap<string, ModelSpec> {
  return MODELS;
}

/** `lease_id` is our id; `x_lease_id` is the PMS's id of the same lease. */
export function companionOf(referenceField: string): string {
  return `x_${referenceField}`;
}

function withCompanions(type: PartClass): ReadonlyMap<string, FieldSpec> {
  const declared = fieldsOf(type);
  const all = new Map<string, FieldSpec>();
  for (const [name, spec] of declared) {
    all.set(name, spec);
    const companion = companionOf(name);
    if (!spec.refersTo || declared.has(companion)) continue;
    const isList = spec.kind === 'list';
    all.set(companion, {
      name: companion,
      kind: isList ? 'list' : 'text',
      description: isList
        ? `The ids that the PMS gives to what ${name} lists.`
        : `The id that the PMS gives to what ${name} names.`,
      example: isList ? ['1042'] : '1042',
      readOnly: true,
    });
  }
  return all;
}
