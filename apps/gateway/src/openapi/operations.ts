/** What each route with a fixed path is for. A route that stands here and does not exist, or the other way round, fails a test. */
import type { Schema } from '#messaging';
import { exactly, oneOf, pageOf, refer, type ParameterName } from './schemas.ts';
import { WEBHOOK_OPERATIONS } from './webhook-operations.ts';

export interface Operation {
  /** Unique; programs that are generated from the description call their functions so. */
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly ParameterName[];
  /** The body; without one, none is read. */
  readonly body?: { readonly schema: Schema; readonly required: boolean; readonly example?: unknown };
  readonly answer: Schema;
  /** @default application/json */
  readonly answerType?: string;
  /** Problems beyond those that any route may answer. */
  readonly problems?: readonly number[];
}

const result = (schema: Schema): Schema => exactly({ result: schema });
const PAGE: readonly ParameterName[] = ['Limit', 'Offset', 'OrderBy'];

const integrations = { tag: 'Integrations', problems: [404, 409] } as const;
const syncs = { tag: 'Syncs', problems: [404] } as const;
const keys = { tag: 'API keys' } as const;
const writes = { tag: 'Writes', problems: [404] } as const;
const capabilities = { tag: 'Capabilities', problems: [404] } as const;

/** By method and pattern, as the router of HTTP knows it. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /openapi.json': {
    id: 'readOpenApi',
    tag: 'Description',
    summary: 'This description',
    answer: { type: 'object', required: ['openapi', 'info', 'paths'] },
  },

  'GET /v1/admin/integrations': {
    ...integrations,
    id: 'listIntegrations',
    summary: 'List integrations',
    parameters: [...PAGE, 'IntegrationVendor', 'IsArchived'],
    answer: pageOf(refer('Integration')),
    problems: [],
  },
  'POST /v1/admin/integrations': {
    ...integrations,
    id: 'createIntegration',
    summary: 'Connect an account of a PMS',
    description: 'The credentials are tried out at the PMS before anything is stored.',
    body: { schema: refer('IntegrationCreate'), required: true },
    answer: result(refer('Integration')),
    problems: [],
  },
  'GET /v1/admin/integrations/:integration_id': {
    ...integrations,
    id: 'readIntegration',
    summary: 'Read an integration',
    parameters: PAGE,
    answer: oneOf(refer('Integration')),
  },
  'PUT /v1/admin/integrations/:integration_id': {
    ...integrations,
    id: 'updateIntegration',
    summary: 'Change an integration',
    body: { schema: refer('IntegrationUpdate'), required: true },
    answer: result(refer('Integration')),
  },
  'DELETE /v1/admin/integrations/:integration_id': {
    ...integrations,
    id: 'deleteIntegration',
    summary: 'Delete an integration',
    description: 'Its credentials and copies are forgotten; its writes stay in the log.',
    answer: refer('Success'),
  },
  'POST /v1/admin/integrations/:integration_id/data-access': {
    ...integrations,
    id: 'startDataAccess',
    summary: 'Try out the credentials of an integration',
    answer: result(exactly({ began_data_access: { type: 'boolean' } })),
  },
  'GET /v1/admin/integrations/:integration_id/data-access': {
    ...integrations,
    id: 'readDataAccess',
    summary: 'Read how the last try went',
    answer: result(refer('DataAccess')),
  },
  'POST /v1/admin/integrations/:integration_id/manual-sync': {
    ...integrations,
    id: 'startManualSync',
    summary: 'Read from the PMS now',
    description:
      'Keeps to the limits by date of the schedules. The wish is kept through restarts; success is false when an earlier one still waits or is under way.',
    body: { schema: refer('SyncStart'), required: false, example: {} },
    answer: result(refer('Success')),
  },
  'POST /v1/admin/integrations/:integration_id/back-sync': {
    ...integrations,
    id: 'startBackSync',
    summary: 'Read everything from the PMS, however old',
    description: 'As a manual sync, without limits by date. On a large account it takes long, and writes go first.',
    body: { schema: refer('SyncStart'), required: false, example: {} },
    answer: result(refer('Success')),
  },
  'GET /v1/admin/integrations/:integration_id/job-schedules': {
    ...syncs,
    id: 'listJobSchedules',
    summary: 'List when the models of an integration are read, and how far that is',
    parameters: PAGE,
    answer: pageOf(refer('JobSchedule')),
  },
  'GET /v1/admin/integrations/:integration_id/job-schedules/:job_schedule_id': {
    ...syncs,
    id: 'readJobSchedule',
    summary: 'Read the schedule of one model',
    parameters: PAGE,
    answer: oneOf(refer('JobSchedule')),
  },
  'GET /v1/admin/logs/jobs': {
    ...syncs,
    id: 'listJobLogs',
    summary: 'List the readings of models, newest first',
    description: 'Writes have a list of their own, at /v1/admin/logs/writes.',
    parameters: [...PAGE, 'LogStatus', 'IntegrationId', 'JobType'],
    answer: pageOf(refer('JobLog')),
    problems: [],
  },
  'GET /v1/admin/logs/jobs/:job_id': {
    ...syncs,
    id: 'listLogsOfJob',
    summary: 'List the log entries of a job: of the reading of a model, or of a write',
    parameters: [...PAGE, 'IncludeAllJobs'],
    answer: pageOf(refer('JobLog')),
  },
  'GET /v1/admin/job-logs/:job_log_id': {
    ...syncs,
    id: 'readJobLog',
    summary: 'Read one log entry of a job',
    parameters: PAGE,
    answer: oneOf(refer('JobLog')),
  },
  'GET /v1/admin/data-diffs': {
    ...syncs,
    id: 'listDataDiffs',
    summary: 'List what was found new or changed in the PMSs',
    description: 'Kept for 30 days. Fields as they are stored: references by the ids of the PMS, under x_<field>.',
    parameters: [...PAGE, 'IntegrationId', 'IntegrationVendor', 'Before', 'After'],
    answer: pageOf(refer('DataDiff')),
    problems: [],
  },

  'GET /v1/admin/api-keys': {
    ...keys,
    id: 'listApiKeys',
    summary: 'List API keys',
    parameters: PAGE,
    answer: pageOf(refer('ApiKey')),
  },
  'POST /v1/admin/api-keys': {
    ...keys,
    id: 'createApiKey',
    summary: 'Make an API key',
    body: { schema: refer('ApiKeyCreate'), required: true },
    answer: result(refer('ApiKey')),
  },
  'DELETE /v1/admin/api-keys/:id': {
    ...keys,
    id: 'revokeApiKey',
    summary: 'Revoke an API key',
    answer: refer('Success'),
    problems: [404],
  },

  'GET /v1/capabilities': {
    ...capabilities,
    id: 'listCapabilities',
    summary: 'Which PMS can do what',
    answer: refer('CapabilityMatrix'),
    problems: [],
  },
  'GET /v1/capabilities/:vendor': {
    ...capabilities,
    id: 'listCapabilitiesOfVendor',
    summary: 'What one PMS can do',
    answer: refer('CapabilityMatrix'),
  },
  'GET /v1/capabilities/:vendor/:model': {
    ...capabilities,
    id: 'listCapabilitiesOfModel',
    summary: 'What one PMS can do with one model',
    answer: refer('CapabilityMatrix'),
  },
  'GET /v1/capabilities/:vendor/:model/:operation': {
    ...capabilities,
    id: 'readCapability',
    summary: 'Every field of one operation of one PMS',
    parameters: ['Format'],
    answer: { anyOf: [result(refer('Capability')), { type: 'object', required: ['$schema', 'properties'] }] },
    problems: [404, 405],
  },
  'POST /v1/capabilities/:vendor/:model/:operation/validate': {
    ...capabilities,
    id: 'validatePayload',
    summary: 'Judge a payload without storing it',
    parameters: ['IgnoreUnknownFields'],
    body: { schema: { type: 'object' }, required: true },
    answer: exactly({ data: { type: 'object' }, meta: refer('WriteMeta') }),
    problems: [404, 405, 409],
  },

  'GET /v1/admin/write-status/:root_job_id': {
    ...writes,
    id: 'readWriteStatus',
    summary: 'What became of a write',
    answer: refer('WriteStatus'),
  },
  'GET /v1/admin/write-status/:root_job_id/events': {
    ...writes,
    id: 'followWriteStatus',
    summary: 'Follow a write as server-sent events',
    description: 'One event for each change, its data the whole status. The stream ends with the write.',
    answer: { type: 'string' },
    answerType: 'text/event-stream',
  },
  'POST /v1/admin/retry-write/:root_job_id': {
    ...writes,
    id: 'retryWrite',
    summary: 'Try a failed write again',
    answer: refer('JobChanged'),
    problems: [404, 409],
  },
  'POST /v1/admin/cancel-write/:root_job_id': {
    ...writes,
    id: 'cancelWrite',
    summary: 'Cancel a write that was not sent yet',
    answer: refer('JobChanged'),
    problems: [404, 409],
  },
  'POST /v1/admin/resolve-write/:root_job_id': {
    ...writes,
    id: 'resolveWrite',
    summary: 'Settle a write in doubt, as a person who has looked',
    body: {
      schema: refer('Resolution'),
      required: true,
      example: { outcome: 'failed', reason: 'Looked it up in the PMS: there is no such record.' },
    },
    answer: refer('WriteStatus'),
    problems: [404, 409],
  },
  'GET /v1/admin/logs/writes': {
    ...writes,
    id: 'listWrites',
    summary: 'List writes, newest first',
    parameters: ['LogLimit', 'Offset', 'TimeRange', 'LogStatus', 'IntegrationId', 'WriteCategory'],
    answer: refer('WriteLog'),
    problems: [],
  },

  ...WEBHOOK_OPERATIONS,
};

/** What an id in a path of these routes names; ids of records name their model. */
export const NAMED_BY: Readonly<Record<string, string>> = {
  integration_id: 'integrations',
  job_schedule_id: 'job-schedules',
  job_id: 'jobs',
  job_log_id: 'jobs',
  root_job_id: 'writes',
  webhook_id: 'webhooks',
  delivery_id: 'webhook-deliveries',
  id: 'api-keys',
};
