import { CalendarDate, Json, OneOf, Text } from '../vocabulary/decorators.ts';

export const RESIDENT_TYPES = ['PRIMARY', 'SECONDARY', 'GUARANTOR', 'OTHER'] as const;
export type ResidentType = (typeof RESIDENT_TYPES)[number];

/** How one resident takes part in one lease, seen from either side. */
export abstract class Occupancy {
  @Text({ description: 'The part that the resident plays, in the words of the PMS.', example: 'Tenant', readOnly: true })
  x_resident_type?: string | null;

  @OneOf(RESIDENT_TYPES, { description: 'The part that the resident plays.', example: 'PRIMARY', readOnly: true })
  resident_type_normalized?: ResidentType | null;

  @CalendarDate({ description: 'Day of the move in, planned or done.', example: '2026-06-01', readOnly: true })
  move_in_date?: string | null;

  @CalendarDate({ description: 'Day of the move out, planned or done.', example: '2027-05-31', readOnly: true })
  move_out_date?: string | null;

  @CalendarDate({ description: 'Day on which notice to leave was given.', example: '2027-03-31', readOnly: true })
  notice_date?: string | null;

  @Json({ description: 'Values that only this PMS has.', example: { Parking: 'B12' }, readOnly: true })
  custom_data?: Record<string, unknown> | null;
}
