import { Integer, Json, MoneyInCents, Text } from '../vocabulary/decorators.ts';
import { EmbeddedRecord } from './embedded-record.ts';

/** A car or other vehicle of a person. */
export class Vehicle extends EmbeddedRecord {
  @Text({ description: 'Who built it.', example: 'Honda', maxLength: 255, required: true })
  make?: string | null;

  @Text({ description: 'Its model.', example: 'Civic', maxLength: 255 })
  model?: string | null;

  @Integer({ description: 'Model year.', example: 2021, minimum: 1885, maximum: 2200 })
  year?: number | null;

  @Text({ description: 'Its colour.', example: 'Blue', maxLength: 255 })
  color?: string | null;

  @Text({ description: 'What its plate says.', example: 'ABC1234', maxLength: 40 })
  license_plate_number?: string | null;

  @Text({ description: 'State or province that issued the plate.', example: 'OH', maxLength: 40 })
  license_plate_state?: string | null;

  @MoneyInCents({ description: 'What its loan or lease costs a month.', example: 31_000, minimum: 0 })
  monthly_payment_in_cents?: number | null;

  @Text({ description: 'Company that insures it.', example: 'Example Mutual', maxLength: 255 })
  insurance_carrier?: string | null;

  @Text({ description: 'What the PMS has noted about it.', example: 'Parks in B12.', readOnly: true })
  notes?: string | null;

  @Json({ description: 'Values about the vehicle that only this PMS has.', example: { Permit: '118' }, readOnly: true })
  custom_data?: Record<string, unknown> | null;

  static readonly example = {
    make: 'Honda',
    model: 'Civic',
    year: 2021,
    license_plate_number: 'ABC1234',
    license_plate_state: 'OH',
  };
}
