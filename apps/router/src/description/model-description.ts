/**
 * One model for the API's description: its schemas, the parameters of its lists, and every way to write it, from the same declarations by which
 * payloads are checked.
 */
import {
  NOTHING_SET,
  operationOf,
  payloadShapeOf,
  samplePayload,
  type OperationName,
  type PayloadShape,
  type PmsDefinition,
} from '#capabilities';
import type { DescribedFilter, DescribedModel, DescribedWrite, Schema } from '#messaging';
import { idSchema, isScalar, payloadSchema, recordSchema, SchemaBook, fieldSchema, REFERS_TO, type ModelSpec } from '#models';
import type { Catalog } from '#service-kit';
import { ownIdNames } from '../writes/own-fields.ts';

export const SCHEMAS = '#/components/schemas/';
/** What an integration's id refers to: not a model, but named like one. */
const INTEGRATION = 'integrations';
const EXAMPLE_ID = 'k3v9m2q7x1c8b4n6z5t0w2y7r';
const OPERATIONS: readonly OperationName[] = ['create', 'update'];

export function describe(catalog: Catalog, model: ModelSpec): DescribedModel {
  const book = new SchemaBook(SCHEMAS);
  const [record, asked] = (['read', 'asked'] as const).map((use) => nameIn(recordSchema(model, use, book)));
  const writes = OPERATIONS.flatMap((operation) => writesOf(catalog, model, operation, book));
  const parent = model.parent && catalog.models.get(model.parent.path);
  return {
    path: model.path,
    title: model.title,
    description: model.description,
    parent: model.parent && parent ? { ...model.parent, title: parent.title } : null,
    schemas: book.schemas,
    record: record ?? '',
    asked: asked ?? '',
    filters: filtersOf(model),
    writes,
  };
}

/** The write for any PMS first, then those of each PMS that offers it; none at all when no PMS does. */
function writesOf(catalog: Catalog, model: ModelSpec, operation: OperationName, book: SchemaBook): DescribedWrite[] {
  const offering = catalog.list.filter((pms) => {
    const capability = pms.capabilities.get(model.path);
    return capability !== undefined && operationOf(capability, operation) !== undefined;
  });
  const [first] = offering;
  if (!first) return [];
  const name = (vendor: string): string => `${model.type.name}${capitalised(operation)}${vendor}`;
  const any: PayloadShape = { properties: payloadSchema(model, book), required: [], rules: [] };
  const who = `Offered by ${offering.map(({ title }) => title).join(', ')}.`;
  const payload = (vendor: string, shape: PayloadShape) =>
    nameIn(book.refer(name(vendor), () => wholePayload(model, operation, shape)));
  const generic: DescribedWrite = {
    operation,
    vendor: null,
    description: `${who} Which fields are taken, depends on the PMS.`,
    payload: payload('', any),
    example: exampleOf(first, model, operation),
  };
  const specific = offering.flatMap((pms) => {
    const shape = payloadShapeOf(pms, model, operation, book);
    if (!shape) return [];
    const { slug, title } = pms;
    const write: DescribedWrite = {
      operation,
      vendor: { slug, title },
      description: shape.rules.join(' '),
      payload: payload(slug.split('-').map(capitalised).join(''), shape),
      example: exampleOf(pms, model, operation),
    };
    return [write];
  });
  return [generic, ...specific];
}

/** The payload with what it says about the write itself. */
function wholePayload(model: ModelSpec, operation: OperationName, { properties, required, rules }: PayloadShape): Schema {
  const integration = { ...idSchema(INTEGRATION), description: 'The integration in which the record is created.' };
  const repeated = { type: ['string', 'null'], description: 'May repeat what the path says.' };
  const own = Object.fromEntries(ownIdNames(model).map((name) => [name, repeated]));
  const about = operation === 'create' ? { integration_id: integration } : { integration_id: repeated, ...own };
  return {
    type: 'object',
    description: (operation === 'update' ? [NOTHING_SET, ...rules] : rules).join(' '),
    properties: { ...about, ...properties },
    ...(operation === 'create' ? { required: ['integration_id', ...required] } : { required, minProperties: 1 }),
    additionalProperties: false,
  };
}

function exampleOf(pms: PmsDefinition, model: ModelSpec, operation: OperationName): Record<string, unknown> {
  const sample = samplePayload(pms, model, operation, 'minimal', () => EXAMPLE_ID);
  return operation === 'create' ? { integration_id: EXAMPLE_ID, ...sample } : sample;
}

/** Lists can be narrowed by the fields that hold one plain value, or ids. */
function filtersOf(model: ModelSpec): DescribedFilter[] {
  const fields = [...model.fields.values()].filter(
    ({ kind, refersTo, element }) => isScalar(kind) || refersTo !== undefined || (kind === 'list' && !element),
  );
  return fields.map((spec) => ({ name: spec.name, description: spec.description, schema: filterSchema(spec) }));
}

/** One value of the field, without its null. An id may have any form: one that nobody has narrows a list to nothing. */
function filterSchema(spec: Parameters<typeof fieldSchema>[0]): Schema {
  if (spec.refersTo !== undefined) return { type: 'string', [REFERS_TO]: spec.refersTo };
  if (spec.kind === 'enum') return { type: 'string', enum: [...(spec.values ?? [])] };
  if (spec.kind === 'integer' || spec.kind === 'money') return { type: 'integer' };
  return { type: spec.kind === 'boolean' || spec.kind === 'number' ? spec.kind : 'string' };
}

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const nameIn = ({ $ref }: Schema): string => String($ref).slice(SCHEMAS.length);
