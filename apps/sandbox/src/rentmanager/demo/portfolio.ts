/** The demo company's houses and people in its first location, by fixed ids. All of them are invented. */
import type { ResourceName, Row } from '../schema.ts';

export const PORTFOLIO: Readonly<Partial<Record<ResourceName, readonly Row[]>>> = {
  Properties: [
    {
      PropertyID: 1,
      Name: 'Juniper Court',
      ShortName: 'JUN',
      ManagerName: 'Jordan Fox',
      DefaultBankID: 1,
      IsActive: true,
      ConcurrencyID: 1,
    },
    {
      PropertyID: 2,
      Name: 'Harbor Row',
      ShortName: 'HAR',
      ManagerName: 'Robin Quill',
      DefaultBankID: 1,
      IsActive: true,
      ConcurrencyID: 1,
    },
  ],
  Units: [
    { UnitID: 11, PropertyID: 1, Name: '101', UnitTypeID: 1, SquareFootage: 610, Bedrooms: 1, Bathrooms: 1 },
    { UnitID: 12, PropertyID: 1, Name: '102', UnitTypeID: 1, SquareFootage: 615, Bedrooms: 1, Bathrooms: 1 },
    { UnitID: 13, PropertyID: 1, Name: '201', UnitTypeID: 2, SquareFootage: 880, Bedrooms: 2, Bathrooms: 1.5 },
    { UnitID: 14, PropertyID: 1, Name: '202', UnitTypeID: 2, SquareFootage: 890, Bedrooms: 2, Bathrooms: 1.5 },
    { UnitID: 21, PropertyID: 2, Name: 'A', UnitTypeID: 3, SquareFootage: 1450, Bedrooms: 3, Bathrooms: 2 },
    { UnitID: 22, PropertyID: 2, Name: 'B', UnitTypeID: 3, SquareFootage: 1480, Bedrooms: 3, Bathrooms: 2 },
  ],
  Tenants: [
    { TenantID: 101, PropertyID: 1, FirstName: 'Marlowe', LastName: 'Finch', IsCompany: false, RentDueDay: 1 },
    { TenantID: 102, PropertyID: 1, FirstName: 'Odessa', LastName: 'Brandt', IsCompany: false, RentDueDay: 1 },
    {
      TenantID: 103,
      PropertyID: 2,
      FirstName: 'Teodor',
      LastName: 'Vale',
      IsCompany: false,
      RentDueDay: 5,
      Comment: 'Prefers mail.',
    },
    { TenantID: 104, PropertyID: 1, FirstName: 'Priya', LastName: 'Lindqvist', IsCompany: false, RentDueDay: 1 },
  ],
  Prospects: [
    {
      ProspectID: 111,
      PropertyID: 1,
      FirstName: 'Casimir',
      LastName: 'Ode',
      LeadSourceID: 1,
      IsCompany: false,
      InterestLevel: 2,
    },
    { ProspectID: 112, PropertyID: 1, FirstName: 'Wren', LastName: 'Halloran', LeadSourceID: 2, IsCompany: false, RentMax: 1600 },
    {
      ProspectID: 113,
      PropertyID: 2,
      FirstName: 'Anselm',
      LastName: 'Kerr',
      LeadSourceID: 3,
      IsCompany: false,
      ApplicationDate: '2026-03-02T00:00:00',
      ReservedUnitID: 22,
    },
  ],
  Vendors: [
    {
      VendorID: 121,
      Name: 'Brightwater Plumbing',
      Payee: 'Brightwater Plumbing LLC',
      Category: 'Plumbing',
      Is1099: true,
      IsActive: true,
    },
    {
      VendorID: 122,
      Name: 'Copperline Electric',
      Payee: 'Copperline Electric',
      Category: 'Electrical',
      Is1099: false,
      IsActive: true,
    },
  ],
  Contacts: [
    person(201, 'Tenant', 101, 'Marlowe', 'Finch'),
    person(202, 'Tenant', 102, 'Odessa', 'Brandt'),
    person(203, 'Tenant', 103, 'Teodor', 'Vale'),
    person(204, 'Tenant', 104, 'Priya', 'Lindqvist'),
    person(211, 'Prospect', 111, 'Casimir', 'Ode'),
    person(212, 'Prospect', 112, 'Wren', 'Halloran'),
    person(213, 'Prospect', 113, 'Anselm', 'Kerr'),
    person(221, 'Vendor', 121, 'Dell', 'Brightwater'),
    person(222, 'Vendor', 122, 'Nadia', 'Copper'),
  ],
  PhoneNumbers: [
    phone(301, 'Contact', 201, 3, '(555) 555-0101'),
    phone(302, 'Contact', 202, 3, '(555) 555-0102'),
    phone(303, 'Contact', 203, 1, '(555) 555-0103'),
    phone(304, 'Contact', 204, 3, '(555) 555-0104'),
    phone(311, 'Contact', 211, 3, '(555) 555-0111'),
    phone(313, 'Contact', 213, 3, '(555) 555-0113'),
    phone(321, 'Vendor', 121, 2, '(555) 555-0121'),
    phone(331, 'Property', 1, 2, '(555) 555-0131'),
  ],
  Addresses: [
    address(401, 'Property', 1, 41, '12 Juniper Court\nSpringfield, IL 62701'),
    address(402, 'Property', 2, 41, '80 Harbor Row\nSpringfield, IL 62702'),
    address(411, 'Tenant', 101, 1, '12 Juniper Court\nApt 101\nSpringfield, IL 62701'),
    address(412, 'Tenant', 102, 1, '12 Juniper Court\nApt 102\nSpringfield, IL 62701'),
    address(413, 'Tenant', 103, 1, '80 Harbor Row\nHouse A\nSpringfield, IL 62702'),
    address(414, 'Tenant', 104, 1, '12 Juniper Court\nApt 201\nSpringfield, IL 62701'),
    address(421, 'Vendor', 121, 31, '5 Foundry Lane\nSpringfield, IL 62703'),
  ],
  Leases: [
    lease(501, 101, 1, 11, '2025-06-01'),
    lease(502, 102, 1, 12, '2025-09-01'),
    lease(503, 103, 2, 21, '2024-11-01'),
    lease(504, 104, 1, 13, '2026-01-01'),
  ],
  LeaseRenewals: [
    renewal(601, 501, 11, '2025-06-01', '2026-05-31'),
    renewal(602, 502, 12, '2025-09-01', '2026-08-31'),
    renewal(603, 503, 21, '2024-11-01', '2025-10-31'),
    renewal(604, 503, 21, '2025-11-01', '2026-10-31'),
    renewal(605, 504, 13, '2026-01-01', '2026-12-31'),
  ],
  ServiceManagerIssues: [
    issue(701, 'Kitchen tap drips', 1, 1, 2, '2026-02-10', 121),
    issue(702, 'Hall light flickers', 2, 2, 1, '2026-02-18', 122),
    {
      ...issue(703, 'Door lock sticks', 3, 3, 2, '2026-01-20', null),
      IsClosed: true,
      CloseDate: '2026-01-22T15:00:00.000+00:00',
    },
  ],
  IssueLinks: [
    { IssueLinkID: 1, ServiceManagerIssueID: 701, Kind: 'Unit', LinkedID: 11 },
    { IssueLinkID: 2, ServiceManagerIssueID: 701, Kind: 'Tenant', LinkedID: 101 },
    { IssueLinkID: 3, ServiceManagerIssueID: 702, Kind: 'Property', LinkedID: 2 },
    { IssueLinkID: 4, ServiceManagerIssueID: 703, Kind: 'Unit', LinkedID: 13 },
  ],
  HistoryNotes: [
    {
      HistoryID: 801,
      HistoryCategoryID: 1,
      HistoryDate: '2026-01-05T00:00:00',
      Note: 'Asked about parking.',
      ParentID: 101,
      EntityType: 'Tenant',
    },
  ],
  Charges: [charge(901, 101, 1, 11, 1, 1250, '2026-03-01'), charge(902, 103, 2, 21, 1, 2100, '2026-03-05')],
  Payments: [
    {
      ID: 911,
      AccountID: 101,
      AccountType: 'Customer',
      Amount: 1250,
      AmountAllocated: 1250,
      TransactionDate: '2026-03-01T00:00:00',
    },
  ],
  Allocations: [{ AllocationID: 921, PaymentID: 911, ChargeID: 901, Amount: 1250, PropertyID: 1, UnitID: 11 }],
};

function person(ContactID: number, ParentType: string, ParentID: number, FirstName: string, LastName: string): Row {
  const Email = `${FirstName}.${LastName}@example.com`.toLowerCase();
  return { ContactID, ParentType, ParentID, ContactTypeID: 1, FirstName, LastName, Email, IsActive: true, IsPrimary: true };
}

function phone(PhoneNumberID: number, ParentType: string, ParentID: number, PhoneNumberTypeID: number, PhoneNumber: string): Row {
  return { PhoneNumberID, ParentType, ParentID, PhoneNumberTypeID, PhoneNumber, IsPrimary: true };
}

function address(AddressID: number, ParentType: string, ParentID: number, AddressTypeID: number, Address: string): Row {
  return { AddressID, ParentType, ParentID, AddressTypeID, Address, IsPrimary: true };
}

function lease(LeaseID: number, TenantID: number, PropertyID: number, UnitID: number, moveIn: string): Row {
  const MoveInDate = `${moveIn}T00:00:00`;
  return { LeaseID, TenantID, PropertyID, UnitID, MoveInDate, IsCommercial: false, IsMoveOutConfirmed: false };
}

function renewal(LeaseRenewalID: number, ParentLeaseID: number, UnitID: number, from: string, to: string): Row {
  const [StartDate, EndDate] = [`${from}T00:00:00`, `${to}T00:00:00`];
  return { LeaseRenewalID, ParentLeaseID, UnitID, LeaseTermID: 3, LeaseLength: 12, StartDate, EndDate, SignDate: StartDate };
}

function issue(
  ServiceManagerIssueID: number,
  Title: string,
  CategoryID: number,
  StatusID: number,
  PriorityID: number,
  opened: string,
  VendorID: number | null,
): Row {
  const AssignedOpenDate = `${opened}T09:00:00`;
  return {
    ServiceManagerIssueID,
    Title,
    CategoryID,
    StatusID,
    PriorityID,
    VendorID,
    AssignedToUserID: 2,
    AssignedOpenDate,
    IsClosed: false,
    IsRead: true,
  };
}

function charge(
  ID: number,
  AccountID: number,
  PropertyID: number,
  UnitID: number,
  ChargeTypeID: number,
  Amount: number,
  day: string,
): Row {
  const AmountAllocated = ID === 901 ? Amount : 0;
  return { ID, AccountID, PropertyID, UnitID, ChargeTypeID, Amount, AmountAllocated, TransactionDate: `${day}T00:00:00` };
}
