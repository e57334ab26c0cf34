import { OneOf, Text } from '../vocabulary/decorators.ts';

export const DAYS_OF_WEEK = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;
export type DayOfWeek = (typeof DAYS_OF_WEEK)[number];

/** When the office of a property is open on one day of the week. */
export class OfficeHours {
  @OneOf(DAYS_OF_WEEK, { description: 'Day of the week.', example: 'MONDAY', readOnly: true })
  day_of_week?: DayOfWeek | null;

  @Text({ description: 'When the office opens, in the time of the place.', example: '09:00', readOnly: true })
  open_time?: string | null;

  @Text({ description: 'When the office closes, in the time of the place.', example: '17:00', readOnly: true })
  close_time?: string | null;

  static readonly example = { day_of_week: 'MONDAY', open_time: '09:00', close_time: '17:00' } as const;
}
