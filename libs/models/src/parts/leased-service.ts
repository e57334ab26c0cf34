import { Reference, Text } from '../vocabulary/decorators.ts';
import { EmbeddedRecord } from './embedded-record.ts';

/** A service that comes with a lease. */
export class LeasedService extends EmbeddedRecord {
  @Text({ description: 'What the service is called.', example: 'Trash pickup', readOnly: true })
  name?: string | null;

  @Reference('leases', { description: 'The lease that it comes with.', readOnly: true })
  lease_id?: string | null;

  @Text({ description: 'The id that the PMS gives to the lease.', example: '1042', readOnly: true })
  x_lease_id?: string | null;

  static readonly example = { x_id: '77', name: 'Trash pickup' };
}
