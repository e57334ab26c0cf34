import { Text } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';

/** A trade that vendors are sorted by. */
@Model({ path: 'vendor-categories', title: 'vendor category', description: 'A trade that vendors are sorted by.' })
export class VendorCategory extends PmsRecord {
  @Text({ description: 'Name.', example: 'Plumbers', readOnly: true })
  name?: string | null;
}
