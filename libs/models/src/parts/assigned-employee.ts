import { Text } from '../vocabulary/decorators.ts';
import { EmbeddedRecord } from './embedded-record.ts';

/** An employee who works on a service request. */
export class AssignedEmployee extends EmbeddedRecord {
  @Text({ description: 'Full name of the employee.', example: 'Jo Park', readOnly: true })
  name?: string | null;

  static readonly example = { x_id: '77', name: 'Jo Park' };
}
