/** What is let and to whom: properties, units, leases and their terms. */
import { duplicate } from '../answers.ts';
import type { Records } from '../records.ts';
import {
  children,
  date,
  dates,
  decimals,
  flag,
  flags,
  id,
  integer,
  integers,
  many,
  one,
  picked,
  readOnly,
  required,
  stamps,
  text,
  texts,
  type ResourceSpec,
  type Row,
  type Scalar,
} from '../schema.ts';
import { requireOrder, requireUnitInProperty } from './rules.ts';

const isOpen = (lease: Row): boolean => !lease.MoveOutDate;

const isVacant = (unit: Row, records: Records): boolean =>
  !records.where('Leases', ['UnitID'], [unit.UnitID ?? null]).some(isOpen);

const countUnits = (property: Row, records: Records, counts: (unit: Row) => boolean): number =>
  records.where('Units', ['PropertyID'], [property.PropertyID ?? null]).filter(counts).length;

export const Properties: ResourceSpec = {
  key: 'PropertyID',
  reach: 'top',
  members: {
    PropertyID: integer(),
    Name: text(required),
    ShortName: text(required),
    ...texts(
      'BillingName1',
      'BillingName2',
      'ManagerName',
      'PropertyType',
      'Email',
      'TaxID',
      'StatementMethod',
      'Comment',
      'MetaTag',
    ),
    ...flags('IsActive', 'IsCommercial', 'IsLateChargeEnabled', 'IsOwnerPayPerUnit', 'IsEpayEnabled', 'IsLockboxEnabled'),
    ...flags('IsTrackRentersInsurance', 'IsOverrideNSFFee'),
    ...integers(
      'LogoFileID',
      'SquareFootage',
      'PrimaryOwnerID',
      'PostingDay',
      'OwnerCheckSetupID',
      'DefaultInspectorID',
      'ColorID',
    ),
    ...integers('EvictionWorkflowID'),
    ...decimals('NSFFeeAmount'),
    DefaultBankID: id('GLAccounts'),
    ServiceManagerAssignedUserID: id('Users'),
    IsShortTermRental: flag(readOnly),
    UnitCount: integer({ onEmbed: true, computed: (row, records) => countUnits(row, records, () => true) }),
    VacantUnitCount: integer({
      onEmbed: true,
      computed: (row, records) => countUnits(row, records, (unit) => isVacant(unit, records)),
    }),
    OccupiedUnitCount: integer({
      onEmbed: true,
      computed: (row, records) => countUnits(row, records, (unit) => !isVacant(unit, records)),
    }),
    ConcurrencyID: integer(),
    ...stamps,
  },
  unique: [['ShortName']],
  relations: {
    Units: many('Units', 'PropertyID', 'PropertyID'),
    PhoneNumbers: children('PhoneNumbers', 'PropertyID', 'Property'),
    Addresses: children('Addresses', 'PropertyID', 'Property'),
    PrimaryAddress: picked(children('Addresses', 'PropertyID', 'Property'), (rows) => rows.find((row) => row.IsPrimary)),
    BillingAddress: picked(children('Addresses', 'PropertyID', 'Property'), (rows) => rows.find((row) => row.IsBilling)),
    HistoryNotes: children('HistoryNotes', 'PropertyID', 'Property', ['ParentID', 'EntityType']),
    DefaultBank: one('GLAccounts', 'DefaultBankID'),
  },
  defaults: () => ({ IsActive: true, IsCommercial: false, IsShortTermRental: false }),
};

export const Units: ResourceSpec = {
  key: 'UnitID',
  reach: 'top',
  members: {
    UnitID: integer(),
    PropertyID: id('Properties', required),
    Name: text(required),
    UnitTypeID: id('UnitTypes', required),
    ...texts('Comment', 'Amps', 'SupportedRVSlideOut', 'STRMarketingDescription', 'OnlineListingsUsage', 'MetaTag'),
    ...integers('SquareFootage', 'FloorID', 'MaxOccupancy', 'Bedrooms', 'InspectionTemplateID', 'ColorID', 'SiteGroupID'),
    ...decimals('Bathrooms', 'Length', 'Width'),
    ...flags('IsPullThrough'),
    IsVacant: flag({ onEmbed: true, computed: isVacant }),
    ...stamps,
  },
  unique: [['PropertyID', 'Name']],
  relations: {
    Property: one('Properties', 'PropertyID'),
    UnitType: one('UnitTypes', 'UnitTypeID'),
    Addresses: children('Addresses', 'UnitID', 'Unit'),
    PrimaryAddress: picked(children('Addresses', 'UnitID', 'Unit'), (rows) => rows.find((row) => row.IsPrimary)),
    HistoryNotes: children('HistoryNotes', 'UnitID', 'Unit', ['ParentID', 'EntityType']),
    Leases: many('Leases', 'UnitID', 'UnitID'),
    CurrentOccupants: {
      resource: 'Tenants',
      many: true,
      rows: ({ UnitID = null }, records) =>
        records.findEach(
          'Tenants',
          records
            .where('Leases', ['UnitID'], [UnitID])
            .filter(isOpen)
            .map((lease) => lease.TenantID),
        ),
    },
    ServiceManagerIssues: {
      resource: 'ServiceManagerIssues',
      many: true,
      rows: ({ UnitID = null }, records) =>
        records.findEach(
          'ServiceManagerIssues',
          records.where('IssueLinks', ['LinkedID', 'Kind'], [UnitID, 'Unit']).map((link) => link.ServiceManagerIssueID),
        ),
      index: { resource: 'IssueLinks', members: ['LinkedID', 'Kind'] },
    },
  },
};

export const UnitTypes: ResourceSpec = {
  key: 'UnitTypeID',
  reach: 'top',
  members: {
    UnitTypeID: integer(),
    Name: text(required),
    ...texts('Comment', 'MetaTag'),
    ...integers('Bedrooms', 'InspectionTemplateID'),
    ...decimals('Bathrooms'),
    ...flags('IsOtherRentableItem'),
    ...stamps,
  },
  relations: { Units: many('Units', 'UnitTypeID', 'UnitTypeID') },
};

const renewals = many('LeaseRenewals', 'LeaseID', 'ParentLeaseID', { owned: true });

/** The renewal with the latest start. */
const active = picked(renewals, (rows) =>
  rows.reduce<Row | undefined>(
    (latest, row) => (String(row.StartDate) >= String(latest?.StartDate ?? '') ? row : latest),
    undefined,
  ),
);

const ofActiveRenewal = (member: 'StartDate' | 'EndDate') =>
  date({ onEmbed: true, computed: (row, records) => active.rows(row, records)[0]?.[member] ?? null });

const placeName = (lease: Row, records: Records): [Scalar, Scalar] => [
  records.find('Properties', lease.PropertyID)?.ShortName ?? '',
  records.find('Units', lease.UnitID)?.Name ?? '',
];

export const Leases: ResourceSpec = {
  key: 'LeaseID',
  reach: 'top',
  members: {
    LeaseID: integer(),
    TenantID: id('Tenants', required),
    UnitID: id('Units', required),
    PropertyID: id('Properties', required),
    MoveInDate: date(required),
    ...dates('MoveOutDate', 'ExpectedMoveOutDate', 'NoticeDate', 'ArrivalDate', 'DepartureDate'),
    ...flags('IsCommercial', 'IsMoveOutConfirmed', 'IsExcludeFromMasterPolicy'),
    ...integers('SortOrder'),
    StartDate: ofActiveRenewal('StartDate'),
    EndDate: ofActiveRenewal('EndDate'),
    PropertyUnit: text({ computed: (row, records) => placeName(row, records).join(' - ') }),
    UnitProperty: text({ computed: (row, records) => placeName(row, records).reverse().join(' - ') }),
    ...texts('MetaTag'),
    ...stamps,
  },
  relations: {
    LeaseRenewals: renewals,
    ActiveLeaseRenewal: active,
    Tenant: one('Tenants', 'TenantID'),
    Unit: one('Units', 'UnitID'),
    Property: one('Properties', 'PropertyID'),
  },
  defaults: () => ({ IsCommercial: false, IsMoveOutConfirmed: false }),
  check: (row, before, { records }) => {
    requireUnitInProperty(row, records);
    requireOrder(row, 'MoveInDate', 'MoveOutDate');
    if (before !== undefined) return;
    const theirs = records.where('Leases', ['TenantID'], [row.TenantID ?? null]);
    const open = theirs.find((lease) => lease.UnitID === row.UnitID && isOpen(lease));
    if (open) throw duplicate(`TenantID ${row.TenantID} already occupies UnitID ${row.UnitID} (LeaseID ${open.LeaseID}).`);
  },
};

export const LeaseRenewals: ResourceSpec = {
  key: 'LeaseRenewalID',
  reach: 'top',
  members: {
    LeaseRenewalID: integer(),
    ParentLeaseID: id('Leases', required),
    UnitID: id('Units'),
    LeaseTermID: id('LeaseTerms', required),
    StartDate: date(required),
    ...dates('EndDate', 'SignDate'),
    ...integers('LeaseLength'),
    ...decimals('DefaultCommercialExpensePercentage', 'DefaultCommercialExpenseAdminPercentage'),
    SignableDocumentStatus: text(readOnly),
    ...texts('MetaTag'),
    ...stamps,
  },
  relations: {
    ParentLease: one('Leases', 'ParentLeaseID'),
    Unit: one('Units', 'UnitID'),
    LeaseTerm: one('LeaseTerms', 'LeaseTermID'),
  },
  defaults: ({ ParentLeaseID }, { records }) => ({ UnitID: records.find('Leases', ParentLeaseID)?.UnitID ?? null }),
  check: (row) => requireOrder(row, 'StartDate', 'EndDate'),
};
