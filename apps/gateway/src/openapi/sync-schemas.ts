/** What the API tells of syncs, for its description. */
import { CADENCES, SYNC_TRIGGERS, type Schema } from '#messaging';
import { exactly } from './schema.ts';

const text: Schema = { type: 'string' };
const textOrNull: Schema = { type: ['string', 'null'] };
const moment: Schema = { type: 'string', format: 'date-time' };
const momentOrNull: Schema = { type: ['string', 'null'], format: 'date-time' };
const count: Schema = { type: 'integer', minimum: 0 };
const countOrNull: Schema = { type: ['integer', 'null'], minimum: 0 };
const textOf = (...values: readonly string[]): Schema => ({ type: 'string', enum: values });

const PROGRESS = exactly({
  job_id: text,
  state: textOf('PLANNED', 'RUNNING'),
  trigger: textOf(...SYNC_TRIGGERS),
  changed_since: { ...momentOrNull, description: 'Only what changed since is read; null when everything is.' },
  started_at: momentOrNull,
  pages: count,
  records: count,
  total: { ...countOrNull, description: 'How many there are to read, where the PMS tells.' },
  remaining: countOrNull,
  records_per_second: { type: ['number', 'null'], minimum: 0 },
  remaining_seconds: countOrNull,
});

/** By name, as they stand in the description. */
export const SYNC_ENVELOPES: Readonly<Record<string, Schema>> = {
  JobSchedule: exactly({
    id: text,
    integration_id: text,
    created_at: moment,
    updated_at: moment,
    job_type: { ...text, description: 'sync: and the path of the model.' },
    status: textOf('ACTIVE', 'INACTIVE'),
    last_run: { ...momentOrNull, description: 'When the last reading began that came to its end.' },
    sync_frequency: { type: 'integer', minimum: 1 },
    sync_cadence: textOf(...CADENCES),
    parameters: exactly({
      model: text,
      strategy: {
        ...textOf('DATE_LIMITED', 'FULL'),
        description:
          'DATE_LIMITED: only what changed since the last reading, and everything once a week. FULL: everything each time.',
      },
      custom_sync_schedule: { type: ['object', 'null'] },
    }),
    last_full_run: {
      ...momentOrNull,
      description: "When everything was last read. A record whose last_seen is older is not in the PMS's list any more.",
    },
    next_run: momentOrNull,
    failures: { ...count, description: 'Readings that failed since the last that did not.' },
    progress: { anyOf: [PROGRESS, { type: 'null' }] },
  }),
  JobLog: exactly(
    {
      id: text,
      job_id: textOrNull,
      created_at: moment,
      job_type: text,
      status: textOf('PENDING', 'SUCCESS', 'FAILURE'),
      parent_job_id: textOrNull,
      root_job_id: text,
      job_schedule_id: textOrNull,
      integration_id: text,
      associated_property_id: textOrNull,
      state: text,
      trigger: textOf(...SYNC_TRIGGERS),
      changed_since: momentOrNull,
      started_at: momentOrNull,
      ended_at: momentOrNull,
      pages: count,
      records: count,
      total: countOrNull,
      error: textOrNull,
    },
    ['trigger', 'changed_since', 'started_at', 'pages', 'records', 'total'],
  ),
  DataDiff: exactly({
    id: text,
    model: text,
    model_record_id: text,
    event_type: textOf('NEW', 'UPDATE'),
    data_diff: exactly({ previous: { type: ['object', 'null'] }, new: { type: 'object' } }),
    created_at: moment,
    job_id: { ...textOrNull, description: 'The reading of the model, or the write after which the record was read back.' },
    integration_id: text,
    integration_vendor: text,
  }),
};
