import { defineCapability, fieldsOf, unsupportedFields, text, flag } from '#capabilities';
import { NoteCategory } from '#models/note-category';
import { NOT_READ, pickList } from './shared/pick-list.ts';
import type { Named } from './wire.ts';

const { read } = fieldsOf<Named, object>([]);

/** The subjects that history notes are sorted by. */
export const noteCategories = defineCapability(NoteCategory, {
  source: 'Rent Manager 12 Web API, help pages of HistoryCategories.',
  fields: {
    name: read('Name', text()),
    is_active: read('IsActive', flag),
    ...unsupportedFields(['property_id', 'x_location_id'], NOT_READ),
  },
  ...pickList('HistoryCategories', 'HistoryCategoryID'),
});
