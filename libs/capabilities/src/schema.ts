/** What a PMS takes on one operation, as JSON Schema (2020-12): the shape of the model, narrowed to what the PMS's plan accepts. */
import { fieldSchema, SchemaBook, type JsonSchema, type ModelSpec } from '#models';
import { formWords } from './check.ts';
import type { OperationName } from './mapping.ts';
import { planOf, type PlannedField } from './plan.ts';
import type { PmsDefinition } from './pms.ts';
import { notesOf } from './describe.ts';

/** The members of a payload and which of them must be there. */
export interface PayloadShape {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
  /** The rules between fields, in words: a schema could say some of them, but nobody could read it then. */
  readonly rules: readonly string[];
}

/** Undefined when the PMS does not offer the operation. */
export function payloadShapeOf(
  pms: PmsDefinition,
  model: ModelSpec,
  operation: OperationName,
  book: SchemaBook,
): PayloadShape | undefined {
  const capability = pms.capabilities.get(model.path);
  const plan = capability && planOf(capability, operation);
  if (!plan) return undefined;
  const accepted = [...plan.fields.values()].filter(({ status }) => status === 'accepted');
  return {
    properties: Object.fromEntries(accepted.map((field) => [field.name, plannedSchema(pms, field, operation, book)])),
    required: accepted.filter(({ required }) => required).map(({ name }) => name),
    rules: plan.rules.map(({ words }) => words),
  };
}

/** The accepted payload as a schema of its own; null when the PMS does not offer the operation. */
export function jsonSchemaOf(pms: PmsDefinition, model: ModelSpec, operation: OperationName): JsonSchema | null {
  const book = new SchemaBook('#/$defs/');
  const shape = payloadShapeOf(pms, model, operation, book);
  if (!shape) return null;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `${operation} ${model.title} (${pms.title})`,
    description: shape.rules.join(' '),
    type: 'object',
    additionalProperties: false,
    properties: shape.properties,
    required: shape.required,
    $defs: book.schemas,
  };
}

function plannedSchema(pms: PmsDefinition, field: PlannedField, operation: OperationName, book: SchemaBook): JsonSchema {
  const { spec, mapping, limits, required } = field;
  const { values, pattern, ...bounds } = limits;
  const { description, ...shape } = fieldSchema(spec, 'sent', book);
  const standard = mapping.kind === 'write' ? (mapping.default ?? null) : null;
  const narrowed: Record<string, unknown> = {
    ...shape,
    description: [description, ...notesOf(mapping), ...(pattern ? [formWords(pms, field.name, pattern)] : [])].join(' '),
    ...bounds,
    ...(values ? { enum: [...values, null] } : {}),
    ...(pattern ? patternsOf(pattern.source, shape) : {}),
    ...(standard === null ? {} : { default: standard }),
  };
  // On a create a null says nothing, on an update it clears; what is required can't be null.
  const mayBeNull = !required && (operation === 'create' || field.nullable);
  return mayBeNull ? narrowed : withoutNull(narrowed);
}

/** The PMS's form and, where the model demands one too, both. */
function patternsOf(source: string, { pattern }: JsonSchema): JsonSchema {
  return { pattern: source, ...(pattern === undefined || pattern === source ? {} : { allOf: [{ pattern }] }) };
}

/** The same schema without its null. */
function withoutNull({ type, enum: values, anyOf, ...rest }: Readonly<Record<string, unknown>>): JsonSchema {
  const types = [type].flat().filter((name) => name !== 'null' && name !== undefined);
  const [only] = types;
  const whole = Array.isArray(anyOf) ? (anyOf[0] as JsonSchema) : {};
  return {
    ...whole,
    ...(types.length === 0 ? {} : { type: types.length === 1 ? only : types }),
    ...(Array.isArray(values) ? { enum: values.filter((value) => value !== null) } : {}),
    ...rest,
  };
}
