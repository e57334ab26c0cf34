import { CalendarDate, Reference } from '../vocabulary/decorators.ts';

/** Something that an applicant rents along with the unit, such as a garage. */
export class AddOn {
  @Reference('rentable-items', { description: 'What is rented.', required: true })
  rentable_item_id?: string | null;

  @Reference('employees', { description: 'The leasing agent who arranged it.', required: true })
  employee_id?: string | null;

  @CalendarDate({ description: 'First day of the rental.', example: '2026-06-01' })
  start_date?: string | null;

  @CalendarDate({ description: 'Last day of the rental.', example: '2027-05-31' })
  end_date?: string | null;

  static readonly example = {
    rentable_item_id: 'k3v9m2q7x1c8b4n6z5t0w2y7r',
    employee_id: 'k3v9m2q7x1c8b4n6z5t0w2y7r',
    start_date: '2026-06-01',
  };
}
