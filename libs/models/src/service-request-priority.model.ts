import { Flag, Reference, Text } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';

/** A degree of urgency that a service request can have. */
@Model({
  path: 'service-request-priorities',
  title: 'service request priority',
  description: 'A degree of urgency that a service request can have.',
})
export class ServiceRequestPriority extends PmsRecord {
  @Text({ description: 'Name.', example: 'High', readOnly: true })
  name?: string | null;

  @Text({ description: 'Code.', example: 'H', readOnly: true })
  code?: string | null;

  @Text({ description: 'What it means.', example: 'For everyday use', readOnly: true })
  description?: string | null;

  @Flag({ description: 'Whether it is still used.', example: true, readOnly: true })
  is_active?: boolean | null;

  @Reference('properties', {
    description: 'The property that the priority belongs to, where the PMS keeps it by property.',
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
