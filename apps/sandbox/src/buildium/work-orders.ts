/** `/v1/workorders`: due date, priority and status are those of the task, which a work order may bring along. */
import type {
  WorkOrderEntryContactMessage,
  WorkOrderEntryContactResourceMessage,
  WorkOrderLineItemMessage,
  WorkOrderMessage,
  WorkOrderPutMessage,
  WorkOrderTaskMessage,
  WorkOrderTaskPostMessage,
} from '#pms/buildium/wire';
import { created, notFound, ok, unprocessable, type Call, type Handlers, type Issue } from './api.ts';
import { answerList, byUpdate, contains } from './listing.ts';
import { noted, sumOf } from './render.ts';
import { referenceIssues, staffIssues, when } from './rules.ts';
import type { Store, TaskRecord, WorkOrderRecord } from './store.ts';
import { concernsEntity, renderTask, renderUnitAgreement } from './tasks.ts';

/** Who may let a vendor in: the id ranges of these tables do not overlap. */
function findContact(store: Store, id: number): Required<WorkOrderEntryContactResourceMessage> | undefined {
  if (store.tenants.has(id)) return { Type: 'RentalTenant', Href: `/v1/leases/tenants/${id}` };
  if (store.owners.has(id)) return { Type: 'RentalOwner', Href: `/v1/rentals/owners/${id}` };
  if (store.users.get(id)?.message.UserTypes?.includes('Staff')) return { Type: 'Staff', Href: `/v1/users/${id}` };
  return undefined;
}

/** The single id is the older member; the list holds all. */
function contactIds({ EntryContactId, EntryContactIds }: WorkOrderPutMessage): number[] {
  const ids = EntryContactIds ?? [];
  return typeof EntryContactId === 'number' && !ids.includes(EntryContactId) ? [EntryContactId, ...ids] : [...ids];
}

function renderTaskPart(task: TaskRecord): Required<WorkOrderTaskMessage> {
  const { body } = task;
  return {
    Id: task.id,
    Type: task.type,
    UnitId: body.UnitId ?? null,
    UnitAgreement: renderUnitAgreement(task.leaseId),
    Title: body.Title,
    DueDate: body.DueDate ?? null,
    Priority: body.Priority,
    Status: body.Status,
  };
}

const amountOf = ({ body }: WorkOrderRecord): number =>
  sumOf((body.LineItems ?? []).map(({ Quantity, UnitPrice }) => Quantity * UnitPrice));

function renderWorkOrder(store: Store, order: WorkOrderRecord): Required<WorkOrderMessage> {
  const { body } = order;
  const task = store.tasks.get(order.taskId);
  const contacts = contactIds(body).map((Id): Required<WorkOrderEntryContactMessage> => {
    const resource = findContact(store, Id);
    return { Id, Resources: resource ? [resource] : [] };
  });
  return {
    Id: order.id,
    Task: task ? renderTaskPart(task) : null,
    Title: body.Title ?? task?.body.Title ?? null,
    DueDate: task?.body.DueDate ?? null,
    Priority: task?.body.Priority ?? null,
    Status: task?.body.Status ?? null,
    WorkDetails: body.WorkDetails ?? null,
    InvoiceNumber: body.InvoiceNumber ?? null,
    ChargeableTo: body.ChargeableTo ?? null,
    EntryAllowed: body.EntryAllowed,
    EntryNotes: body.EntryNotes ?? null,
    VendorId: body.VendorId,
    VendorNotes: body.VendorNotes ?? null,
    EntryContact: contacts[0] ?? null,
    EntryContacts: contacts,
    BillTransactionId: null,
    BillTransactionIds: [],
    Amount: amountOf(order),
    LineItems: (body.LineItems ?? []).map((line): Required<WorkOrderLineItemMessage> => ({
      GlAccountId: line.GlAccountId ?? null,
      Quantity: line.Quantity,
      Memo: line.Memo ?? null,
      UnitPrice: line.UnitPrice,
    })),
  };
}

const orderIssues = (store: Store, body: WorkOrderPutMessage): Issue[] => [
  ...referenceIssues('VendorId', store.vendors, body.VendorId),
  ...contactIds(body).flatMap((id) =>
    when(
      !findContact(store, id),
      body.EntryContactId === id ? 'EntryContactId' : 'EntryContactIds',
      `No tenant, owner or staff user has the id ${id}.`,
    ),
  ),
  ...(body.LineItems ?? []).flatMap(({ GlAccountId }, index) =>
    referenceIssues(`LineItems[${index}].GlAccountId`, store.glAccounts, GlAccountId),
  ),
];

function taskIssues(store: Store, task: WorkOrderTaskPostMessage | null | undefined): Issue[] {
  if (!task) return [];
  const elsewhere = typeof task.UnitId === 'number' && store.units.get(task.UnitId)?.propertyId !== task.PropertyId;
  return [
    ...referenceIssues('Task.PropertyId', store.rentals, task.PropertyId),
    ...when(elsewhere, 'Task.UnitId', 'The unit does not belong to Task.PropertyId.'),
    ...staffIssues('Task.AssignedToUserId', store, task.AssignedToUserId),
  ];
}

function addTask(call: Call<'POST /v1/workorders'>, body: WorkOrderTaskPostMessage): TaskRecord {
  const { store, world } = call;
  const task = store.tasks.add({
    ...store.tasks.born(world.now()),
    type: 'Todo',
    body,
    description: null,
    categoryId: null,
    leaseId: null,
    requestedById: null,
  });
  noted(call, { resource: 'Task', action: 'create', id: task.id, sent: body }, renderTask(store, task));
  return task;
}

export const workOrderHandlers = {
  'GET /v1/workorders': (call) => {
    const { query, store } = call;
    const taskOf = ({ taskId }: WorkOrderRecord) => store.tasks.get(taskId);
    return answerList(
      call,
      store.workOrders.all(),
      {
        ...byUpdate,
        entitytype: (_order, type) => type !== 'Association',
        entityid: (order, id) => concernsEntity(store, taskOf(order)?.body.PropertyId, query.entitytype, id),
        statuses: (order, statuses) => statuses.some((status) => status === taskOf(order)?.body.Status),
        type: (order, type) => taskOf(order)?.type === type,
        unitid: (order, id) => taskOf(order)?.body.UnitId === id,
        unitagreementid: (order, id) => taskOf(order)?.leaseId === id,
        duedatefrom: (order, from) => (taskOf(order)?.body.DueDate ?? '') >= from,
        duedateto: (order, to) => (taskOf(order)?.body.DueDate ?? '9999') <= to,
        taskcategoryid: (order, id) => taskOf(order)?.categoryId === id,
        priorities: (order, priorities) => priorities.some((priority) => priority === taskOf(order)?.body.Priority),
        assignedtoid: (order, id) => taskOf(order)?.body.AssignedToUserId === id,
        vendorids: ({ body }, ids) => ids.includes(body.VendorId),
        amountfrom: (order, from) => amountOf(order) >= from,
        amountto: (order, to) => amountOf(order) <= to,
        isbilled: (_order, billed) => !billed,
        title: (order, part) => contains(order.body.Title ?? taskOf(order)?.body.Title, part),
        taskids: ({ taskId }, ids) => taskId !== null && ids.includes(taskId),
      },
      (order) => renderWorkOrder(store, order),
    );
  },

  'POST /v1/workorders': (call) => {
    const { Task, TaskId, ...body } = call.body;
    const { store, world } = call;
    const issues = [
      ...orderIssues(store, body),
      ...taskIssues(store, Task),
      ...referenceIssues('TaskId', store.tasks, TaskId),
      ...when(Boolean(Task && TaskId), 'TaskId', 'Name an existing task or send a new one, not both.'),
    ];
    if (issues.length > 0) return unprocessable(issues);

    const taskId = Task ? addTask(call, Task).id : (TaskId ?? null);
    const order = store.workOrders.add({ ...store.workOrders.born(world.now()), taskId, body });
    const message = renderWorkOrder(store, order);
    return created(`/v1/workorders/${order.id}`, noted(call, { resource: 'WorkOrder', action: 'create', id: order.id }, message));
  },

  'GET /v1/workorders/{workOrderId}': ({ params, store }) => {
    const order = store.workOrders.get(params.workOrderId);
    return order ? ok(renderWorkOrder(store, order)) : notFound('workOrderId', params.workOrderId);
  },

  'PUT /v1/workorders/{workOrderId}': (call) => {
    const { body, params, store, now } = call;
    const order = store.workOrders.get(params.workOrderId);
    if (!order) return notFound('workOrderId', params.workOrderId);
    const issues = orderIssues(store, body);
    if (issues.length > 0) return unprocessable(issues);

    order.body = body;
    order.updated = now;
    return ok(noted(call, { resource: 'WorkOrder', action: 'update', id: order.id }, renderWorkOrder(store, order)));
  },
} satisfies Partial<Handlers>;
