import { CalendarDate, Email, Flag, Json, ListOf, OneOf, Phone, Reference, Text } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';
import { PHONE_TYPES, type PhoneType } from './parts/contact.ts';
import { VendorContact } from './parts/vendor-contact.ts';

const TAX_PAYER_TYPES = ['SSN', 'EIN'] as const;
type TaxPayerType = (typeof TAX_PAYER_TYPES)[number];

/** A company or person who is paid for work or goods. */
@Model({ path: 'vendors', title: 'vendor', description: 'A company or person who is paid for work or goods.' })
export class Vendor extends PmsRecord {
  @Flag({ description: 'Whether it is a company; if so its name is needed, else the names of the person.', example: true })
  is_company?: boolean | null;

  @Text({ description: 'Name of the company, or full name of the person.', example: 'Example Plumbing LLC' })
  name?: string | null;

  @Text({ description: 'Given name of the person.', example: 'Kim' })
  first_name?: string | null;

  @Text({ description: 'Family name of the person.', example: 'Lee' })
  last_name?: string | null;

  @Reference('vendor-categories', { description: 'What the vendor does, from the list of the PMS.' })
  vendor_category_id?: string | null;

  @Text({ description: 'What the vendor does, in the words of the PMS.', example: 'Plumber', readOnly: true })
  type?: string | null;

  @Flag({ description: 'Whether the vendor is still used.', example: true })
  is_active?: boolean | null;

  @Reference('properties', {
    description: 'The property that the vendor works for, where the PMS keeps vendors by property.',
    readOnly: true,
  })
  property_id?: string | null;

  @Email({ description: 'Main e-mail address.', example: 'office@plumbing.example.com' })
  email_1?: string | null;

  @Email({ description: 'Second e-mail address.', example: 'billing@plumbing.example.com' })
  email_2?: string | null;

  @Phone({ description: 'Main telephone number.', example: '5135550150' })
  phone_1?: string | null;

  @OneOf(PHONE_TYPES, { description: 'Kind of the main telephone number.', example: 'WORK' })
  phone_1_type?: PhoneType | null;

  @Phone({ description: 'Second telephone number.', example: '5135550151' })
  phone_2?: string | null;

  @OneOf(PHONE_TYPES, { description: 'Kind of the second telephone number.', example: 'MOBILE' })
  phone_2_type?: PhoneType | null;

  @Text({ description: 'First line of the address.', example: '75 Mill Road' })
  address_1?: string | null;

  @Text({ description: 'Second line of the address.', example: 'Unit B' })
  address_2?: string | null;

  @Text({ description: 'City.', example: 'Cincinnati' })
  city?: string | null;

  @Text({ description: 'State or province, as its two-letter code.', example: 'OH' })
  state?: string | null;

  @Text({ description: 'Postal code.', example: '45202' })
  zip?: string | null;

  @Text({ description: 'Country, as its ISO 3166 code (US, CA) or English name.', example: 'US' })
  country?: string | null;

  @ListOf(() => VendorContact, { description: 'Whom to turn to.', example: [VendorContact.example], readOnly: true })
  contacts?: VendorContact[] | null;

  @Text({ description: 'Web address.', example: 'https://plumbing.example.com' })
  website?: string | null;

  @Text({ description: 'Number of your account with the vendor.', example: 'C-20418' })
  account_number?: string | null;

  @Text({ description: 'Company that insures the vendor.', example: 'Example Mutual' })
  insurance_provider?: string | null;

  @Text({ description: 'Number of the insurance policy.', example: 'POL-77120' })
  insurance_policy_number?: string | null;

  @CalendarDate({ description: 'Day on which the insurance ends.', example: '2027-01-31' })
  insurance_expire_date?: string | null;

  @CalendarDate({ description: 'Day on which the liability insurance ends.', example: '2027-01-31' })
  liability_expiration_date?: string | null;

  @CalendarDate({ description: 'Day on which the insurance of the workers ends.', example: '2027-01-31' })
  workers_comp_expiration_date?: string | null;

  @Text({ description: 'Number under which the vendor pays taxes.', example: '00-1234567' })
  tax_id?: string | null;

  @OneOf(TAX_PAYER_TYPES, { description: 'What sort of number tax_id is; each of the two needs the other.', example: 'EIN' })
  tax_payer_type?: TaxPayerType | null;

  @Text({ description: 'First line of the name for taxes.', example: 'Example Plumbing LLC' })
  tax_payer_name_1?: string | null;

  @Text({ description: 'Second line of the name for taxes.', example: 'Attn. Kim Lee' })
  tax_payer_name_2?: string | null;

  @Text({ description: 'Given name of the person who pays the taxes.', example: 'Kim' })
  tax_payer_first_name?: string | null;

  @Text({ description: 'Family name of the person who pays the taxes.', example: 'Lee' })
  tax_payer_last_name?: string | null;

  @Text({ description: 'First line of the address for taxes.', example: '75 Mill Road' })
  tax_address_1?: string | null;

  @Text({ description: 'Second line of the address for taxes.', example: 'Unit B' })
  tax_address_2?: string | null;

  @Text({ description: 'City of the address for taxes.', example: 'Cincinnati' })
  tax_city?: string | null;

  @Text({ description: 'State or province of the address for taxes.', example: 'OH' })
  tax_state?: string | null;

  @Text({ description: 'Postal code of the address for taxes.', example: '45202' })
  tax_zip?: string | null;

  @Text({ description: 'Country of the address for taxes.', example: 'US' })
  tax_country?: string | null;

  @Text({ description: 'The id that another system gives to the vendor.', example: 'V-118', readOnly: true })
  third_party_id?: string | null;

  @Text({ description: 'Free text about the vendor.', example: 'Weekends at double rate.' })
  notes?: string | null;

  @Text({
    description: 'The id that the PMS gives to the location above the property, where it has locations.',
    example: '1',
    readOnly: true,
  })
  x_location_id?: string | null;

  @Json({ description: 'Values that only this PMS has.', example: { Parking: 'B12' }, readOnly: true })
  custom_data?: Record<string, unknown> | null;
}
