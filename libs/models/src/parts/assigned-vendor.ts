import { Reference, Text } from '../vocabulary/decorators.ts';

/** A vendor who works on a service request. */
export class AssignedVendor {
  @Reference('vendors', { description: 'The vendor.', readOnly: true })
  vendor_id?: string | null;

  @Text({ description: 'The id that the PMS gives to the vendor.', example: '64', readOnly: true })
  x_vendor_id?: string | null;

  static readonly example = { x_vendor_id: '64' };
}
