import { Flag, Reference, Text } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';

/** A trade that service requests are sorted by. */
@Model({
  path: 'service-request-categories',
  title: 'service request category',
  description: 'A trade that service requests are sorted by.',
})
export class ServiceRequestCategory extends PmsRecord {
  @Text({ description: 'Name.', example: 'Plumbing', readOnly: true })
  name?: string | null;

  @Text({ description: 'Code.', example: 'PLB', readOnly: true })
  code?: string | null;

  @Text({ description: 'What it means.', example: 'For everyday use', readOnly: true })
  description?: string | null;

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
