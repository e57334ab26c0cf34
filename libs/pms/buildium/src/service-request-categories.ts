import { defineCapability, fieldsOf, lacks, recordId, text, unsupportedFields } from '#capabilities';
import { ServiceRequestCategory } from '#models/service-request-category';
import { get } from './shared/calls.ts';
import type { TaskCategoryMessage } from './wire/index.ts';

const { read } = fieldsOf<TaskCategoryMessage, object>([]);
const MADE_IN_BUILDIUM = 'Task categories are kept in Buildium; Latchkey reads them only.';

/** Buildium files tasks under categories; a work order shows that of its task. */
export const serviceRequestCategories = defineCapability(ServiceRequestCategory, {
  source: 'https://developer.buildium.com/#tag/Task-Categories',
  fields: {
    name: read('Name', text()),
    ...unsupportedFields(
      ['code', 'description', 'is_active', 'property_id', 'x_location_id'],
      'A Buildium task category has a name only.',
    ),
  },
  create: lacks(MADE_IN_BUILDIUM),
  update: lacks(MADE_IN_BUILDIUM),
  reads: {
    list: get('/v1/tasks/categories'),
    one: get('/v1/tasks/categories/{taskCategoryId}', { taskCategoryId: recordId }),
    id: 'Id',
  },
});
