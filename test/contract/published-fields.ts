/**
 * What programs written for the published API send to Buildium and to Rent Manager, as far as its pages could be read. Latchkey must take all of it:
 * `published-fields.spec.ts` holds the declarations against this table; what it refuses, and what it demands beyond it, stands at the end with the
 * reason. `integration_id` belongs to every create and is left out.
 */
import type { OperationName } from '#capabilities';

export interface PublishedWrite {
  readonly vendor: 'BUILDIUM' | 'RENTMANAGER';
  readonly model: string;
  readonly operation: OperationName;
  /** Names with blanks between them; `!` marks what the page requires, `@` what comes as a date-time. */
  readonly fields: string;
  /** The values that the pages list for a field, those of the PMS's own page before those of the common one. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
}

export const PUBLISHED: readonly PublishedWrite[] = [
  {
    vendor: 'BUILDIUM',
    model: 'residents',
    operation: 'create',
    fields: `
      lease_id! last_name! first_name! address_1! city! state! zip! country! email_1 email_2 date_of_birth@
      address_2 address_1_alternate address_2_alternate`,
    values: { country: ['US'] },
  },
  {
    vendor: 'RENTMANAGER',
    model: 'residents',
    operation: 'create',
    fields: `
      property_id! rent_period! rent_due_day! first_name last_name! middle_name email_1 date_of_birth@ notes
      address_1 city state zip address_1_alternate city_alternate state_alternate zip_alternate`,
    values: { rent_period: ['MONTHLY', 'WEEKLY', 'DAILY'] },
  },
  {
    vendor: 'BUILDIUM',
    model: 'residents',
    operation: 'update',
    fields: `
      last_name! first_name! address_1! city! state! zip! country! email_1 email_2 date_of_birth@ address_2
      address_1_alternate address_2_alternate`,
    values: { country: ['US'] },
  },
  {
    vendor: 'RENTMANAGER',
    model: 'residents',
    operation: 'update',
    fields: `
      last_name! rent_period! rent_due_day! first_name middle_name email_1 date_of_birth@ address_1 city state zip
      address_1_alternate city_alternate state_alternate zip_alternate notes custom_data`,
    values: { rent_period: ['MONTHLY', 'WEEKLY', 'DAILY'] },
  },
  {
    vendor: 'BUILDIUM',
    model: 'applicants',
    operation: 'create',
    fields: `
      first_name! last_name! unit_id send_rental_application_email email_1 phone_1 phone_1_type phone_2 phone_2_type
      custom_data`,
    values: { phone_1_type: ['HOME', 'WORK', 'MOBILE', 'FAX'], phone_2_type: ['HOME', 'WORK', 'MOBILE', 'FAX'] },
  },
  {
    vendor: 'RENTMANAGER',
    model: 'applicants',
    operation: 'create',
    fields: `
      property_id! last_name! first_name middle_name email_1 date_of_birth@ address_1 city state zip notes
      application_date custom_data`,
  },
  {
    vendor: 'RENTMANAGER',
    model: 'applicants',
    operation: 'update',
    fields: 'last_name! first_name middle_name email_1 date_of_birth@ address_1 city state zip notes',
  },
  {
    vendor: 'RENTMANAGER',
    model: 'leads',
    operation: 'create',
    fields: `
      property_id! first_name! last_name! lead_source_id middle_name date_of_birth@ email_1 phone_1 phone_1_type
      phone_2 phone_2_type city address_1 state zip country notes`,
    values: {
      phone_1_type: ['HOME', 'WORK', 'MOBILE', 'FAX', 'OTHER'],
      phone_2_type: ['HOME', 'WORK', 'MOBILE', 'FAX', 'OTHER'],
    },
  },
  {
    vendor: 'RENTMANAGER',
    model: 'leads',
    operation: 'update',
    fields: 'first_name middle_name last_name lead_source_id date_of_birth email_1',
  },
  {
    vendor: 'BUILDIUM',
    model: 'leases',
    operation: 'create',
    fields: `
      type! unit_id! start_date! first_name! last_name! address_1! city! state! zip! country! financial_account_id
      end_date send_welcome_email email_1 email_2 phone_1 phone_1_type phone_2 phone_2_type date_of_birth address_2
      address_1_alternate address_2_alternate city_alternate state_alternate zip_alternate country_alternate
      rent_cycle`,
    values: {
      type: ['Fixed', 'FixedWithRollover', 'AtWill'],
      rent_cycle: ['Monthly', 'Weekly', 'Every2Weeks', 'Quarterly', 'Yearly', 'Every2Months', 'Daily', 'Every6Months', 'OneTime'],
      country: ['US'],
    },
  },
  {
    vendor: 'RENTMANAGER',
    model: 'leases',
    operation: 'create',
    fields: `
      resident_id! unit_id! property_id start_date@ end_date@ scheduled_move_out_date@ realized_move_in_date@
      realized_move_out_date@`,
  },
  {
    vendor: 'BUILDIUM',
    model: 'leases',
    operation: 'update',
    fields: 'unit_id! type! start_date!@ end_date@ is_eviction_pending automatically_move_out_residents',
    values: { type: ['Fixed', 'FixedWithRollover', 'AtWill'] },
  },
  {
    vendor: 'RENTMANAGER',
    model: 'leases',
    operation: 'update',
    fields: 'resident_id! unit_id! property_id scheduled_move_out_date realized_move_in_date@ realized_move_out_date@',
  },
  {
    vendor: 'RENTMANAGER',
    model: 'properties',
    operation: 'update',
    fields: 'short_description! name manager_name is_active manager_email notes square_feet',
  },
  {
    vendor: 'RENTMANAGER',
    model: 'units',
    operation: 'update',
    fields: 'number notes square_feet bathrooms bedrooms is_vacant address_1 city state zip rent_amount_market_in_cents',
  },
  {
    vendor: 'BUILDIUM',
    model: 'service-requests',
    operation: 'create',
    fields: `
      employee_id! vendor_id! property_id! service_description! service_priority! service_status! resident_id
      unit_id access_is_authorized service_details access_notes date_due@ invoice_number`,
    values: {
      service_priority: ['Low', 'Normal', 'High'],
      service_status: ['New', 'InProgress', 'Completed', 'Deferred', 'Closed'],
    },
  },
  {
    vendor: 'RENTMANAGER',
    model: 'service-requests',
    operation: 'create',
    fields: `
      property_id! service_description! service_details! access_is_authorized date_completed@ date_due@
      date_scheduled@ service_request_category_id service_request_priority_id service_request_status_id`,
  },
  {
    vendor: 'RENTMANAGER',
    model: 'service-requests',
    operation: 'update',
    fields: 'service_description! service_details! access_is_authorized date_completed@',
  },
  {
    vendor: 'BUILDIUM',
    model: 'vendors',
    operation: 'create',
    fields: 'vendor_category_id! is_company! first_name last_name',
  },
  {
    vendor: 'BUILDIUM',
    model: 'resident-charges',
    operation: 'create',
    fields: 'lease_id! financial_account_id! amount_in_cents! transaction_date!@ reference_number description',
  },
  {
    vendor: 'RENTMANAGER',
    model: 'resident-charges',
    operation: 'create',
    fields: 'resident_id! charge_code_id! transaction_date!@ notes! amount_in_cents! reference_number!',
  },
  {
    vendor: 'BUILDIUM',
    model: 'resident-payments',
    operation: 'create',
    fields: `
      lease_id! financial_account_id! transaction_date!@ amount_in_cents! payment_type! send_email_receipt!
      resident_id description reference_number`,
    // A debit card is listed too; Buildium has no such way of paying.
    values: { payment_type: ['ACH', 'Cash', 'Cashiers Check', 'Check', 'Credit Card', 'eCheck', 'Money Order'] },
  },
  {
    vendor: 'RENTMANAGER',
    model: 'resident-payments',
    operation: 'create',
    fields: 'resident_id! transaction_date!@ notes! amount_in_cents! reference_number! charge_code_id allocate_prepays',
  },
  {
    vendor: 'RENTMANAGER',
    model: 'resident-notes',
    operation: 'create',
    fields: '',
  },
];

/** Where Latchkey and the published pages part, and why. */
export interface Exception {
  readonly vendor: PublishedWrite['vendor'];
  readonly model: string;
  readonly fields: readonly string[];
  readonly because: string;
}

const OUT_OF_USE = 'Published as out of use; custom fields have calls of their own.';

/** Published as accepted, and refused. */
export const REFUSED: readonly Exception[] = [
  { vendor: 'BUILDIUM', model: 'applicants', fields: ['custom_data'], because: OUT_OF_USE },
  { vendor: 'RENTMANAGER', model: 'applicants', fields: ['custom_data'], because: OUT_OF_USE },
  { vendor: 'RENTMANAGER', model: 'residents', fields: ['custom_data'], because: OUT_OF_USE },
  {
    vendor: 'RENTMANAGER',
    model: 'residents',
    fields: ['notes'],
    because: 'Notes about a tenant are dated records of their own at Rent Manager: they are written as resident notes.',
  },
  {
    vendor: 'RENTMANAGER',
    model: 'resident-payments',
    fields: ['allocate_prepays'],
    because: 'No member of a payment is such a switch.',
  },
  {
    vendor: 'RENTMANAGER',
    model: 'units',
    fields: ['is_vacant'],
    because: 'Rent Manager works it out from the leases and takes no value for it.',
  },
  {
    vendor: 'RENTMANAGER',
    model: 'units',
    fields: ['rent_amount_market_in_cents'],
    because: 'Market rents are dated records beside the unit, and in what form they are written is not published.',
  },
];

/** Not published as required, and demanded beside the published fields, because the PMS needs it. */
export const DEMANDED: readonly Exception[] = [
  {
    vendor: 'BUILDIUM',
    model: 'residents',
    fields: ['zip_alternate', 'country_alternate'],
    because: 'Buildium takes a second address with postal code and country, or none; the page was not read to its end.',
  },
  {
    vendor: 'BUILDIUM',
    model: 'leases',
    fields: ['rent_amount_in_cents', 'rent_due_date'],
    because:
      'Buildium takes account and cycle of the rent with its amount and first day, or none; the page was not read to its end.',
  },
  { vendor: 'BUILDIUM', model: 'leases', fields: ['end_date'], because: 'Only a lease at will has no end.' },
  {
    vendor: 'RENTMANAGER',
    model: 'leases',
    fields: ['realized_move_in_date'],
    because: 'A Rent Manager lease begins with a move in, whose day is realized_move_in_date or else start_date.',
  },
  {
    vendor: 'BUILDIUM',
    model: 'vendors',
    fields: ['name'],
    because: 'A company is kept by its name; the page was not read to its end.',
  },
];
