import { defineCapability, fieldsOf, unsupportedFields, text } from '#capabilities';
import { LeadSource } from '#models/lead-source';
import { NOT_READ, pickList } from './shared/pick-list.ts';
import type { Named } from './wire.ts';

const { read } = fieldsOf<Named, object>([]);

/** Where prospects first heard of a property. */
export const leadSources = defineCapability(LeadSource, {
  source: 'Rent Manager 12 Web API, help pages of LeadSources.',
  fields: {
    name: read('Name', text()),
    ...unsupportedFields(['property_id', 'x_location_id'], NOT_READ),
  },
  ...pickList('LeadSources', 'LeadSourceID'),
});
