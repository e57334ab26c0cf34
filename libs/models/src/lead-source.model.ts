import { Reference, Text } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';

/** A place where leads first hear of a property. */
@Model({ path: 'lead-sources', title: 'lead source', description: 'A place where leads first hear of a property.' })
export class LeadSource extends PmsRecord {
  @Text({ description: 'Name.', example: 'Example Listings', readOnly: true })
  name?: string | null;

  @Reference('properties', {
    description: 'The property that the lead source belongs to, where the PMS keeps it by property.',
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
