import { Reference, Text, TextList } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';

/** A sort of file that the PMS tells apart. */
@Model({ path: 'file-types', title: 'file type', description: 'A sort of file that the PMS tells apart.' })
export class FileType extends PmsRecord {
  @Text({ description: 'Name.', example: 'Identity document', readOnly: true })
  name?: string | null;

  @Text({ description: 'Code.', example: 'ID', readOnly: true })
  code?: string | null;

  @Text({ description: 'What may be stored under it, in the words of the PMS.', example: 'file', readOnly: true })
  type?: string | null;

  @TextList({ description: 'The models whose records take such files.', example: ['residents'], readOnly: true })
  models?: string[] | null;

  @Reference('properties', {
    description: 'The property that the file type belongs to, where the PMS keeps it by property.',
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
