import type { IntegrationRow } from '../store/integration.entity.ts';

/** An integration as the API shows it. Credentials never appear in it, not even sealed. */
export function integrationView(row: IntegrationRow): Record<string, unknown> {
  const { id, created_at, updated_at, name, vendor, active, system, base_url, refresh_after_write, settings } = row;
  const { checked_at, check_error } = row;
  return {
    id,
    created_at,
    updated_at,
    name,
    // Published under both names: one on reading and creating, the other on updating.
    vendor,
    integration_vendor: vendor,
    active,
    system,
    base_url,
    refresh_after_write,
    ...settings,
    customer_id: row.organization_id,
    is_archived: row.archived_at !== null,
    allow_manual_syncs: true,
    can_authenticate: checked_at != null && check_error == null,
    last_data_access_check: checked_at ?? null,
    // Published for PMSs whose API has several parts; one that has none lists none.
    integration_interfaces: [],
    configuration_meta_data: [],
  };
}

/** The flag under which the published API reports a PMS that has no finer ones. */
export const CONNECTION_FLAG = 'BASE';

/** How long a check may run before it counts as lost, in milliseconds. Longer than the worker is waited for. */
export const CHECK_LOST_AFTER_MS = 60_000;

/** What is known of an integration's access to its PMS account. */
export function dataAccessView(row: IntegrationRow, now: Date): Record<string, unknown> {
  const { checked_at, check_error, check_started_at } = row;
  const running = check_started_at != null && now.getTime() - check_started_at.getTime() < CHECK_LOST_AFTER_MS;
  const read =
    checked_at == null ? { untested: true } : { status: check_error ? 'FAILED' : 'SUCCESS', error_message: check_error ?? null };
  return {
    // Only reading is tried: a write would leave something behind.
    models: { [CONNECTION_FLAG]: { read, create: { untested: true }, update: { untested: true } } },
    last_data_access_check: checked_at ?? null,
    data_access_check_in_process: running,
  };
}
