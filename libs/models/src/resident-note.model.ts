import { Instant, ObjectOf, Reference, Text } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';
import { Attachment } from './parts/attachment.ts';

/** A dated note about a resident. */
@Model({
  path: 'resident-notes',
  title: 'resident note',
  description: 'A dated note about a resident.',
  parent: { path: 'residents', field: 'resident_id', child: 'notes' },
})
export class ResidentNote extends PmsRecord {
  @Reference('residents', { description: 'The resident whom the note is about.' })
  resident_id?: string | null;

  @Text({ description: 'The note itself.', example: 'Called about the noise; will write to the neighbour.' })
  notes?: string | null;

  @Text({ description: 'Short title, where the PMS keeps one.', example: 'Call on Monday', maxLength: 255 })
  title?: string | null;

  @Reference('note-categories', { description: 'What sort of note it is, from the list of the PMS.' })
  note_category_id?: string | null;

  @Instant({ description: 'When what it notes took place.', example: '2026-05-04T15:00:00Z' })
  date?: string | null;

  @ObjectOf(() => Attachment, { description: 'A file to store with the note.', example: Attachment.example })
  attachment?: Attachment | null;

  @Text({ description: 'Who wrote the note.', example: 'Jo Park', readOnly: true })
  creator_name?: string | null;

  @Instant({ description: 'When the PMS says that the note was written.', example: '2026-05-04T15:20:00Z', readOnly: true })
  x_created_at?: string | null;
}
