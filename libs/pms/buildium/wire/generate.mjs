/**
 * Writes Buildium's wire description from the vendor's OpenAPI document, pruned to what Latchkey calls.
 *
 *   node libs/pms/buildium/wire/generate.mjs <path-to-openapi.json>
 *
 * Promises: the same document gives the same two files (`src/wire/schemas.generated.ts`, `src/wire/types.generated.ts`);
 * no sentence of the vendor's reaches them.
 * Fails: when an operation of `called` is not in the document, or a schema uses a keyword that nobody here knows.
 *
 * The document's schemas carry `required`, `enum`, `format` and `minLength: 1`, but no upper limit: limits stand only in prose.
 * `limitsInProse` reads those few wordings that a pattern can read safely and turns them into keywords. What the prose says in
 * any other way ("required if …", "unique within …", tax ids of vendors) is not here and belongs to the declarations.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

/** Path → methods. Payments have no list of their own at Buildium: they are read back through `transactions`. */
const called = {
  '/v1/applicants': ['GET', 'POST'],
  '/v1/applicants/{applicantId}': ['GET', 'PUT'],
  '/v1/applicants/{applicantId}/notes': ['GET', 'POST'],
  '/v1/applicants/{applicantId}/notes/{noteId}': ['GET'],
  '/v1/bankaccounts': ['GET'],
  '/v1/bankaccounts/{bankAccountId}': ['GET'],
  '/v1/glaccounts': ['GET'],
  '/v1/glaccounts/{glAccountId}': ['GET'],
  '/v1/leases': ['GET', 'POST'],
  '/v1/leases/{leaseId}': ['GET', 'PUT'],
  '/v1/leases/{leaseId}/charges': ['GET', 'POST'],
  '/v1/leases/{leaseId}/charges/{chargeId}': ['GET', 'PUT'],
  '/v1/leases/{leaseId}/payments': ['POST'],
  '/v1/leases/{leaseId}/payments/{paymentId}': ['PUT'],
  '/v1/leases/{leaseId}/transactions': ['GET'],
  '/v1/leases/{leaseId}/transactions/{transactionId}': ['GET'],
  '/v1/leases/tenants': ['GET', 'POST'],
  '/v1/leases/tenants/{tenantId}': ['GET', 'PUT'],
  '/v1/leases/tenants/{tenantId}/notes': ['GET', 'POST'],
  '/v1/leases/tenants/{tenantId}/notes/{noteId}': ['GET', 'PUT'],
  '/v1/rentals': ['GET', 'POST'],
  '/v1/rentals/{propertyId}': ['GET', 'PUT'],
  '/v1/rentals/owners': ['GET'],
  '/v1/rentals/owners/{rentalOwnerId}': ['GET'],
  '/v1/rentals/units': ['GET', 'POST'],
  '/v1/rentals/units/{unitId}': ['GET', 'PUT'],
  '/v1/tasks': ['GET'],
  '/v1/tasks/{taskId}': ['GET'],
  '/v1/tasks/categories': ['GET'],
  '/v1/tasks/categories/{taskCategoryId}': ['GET'],
  '/v1/users': ['GET'],
  '/v1/users/{userId}': ['GET'],
  '/v1/vendors': ['GET', 'POST'],
  '/v1/vendors/{vendorId}': ['GET', 'PUT'],
  '/v1/vendors/categories': ['GET'],
  '/v1/vendors/categories/{vendorCategoryId}': ['GET'],
  '/v1/workorders': ['GET', 'POST'],
  '/v1/workorders/{workOrderId}': ['GET', 'PUT'],
};

const errorSchema = 'ApiErrorResponse';
const refPrefix = '#/$defs/';
const kept = ['format', 'minLength', 'maxLength', 'minimum', 'maximum', 'pattern', 'minItems', 'maxItems', 'nullable'];
const dropped = ['description', 'example', 'title', 'summary', 'default', 'deprecated'];

const numberWords = { one: 1, five: 5 };
const asNumber = (text) => numberWords[text] ?? Number(text.replaceAll(',', ''));

const limitsInProse = [
  { wording: /can ?not exceed ([\d,]+) characters/i, keywords: ([max]) => ({ maxLength: max }) },
  { wording: /between (\d+) and (\d+) characters/i, keywords: ([min, max]) => ({ minLength: min, maxLength: max }) },
  { wording: /list cannot exceed (\w+) /i, keywords: ([max]) => ({ maxItems: max }) },
  { wording: /number of units cannot exceed (\d+)/i, keywords: ([max]) => ({ maxItems: max }) },
  { wording: /at least (one|1) line item is required/i, keywords: ([min]) => ({ minItems: min }) },
  { wording: /four digit integer between (\d+) and/i, keywords: ([min]) => ({ minimum: min }) },
];

/** Samples such as `12-1234567`: each digit stands for any digit. */
function readSamples(description) {
  const samples = /valid formats are: (.+)/i.exec(description)?.[1].match(/(?<=`)[\d-]+(?=`)/g);
  if (!samples) return {};
  return { pattern: `^(${samples.map((sample) => sample.replace(/\d+/g, (digits) => `\\d{${digits.length}}`)).join('|')})$` };
}

function readLimits(description = '') {
  const found = limitsInProse.map(({ wording, keywords }) => {
    const match = wording.exec(description);
    return match ? keywords(match.slice(1).map(asNumber)) : {};
  });
  return Object.assign(readSamples(description), ...found);
}

const lastSegment = (ref) => ref.slice(ref.lastIndexOf('/') + 1);
const isCountry = (schema) => schema.enum?.includes('UnitedStates') && schema.enum.length > 200;

/** One schema without prose; `use` is told each name that it refers to. */
function prune(schema, use) {
  for (const keyword of Object.keys(schema)) {
    const known = [
      'type',
      'enum',
      'allOf',
      '$ref',
      'items',
      'properties',
      'required',
      'additionalProperties',
      ...kept,
      ...dropped,
    ];
    if (!known.includes(keyword)) throw new Error(`Keyword ${keyword} is new in the document: decide here what becomes of it`);
  }
  if (schema.allOf?.length > 1) throw new Error('A composed schema is new in the document: decide here what becomes of it');
  const ref = schema.$ref ?? schema.allOf?.[0].$ref;
  const result = {};
  if (ref || isCountry(schema)) {
    const name = ref ? lastSegment(ref) : 'Country';
    use(name);
    result.$ref = refPrefix + name;
  } else {
    if (schema.type) result.type = schema.type;
    if (schema.enum) result.enum = schema.enum;
  }
  for (const keyword of kept) {
    if (schema[keyword] !== undefined && !(result.$ref && keyword !== 'nullable')) result[keyword] = schema[keyword];
  }
  if (!result.$ref) Object.assign(result, readLimits(schema.description));
  if (schema.items) result.items = prune(schema.items, use);
  if (schema.required) result.required = schema.required;
  if (schema.properties) {
    result.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, prune(property, use)]),
    );
  }
  if (schema.additionalProperties === false) result.additionalProperties = false;
  return result;
}

/** The named schemas and all that they refer to, by name. */
function collect(names, all) {
  const result = {};
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (result[name]) continue;
    if (name === 'Country') {
      const { enum: countries } = all.SaveAddressMessage.properties.Country;
      result.Country = { type: 'string', enum: countries };
    } else {
      if (!all[name]) throw new Error(`Schema ${name} is not in the document`);
      result[name] = prune(all[name], (used) => waiting.push(used));
    }
  }
  return Object.fromEntries(Object.entries(result).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const bodyOf = (content) => {
  const schema = Object.values(content ?? {})[0]?.schema;
  return schema?.allOf?.[0] ?? schema;
};

/** What one call takes and gives, as the document says. */
function describe(path, method, document) {
  const operation = document.paths[path]?.[method.toLowerCase()];
  if (!operation) throw new Error(`${method} ${path} is not in the document`);
  const successStatus = Object.keys(operation.responses).find((status) => status.startsWith('2'));
  const answer = bodyOf(operation.responses[successStatus].content);
  const list = answer.type === 'array';
  const body = bodyOf(operation.requestBody?.content);
  const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
  return {
    ...(body && { body: lastSegment(body.$ref) }),
    answer: lastSegment((list ? answer.items : answer).$ref),
    ...(list && { list }),
    status: Number(successStatus),
    errors: Object.keys(operation.responses)
      .map(Number)
      .filter((status) => status >= 400),
    ...(query.length > 0 && {
      query: Object.fromEntries(query.map(({ name, schema }) => [name, prune(schema, () => undefined)])),
    }),
  };
}

const literal = (value) => `'${value}'`;
const scalars = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean' };

function typeOf(schema) {
  const withNull = (type) => (schema.nullable ? `${type} | null` : type);
  if (schema.$ref) return withNull(lastSegment(schema.$ref));
  if (schema.enum) return withNull(schema.enum.map(literal).join(' | '));
  if (schema.type === 'array') return withNull(`Array<${typeOf(schema.items)}>`);
  if (!scalars[schema.type]) throw new Error(`No TypeScript type for ${JSON.stringify(schema)}`);
  return withNull(scalars[schema.type]);
}

function interfaceOf(name, schema) {
  const members = Object.entries(schema.properties).map(
    ([member, property]) => `${member}${schema.required?.includes(member) ? '' : '?'}: ${typeOf(property)};`,
  );
  return `export interface ${name} {\n${members.join('\n')}\n}\n`;
}

function pathOf([key, { body, answer, list, query }]) {
  const members = [
    ...(query
      ? [
          `query: { ${Object.entries(query)
            .map(([name, schema]) => `${name}?: ${typeOf(schema)}`)
            .join('; ')} }`,
        ]
      : []),
    ...(body ? [`body: ${body}`] : []),
    `answer: ${answer}${list ? '[]' : ''}`,
  ];
  return `'${key}': { ${members.join('; ')} };`;
}

const head = (what, version) => `/**
 * ${what}
 *
 * Generated from Buildium's OpenAPI document, version ${version}, pruned to the operations that Latchkey calls. Do not edit.
 * Again, with the document at hand: node libs/pms/buildium/wire/generate.mjs <path-to-openapi.json>
 */
`;

const emitSchemas = (schemas, operations, version) => `${head(
  'Buildium’s request and answer schemas (OpenAPI 3.0 dialect: `nullable`) and the calls that use them.',
  version,
)}
/** The part of OpenAPI 3.0 that occurs here. A \`$ref\` is always \`${refPrefix}<name in schemas>\`; its only sibling is \`nullable\`. */
export interface WireSchema {
  readonly $ref?: \`${refPrefix}\${string}\`;
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly nullable?: boolean;
  readonly items?: WireSchema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, WireSchema>>;
  readonly additionalProperties?: false;
}

/** One call: schema names of its body and answer, the success status, the documented error statuses, the query. */
export interface WireOperation {
  readonly body?: string;
  readonly answer: string;
  /** The answer is an array of \`answer\`. */
  readonly list?: true;
  readonly status: number;
  readonly errors: readonly number[];
  readonly query?: Readonly<Record<string, WireSchema>>;
}

export const schemas = ${JSON.stringify(schemas)} as const satisfies Readonly<Record<string, WireSchema>>;

/** By method and path template. */
export const operations = ${JSON.stringify(operations)} as const satisfies Readonly<Record<string, WireOperation>>;
`;

const emitTypes = (
  schemas,
  operations,
  version,
) => `${head('The same schemas as TypeScript, and the calls by method and path.', version)}
import type { schemas } from './schemas.generated.ts';

export type Country = (typeof schemas)['Country']['enum'][number];

${Object.entries(schemas)
  .filter(([name]) => name !== 'Country')
  .map(([name, schema]) => interfaceOf(name, schema))
  .join('\n')}
/** The query names are Buildium's own: lower case, and case-sensitive. A repeated filter is a repeated parameter. */
export interface Paths {
${Object.entries(operations).map(pathOf).join('\n')}
}
`;

const [documentPath] = process.argv.slice(2);
if (!documentPath) {
  process.stderr.write('Say where the document is: node libs/pms/buildium/wire/generate.mjs <path-to-openapi.json>\n');
  process.exit(2);
}
const document = JSON.parse(await readFile(documentPath, 'utf8'));
const operations = Object.fromEntries(
  Object.entries(called).flatMap(([path, methods]) =>
    methods.map((method) => [`${method} ${path}`, describe(path, method, document)]),
  ),
);
const names = Object.values(operations).flatMap(({ body, answer }) => (body ? [body, answer] : [answer]));
const schemas = collect([errorSchema, ...names], document.components.schemas);
const { version } = document.info;

for (const [file, text] of Object.entries({
  'schemas.generated.ts': emitSchemas(schemas, operations, version),
  'types.generated.ts': emitTypes(schemas, operations, version),
})) {
  const path = fileURLToPath(new URL(`../src/wire/${file}`, import.meta.url));
  await writeFile(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
}
