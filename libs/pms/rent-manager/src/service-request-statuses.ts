import { defineCapability, fieldsOf, unsupportedFields, text } from '#capabilities';
import { ServiceRequestStatus } from '#models/service-request-status';
import { NOT_READ, pickList } from './shared/pick-list.ts';
import type { Named } from './wire.ts';

const { read } = fieldsOf<Named, object>([]);

/** How far an issue can be. */
export const serviceRequestStatuses = defineCapability(ServiceRequestStatus, {
  source: 'Rent Manager 12 Web API, help pages of ServiceManagerStatuses.',
  fields: {
    name: read('Name', text()),
    ...unsupportedFields(['code', 'description', 'is_active', 'property_id', 'x_location_id'], NOT_READ),
  },
  ...pickList('ServiceManagerStatuses', 'ServiceManagerStatusID'),
});
