/**
 * Models as JSON Schema (2020-12), from the same metadata that checks payloads. Whatever is told of a field here is what `checkShape` demands of
 * it, or less; rules that a schema can't say are said in its description.
 */
import { fieldsOf, integerInText, type FieldKind, type FieldSpec, type PartClass } from './field.ts';
import { STANDARD_FIELDS, type ModelSpec } from './model.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * What a schema is for: a record as it is read, a payload as it may be sent, or the record as it was asked for, which an accepted write repeats.
 * What is read is not measured against our limits: the PMS owns it.
 */
export type SchemaUse = 'read' | 'sent' | 'asked';

/** Kinds that a filter of a list can compare, and that a list can be ordered by. */
export const SCALAR_KINDS = [
  'text',
  'email',
  'phone',
  'date',
  'instant',
  'integer',
  'number',
  'money',
  'boolean',
  'enum',
] as const satisfies readonly FieldKind[];
export type ScalarKind = (typeof SCALAR_KINDS)[number];

export const isScalar = (kind: FieldKind): kind is ScalarKind => (SCALAR_KINDS as readonly FieldKind[]).includes(kind);

/** Schemas that are named and point to each other: parts are described once, however many fields hold them. */
export class SchemaBook {
  private readonly known = new Map<string, JsonSchema>();

  /** @param prefix what stands before a name in a `$ref`: `#/components/schemas/` in OpenAPI, `#/$defs/` in a schema of its own */
  constructor(private readonly prefix: string) {}

  /** A pointer to the schema of this name, which is made at the first use. */
  refer(name: string, make: () => JsonSchema): JsonSchema {
    if (!this.known.has(name)) {
      // Before it is made: a part may hold parts of its own kind.
      this.known.set(name, {});
      this.known.set(name, make());
    }
    return { $ref: `${this.prefix}${name}` };
  }

  get schemas(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries(this.known);
  }
}

const SUFFIX: Readonly<Record<SchemaUse, string>> = { read: '', sent: 'Input', asked: 'Asked' };

/** A record of a model, as it is read or as it was asked for: every field is there, null where it is unset. */
export function recordSchema(model: ModelSpec, use: 'read' | 'asked', book: SchemaBook): JsonSchema {
  return book.refer(model.type.name + SUFFIX[use], () => {
    const own = [...model.fields.values()].map((spec): [string, JsonSchema] => [spec.name, fieldSchema(spec, use, book)]);
    const standard = Object.entries(STANDARD_SCHEMAS).map(([name, schema]): [string, JsonSchema] => [
      name,
      use === 'read' ? schema : nullable(schema),
    ]);
    const properties = Object.fromEntries([...standard, ...own]);
    return {
      type: 'object',
      description:
        use === 'read' ? model.description : `A ${model.title} as a write asked for it; what the PMS makes of it comes later.`,
      properties,
      required: Object.keys(properties),
      additionalProperties: false,
    };
  });
}

/** Whatever any PMS takes in a payload of this model. */
export function payloadSchema(model: ModelSpec, book: SchemaBook): Readonly<Record<string, JsonSchema>> {
  const writable = [...model.fields.values()].filter(({ readOnly }) => !readOnly);
  return Object.fromEntries(writable.map((spec) => [spec.name, fieldSchema(spec, 'sent', book)]));
}

/** One field. Null is allowed: whether a PMS lets a value be cleared is its own to say. */
export function fieldSchema(spec: FieldSpec, use: SchemaUse, book: SchemaBook): JsonSchema {
  return {
    ...nullable(valueSchema(spec, use, book)),
    description: spec.description,
    ...(spec.deprecated === undefined ? {} : { deprecated: true, description: `${spec.description} ${spec.deprecated}` }),
    ...(use === 'read' ? {} : { examples: [spec.example] }),
    ...(spec.readOnly && use === 'read' ? { readOnly: true } : {}),
  };
}

/** The same schema, which null satisfies too. */
export function nullable(schema: JsonSchema): JsonSchema {
  const { type, enum: values, $ref, ...rest } = schema;
  if ($ref !== undefined) return { anyOf: [{ $ref }, { type: 'null' }], ...rest };
  return {
    ...(type === undefined ? {} : { type: [...[type].flat(), 'null'] }),
    ...(Array.isArray(values) ? { enum: [...(values as unknown[]), null] } : {}),
    ...rest,
  };
}

/** Says of a text that it is the id of a record of a model; the key is ours, as OpenAPI allows. */
export const REFERS_TO = 'x-refers-to';
const ID_PATTERN = '^[A-Za-z0-9_-]{1,64}$';

/** The id of a record of the model with this path. */
export function idSchema(refersTo: string): JsonSchema {
  return { type: 'string', pattern: ID_PATTERN, [REFERS_TO]: refersTo };
}

const STANDARD_SCHEMAS: Readonly<Record<(typeof STANDARD_FIELDS)[number], JsonSchema>> = {
  id: { type: 'string', description: 'The id of the record. It never changes.' },
  created_at: { type: 'string', format: 'date-time', description: 'When Latchkey first saw the record.' },
  updated_at: { type: 'string', format: 'date-time', description: 'When Latchkey last saw it change.' },
  last_seen: { type: 'string', format: 'date-time', description: 'When Latchkey last read it from the PMS.' },
  x_id: { type: 'string', description: 'The id that the PMS gives to the record.' },
  integration_id: { type: 'string', description: 'The integration that it belongs to.' },
  integration_vendor: { type: 'string', description: 'The PMS that it belongs to.' },
};

type Value = (spec: FieldSpec, use: SchemaUse, book: SchemaBook) => JsonSchema;

const limited = ({ minimum, maximum }: FieldSpec, use: SchemaUse): JsonSchema =>
  use === 'sent' ? { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) } : {};
const text: Value = ({ maxLength, pattern }, use) => ({
  type: 'string',
  ...(use === 'sent' && maxLength !== undefined ? { maxLength } : {}),
  ...(use === 'sent' && pattern !== undefined ? { pattern } : {}),
});
const whole: Value = (spec, use) => ({ type: 'integer', ...limited(spec, use) });
/** What was asked for is repeated as it was sent, and there a date may have a time, and a date-time none. */
const moment =
  (format: string): Value =>
  (_, use) => ({ type: 'string', ...(use === 'asked' ? {} : { format }) });

const VALUES: Readonly<Record<FieldKind, Value>> = {
  text,
  phone: text,
  email: (spec, use, book) => ({ ...text(spec, use, book), ...(use === 'sent' ? { format: 'email' } : {}) }),
  date: moment('date'),
  instant: moment('date-time'),
  integer: whole,
  money: whole,
  number: (spec, use) => ({ type: 'number', ...limited(spec, use) }),
  boolean: () => ({ type: 'boolean' }),
  enum: ({ values = [] }) => ({ type: 'string', enum: [...values] }),
  reference: ({ refersTo = '' }) => idSchema(refersTo),
  object: ({ element }, use, book) => (element ? partSchema(element(), use, book) : { type: 'object' }),
  list: ({ element, refersTo }, use, book) => {
    if (element) return { type: 'array', items: partSchema(element(), use, book) };
    return { type: 'array', items: refersTo === undefined ? { type: 'string' } : idSchema(refersTo) };
  },
  json: () => ({ type: 'object' }),
};

function valueSchema(spec: FieldSpec, use: SchemaUse, book: SchemaBook): JsonSchema {
  const schema = VALUES[spec.kind](spec, use, book);
  if (spec.alsoAs === undefined || use !== 'sent') return schema;
  if (spec.alsoAs === 'number') return { ...schema, type: [schema.type, 'number'] };
  // A pattern holds for texts only.
  return { ...schema, type: [schema.type, 'string'], pattern: spec.kind === 'boolean' ? '^(true|false)$' : integerInText(spec) };
}

/** A part of a record. Read, it may also hold what only the PMS knows; sent, it holds the fields that we name. */
function partSchema(type: PartClass, use: SchemaUse, book: SchemaBook): JsonSchema {
  return book.refer(type.name + SUFFIX[use], () => {
    const fields = [...fieldsOf(type).values()].filter(({ readOnly }) => use === 'read' || !readOnly);
    const required = use === 'sent' ? fields.filter((field) => field.required).map(({ name }) => name) : [];
    return {
      type: 'object',
      properties: Object.fromEntries(fields.map((spec) => [spec.name, fieldSchema(spec, use, book)])),
      ...(required.length > 0 ? { required } : {}),
      additionalProperties: use === 'read',
    };
  });
}
