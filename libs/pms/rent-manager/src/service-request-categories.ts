import { defineCapability, fieldsOf, unsupportedFields, text } from '#capabilities';
import { ServiceRequestCategory } from '#models/service-request-category';
import { NOT_READ, pickList } from './shared/pick-list.ts';
import type { Named } from './wire.ts';

const { read } = fieldsOf<Named, object>([]);

/** The trades that issues are sorted by. */
export const serviceRequestCategories = defineCapability(ServiceRequestCategory, {
  source: 'Rent Manager 12 Web API, help pages of ServiceManagerCategories.',
  fields: {
    name: read('Name', text()),
    ...unsupportedFields(['code', 'description', 'is_active', 'property_id', 'x_location_id'], NOT_READ),
  },
  ...pickList('ServiceManagerCategories', 'ServiceManagerCategoryID'),
});
