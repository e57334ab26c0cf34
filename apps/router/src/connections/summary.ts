import type { IntegrationSummary } from '#messaging';
import type { IntegrationRow } from '../store/integration.entity.ts';

/** What cache-sync may know of an integration. A week that is kept but not switched on is none. */
export function summaryOf({ id, organization_id, vendor, slug, active, settings }: IntegrationRow): IntegrationSummary {
  const { sync_frequency, sync_cadence, use_custom_sync_schedule, custom_sync_schedule } = settings;
  const week = use_custom_sync_schedule ? custom_sync_schedule : null;
  return { id, organization_id, vendor, pms: slug, active, schedule: { sync_frequency, sync_cadence, week } };
}
