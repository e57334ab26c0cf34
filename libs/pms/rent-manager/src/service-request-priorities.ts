import { defineCapability, fieldsOf, unsupportedFields, text } from '#capabilities';
import { ServiceRequestPriority } from '#models/service-request-priority';
import { NOT_READ, pickList } from './shared/pick-list.ts';
import type { Named } from './wire.ts';

const { read } = fieldsOf<Named, object>([]);

/** How urgent an issue can be. */
export const serviceRequestPriorities = defineCapability(ServiceRequestPriority, {
  source: 'Rent Manager 12 Web API, help pages of ServiceManagerPriorities.',
  fields: {
    name: read('Name', text()),
    ...unsupportedFields(['code', 'description', 'is_active', 'property_id', 'x_location_id'], NOT_READ),
  },
  ...pickList('ServiceManagerPriorities', 'ServiceManagerPriorityID'),
});
