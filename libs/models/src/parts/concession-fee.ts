import { CalendarDate, Reference } from '../vocabulary/decorators.ts';

/** A concession granted for part of a lease. */
export class ConcessionFee {
  @Reference('concessions', { description: 'The concession, which must be offered for the unit.', required: true })
  concession_id?: string | null;

  @CalendarDate({ description: 'First day on which it counts.', example: '2026-06-01', required: true })
  start_date?: string | null;

  @CalendarDate({ description: 'Last day on which it counts.', example: '2026-08-31', required: true })
  end_date?: string | null;

  static readonly example = { concession_id: 'k3v9m2q7x1c8b4n6z5t0w2y7r', start_date: '2026-06-01', end_date: '2026-08-31' };
}
