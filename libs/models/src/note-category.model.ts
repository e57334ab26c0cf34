import { Flag, Reference, Text } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';

/** A subject that notes are sorted by. */
@Model({ path: 'note-categories', title: 'note category', description: 'A subject that notes are sorted by.' })
export class NoteCategory extends PmsRecord {
  @Text({ description: 'Name.', example: 'Complaint', readOnly: true })
  name?: string | null;

  @Flag({ description: 'Whether it is still used.', example: true, readOnly: true })
  is_active?: boolean | null;

  @Reference('properties', {
    description: 'The property that the category belongs to, where the PMS keeps it by property.',
    readOnly: true,
  })
  property_id?: string | null;

  @Text({
    description: 'The id that the PMS gives to the location above the property, where it has locations.',
    example: '1',
    readOnly: true,
  })
  x_location_id?: string | null;
}
