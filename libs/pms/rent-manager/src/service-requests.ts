import {
  dateAsDateTime,
  defineCapability,
  fallsBackTo,
  fieldsOf,
  flag,
  instant,
  recordId,
  referenceTo,
  sideEffect,
  text,
  theTimeOfTheRequest,
  unsupportedFields,
  type Call,
  type ReadBefore,
  type Step,
} from '#capabilities';
import { ServiceRequest } from '#models/service-request';
import { changedSince, filterable, get, madeSince, post, VISIBLE_AFTER_MS, withVersion } from './shared/calls.ts';
import type { Issue, IssueStatus, Property, User } from './wire.ts';

/** What a link names. Actions take it from their address; the body repeats it and is not needed. [third party] */
type Documents = {
  issue: Issue;
  propertyLink: { propertyID?: number };
  unitLink: { unitID?: number };
  tenantLink: { tenantID?: number };
};
const { read, refer, write } = fieldsOf<IssueView, Documents>(['issue', 'propertyLink', 'unitLink', 'tenantLink']);

/** An issue that was closed by hand has a day that Rent Manager set; one that is open again may keep the old one. */
type IssueView = Issue & { readonly ClosedOn?: string | null };
const issueView = (issue: Issue): IssueView =>
  issue.IsClosed ? { ...issue, ClosedOn: issue.AssignedCloseDate ?? issue.CloseDate } : issue;

const issue: Call = get(
  '/ServiceManagerIssues/{issueId}',
  { issueId: recordId },
  { embeds: 'LinkedProperties,LinkedUnits,LinkedTenants,Status' },
);
const statuses = get('/ServiceManagerStatuses');

/** An action that links the issue to its place or its resident. Linking twice changes nothing. [inferred] */
const link = (name: string, sends: keyof Documents, action: string, parameter: string, field: string): Step => ({
  name,
  call: post(`/ServiceManagerIssues/{issueId}/${action}`, { issueId: recordId }, { [parameter]: referenceTo(field) }),
  sends,
  when: 'filled',
});

/** Rent Manager calls service requests issues. Where it is and who asks are links, each made by a call of its own. */
export const serviceRequests = defineCapability(ServiceRequest, {
  source:
    'Rent Manager 12 Web API, help pages of ServiceManagerIssues. Which members a create needs is not published; clients that work send these: [third party].',
  documents: { issue: {}, propertyLink: {}, unitLink: {}, tenantLink: {} },
  view: issueView,
  fields: {
    property_id: refer('propertyID', {
      only: ['propertyLink'],
      from: 'LinkedProperties.0.PropertyID',
      required: ['create'],
      on: ['create'],
    }),
    unit_id: refer('unitID', { only: ['unitLink'], from: 'LinkedUnits.0.UnitID', on: ['create'] }),
    resident_id: refer('tenantID', { only: ['tenantLink'], from: 'LinkedTenants.0.TenantID', on: ['create'] }),
    unit_number: read('LinkedUnits.0.Name', text()),
    service_description: write('Title', text(), { only: ['issue'], required: ['create'], nullable: false }),
    service_details: write('Description', text(), { only: ['issue'], required: ['create'] }),
    service_request_category_id: refer('CategoryID', { only: ['issue'], nullable: false }),
    service_request_priority_id: refer('PriorityID', { only: ['issue'], nullable: false }),
    service_request_status_id: refer('StatusID', { only: ['issue'], nullable: false }),
    status_raw: read('Status.Name', text(), 'Statuses are a list of the account: use service_request_status_id.'),
    employee_id: refer('AssignedToUserID', { only: ['issue'], nullable: false }),
    vendor_id: refer('VendorID', { only: ['issue'] }),
    access_is_authorized: write('IsAllowedToEnter', flag, { only: ['issue'] }),
    has_pets: write('HasPets', flag, { only: ['issue'] }),
    date_created: write('AssignedOpenDate', instant, {
      only: ['issue'],
      nullable: false,
      defaultAt: theTimeOfTheRequest,
    }),
    date_entered: read('CreateDate', instant),
    date_scheduled: write('ScheduledDate', instant, { only: ['issue'] }),
    date_due: write('DueDate', dateAsDateTime, { only: ['issue'] }),
    date_completed: write('AssignedCloseDate', instant, {
      only: ['issue'],
      from: 'ClosedOn',
      note: 'It closes the issue; null opens it again.',
    }),
    completion_notes: write('Resolution', text(), { only: ['issue'] }),
    ...unsupportedFields(['service_category'], 'Categories are a list of the account: use service_request_category_id.'),
    ...unsupportedFields(['service_priority'], 'Priorities are a list of the account: use service_request_priority_id.'),
    ...unsupportedFields(['service_status'], 'Statuses are a list of the account: use service_request_status_id.'),
    ...unsupportedFields(['lease_id'], 'An issue is linked to a unit and a tenant: use unit_id and resident_id.'),
    ...unsupportedFields(['reported_by', 'phone_1', 'phone_2', 'email_1'], 'An issue is linked to a tenant: use resident_id.'),
    ...unsupportedFields(
      ['access_is_authorized_value', 'access_notes', 'has_alarm', 'vendor_notes', 'invoice_number', 'is_floating'],
      'A Rent Manager issue has no such field.',
    ),
    ...unsupportedFields(
      ['service_request_location_id', 'service_request_problem_id'],
      'Rent Manager has no such list: say it in service_details.',
    ),
    ...unsupportedFields(
      ['scheduled_start_date', 'scheduled_end_date'],
      'A Rent Manager issue has one planned time: use date_scheduled.',
    ),
    ...unsupportedFields(['due_date'], 'It is date_due that Rent Manager keeps.'),
    ...unsupportedFields(['notes', 'history'], 'Notes about an issue are dated history records of their own.'),
    ...unsupportedFields(
      ['building', 'order_number', 'x_sub_task_id', 'employees', 'vendors', 'x_location_id'],
      'Latchkey does not read it from Rent Manager.',
    ),
  },
  rules: [
    fallsBackTo(
      ['service_request_category_id', 'service_request_priority_id', 'service_request_status_id'],
      'Without them the issue gets the first category and the first priority of the account, and the first status that is open (or closed, with date_completed).',
      { on: ['create'] },
    ),
    fallsBackTo(
      ['employee_id'],
      'Without employee_id the issue goes to the user whom the property names for its issues, or else to the first user who is active.',
      { on: ['create'] },
    ),
    sideEffect(
      ['date_completed', 'service_request_status_id'],
      'A date_completed without service_request_status_id also gives the issue the first status that closes it.',
      { on: ['update'] },
    ),
  ],
  create: {
    current: issue,
    lookups: {
      statuses,
      categories: get('/ServiceManagerCategories'),
      priorities: get('/ServiceManagerPriorities'),
      users: get('/Users'),
      property: get('/Properties/{propertyId}', { propertyId: referenceTo('property_id') }),
    },
    steps: [
      {
        name: 'issue',
        call: post('/ServiceManagerIssues'),
        sends: 'issue',
        asArray: true,
        id: '0.ServiceManagerIssueID',
        compose: newIssue,
      },
      link('property', 'propertyLink', 'LinkProperty', 'propertyID', 'property_id'),
      link('unit', 'unitLink', 'LinkUnit', 'unitID', 'unit_id'),
      link('resident', 'tenantLink', 'LinkTenant', 'tenantID', 'resident_id'),
    ],
    doubt: {
      policy: 'search',
      call: get('/ServiceManagerIssues', {}, { filters: madeSince({ Title: filterable('service_description') }) }),
      same: ['service_description', 'service_details'],
      createdAt: 'CreateDate',
      visibleAfterMs: VISIBLE_AFTER_MS,
    },
  },
  update: {
    current: issue,
    lookups: { statuses },
    steps: [
      {
        name: 'issue',
        call: post('/ServiceManagerIssues/{issueId}', { issueId: recordId }),
        sends: 'issue',
        compose: (body: Issue, present) => withVersion(closedOrOpen(body, present), present),
      },
    ],
    doubt: { policy: 'read_back' },
  },
  reads: {
    list: get('/ServiceManagerIssues', {}, issue.query),
    one: issue,
    id: 'ServiceManagerIssueID',
    changedSince: changedSince(),
  },
});

function newIssue(body: Issue, { lookups }: ReadBefore): Issue {
  const [category] = (lookups.categories ?? []) as { ServiceManagerCategoryID?: number }[];
  const [priority] = (lookups.priorities ?? []) as { ServiceManagerPriorityID?: number }[];
  const { ServiceManagerAssignedUserID } = (lookups.property ?? {}) as Property;
  const anyUser = ((lookups.users ?? []) as User[]).find(({ IsActive }) => IsActive !== false);
  const presumed: Issue = {
    CategoryID: category?.ServiceManagerCategoryID,
    PriorityID: priority?.ServiceManagerPriorityID,
    AssignedToUserID: ServiceManagerAssignedUserID ?? anyUser?.UserID,
  };
  return closedOrOpen({ ...presumed, AssignedCloseDate: null, ...body }, { current: undefined, lookups });
}

/**
 * Rent Manager closes an issue with a mark, a date and a status of that kind. The date decides when it is sent, null included; a status that the caller
 * names stays.
 */
function closedOrOpen(body: Issue, { lookups }: ReadBefore): Issue {
  if (body.AssignedCloseDate === undefined) return body;
  const IsClosed = body.AssignedCloseDate !== null;
  const fitting = ((lookups.statuses ?? []) as IssueStatus[]).find((status) => (status.IsClosed ?? false) === IsClosed);
  return { IsClosed, ...(fitting ? { StatusID: fitting.ServiceManagerStatusID } : {}), ...body };
}
