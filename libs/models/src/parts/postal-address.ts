import { Text } from '../vocabulary/decorators.ts';

/** Where somebody can be written to; the parts that have an address extend it. */
export abstract class PostalAddress {
  @Text({ description: 'First line of the address.', example: '8 Oak Avenue', maxLength: 255 })
  address_1?: string | null;

  @Text({ description: 'Second line of the address.', example: 'Suite 3', maxLength: 255 })
  address_2?: string | null;

  @Text({ description: 'City.', example: 'Dayton', maxLength: 255 })
  city?: string | null;

  @Text({ description: 'State or province, as its two-letter code.', example: 'OH', maxLength: 255 })
  state?: string | null;

  @Text({ description: 'Postal code.', example: '45402', maxLength: 40 })
  zip?: string | null;

  @Text({ description: 'Country, as its ISO 3166 code (US, CA) or English name.', example: 'US', maxLength: 255 })
  country?: string | null;
}
