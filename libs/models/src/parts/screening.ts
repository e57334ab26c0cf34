import { CalendarDate, Text } from '../vocabulary/decorators.ts';
import { EmbeddedRecord } from './embedded-record.ts';

/** A background check of an applicant or lead. */
export class Screening extends EmbeddedRecord {
  @Text({ description: 'How it stands, in the words of the PMS.', example: 'Approved', readOnly: true })
  status_raw?: string | null;

  @CalendarDate({ description: 'Day of the check.', example: '2026-05-02', readOnly: true })
  screening_date?: string | null;

  static readonly example = { x_id: '77', status_raw: 'Approved', screening_date: '2026-05-02' };
}
