import { CalendarDate, Email, Flag, Instant, ListOf, OneOf, Phone, Reference, Text } from './vocabulary/decorators.ts';
import { Model, PmsRecord } from './vocabulary/model.ts';
import { AssignedEmployee } from './parts/assigned-employee.ts';
import { AssignedVendor } from './parts/assigned-vendor.ts';
import { HistoryEntry } from './parts/history-entry.ts';

const ACCESS_TERMS = ['ENTER_AT_ANY_TIME', 'BY_PERMISSION_ONLY', 'CALL_FOR_ENTRY'] as const;
type AccessTerm = (typeof ACCESS_TERMS)[number];

/** A request to repair or look after something, also known as a work order. */
@Model({
  path: 'service-requests',
  title: 'service request',
  description: 'A request to repair or look after something, also known as a work order.',
})
export class ServiceRequest extends PmsRecord {
  @Reference('properties', { description: 'The property where the work is to be done.' })
  property_id?: string | null;

  @Reference('units', { description: 'The unit where the work is to be done.' })
  unit_id?: string | null;

  @Text({ description: 'Number of the unit.', example: '204', readOnly: true })
  unit_number?: string | null;

  @Text({ description: 'Building where the work is to be done.', example: 'C', readOnly: true })
  building?: string | null;

  @Reference('leases', { description: 'The lease of the resident who asks.' })
  lease_id?: string | null;

  @Reference('residents', { description: 'The resident who asks.' })
  resident_id?: string | null;

  @Text({ description: 'Name of the person who asks.', example: 'Ann Rivera' })
  reported_by?: string | null;

  @Phone({ description: 'Main telephone number of the person who asks.', example: '5135550142' })
  phone_1?: string | null;

  @Phone({ description: 'Second telephone number of the person who asks.', example: '5135550143' })
  phone_2?: string | null;

  @Email({ description: 'E-mail address of the person who asks.', example: 'ann.rivera@example.com' })
  email_1?: string | null;

  @Text({ description: 'Number that the PMS gives to the request.', example: '2026-0417', readOnly: true })
  order_number?: string | null;

  @Text({
    description: 'The id that the PMS gives to the part of the task that this record stands for.',
    example: '2',
    readOnly: true,
  })
  x_sub_task_id?: string | null;

  @Text({ description: 'What is to be done, in a few words; some PMSs take 35 characters only.', example: 'Kitchen tap drips' })
  service_description?: string | null;

  @Text({ description: 'What is to be done, at length.', example: 'It drips all night, and the handle is loose.' })
  service_details?: string | null;

  @Text({ description: 'What trade it is for, in words that the PMS takes.', example: 'Plumbing' })
  service_category?: string | null;

  @Reference('service-request-categories', { description: 'What trade it is for, from the list of the PMS.' })
  service_request_category_id?: string | null;

  @Text({ description: 'How urgent it is, in words that the PMS takes.', example: 'High' })
  service_priority?: string | null;

  @Reference('service-request-priorities', { description: 'How urgent it is, from the list of the PMS.' })
  service_request_priority_id?: string | null;

  @Text({ description: 'How far the work is to stand, in words that the PMS takes.', example: 'New' })
  service_status?: string | null;

  @Reference('service-request-statuses', { description: 'How far the work stands, from the list of the PMS.' })
  service_request_status_id?: string | null;

  @Text({ description: 'How far the work stands, in the words of the PMS.', example: 'In Progress' })
  status_raw?: string | null;

  @Reference('service-request-locations', { description: 'Where in the unit the work is to be done, from the list of the PMS.' })
  service_request_location_id?: string | null;

  @Reference('service-request-problems', { description: 'What the problem is, from the list of the PMS.' })
  service_request_problem_id?: string | null;

  @Reference('employees', { description: 'The employee who looks after the request.' })
  employee_id?: string | null;

  @ListOf(() => AssignedEmployee, {
    description: 'The employees who work on it.',
    example: [AssignedEmployee.example],
    readOnly: true,
  })
  employees?: AssignedEmployee[] | null;

  @Reference('vendors', { description: 'The vendor who does the work.' })
  vendor_id?: string | null;

  @ListOf(() => AssignedVendor, { description: 'The vendors who work on it.', example: [AssignedVendor.example], readOnly: true })
  vendors?: AssignedVendor[] | null;

  @Text({ description: 'What the vendor must know; some PMSs take 127 characters only.', example: 'Bring a washer.' })
  vendor_notes?: string | null;

  @Text({ description: 'Number of the invoice for the work.', example: 'INV-2031' })
  invoice_number?: string | null;

  @Flag({ description: 'Whether the unit may be entered while nobody is at home.', example: true })
  access_is_authorized?: boolean | null;

  @OneOf(ACCESS_TERMS, { description: 'On which terms the unit may be entered.', example: 'CALL_FOR_ENTRY' })
  access_is_authorized_value?: AccessTerm | null;

  @Text({ description: 'How to get in.', example: 'Key at the office.' })
  access_notes?: string | null;

  @Flag({ description: 'Whether there are animals in the unit.', example: true })
  has_pets?: boolean | null;

  @Flag({ description: 'Whether the unit has an alarm.', example: false })
  has_alarm?: boolean | null;

  @Instant({ description: 'When the request was made.', example: '2026-05-01T14:30:00Z' })
  date_created?: string | null;

  @Instant({ description: 'When the request was entered.', example: '2026-05-01T14:35:00Z' })
  date_entered?: string | null;

  @Instant({ description: 'When the work is planned.', example: '2026-05-03T09:00:00Z' })
  date_scheduled?: string | null;

  @Instant({ description: 'When the work is planned to begin.', example: '2026-05-03T09:00:00Z' })
  scheduled_start_date?: string | null;

  @Instant({
    description: 'When the work is planned to end; some PMSs want it on the day of the beginning.',
    example: '2026-05-03T11:00:00Z',
  })
  scheduled_end_date?: string | null;

  @Flag({ description: 'Whether the planned time is a day without an hour.', example: false })
  is_floating?: boolean | null;

  @CalendarDate({ description: 'Day by which the work must be done.', example: '2026-05-08' })
  date_due?: string | null;

  @CalendarDate({ description: 'Day by which the work must be done, for PMSs that know it by this name.', example: '2026-05-08' })
  due_date?: string | null;

  @Instant({ description: 'When the work was done.', example: '2026-05-03T10:40:00Z' })
  date_completed?: string | null;

  @Text({ description: 'What was done.', example: 'Replaced the washer.' })
  completion_notes?: string | null;

  @Text({
    description: 'Free text about the request.',
    example: 'Second request this year.',
    deprecated: 'The history holds dated notes.',
  })
  notes?: string | null;

  @ListOf(() => HistoryEntry, { description: 'What happened so far.', example: [HistoryEntry.example], readOnly: true })
  history?: HistoryEntry[] | null;

  @Text({
    description: 'The id that the PMS gives to the location above the property, where it has locations.',
    example: '1',
    readOnly: true,
  })
  x_location_id?: string | null;
}
