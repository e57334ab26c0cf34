/**
 * The description of the API (OpenAPI 3.1), made of the routes that exist and of what the router tells of models and PMSs. Pure.
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
import type { DescribedApi, DescribedModel, Schema, Scope } from '#messaging';
import type { DescribedRoute } from '../http/route-table.ts';
import { FORMS } from './model-operations.ts';
import { NAMED_BY, OPERATIONS, type Operation } from './operations.ts';
import { ENVELOPES, PARAMETERS, type Parameter } from './schemas.ts';
import { WEBHOOK_SCHEMAS } from './webhook-schemas.ts';

type Member = Readonly<Record<string, unknown>>;

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: Member;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Member>>>>;
  readonly components: Member;
}

const KEY = 'apiKey';

/** Any route may answer with these; those that read a body also with the last two. */
const COMMON_PROBLEMS = [400, 401, 403, 429, 431, 503];
const BODY_PROBLEMS = [413, 415];

const PROBLEMS: Readonly<Record<number, { readonly name: string; readonly description: string }>> = {
  400: { name: 'BadRequest', description: 'The request is not valid; every issue is listed.' },
  401: { name: 'Unauthorized', description: 'There is no valid API key.' },
  403: { name: 'Forbidden', description: 'The API key lacks the scope.' },
  404: { name: 'NotFound', description: 'There is no such thing, or it is not yours.' },
  405: { name: 'NotSupported', description: 'The PMS does not offer this; the words say why, and who does.' },
  409: { name: 'Conflict', description: 'The present state does not allow it.' },
  413: { name: 'TooLarge', description: 'The body is too large.' },
  415: { name: 'UnsupportedMediaType', description: 'The body is not JSON.' },
  422: { name: 'KeyReused', description: 'The Idempotency-Key belongs to another request.' },
  429: { name: 'TooManyRequests', description: 'Come back after so many seconds as Retry-After says.' },
  431: { name: 'HeadTooLarge', description: 'The address and the headers together are too large.' },
  503: { name: 'Unavailable', description: 'Nothing was done, or it is not known; come back as Retry-After says.' },
};
const UNEXPECTED = { name: 'Unexpected', description: 'Something else went wrong.' };

/**
 * @param routes every route that the gateway has
 * @throws Error when a route is not described: that is a bug
 */
export function documentOf(
  routes: readonly DescribedRoute[],
  api: DescribedApi,
  models: readonly DescribedModel[],
): OpenApiDocument {
  const paths: Record<string, Record<string, Member>> = {};
  for (const { method, pattern, scope } of routes) {
    for (const { path, operation, further } of operationsOf(`${method} ${pattern}`, pattern, models)) {
      (paths[path] ??= {})[method.toLowerCase()] = operationObject(operation, further, scope);
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Latchkey',
      version: '1.0.0',
      description: 'One REST door to every property management system (PMS). A trailing slash is optional on every path.',
    },
    paths: Object.fromEntries(Object.entries(paths).sort(([one], [other]) => one.localeCompare(other))),
    components: {
      securitySchemes: { [KEY]: { type: 'http', scheme: 'bearer', description: 'Authorization: Bearer <API key>' } },
      schemas: schemasOf(api, models),
      parameters: PARAMETERS,
      headers: HEADERS,
      responses: Object.fromEntries(
        [...Object.values(PROBLEMS), UNEXPECTED].map((it) => [it.name, problemObject(it.description)]),
      ),
    },
  };
}

/** The operations that a route stands for: one at its own path, or one for each model. */
function operationsOf(key: string, pattern: string, models: readonly DescribedModel[]) {
  const form = FORMS[key];
  if (form) return models.flatMap(form);
  const operation = OPERATIONS[key];
  if (!operation) throw new Error(`${key} is not described`);
  const names = [...pattern.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const path = pattern.replace(/:(\w+)/g, '{$1}');
  const isCollection = names.length === 0 && !pattern.includes('.');
  return [{ path: isCollection ? `${path}/` : path, operation, further: names.map(fixedParameter) }];
}

function fixedParameter(name: string): Parameter {
  const named = NAMED_BY[name];
  const schema: Schema = named === undefined ? { type: 'string' } : { type: 'string', 'x-refers-to': named };
  return { name, in: 'path', required: true, schema };
}

function operationObject(operation: Operation, further: readonly Parameter[], scope: Scope | undefined): Member {
  const {
    id,
    tag,
    summary,
    description,
    parameters = [],
    body,
    answer,
    answerType = 'application/json',
    problems = [],
  } = operation;
  const known = new Set(parameters.map((name) => keyOf(PARAMETERS[name])));
  const all = [
    ...further.filter((parameter) => !known.has(keyOf(parameter))),
    ...parameters.map((name) => ({ $ref: `#/components/parameters/${name}` })),
  ];
  const statuses = [...COMMON_PROBLEMS, ...problems, ...(body ? BODY_PROBLEMS : [])].sort((one, other) => one - other);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: [{ [KEY]: scope === undefined ? [] : [scope] }],
    ...(all.length > 0 ? { parameters: all } : {}),
    ...(body ? { requestBody: bodyObject(body) } : {}),
    responses: {
      200: { description: 'Done as it was asked.', headers: HEADER_REFERENCES, content: { [answerType]: { schema: answer } } },
      ...Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/${PROBLEMS[status]?.name}` }])),
      default: { $ref: `#/components/responses/${UNEXPECTED.name}` },
    },
  };
}

function bodyObject({ schema, required, example }: NonNullable<Operation['body']>): Member {
  return { required, content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } } };
}

const HEADERS: Member = {
  RequestId: { description: 'Quote it to support.', schema: { type: 'string' } },
  RateLimit: { description: 'Requests that the key may send in a minute.', schema: { type: 'integer' } },
  RateLimitRemaining: { description: 'Those that are left.', schema: { type: 'integer' } },
  RetryAfter: { description: 'Seconds after which a repetition makes sense.', schema: { type: 'integer' } },
};
const HEADER_REFERENCES: Member = {
  'x-request-id': { $ref: '#/components/headers/RequestId' },
  'x-ratelimit-limit': { $ref: '#/components/headers/RateLimit' },
  'x-ratelimit-remaining': { $ref: '#/components/headers/RateLimitRemaining' },
};

function problemObject(description: string): Member {
  return {
    description,
    headers: { ...HEADER_REFERENCES, 'retry-after': { $ref: '#/components/headers/RetryAfter' } },
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

/** Every named schema. A payload for a record under another one is the payload of a create that need not say what the path says. */
function schemasOf(api: DescribedApi, models: readonly DescribedModel[]): Member {
  const named: Record<string, Schema> = { ...ENVELOPES, ...WEBHOOK_SCHEMAS, ...api.schemas };
  for (const model of models) {
    Object.assign(named, model.schemas);
    if (!model.parent) continue;
    const said = ['integration_id', model.parent.field];
    for (const { operation, payload } of model.writes) {
      const whole = model.schemas[payload];
      if (operation === 'create' && whole) named[`${payload}Under`] = withoutRequired(whole, said);
    }
  }
  return named;
}

function withoutRequired(schema: Schema, names: readonly string[]): Schema {
  const required = (schema.required as readonly string[]).filter((name) => !names.includes(name));
  return { ...schema, required };
}

const keyOf = (parameter: Parameter): string => `${parameter.in} ${parameter.name}`;
