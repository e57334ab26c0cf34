import { Email, Phone, Text } from '../vocabulary/decorators.ts';
import { PostalAddress } from './postal-address.ts';

/** Somebody who knows an applicant: for emergencies, or as a reference. */
export class ContactPerson extends PostalAddress {
  @Text({ description: 'Given name.', example: 'Maya', maxLength: 255 })
  first_name?: string | null;

  @Text({ description: 'Family name.', example: 'Rivera', maxLength: 255 })
  last_name?: string | null;

  @Text({ description: 'How they know the applicant; some PMSs take certain words only.', example: 'FRIEND', maxLength: 255 })
  relationship?: string | null;

  @Phone({ description: 'Main telephone number.', example: '5135550170' })
  phone_1?: string | null;

  @Phone({ description: 'Second telephone number.', example: '5135550171' })
  phone_2?: string | null;

  @Email({ description: 'E-mail address.', example: 'maya.rivera@example.com' })
  email_1?: string | null;

  static readonly example = { first_name: 'Maya', last_name: 'Rivera', relationship: 'FRIEND', phone_1: '5135550170' };
}
