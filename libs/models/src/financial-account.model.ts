import { Json, Reference, Text } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';

/** An account of the general ledger or a bank account. */
@Model({
  path: 'financial-accounts',
  title: 'financial account',
  description: 'An account of the general ledger or a bank account.',
})
export class FinancialAccount extends PmsRecord {
  @Text({ description: 'Name.', example: 'Rent income', readOnly: true })
  name?: string | null;

  @Text({ description: 'Number of the account.', example: '4010', readOnly: true })
  account_number?: string | null;

  @Text({ description: 'Whether it is in use, in the words of the PMS.', example: 'Active', readOnly: true })
  status_raw?: string | null;

  @Reference('properties', {
    description: 'The property that the account belongs to, where the PMS keeps it by property.',
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
