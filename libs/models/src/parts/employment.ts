import { CalendarDate, Email, Flag, MoneyInCents, Phone, Text } from '../vocabulary/decorators.ts';
import { PostalAddress } from './postal-address.ts';

/** A job that an applicant holds or held. */
export class Employment extends PostalAddress {
  @Flag({ description: 'Whether the applicant still works there.', example: true, required: true })
  is_current_employer?: boolean | null;

  @Text({ description: 'Name of the employer.', example: 'Example Works Inc.', maxLength: 255, required: true })
  name?: string | null;

  @Phone({ description: 'Telephone number of the employer.', example: '5135550160' })
  phone?: string | null;

  @Text({ description: 'What the applicant does or did there.', example: 'Welder', maxLength: 255 })
  position?: string | null;

  @CalendarDate({ description: 'First day of the job.', example: '2021-02-01' })
  start_date?: string | null;

  @CalendarDate({ description: 'Last day of the job, if it has ended.', example: '2025-12-31' })
  end_date?: string | null;

  @MoneyInCents({ description: 'Income from the job, in the period that the PMS asks for.', example: 520_000, minimum: 0 })
  income_in_cents?: number | null;

  @MoneyInCents({ description: 'Income from the job a month.', example: 520_000, minimum: 0 })
  monthly_income_in_cents?: number | null;

  @Text({ description: 'Given name of the supervisor.', example: 'Dana', maxLength: 255 })
  supervisor_first_name?: string | null;

  @Text({ description: 'Family name of the supervisor.', example: 'Okafor', maxLength: 255 })
  supervisor_last_name?: string | null;

  @Text({ description: 'What the supervisor does there.', example: 'Shop lead', maxLength: 255 })
  supervisor_title?: string | null;

  @Phone({ description: 'Telephone number of the supervisor.', example: '5135550161' })
  supervisor_phone?: string | null;

  @Email({ description: 'E-mail address of the supervisor.', example: 'dana.okafor@example.com' })
  supervisor_email?: string | null;

  static readonly example = {
    is_current_employer: true,
    name: 'Example Works Inc.',
    start_date: '2021-02-01',
    monthly_income_in_cents: 520_000,
  };
}
