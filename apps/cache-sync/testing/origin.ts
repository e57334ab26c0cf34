import type { IntegrationSummary, Principal } from '#messaging';
import type { CopyOrigin } from '../src/store/copies.ts';

/** Where a test's records come from, unless it says otherwise. */
export function anOrigin(changes: Partial<CopyOrigin> = {}): CopyOrigin {
  return {
    organization_id: 'org-a',
    integration_id: 'integration-a',
    integration_vendor: 'SOME_PMS',
    pms: 'some-pms',
    model: 'things',
    ...changes,
  };
}

/** Who asks, unless a test says otherwise. */
export function aPrincipal(organization_id = 'org-a'): Principal {
  return { organization_id, key_id: 'key-a', scopes: ['read'] };
}

/** An integration as its directory tells of it, unless a test says otherwise. */
export function anIntegration(changes: Partial<IntegrationSummary> = {}): IntegrationSummary {
  return {
    id: 'integration-a',
    organization_id: 'org-a',
    vendor: 'SOME_PMS',
    pms: 'some-pms',
    active: true,
    schedule: { sync_frequency: 12, sync_cadence: 'HOUR', week: null },
    ...changes,
  };
}
