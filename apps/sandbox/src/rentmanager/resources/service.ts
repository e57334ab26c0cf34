/** Maintenance issues with their links, and dated notes about anything. */
import { stampOf } from '../instants.ts';
import {
  children,
  date,
  dates,
  flags,
  id,
  integer,
  integers,
  many,
  one,
  parentOfKind,
  readOnly,
  required,
  stamps,
  text,
  texts,
  type PolymorphicParent,
  type Relation,
  type ResourceSpec,
} from '../schema.ts';
import { LINKABLE } from '../issue-links.ts';

const LINK_PARENT: PolymorphicParent = {
  id: 'LinkedID',
  kind: 'Kind',
  kinds: Object.fromEntries(Object.entries(LINKABLE).map(([kind, { resource }]) => [kind, resource])),
};

function linked(kind: keyof typeof LINKABLE): Relation {
  const { resource } = LINKABLE[kind];
  const members = ['ServiceManagerIssueID', 'Kind'];
  return {
    resource,
    many: true,
    rows: ({ ServiceManagerIssueID = null }, records) =>
      records.findEach(
        resource,
        records.where('IssueLinks', members, [ServiceManagerIssueID, kind]).map((link) => link.LinkedID),
      ),
    index: { resource: 'IssueLinks', members },
  };
}

/** An issue has no place and no resident of its own: both are links, made by actions after the create. */
export const ServiceManagerIssues: ResourceSpec = {
  key: 'ServiceManagerIssueID',
  reach: 'top',
  members: {
    ServiceManagerIssueID: integer(),
    Title: text(required),
    CategoryID: id('ServiceManagerCategories', required),
    StatusID: id('ServiceManagerStatuses', required),
    PriorityID: id('ServiceManagerPriorities', required),
    AssignedToUserID: id('Users', required),
    AssignedOpenDate: date(required),
    ...texts('Description', 'Resolution', 'CustomerDescription', 'NoteText', 'MetaTag'),
    ...flags('IsClosed', 'IsRead', 'IsCustomerInitiated', 'IsConfirmed', 'HasPets', 'IsAllowedToEnter', 'IsSignatureOnFile'),
    ...integers('JobID', 'ProjectID', 'ProjectSequence', 'CurrentProjectSequence'),
    ...dates('AssignedCloseDate', 'DueDate', 'ScheduledDate'),
    VendorID: id('Vendors'),
    CloseUserID: id('Users'),
    CloseDate: date(readOnly),
    ...stamps,
  },
  relations: {
    LinkedUnits: linked('Unit'),
    Units: linked('Unit'),
    LinkedProperties: linked('Property'),
    Properties: linked('Property'),
    LinkedTenants: linked('Tenant'),
    Tenants: linked('Tenant'),
    LinkedProspects: linked('Prospect'),
    Prospects: linked('Prospect'),
    ServiceManagerIssueLinks: many('IssueLinks', 'ServiceManagerIssueID', 'ServiceManagerIssueID', { owned: true }),
    Category: one('ServiceManagerCategories', 'CategoryID'),
    Status: one('ServiceManagerStatuses', 'StatusID'),
    Priority: one('ServiceManagerPriorities', 'PriorityID'),
    AssignedToUser: one('Users', 'AssignedToUserID'),
    Vendor: one('Vendors', 'VendorID'),
    HistoryNotes: children('HistoryNotes', 'ServiceManagerIssueID', 'ServiceManagerIssue', ['ParentID', 'EntityType']),
  },
  nestedCreates: {
    LinkedUnits: { relation: 'ServiceManagerIssueLinks', model: (_issue, { UnitID }) => ({ Kind: 'Unit', LinkedID: UnitID }) },
  },
  defaults: () => ({ IsClosed: false, IsRead: false, IsCustomerInitiated: false }),
  saved: (row, before, { now, replace }) => {
    if ((before?.IsClosed ?? false) === row.IsClosed) return;
    replace('ServiceManagerIssues', { ...row, CloseDate: row.IsClosed === true ? stampOf(now) : null });
  },
};

export const IssueLinks: ResourceSpec = {
  key: 'IssueLinkID',
  reach: 'nested',
  members: {
    IssueLinkID: integer(),
    ServiceManagerIssueID: id('ServiceManagerIssues', required),
    Kind: text(required),
    LinkedID: integer(required),
  },
  parent: LINK_PARENT,
  unique: [['ServiceManagerIssueID', 'Kind', 'LinkedID']],
};

export const HistoryNotes: ResourceSpec = {
  key: 'HistoryID',
  reach: 'top',
  members: {
    HistoryID: integer(),
    HistoryType: text({ computed: () => 'Note' }),
    HistoryCategoryID: id('HistoryCategories', required),
    HistoryDate: date(required),
    Note: text(required),
    ParentID: integer(required),
    EntityType: text(required),
    ...flags('IsShowInPOComments', 'IsLocked', 'IsPinned'),
    ...integers('FileID'),
    ...texts('MetaTag'),
    ...stamps,
  },
  parent: {
    id: 'ParentID',
    kind: 'EntityType',
    kinds: {
      Tenant: 'Tenants',
      Prospect: 'Prospects',
      Property: 'Properties',
      Unit: 'Units',
      Vendor: 'Vendors',
      ServiceManagerIssue: 'ServiceManagerIssues',
    },
  },
  relations: {
    HistoryCategory: one('HistoryCategories', 'HistoryCategoryID'),
    Tenant: parentOfKind('Tenants', 'Tenant', ['ParentID', 'EntityType']),
    Prospect: parentOfKind('Prospects', 'Prospect', ['ParentID', 'EntityType']),
    ServiceManagerIssue: parentOfKind('ServiceManagerIssues', 'ServiceManagerIssue', ['ParentID', 'EntityType']),
  },
  defaults: () => ({ IsLocked: false, IsPinned: false }),
};
