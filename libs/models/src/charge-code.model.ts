import { Json, Reference, Text } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';

/** A sort of charge, with the accounts that it is booked to. */
@Model({ path: 'charge-codes', title: 'charge code', description: 'A sort of charge, with the accounts that it is booked to.' })
export class ChargeCode extends PmsRecord {
  @Text({ description: 'Name.', example: 'RENT', readOnly: true })
  name?: string | null;

  @Text({ description: 'What it is for.', example: 'Monthly rent', readOnly: true })
  description?: string | null;

  @Text({ description: 'General ledger account that is debited.', example: '1200', readOnly: true })
  debit_gl_account?: string | null;

  @Text({ description: 'General ledger account that is credited.', example: '4010', readOnly: true })
  credit_gl_account?: string | null;

  @Reference('properties', {
    description: 'The property that the charge code belongs to, where the PMS keeps it by property.',
    readOnly: true,
  })
  property_id?: string | null;

  @Text({
    description: 'The id that the PMS gives to the location above the property, where it has locations.',
    example: '1',
    readOnly: true,
  })
  x_location_id?: string | null;

  @Json({ description: 'Values that only this PMS has.', example: { Parking: 'B12' }, readOnly: true })
  custom_data?: Record<string, unknown> | null;
}
