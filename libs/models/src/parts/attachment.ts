import { Flag, Reference, Text } from '../vocabulary/decorators.ts';

/** A file that is sent along with a record, its content inside the payload. */
export class Attachment {
  @Text({ description: 'Name of the file with its ending.', example: 'id-card.pdf', maxLength: 255, required: true })
  file_name?: string | null;

  @Text({ description: 'Media type of the content.', example: 'application/pdf', maxLength: 255, required: true })
  mime_type?: string | null;

  @Text({
    description: 'The content in Base64; how large it may be depends on the PMS.',
    example: 'JVBERi0xLjcK',
    maxLength: 69_730_304,
    required: true,
  })
  file_data?: string | null;

  @Reference('file-types', { description: 'What sort of file it is, from the list of the PMS.' })
  file_type_id?: string | null;

  @Text({ description: 'What sort of file it is, in the words of the PMS.', example: 'Document', maxLength: 255 })
  file_type?: string | null;

  @Text({ description: 'What sort of lease document it is, in the words of the PMS.', example: 'Application', maxLength: 255 })
  lease_file_type?: string | null;

  @Flag({ description: 'Whether the file is hidden from residents and applicants.', example: false })
  is_private?: boolean | null;

  static readonly example = { file_name: 'id-card.pdf', mime_type: 'application/pdf', file_data: 'JVBERi0xLjcK' };
}
