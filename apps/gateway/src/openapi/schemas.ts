/** The envelopes that the gateway puts around what it hands on, and the parameters that it reads itself, for the description of the API. */
import { DELIVERY_STATES, STATES, type Schema } from '#messaging';
import { exactly, listOf } from './schema.ts';
import { SYNC_ENVELOPES } from './sync-schemas.ts';

export { exactly };
export const refer = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const text: Schema = { type: 'string' };
const flag: Schema = { type: 'boolean' };
const textOrNull: Schema = { type: ['string', 'null'] };
const flagOrNull: Schema = { type: ['boolean', 'null'] };
const moment: Schema = { type: 'string', format: 'date-time' };
const momentOrNull: Schema = { type: ['string', 'null'], format: 'date-time' };
const count: Schema = { type: 'integer', minimum: 0 };
const textOf = (...values: readonly string[]): Schema => ({ type: 'string', enum: values });

const META = {
  offset: count,
  limit: count,
  orderBy: listOf(exactly({ field: text, direction: textOf('asc', 'desc') })),
  hasMore: flag,
};
const ISSUE = exactly(
  {
    pointer: { ...text, description: 'JSON Pointer into the body; empty for the body as a whole.' },
    parameter: { ...text, description: 'The query parameter that is meant, where the fault is not in the body.' },
    code: text,
    detail: text,
  },
  ['parameter'],
);
const PUBLISHED_ISSUE = exactly(
  { code: text, path: listOf({ type: ['string', 'integer'] }), message: text, keys: listOf(text) },
  ['keys'],
);

/** By name, as they stand in the description. */
export const ENVELOPES: Readonly<Record<string, Schema>> = {
  Problem: {
    ...exactly(
      {
        type: { ...text, description: 'Says which kind of problem it is; the same for all of a kind.' },
        title: text,
        status: { type: 'integer' },
        detail: text,
        instance: { ...text, description: 'Holds the id of the request: quote it to support.' },
        errors: listOf(ISSUE),
        error: exactly({ code: text, message: text, details: exactly({ issues: listOf(PUBLISHED_ISSUE) }) }),
        trace_id: { ...text, description: 'Names the trace of the request, where traces are kept.' },
      },
      ['instance', 'trace_id'],
    ),
    description: 'Problem details (RFC 9457).',
  },
  ListMeta: exactly(
    {
      ...META,
      total: { ...count, description: 'How many there are on all pages; left out behind a cursor.' },
      nextCursor: { ...textOrNull, description: 'The cursor of the next page.' },
    },
    ['total', 'nextCursor'],
  ),
  Success: exactly({ success: flag }),
  WriteMeta: exactly(
    { job_id: text, ignored_fields: { ...listOf(text), description: 'Fields that were left out on request.' } },
    ['job_id'],
  ),
  WriteStatus: exactly({
    write_status: textOf('PENDING', 'SUCCESS', 'PARTIAL_SUCCESS', 'FAILURE'),
    errors: listOf(text),
    created_record_id: textOrNull,
    job_id: text,
    state: textOf(...STATES),
    outcome: { ...textOf('certain', 'uncertain'), description: 'Uncertain while nobody knows whether the PMS carried it out.' },
    retriable: flag,
    created_record_ids: listOf(text),
    x_id: textOrNull,
    model: text,
    operation: textOf('create', 'update'),
    integration_id: text,
    record_id: textOrNull,
    ignored_fields: listOf(text),
    attempts: listOf(
      exactly(
        {
          number: count,
          step: text,
          started_at: moment,
          ended_at: moment,
          evidence: { ...textOf('A', 'B', 'C'), description: 'A: was not sent. B: was answered. C: nobody can tell.' },
          pms_status: { type: ['integer', 'null'] },
          message: textOrNull,
        },
        ['number'],
      ),
    ),
    steps: listOf(exactly({ name: text, state: textOf('done', 'sent', 'open') })),
    accepted_at: moment,
    completed_at: momentOrNull,
    settled_by: { ...momentOrNull, description: 'When a write in doubt is settled at the latest.' },
    next_attempt_at: momentOrNull,
    waiting_for: { ...textOrNull, description: 'Why nothing happens at the moment.' },
    record_refreshed_at: momentOrNull,
    verified: {
      ...flagOrNull,
      description: 'Whether the PMS showed afterwards what was written; null when nothing could be compared, or not yet.',
    },
    differences: listOf(
      exactly({
        field: text,
        written: {},
        found: {},
        normalised: { ...flag, description: 'The PMS means the same and writes it its own way.' },
      }),
    ),
  }),
  WriteLog: exactly({
    meta: exactly(META),
    results: exactly({
      logs: listOf(
        exactly({
          id: text,
          created_at: moment,
          job_id: text,
          job_log_id: text,
          status: textOf('PENDING', 'SUCCESS', 'FAILURE'),
          integration_id: text,
          job_type: text,
          parameters: { type: 'object' },
          error: textOrNull,
          name: text,
          vendor: text,
          write_status: textOf('PENDING', 'SUCCESS', 'PARTIAL_SUCCESS', 'FAILURE'),
          state: textOf(...STATES),
          completed_at: momentOrNull,
        }),
      ),
    }),
  }),
  ...SYNC_ENVELOPES,
  JobChanged: exactly({ success: flag, job_id: text }),
  Resolution: exactly(
    {
      outcome: textOf('succeeded', 'failed'),
      reason: { ...text, pattern: '\\S', maxLength: 1_000, description: 'How it was found out.' },
      x_id: { ...text, minLength: 1, maxLength: 255, description: 'The id that the PMS gives to the record.' },
    },
    ['x_id'],
  ),
};

/** The envelope around a page of records. */
export const pageOf = (item: Schema): Schema => exactly({ meta: refer('ListMeta'), results: listOf(item) });
/** The envelope around one record. */
export const oneOf = (item: Schema): Schema => exactly({ meta: refer('ListMeta'), results: item });

/** What an accepted write answers; `asked` is the record as it was asked for. */
export const acceptedOf = (asked: Schema): Schema =>
  exactly({ job_id: text, data: asked, meta: refer('WriteMeta'), write_status: refer('WriteStatus') }, [
    'job_id',
    'write_status',
  ]);

export type Parameter = Readonly<Record<string, unknown>> & { readonly name: string; readonly in: 'query' | 'header' | 'path' };

const query = (name: string, schema: Schema, description: string): Parameter => ({ name, in: 'query', schema, description });
const switchOf = (name: string, description: string, standard: 'true' | 'false' = 'false'): Parameter =>
  query(name, { type: 'string', enum: ['true', 'false'], default: standard }, description);
const idle: Schema = { type: ['integer', 'string'] };
const integer = (minimum: number, maximum: number, standard: number): Schema => ({
  type: 'integer',
  minimum,
  maximum,
  default: standard,
});

/** By name, as they stand in the description. */
export const PARAMETERS = {
  Limit: query('limit', integer(1, 250, 100), 'So many at the most.'),
  LogLimit: query('limit', integer(1, 100, 100), 'So many at the most.'),
  Offset: query('offset', integer(0, 1_000_000, 0), 'So many are passed over.'),
  IdleLimit: query('limit', idle, 'Means nothing for one record; clients that send it along are not refused.'),
  IdleOffset: query('offset', idle, 'Means nothing for one record; clients that send it along are not refused.'),
  OrderBy: query('order-by', text, 'Fields to order by, such as created_at:desc; ascending unless it says desc.'),
  Cursor: query('cursor', text, 'The nextCursor of an earlier page: unlike an offset it does not slow down with depth.'),
  UpdatedAfter: query('updated_after', moment, 'Only what Latchkey saw change after this moment.'),
  UpdatedBefore: query('updated_before', moment, 'Only what Latchkey last saw change before this moment.'),
  XId: query('x_id', text, 'Only the record to which the PMS gives this id.'),
  IntegrationId: query('integration_id', { ...text, 'x-refers-to': 'integrations' }, 'Only what belongs to this integration.'),
  IntegrationVendor: query('integration_vendor', text, 'Only what belongs to this PMS.'),
  Active: switchOf('active', 'Whether those that are switched on are listed, or the others.', 'true'),
  DeliveryState: query('state', textOf(...DELIVERY_STATES), 'Only deliveries that stand so.'),
  IsArchived: switchOf('is_archived', 'Whether deleted integrations are listed too.'),
  TimeRange: query('time_range', textOf('hour', 'day', 'week', 'month'), 'Only writes of the last so long.'),
  LogStatus: query('status', textOf('SUCCESS', 'FAILURE', 'PENDING'), 'Only writes that stand so.'),
  WriteCategory: query('write_category', text, 'Only writes of this model, as its path or with underscores.'),
  JobType: query('job_type', text, 'Only jobs of this type: sync: and the path of a model.'),
  IncludeAllJobs: switchOf('include_all_jobs', 'Jobs that a job started too; none starts any.'),
  Before: query('before', moment, 'Only what was found before this moment.'),
  After: query('after', moment, 'Only what was found after this moment.'),
  Format: query('format', textOf('reference', 'json-schema'), 'The reference, or the JSON Schema of the payload.'),
  IgnoreUnknownFields: switchOf('ignore_unknown_fields', 'Leave out what the PMS does not take instead of refusing it.'),
  DryRun: switchOf('dry_run', 'Check everything and store nothing.'),
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
    description: 'The same key with the same body gives the first answer again, and never a second write.',
  },
  Prefer: {
    name: 'Prefer',
    in: 'header',
    schema: text,
    example: 'wait=10',
    description: 'wait=N answers when the write has ended, or after N seconds, at most 30.',
  },
} as const satisfies Readonly<Record<string, Parameter>>;
export type ParameterName = keyof typeof PARAMETERS;
