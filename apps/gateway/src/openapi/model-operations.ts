/** What the routes of models stand for. The gateway knows their forms; each becomes one operation for every name that the router tells. */
import type { DescribedModel, DescribedWrite } from '#messaging';
import type { Operation } from './operations.ts';
import { acceptedOf, oneOf, pageOf, refer, type Parameter, type ParameterName } from './schemas.ts';

/** One operation at the path that it really has. */
export interface PlacedOperation {
  readonly path: string;
  readonly operation: Operation;
  readonly further: readonly Parameter[];
}

const LISTS: readonly ParameterName[] = [
  'Limit',
  'Offset',
  'OrderBy',
  'Cursor',
  'UpdatedAfter',
  'UpdatedBefore',
  'XId',
  'IntegrationId',
  'IntegrationVendor',
];
const WRITES: readonly ParameterName[] = ['IgnoreUnknownFields', 'DryRun', 'IdempotencyKey', 'Prefer'];

type Form = (model: DescribedModel) => readonly PlacedOperation[];

/** By method and pattern. */
export const FORMS: Readonly<Record<string, Form>> = {
  'GET /v1/:model': (model) => {
    const operation = {
      ...about(model),
      id: camel('list', model.path),
      summary: `List ${model.title} records`,
      parameters: LISTS,
      answer: pageOf(refer(model.record)),
    };
    const further = model.filters.map((filter): Parameter => ({ ...filter, in: 'query' }));
    return [{ path: `/v1/${model.path}/`, operation, further }];
  },
  'GET /v1/:model/:id': (model) => {
    const operation = {
      ...about(model),
      id: camel('read', model.path),
      summary: `Read a ${model.title}`,
      parameters: ['IdleLimit', 'IdleOffset', 'OrderBy'] as const,
      answer: oneOf(refer(model.record)),
    };
    return [{ path: `/v1/${model.path}/{id}`, operation, further: [idOf(model.path)] }];
  },
  'POST /v1/:model': (model) => writes(model, 'create', 'any', () => `/v1/${model.path}/`),
  'POST /v1/:model/:vendor': (model) => writes(model, 'create', 'one', (vendor) => `/v1/${model.path}/${vendor}/`),
  'POST /v1/:model/:id/:child': (model) => writesUnder(model, 'any'),
  'POST /v1/:model/:vendor/:id/:child': (model) => writesUnder(model, 'one'),
  'PUT /v1/:model/:id': (model) => writes(model, 'update', 'any', () => `/v1/${model.path}/{id}`),
  'PUT /v1/:model/:vendor/:id': (model) => writes(model, 'update', 'one', (vendor) => `/v1/${model.path}/${vendor}/{id}`),
};

function about({ title }: DescribedModel): Pick<Operation, 'tag' | 'problems'> {
  return { tag: capitalised(title), problems: [404] };
}

function writes(
  model: DescribedModel,
  operation: DescribedWrite['operation'],
  whose: 'any' | 'one',
  pathAt: (vendor: string) => string,
): readonly PlacedOperation[] {
  return writesFor(model, operation, whose).map((write) => ({
    path: pathAt(write.vendor?.slug ?? ''),
    operation: writing(model, write, refer(write.payload)),
    further: operation === 'update' ? [idOf(model.path)] : [],
  }));
}

/** The record in the path says what the payload would: the parent, and with it the integration. */
function writesUnder(model: DescribedModel, whose: 'any' | 'one'): readonly PlacedOperation[] {
  const { parent } = model;
  if (!parent) return [];
  return writesFor(model, 'create', whose).map((write) => {
    const vendor = write.vendor ? `${write.vendor.slug}/` : '';
    const { integration_id: _said, ...example } = write.example;
    const described = { ...write, example };
    const operation = writing(model, described, refer(`${write.payload}Under`));
    const ownWords = { id: `${operation.id}Under`, summary: `Create a ${model.title} of the ${parent.title} in the path` };
    return {
      path: `/v1/${parent.path}/${vendor}{id}/${parent.child}`,
      operation: { ...operation, ...ownWords },
      further: [idOf(parent.path)],
    };
  });
}

const writesFor = ({ writes: all }: DescribedModel, operation: DescribedWrite['operation'], whose: 'any' | 'one') =>
  all.filter((write) => write.operation === operation && (write.vendor === null) === (whose === 'any'));

function writing(model: DescribedModel, write: DescribedWrite, schema: Operation['answer']): Operation {
  const { operation, vendor, description, example } = write;
  return {
    ...about(model),
    id: camel(operation, model.path, ...(vendor ? ['at', vendor.slug] : [])),
    summary: `${capitalised(operation)} a ${model.title}${vendor ? ` in ${vendor.title}` : ''}`,
    ...(description === '' ? {} : { description }),
    parameters: WRITES,
    body: { schema, required: true, example },
    answer: acceptedOf(refer(model.asked)),
    problems: [404, 405, 409, 422],
  };
}

function idOf(refersTo: string): Parameter {
  return {
    name: 'id',
    in: 'path',
    required: true,
    schema: { type: 'string', 'x-refers-to': refersTo },
    description: 'The id of the record.',
  };
}

const capitalised = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
const camel = (...words: readonly string[]): string =>
  words.join('-').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
