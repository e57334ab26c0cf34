import {
  asText,
  calendarDate,
  carryInto,
  defineCapability,
  fieldsOf,
  recordId,
  referenceMust,
  referenceTo,
  sameWords,
  sideEffect,
  sinceSent,
  text,
  unsupportedFields,
  type Codec,
} from '#capabilities';
import { ServiceRequest } from '#models/service-request';
import { get, post, put, REPLACES_ALL, theDayBefore, VISIBLE_AFTER_MS, wire } from './shared/calls.ts';
import type { WorkOrderEntryContactMessage, WorkOrderMessage, WorkOrderPostMessage, WorkOrderPutMessage } from './wire/index.ts';

type Documents = { create: WorkOrderPostMessage; update: WorkOrderPutMessage };
const { derived, read, refer, shared, write } = fieldsOf<WorkOrderMessage, Documents>(['create', 'update']);

type Answer = WorkOrderPutMessage['EntryAllowed'];
const entryAllowed: Codec<Answer | null | undefined, boolean, Answer> = {
  name: 'true or false',
  decode: (remote) => (remote === 'Yes' ? true : remote === 'No' ? false : null),
  encode: (allowed) => (allowed ? 'Yes' : 'No'),
};

const isTenant = ({ Resources }: WorkOrderEntryContactMessage): boolean =>
  (Resources ?? []).some(({ Type }) => Type === 'RentalTenant');

/** Options of what belongs to the task behind the work order: a create makes it, and only the task itself can be changed later. */
const TASK = { only: ['create'], note: "It belongs to the work order's task; Buildium changes it there." } as const;

/** The task is called as the work order is. */
function withTaskTitle(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { ...body, Task: { ...(body['Task'] as object), Title: body['Title'] } };
}

/** A service request is a work order with a task of its own: the order goes to a vendor, the task stays with an employee. */
export const serviceRequests = defineCapability(ServiceRequest, {
  source: 'https://developer.buildium.com/#tag/Work-Orders',
  documents: {
    // Buildium demands an answer; without one of the caller's the honest answer is that nobody knows.
    create: { schema: wire('WorkOrderPostMessage'), constants: { EntryAllowed: 'Unknown' } },
    update: { schema: wire('WorkOrderPutMessage') },
  },
  fields: {
    service_description: write('Title', text(), { required: ['create'] }),
    service_details: write('WorkDetails', text()),
    vendor_id: refer('VendorId'),
    vendor_notes: write('VendorNotes', text()),
    vendors: derived('The one vendor of the work order.', ({ VendorId }) =>
      VendorId === undefined ? null : [{ x_vendor_id: String(VendorId) }],
    ),
    invoice_number: write('InvoiceNumber', text()),
    access_is_authorized: write('EntryAllowed', entryAllowed),
    access_notes: write('EntryNotes', text()),
    ...shared(['resident_id'], {
      lands: 'EntryContactIds',
      references: ['resident_id'],
      because:
        'The resident is the person who lets the vendor in: Buildium keeps a list of them, which a resident sent here replaces.',
      encode: ({ resident_id: id }) => ({ EntryContactIds: id === null ? [] : [Number(id)] }),
      decode: ({ EntryContacts }) => {
        const tenant = EntryContacts?.find(isTenant);
        return { resident_id: tenant?.Id === undefined ? undefined : String(tenant.Id) };
      },
    }),
    lease_id: derived('The lease that the task is about, if it is about one.', ({ Task }) =>
      Task?.UnitAgreement?.Type === 'Lease' && Task.UnitAgreement.Id !== undefined ? String(Task.UnitAgreement.Id) : null,
    ),
    property_id: refer('Task.PropertyId', {
      ...TASK,
      required: ['create'],
      unread: 'a work order names the unit, and that its property.',
    }),
    unit_id: refer('Task.UnitId', TASK),
    employee_id: refer('Task.AssignedToUserId', {
      ...TASK,
      required: ['create'],
      unread: 'only the task names who looks after it.',
    }),
    service_priority: write('Task.Priority', asText(sameWords('Low', 'Normal', 'High')), { ...TASK, default: 'Normal' }),
    service_status: write('Task.Status', asText(sameWords('New', 'InProgress', 'Completed', 'Deferred', 'Closed')), {
      ...TASK,
      default: 'New',
    }),
    status_raw: read('Status', text(), 'Use service_status.'),
    date_due: write('Task.DueDate', calendarDate, TASK),
    ...unsupportedFields(['due_date'], 'Use date_due.'),
    ...unsupportedFields(['service_category'], 'Buildium names categories by id, and a work order takes none.'),
    ...unsupportedFields(
      ['service_request_category_id'],
      'Buildium files the task, not the work order, under a category, and does not take one with it.',
    ),
    ...unsupportedFields(['service_request_priority_id'], 'Buildium has three fixed priorities: use service_priority.'),
    ...unsupportedFields(['service_request_status_id'], 'Buildium has five fixed states: use service_status.'),
    ...unsupportedFields(
      ['service_request_location_id', 'service_request_problem_id'],
      'Buildium has no such list; say it in service_details.',
    ),
    ...unsupportedFields(
      ['reported_by', 'phone_1', 'phone_2', 'email_1'],
      'Buildium takes the person who asks from its own records: use resident_id.',
    ),
    ...unsupportedFields(['employees'], 'Buildium names the employee in the task only.'),
    ...unsupportedFields(
      ['access_is_authorized_value'],
      'Buildium knows yes, no and unknown: use access_is_authorized and access_notes.',
    ),
    ...unsupportedFields(['has_pets', 'has_alarm'], 'A Buildium work order has no such field; say it in access_notes.'),
    ...unsupportedFields(
      [
        'date_created',
        'date_entered',
        'date_scheduled',
        'scheduled_start_date',
        'scheduled_end_date',
        'is_floating',
        'date_completed',
      ],
      'A Buildium work order has one date, on which it is due.',
    ),
    ...unsupportedFields(['notes', 'completion_notes', 'history'], 'Buildium keeps what happened in the history of the task.'),
    ...unsupportedFields(
      ['unit_number', 'building', 'order_number', 'x_sub_task_id', 'x_location_id'],
      'Buildium does not return it with the work order.',
    ),
  },
  create: {
    steps: [{ name: 'work order', call: post('/v1/workorders'), sends: 'create', compose: withTaskTitle, id: 'Id' }],
    doubt: {
      policy: 'search',
      call: get(
        '/v1/workorders',
        {},
        {
          vendorids: referenceTo('vendor_id'),
          lastupdatedfrom: sinceSent(theDayBefore),
        },
      ),
      // Nothing that Buildium may fill in by itself, such as a day that it is due: what is not equal counts as not made.
      same: ['service_description', 'service_details', 'invoice_number', 'x_vendor_id', 'x_unit_id'],
      visibleAfterMs: VISIBLE_AFTER_MS,
    },
  },
  update: {
    current: get('/v1/workorders/{workOrderId}', { workOrderId: recordId }),
    updates: 'replace',
    carry: carryInto<WorkOrderMessage, WorkOrderPutMessage>(wire('WorkOrderPutMessage'), {
      // The list holds the single contact too; sent alone, it can't contradict it.
      EntryContactId: () => null,
      EntryContactIds: ({ EntryContacts }) => (EntryContacts ?? []).flatMap(({ Id }) => Id ?? []),
    }),
    steps: [{ name: 'work order', call: put('/v1/workorders/{workOrderId}', { workOrderId: recordId }), sends: 'update' }],
    doubt: { policy: 'read_back' },
    notes: [
      REPLACES_ALL('work order'),
      'State, priority and due date belong to the task of the work order and are not changed by this call.',
    ],
  },
  reads: {
    list: get('/v1/workorders'),
    one: get('/v1/workorders/{workOrderId}', { workOrderId: recordId }),
    id: 'Id',
    // This list takes a day where the others take a time.
    changedSince: { parameter: 'lastupdatedfrom', format: theDayBefore },
  },
  rules: [
    referenceMust(['unit_id', 'property_id'], 'unit_id must be a unit of property_id.', { on: ['create'] }),
    referenceMust(['employee_id'], 'employee_id must name a member of staff.', { on: ['create'] }),
    sideEffect(['employee_id'], 'Buildium makes a task for the employee along with the work order.', { on: ['create'] }),
  ],
});
