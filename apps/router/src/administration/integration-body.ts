import { CADENCES, type Cadence, type WeekSchedule } from '#messaging';
import { Flag, Integer, Json, OneOf, Text } from '#models';
import { URL_LENGTH } from '#public-address';
import { SYSTEMS, type IntegrationSettings, type System } from '../store/integration.entity.ts';

/** What a caller may say about an integration, when it is made and when it is changed. */
export class IntegrationBody {
  @Text({
    description: "The PMS, by a name that /v1/capabilities tells. It can't be changed later.",
    example: 'VENDOR',
    maxLength: 64,
  })
  integration_vendor!: string;

  @Json({
    description: 'What Latchkey needs to reach the account; which fields, depends on the PMS. Never shown again.',
    example: {},
  })
  credentials!: Record<string, unknown>;

  @Text({ description: 'A name for people.', example: 'Elm Street portfolio', maxLength: 200 })
  name!: string;

  @Flag({
    description: 'Whether it may be written to and is synced. True unless it is set: its credentials were tried out.',
    example: true,
  })
  active!: boolean;

  @OneOf(SYSTEMS, { description: 'Whether the account is a real one.', example: 'PRODUCTION' })
  system!: System;

  @Text({
    description:
      'Where the account is reached, for PMSs that are run in many places: an https address on the public internet, with nothing behind its path.',
    example: 'https://pms.example.com',
    maxLength: URL_LENGTH,
  })
  base_url!: string;

  @Flag({ description: 'Whether a record is read back from the PMS right after a write.', example: true })
  refresh_after_write!: boolean;

  @Integer({ description: 'A sync is due every so many units of sync_cadence.', example: 12, minimum: 1, maximum: 10_000 })
  sync_frequency!: number;

  @OneOf(CADENCES, { description: 'The unit of sync_frequency.', example: 'HOUR' })
  sync_cadence!: Cadence;

  @Integer({
    description: 'So many calls to the PMS in one unit of max_request_cadence.',
    example: 10,
    minimum: 1,
    maximum: 10_000,
  })
  max_request_frequency!: number;

  @OneOf(CADENCES, { description: 'The unit of max_request_frequency.', example: 'SECOND' })
  max_request_cadence!: Cadence;

  @Integer({ description: 'So many jobs at the same time.', example: 4, minimum: 1, maximum: 100 })
  max_job_concurrency!: number;

  @Flag({ description: 'Whether properties that appear in the PMS later are used at once.', example: true })
  new_properties_are_enabled!: boolean;

  @Flag({ description: 'Whether custom_sync_schedule takes the place of sync_frequency.', example: false })
  use_custom_sync_schedule!: boolean;

  @Json({
    description:
      'When to sync, by the days of the week: a timezone, and for each day the slots in which syncs may begin, each with its own rhythm.',
    example: {
      type: 'WEEK_BASED',
      timezone: 'America/New_York',
      interval: { MONDAY: { slots: [{ start: '20:00', end: '23:00', sync_frequency: 1, sync_cadence: 'HOUR' }] } },
    },
  })
  custom_sync_schedule!: WeekSchedule;
}

/** The published defaults. */
export const DEFAULT_SETTINGS: IntegrationSettings = {
  sync_frequency: 12,
  sync_cadence: 'HOUR',
  max_request_frequency: 10,
  max_request_cadence: 'SECOND',
  max_job_concurrency: 1,
  new_properties_are_enabled: true,
  use_custom_sync_schedule: false,
  custom_sync_schedule: null,
};

/** The settings after a change: what was sent, on top of what was there. */
export function settingsAfter(before: IntegrationSettings, sent: Partial<IntegrationBody>): IntegrationSettings {
  const names = Object.keys(before) as (keyof IntegrationSettings)[];
  return { ...before, ...Object.fromEntries(names.filter((name) => sent[name] !== undefined).map((name) => [name, sent[name]])) };
}
