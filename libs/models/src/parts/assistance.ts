import { Flag, MoneyInCents, Phone, Text } from '../vocabulary/decorators.ts';

/** Help with the rent that an agency gives to an applicant. */
export class Assistance {
  @Text({ description: 'Name of the agency.', example: 'Example County Housing', maxLength: 255 })
  agency_name?: string | null;

  @Text({ description: 'County of the agency.', example: 'Hamilton', maxLength: 255 })
  county?: string | null;

  @Text({ description: 'Who at the agency looks after the applicant.', example: 'Sam Ortiz', maxLength: 255 })
  technician_name?: string | null;

  @Phone({ description: 'Telephone number of the agency.', example: '5135550195' })
  phone?: string | null;

  @MoneyInCents({ description: 'How much the agency pays.', example: 60_000, minimum: 0 })
  assistance_amount_in_cents?: number | null;

  @Text({ description: 'How many bedrooms the agency pays for.', example: '2', maxLength: 40 })
  beds_allowed?: string | null;

  @Flag({ description: 'Whether the agency also pays the utilities.', example: true })
  are_utilities_covered?: boolean | null;

  static readonly example = { agency_name: 'Example County Housing', assistance_amount_in_cents: 60_000 };
}
