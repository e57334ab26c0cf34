import { Email, Flag, Reference, Text, TextList } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';

/** Somebody who works for the management company. */
@Model({ path: 'employees', title: 'employee', description: 'Somebody who works for the management company.' })
export class Employee extends PmsRecord {
  @Text({ description: 'Full name.', example: 'Jo Park', readOnly: true })
  name?: string | null;

  @Email({ description: 'E-mail address.', example: 'jo.park@example.com', readOnly: true })
  email?: string | null;

  @Flag({ description: 'Whether the employee still works there.', example: true, readOnly: true })
  is_active?: boolean | null;

  @TextList({ description: 'What the employee does, in the words of the PMS.', example: ['LEASING_AGENT'], readOnly: true })
  roles?: string[] | null;

  @Reference('properties', {
    description: 'The property that the employee belongs to, where the PMS keeps it by property.',
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
