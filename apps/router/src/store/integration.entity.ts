import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { Cadence, WeekSchedule } from '#messaging';

/** The published settings, which workers and cache-sync act upon, not the router itself. */
export interface IntegrationSettings {
  /** A sync is due every `sync_frequency` units of `sync_cadence`. */
  readonly sync_frequency: number;
  readonly sync_cadence: Cadence;
  /** At most `max_request_frequency` calls to the PMS in one unit of `max_request_cadence`. */
  readonly max_request_frequency: number;
  readonly max_request_cadence: Cadence;
  readonly max_job_concurrency: number;
  readonly new_properties_are_enabled: boolean;
  readonly use_custom_sync_schedule: boolean;
  readonly custom_sync_schedule: WeekSchedule | null;
}

export const SYSTEMS = ['PRODUCTION', 'SANDBOX'] as const;
export type System = (typeof SYSTEMS)[number];

/**
 * One customer's account at one PMS. Life: created (its credentials worked) -> switched on and off by `active` -> archived, which is for
 * ever; an archived one keeps its row, so that writes and logs of the past still name it, and loses its credentials.
 */
export const IntegrationSchema = defineEntity({
  name: 'Integration',
  tableName: 'integration',
  properties: {
    id: p.text().primary(),
    organization_id: p.text(),
    /** As the API writes the PMS; `slug` is its form in paths and subjects. */
    vendor: p.text(),
    slug: p.text(),
    name: p.text().nullable(),
    active: p.boolean(),
    system: p.text().$type<System>(),
    /** Null where the PMS has one address for all, or the credentials say it. */
    base_url: p.text().nullable(),
    refresh_after_write: p.boolean(),
    settings: p.json<IntegrationSettings>(),
    created_at: p.datetime(3),
    updated_at: p.datetime(3),
    archived_at: p.datetime(3).nullable(),
    /** Rises with every change; a change names the version that it is based on. */
    version: p.integer(),
    /** The last check of the credentials: null before the first, `check_error` null when it passed. */
    checked_at: p.datetime(3).nullable(),
    check_error: p.text().nullable(),
    /** Set while a check runs. */
    check_started_at: p.datetime(3).nullable(),
  },
});
export type IntegrationRow = InferEntity<typeof IntegrationSchema>;

/** The credentials of an integration, sealed by the worker of its PMS. Nobody else can open them; see adr/0001. */
export const CredentialSchema = defineEntity({
  name: 'Credential',
  tableName: 'credential',
  properties: {
    integration_id: p.text().primary(),
    /** Field name -> sealed value. */
    fields: p.json<Readonly<Record<string, string>>>(),
    /** Part of what the seals authenticate; rises with every rotation. */
    version: p.integer(),
    updated_at: p.datetime(3),
  },
});
export type CredentialRow = InferEntity<typeof CredentialSchema>;
