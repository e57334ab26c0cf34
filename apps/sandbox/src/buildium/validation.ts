/**
 * Checks a body against the vendor's own schemas.
 *
 * Promises: every violation at once, each with the path of the member (`Lines[0].GLAccountId`) and a reason. Unknown members
 * are refused, as the schemas say. What the schemas cannot say is checked by the resources (see `rules.ts`).
 * Whether the vendor refuses or ignores unknown members is not documented; refusing finds more of an adapter's mistakes.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { operations, schemas, type WireOperation, type WireSchema } from '#pms/buildium/wire';
import type { CallKey, Issue } from './api.ts';

type JsonSchema = Record<string, unknown>;

/** OpenAPI 3.0 writes `nullable` where JSON Schema needs null among the types, the enum values, or another branch. */
function toJsonSchema({ nullable, items, properties, ...schema }: WireSchema): JsonSchema {
  if (schema.$ref && nullable) return { if: { type: 'null' }, else: { $ref: schema.$ref } };
  const result: JsonSchema = { ...schema };
  if (nullable && schema.type) result.type = [schema.type, 'null'];
  if (nullable && schema.enum) result.enum = [...schema.enum, null];
  if (items) result.items = toJsonSchema(items);
  if (properties) {
    result.properties = Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, toJsonSchema(property)]));
  }
  return result;
}

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
addFormats.default(ajv);
ajv.addSchema({
  $id: 'buildium',
  $defs: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, toJsonSchema(schema)])),
});

const validators = new Map<string, ValidateFunction>();

function validatorOf(name: string): ValidateFunction {
  const validator = validators.get(name) ?? ajv.compile({ $ref: `buildium#/$defs/${name}` });
  validators.set(name, validator);
  return validator;
}

/** `/Lines/0/Amount` → `Lines[0].Amount` */
const asKey = (pointer: string) =>
  pointer
    .slice(1)
    .replaceAll(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.');
const within = (error: ErrorObject, member: string) => asKey(`${error.instancePath}/${member}`);

const reasons: Readonly<Record<string, (error: ErrorObject) => Issue>> = {
  required: (error) => ({ Key: within(error, error.params.missingProperty), Value: 'A value is needed.' }),
  additionalProperties: (error) => ({
    Key: within(error, error.params.additionalProperty),
    Value: 'This call has no such member.',
  }),
  enum: (error) => ({ Key: asKey(error.instancePath), Value: 'The value is not one of the allowed values.' }),
  maxLength: (error) => ({ Key: asKey(error.instancePath), Value: `At most ${error.params.limit} characters.` }),
  minLength: (error) => ({ Key: asKey(error.instancePath), Value: `At least ${error.params.limit} characters.` }),
  maxItems: (error) => ({ Key: asKey(error.instancePath), Value: `At most ${error.params.limit} entries.` }),
  minItems: (error) => ({ Key: asKey(error.instancePath), Value: `At least ${error.params.limit} entries.` }),
};
const otherReason = (error: ErrorObject): Issue => ({
  Key: asKey(error.instancePath),
  Value: `The value ${error.message ?? 'is not valid'}.`,
});

/** The branch keyword only repeats that something below it failed. */
const isEcho = ({ keyword }: ErrorObject) => keyword === 'if';

/** All that is wrong with a value by the named schema of the wire description; empty when it is valid. */
export function schemaIssues(name: string, value: unknown): Issue[] {
  const validator = validatorOf(name);
  if (validator(value)) return [];
  return (validator.errors ?? [])
    .filter((error) => !isEcho(error))
    .map((error) => (reasons[error.keyword] ?? otherReason)(error));
}

/** The same for the body of a call. */
export function bodyIssues(key: CallKey, body: unknown): Issue[] {
  const operation: WireOperation = operations[key];
  return operation.body ? schemaIssues(operation.body, body) : [];
}
