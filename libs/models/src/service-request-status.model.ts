import { Flag, Reference, Text } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';

/** A state that a service request can be in. */
@Model({
  path: 'service-request-statuses',
  title: 'service request status',
  description: 'A state that a service request can be in.',
})
export class ServiceRequestStatus extends PmsRecord {
  @Text({ description: 'Name.', example: 'In Progress', readOnly: true })
  name?: string | null;

  @Text({ description: 'Code.', example: 'IP', readOnly: true })
  code?: string | null;

  @Text({ description: 'What it means.', example: 'For everyday use', readOnly: true })
  description?: string | null;

  @Flag({ description: 'Whether it is still used.', example: true, readOnly: true })
  is_active?: boolean | null;

  @Reference('properties', {
    description: 'The property that the status belongs to, where the PMS keeps it by property.',
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
