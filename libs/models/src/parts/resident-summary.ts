import { Reference, Text } from '../vocabulary/decorators.ts';
import { Occupancy } from './occupancy.ts';

/** A resident as their lease shows them. */
export class ResidentSummary extends Occupancy {
  @Reference('residents', { description: 'The resident.', readOnly: true })
  resident_id?: string | null;

  @Text({ description: 'The id that the PMS gives to the resident.', example: '511', readOnly: true })
  x_resident_id?: string | null;

  static readonly example = { x_resident_id: '511', resident_type_normalized: 'PRIMARY', move_in_date: '2026-06-01' } as const;
}
