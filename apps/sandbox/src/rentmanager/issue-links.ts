import type { ResourceName } from './schema.ts';

/** What an issue can be linked to: the kind in a link, its resource, and its id as a link action's parameter. */
export const LINKABLE = {
  Unit: { resource: 'Units', parameter: 'unitID' },
  Property: { resource: 'Properties', parameter: 'propertyID' },
  Tenant: { resource: 'Tenants', parameter: 'tenantID' },
  Prospect: { resource: 'Prospects', parameter: 'prospectID' },
} as const satisfies Record<string, { resource: ResourceName; parameter: string }>;
