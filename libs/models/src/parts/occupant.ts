import { CalendarDate, Email, OneOf, Phone, Text } from '../vocabulary/decorators.ts';
import { PHONE_TYPES, type PhoneType } from './contact.ts';
import { PostalAddress } from './postal-address.ts';

/** Somebody else who is to live in the unit, or who vouches for the applicant. */
export class Occupant extends PostalAddress {
  @Text({ description: 'Given name.', example: 'Leo', maxLength: 255, required: true })
  first_name?: string | null;

  @Text({ description: 'Family name.', example: 'Rivera', maxLength: 255, required: true })
  last_name?: string | null;

  @Text({
    description: 'How they belong to the applicant, such as ROOMMATE, SPOUSE, GUARANTOR or OTHER.',
    example: 'OTHER',
    maxLength: 255,
    required: true,
  })
  relationship?: string | null;

  @Text({ description: 'The relationship in free words.', example: 'Nephew', maxLength: 255 })
  relationship_detail?: string | null;

  @CalendarDate({ description: 'Day of birth.', example: '2012-09-30' })
  date_of_birth?: string | null;

  @Email({ description: 'E-mail address.', example: 'leo.rivera@example.com' })
  email_1?: string | null;

  @Phone({ description: 'Main telephone number.', example: '5135550172' })
  phone_1?: string | null;

  @OneOf(PHONE_TYPES, { description: 'Kind of the main telephone number.', example: 'MOBILE' })
  phone_1_type?: PhoneType | null;

  @Phone({ description: 'Second telephone number.', example: '5135550173' })
  phone_2?: string | null;

  @OneOf(PHONE_TYPES, { description: 'Kind of the second telephone number.', example: 'HOME' })
  phone_2_type?: PhoneType | null;

  @Text({ description: 'The id that your own system gives to this person.', example: 'app-20931-2', maxLength: 255 })
  third_party_id?: string | null;

  @Text({ description: 'Name of your organization, as the PMS knows it.', example: 'Example Homes', maxLength: 255 })
  organization_name?: string | null;

  static readonly example = { first_name: 'Leo', last_name: 'Rivera', relationship: 'OTHER' };
}
