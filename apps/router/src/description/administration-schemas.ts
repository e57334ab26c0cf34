/** What administration sends and answers, as JSON Schema: bodies from the classes that check them, answers as their views make them. */
import { CADENCES, SCOPES, type Schema } from '#messaging';
import { fieldSchema, fieldsOf, SchemaBook, type PartClass } from '#models';
import { ApiKeyBody } from '../administration/api-keys.administration.ts';
import { IntegrationBody } from '../administration/integration-body.ts';
import { WEEK_SCHEMA } from '../administration/week-schedule.ts';
import { SyncBody } from '../administration/sync.administration.ts';
import { SYSTEMS } from '../store/integration.entity.ts';

const text: Schema = { type: 'string' };
const flag: Schema = { type: 'boolean' };
const textOrNull: Schema = { type: ['string', 'null'] };
const moment: Schema = { type: 'string', format: 'date-time' };
const momentOrNull: Schema = { type: ['string', 'null'], format: 'date-time' };
const list = (items: Schema): Schema => ({ type: 'array', items });
const textOf = (values: readonly string[]): Schema => ({ type: 'string', enum: [...values] });
const positive: Schema = { type: 'integer', minimum: 1 };

/** An object with exactly these members. */
const object = (properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

/** @param narrowed what the caller of the check demands beyond the class, by field */
function body(type: PartClass, required: readonly string[], narrowed: Readonly<Record<string, Schema>> = {}): Schema {
  const book = new SchemaBook('');
  const properties = Object.fromEntries(
    [...fieldsOf(type).values()].map((spec) => [spec.name, { ...fieldSchema(spec, 'sent', book), ...narrowed[spec.name] }]),
  );
  return { type: 'object', properties, required, additionalProperties: false };
}

const ping: Schema = { type: 'object', additionalProperties: textOf(['SUCCESS']) };
const access: Schema = object({ untested: flag, status: textOf(['SUCCESS', 'FAILED']), error_message: textOrNull }, [
  'untested',
  'status',
  'error_message',
]);
const supported = object({ vendor: text, supported: flag, reason: textOrNull });
const operation = textOf(['create', 'update']);

const FIELD = object({
  name: text,
  type: text,
  description: text,
  accepted: flag,
  required: flag,
  reason: textOrNull,
  lands: textOrNull,
  limits: { type: 'object' },
  refers_to: textOrNull,
  default: {},
  notes: list(text),
  deprecated: textOrNull,
  example: {},
});

/** By name, as they stand in the description. */
export const ADMINISTRATION_SCHEMAS: Readonly<Record<string, Schema>> = {
  IntegrationCreate: body(IntegrationBody, ['integration_vendor'], {
    integration_vendor: { type: 'string' },
    custom_sync_schedule: WEEK_SCHEMA,
  }),
  IntegrationUpdate: body(IntegrationBody, [], { custom_sync_schedule: WEEK_SCHEMA }),
  Integration: object(
    {
      id: text,
      created_at: moment,
      updated_at: moment,
      name: textOrNull,
      vendor: text,
      integration_vendor: text,
      active: flag,
      system: textOf(SYSTEMS),
      base_url: textOrNull,
      refresh_after_write: flag,
      sync_frequency: positive,
      sync_cadence: textOf(CADENCES),
      max_request_frequency: positive,
      max_request_cadence: textOf(CADENCES),
      max_job_concurrency: positive,
      new_properties_are_enabled: flag,
      use_custom_sync_schedule: flag,
      custom_sync_schedule: { type: ['object', 'null'] },
      customer_id: text,
      is_archived: flag,
      allow_manual_syncs: flag,
      can_authenticate: flag,
      last_data_access_check: momentOrNull,
      integration_interfaces: list({}),
      configuration_meta_data: list({}),
      ping_results: ping,
    },
    ['ping_results'],
  ),
  DataAccess: object({
    models: { type: 'object', additionalProperties: object({ read: access, create: access, update: access }) },
    last_data_access_check: momentOrNull,
    data_access_check_in_process: flag,
  }),
  SyncStart: body(SyncBody, [], { models_to_sync: { ...list(text), minItems: 1 } }),
  ApiKeyCreate: body(ApiKeyBody, ['name'], {
    name: { type: 'string', minLength: 1 },
    scopes: { items: textOf(SCOPES), minItems: 1 },
  }),
  ApiKey: object(
    {
      id: text,
      name: text,
      prefix: { ...text, description: 'The beginning of the key, by which people recognise it.' },
      scopes: list(textOf(SCOPES)),
      created_at: moment,
      revoked_at: momentOrNull,
      last_used_at: momentOrNull,
      key: { ...text, description: 'The key itself: in the answer that makes it, and never again.' },
    },
    ['key'],
  ),
  CapabilityMatrix: object({
    vendors: list(object({ vendor: text, slug: text, title: text, credentials: list({ type: 'object' }) })),
    results: list(object({ model: text, operation, vendors: list(supported) })),
  }),
  Capability: object(
    {
      vendor: text,
      model: text,
      operation,
      supported: flag,
      reason: textOrNull,
      source: text,
      fields: list(FIELD),
      rules: list(object({ kind: text, fields: list(text), words: text, checked: flag })),
      calls: list(object({ step: text, method: text, path: text, purpose: text })),
      created_id_returned: flag,
      refreshed_after_write: flag,
      in_doubt: text,
      notes: list(text),
    },
    ['source', 'fields', 'rules', 'calls', 'created_id_returned', 'refreshed_after_write', 'in_doubt', 'notes'],
  ),
};
