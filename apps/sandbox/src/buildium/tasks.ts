/** `/v1/tasks`, read only: tasks come from the demo records and from work orders that bring one along. */
import type {
  AllTasksMessage,
  PropertyMessage,
  RequestedByUserEntityMessage,
  TaskCategoryResponseMessage,
  UnitAgreementMessage,
} from '#pms/buildium/wire';
import { notFound, ok, type Handlers } from './api.ts';
import { answerList, byUpdate, contains } from './listing.ts';
import type { Store, TaskRecord } from './store.ts';

export function renderUnitAgreement(leaseId: number | null): Required<UnitAgreementMessage> | null {
  return leaseId === null ? null : { Id: leaseId, Type: 'Lease', Href: `/v1/leases/${leaseId}` };
}

function renderCategory(store: Store, id: number | null): Required<TaskCategoryResponseMessage> | null {
  if (id === null) return null;
  const { Id, Name } = store.taskCategories.mustGet(id).message;
  return { Id, Name, Href: `/v1/tasks/categories/${Id}`, SubCategory: null };
}

function renderProperty(id: number | null | undefined): Required<PropertyMessage> | null {
  return typeof id === 'number' ? { Id: id, Type: 'Rental', Href: `/v1/rentals/${id}` } : null;
}

function renderRequester(store: Store, tenantId: number | null): Required<RequestedByUserEntityMessage> | null {
  if (tenantId === null) return null;
  const { body } = store.tenants.mustGet(tenantId);
  return {
    Type: 'RentalTenant',
    Id: tenantId,
    FirstName: body.FirstName,
    LastName: body.LastName,
    IsCompany: false,
    Href: `/v1/leases/tenants/${tenantId}`,
  };
}

export function renderTask(store: Store, task: TaskRecord): Required<AllTasksMessage> {
  const { body } = task;
  return {
    Id: task.id,
    TaskType: task.type,
    Category: renderCategory(store, task.categoryId),
    Title: body.Title,
    Description: task.description,
    Property: renderProperty(body.PropertyId),
    UnitId: body.UnitId ?? null,
    UnitAgreement: renderUnitAgreement(task.leaseId),
    RequestedByUserEntity: renderRequester(store, task.requestedById),
    AssignedToUserId: body.AssignedToUserId,
    TaskStatus: body.Status,
    Priority: body.Priority,
    DueDate: body.DueDate ?? null,
    CreatedDateTime: task.created,
    LastUpdatedDateTime: task.updated,
  };
}

export type EntityType = 'Rental' | 'RentalOwner' | 'Association';

/** Whether a property, by its own id or by one of its owners', is meant; the sandbox has no associations. */
export function concernsEntity(
  store: Store,
  propertyId: number | null | undefined,
  type: EntityType | undefined,
  id: number,
): boolean {
  if (type === 'RentalOwner') return store.rentals.get(propertyId)?.ownerIds.includes(id) ?? false;
  return type !== 'Association' && propertyId === id;
}

export const taskHandlers = {
  'GET /v1/tasks': (call) => {
    const { query, store } = call;
    return answerList(
      call,
      store.tasks.all(),
      {
        ...byUpdate,
        entitytype: (_task, type) => type !== 'Association',
        entityid: ({ body }, id) => concernsEntity(store, body.PropertyId, query.entitytype, id),
        statuses: ({ body }, statuses) => statuses.includes(body.Status),
        type: (task, type) => task.type === type,
        unitid: ({ body }, id) => body.UnitId === id,
        unitagreementid: ({ leaseId }, id) => leaseId === id,
        duedatefrom: ({ body }, from) => Boolean(body.DueDate && body.DueDate >= from),
        duedateto: ({ body }, to) => Boolean(body.DueDate && body.DueDate <= to),
        taskcategoryid: ({ categoryId }, id) => categoryId === id,
        priorities: ({ body }, priorities) => priorities.includes(body.Priority),
        assignedtoid: ({ body }, id) => body.AssignedToUserId === id,
        tasktitle: ({ body }, part) => contains(body.Title, part),
      },
      (task) => renderTask(store, task),
    );
  },

  'GET /v1/tasks/{taskId}': ({ params, store }) => {
    const task = store.tasks.get(params.taskId);
    return task ? ok(renderTask(store, task)) : notFound('taskId', params.taskId);
  },
} satisfies Partial<Handlers>;
