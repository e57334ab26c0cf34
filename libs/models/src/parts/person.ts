import { CalendarDate, Email, OneOf, Phone, Text } from '../vocabulary/decorators.ts';
import { PmsRecord } from '../vocabulary/model.ts';
import { PHONE_TYPES, type PhoneType } from './contact.ts';

/** What residents, applicants and leads have in common: they are people with names, telephone numbers and an address. */
export abstract class PersonRecord extends PmsRecord {
  @Text({ description: 'Given name.', example: 'Ann' })
  first_name?: string | null;

  @Text({ description: 'Second given name.', example: 'Lee' })
  middle_name?: string | null;

  @Text({ description: 'Family name.', example: 'Rivera' })
  last_name?: string | null;

  @Email({ description: 'Main e-mail address.', example: 'ann.rivera@example.com' })
  email_1?: string | null;

  @Phone({ description: 'Main telephone number.', example: '5135550142' })
  phone_1?: string | null;

  @OneOf(PHONE_TYPES, { description: 'Kind of the main telephone number.', example: 'MOBILE' })
  phone_1_type?: PhoneType | null;

  @Phone({ description: 'Second telephone number.', example: '5135550143' })
  phone_2?: string | null;

  @OneOf(PHONE_TYPES, { description: 'Kind of the second telephone number.', example: 'HOME' })
  phone_2_type?: PhoneType | null;

  @CalendarDate({ description: 'Day of birth.', example: '1990-04-12' })
  date_of_birth?: string | null;

  @Text({ description: 'First line of the address.', example: '12 Elm Street' })
  address_1?: string | null;

  @Text({ description: 'Second line of the address.', example: 'Apt 4' })
  address_2?: string | null;

  @Text({ description: 'City.', example: 'Cincinnati' })
  city?: string | null;

  @Text({ description: 'State or province, as its two-letter code.', example: 'OH' })
  state?: string | null;

  @Text({ description: 'Postal code.', example: '45202' })
  zip?: string | null;

  @Text({ description: 'Country, as its ISO 3166 code (US, CA) or English name.', example: 'US' })
  country?: string | null;
}
