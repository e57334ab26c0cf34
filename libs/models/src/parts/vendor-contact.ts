import { Email, Flag, OneOf, Phone, Text } from '../vocabulary/decorators.ts';
import { PHONE_TYPES, type PhoneType } from './contact.ts';
import { PostalAddress } from './postal-address.ts';

/** Somebody to turn to at a vendor. */
export class VendorContact extends PostalAddress {
  @Text({ description: 'Full name.', example: 'Kim Lee' })
  name?: string | null;

  @Email({ description: 'E-mail address.', example: 'kim.lee@example.com' })
  email?: string | null;

  @Phone({ description: 'Telephone number.', example: '5135550150' })
  phone?: string | null;

  @OneOf(PHONE_TYPES, { description: 'Kind of the telephone number.', example: 'WORK' })
  phone_type?: PhoneType | null;

  @Flag({ description: 'Whether this is the main contact.', example: true })
  is_primary?: boolean | null;

  static readonly example = { name: 'Kim Lee', email: 'kim.lee@example.com', is_primary: true };
}
