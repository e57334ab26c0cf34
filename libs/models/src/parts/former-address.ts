import { CalendarDate, Email, Flag, MoneyInCents, OneOf, Phone, Text } from '../vocabulary/decorators.ts';
import { PostalAddress } from './postal-address.ts';

export const TENURES = ['OWN', 'RENT'] as const;
export type Tenure = (typeof TENURES)[number];

export const MANAGER_TYPES = ['LANDLORD', 'PROPERTY_MANAGER', 'RELATIVE', 'FRIEND', 'APARTMENT'] as const;
export type ManagerType = (typeof MANAGER_TYPES)[number];

/** A place where an applicant lives or lived. */
export class FormerAddress extends PostalAddress {
  @OneOf(TENURES, { description: 'Whether the applicant owned or rented it.', example: 'RENT' })
  address_type?: Tenure | null;

  @Text({ description: 'What the place is called.', example: 'Oak Court', maxLength: 255 })
  property_name?: string | null;

  @CalendarDate({ description: 'Day of the move in.', example: '2022-03-01' })
  move_in_date?: string | null;

  @CalendarDate({ description: 'Day of the move out.', example: '2026-05-31' })
  move_out_date?: string | null;

  @MoneyInCents({ description: 'Rent or loan payment a month.', example: 110_000, minimum: 0 })
  monthly_payment_in_cents?: number | null;

  @Text({ description: 'Why the applicant leaves or left.', example: 'Needs a second bedroom', maxLength: 1000 })
  reason_for_leaving?: string | null;

  @Flag({ description: 'Whether the applicant gave notice there.', example: true })
  notice_provided?: boolean | null;

  @OneOf(MANAGER_TYPES, { description: 'Who ran the place.', example: 'LANDLORD' })
  manager_type?: ManagerType | null;

  @Text({ description: 'Company that ran the place.', example: 'Oak Court Homes', maxLength: 255 })
  management_company?: string | null;

  @Text({ description: 'Name of the person who ran the place.', example: 'Priya Shah', maxLength: 255 })
  manager_name?: string | null;

  @Phone({ description: 'Telephone number of the person who ran the place.', example: '9375550180' })
  manager_phone?: string | null;

  @Email({ description: 'E-mail address of the person who ran the place.', example: 'priya.shah@example.com' })
  manager_email?: string | null;

  static readonly example = {
    address_1: '8 Oak Avenue',
    city: 'Dayton',
    state: 'OH',
    zip: '45402',
    country: 'US',
    address_type: 'RENT',
    move_in_date: '2022-03-01',
  } as const;
}
