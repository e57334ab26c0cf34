import { Reference, Text } from '../vocabulary/decorators.ts';
import { Occupancy } from './occupancy.ts';

/** A lease as its resident shows it. */
export class LeaseSummary extends Occupancy {
  @Reference('leases', { description: 'The lease.', readOnly: true })
  lease_id?: string | null;

  @Text({ description: 'The id that the PMS gives to the lease.', example: '1042', readOnly: true })
  x_lease_id?: string | null;

  static readonly example = { x_lease_id: '1042', resident_type_normalized: 'PRIMARY', move_in_date: '2026-06-01' } as const;
}
