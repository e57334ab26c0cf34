import { Reference, Text } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';

/** A lease term that the PMS offers. */
@Model({ path: 'lease-periods', title: 'lease period', description: 'A lease term that the PMS offers.' })
export class LeasePeriod extends PmsRecord {
  @Text({ description: 'Name.', example: '12 months', readOnly: true })
  name?: string | null;

  @Reference('properties', {
    description: 'The property that the lease period belongs to, where the PMS keeps it by property.',
    readOnly: true,
  })
  property_id?: string | null;
}
