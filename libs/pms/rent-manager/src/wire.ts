/**
 * What Rent Manager's Web API sends and takes, as far as declarations use it. The vendor publishes no schema: names and types follow the help pages
 * of its portal (build of April 2026) as public material repeats them. What stands on weaker ground says so.
 *
 * Every member is optional: the API leaves out what has no value, and updates change only what they name.
 */

/** Written by the server on every save. */
interface Stamps {
  CreateDate?: string;
  UpdateDate?: string | null;
}

/** `Tenants`, key TenantID. */
export interface Tenant extends Stamps {
  TenantID?: number;
  PropertyID?: number;
  Name?: string;
  FirstName?: string | null;
  LastName?: string | null;
  /** eLeasePeriod; its members are not published. [inferred from the words of the user interface] */
  RentPeriod?: 'Monthly' | 'Weekly' | 'Daily' | null;
  RentDueDay?: number | null;
  DoNotAcceptChecks?: boolean | null;
  /** Decimal; needs the embed of the same name. */
  Balance?: number;
  Contacts?: Contact[];
  Addresses?: Address[];
  Leases?: Lease[];
}

/** `Contacts`, key ContactID; belongs to a tenant, prospect, vendor or owner. */
export interface Contact extends Stamps {
  ContactID?: number;
  ContactTypeID?: number;
  FirstName?: string | null;
  LastName?: string | null;
  MiddleName?: string | null;
  DateOfBirth?: string | null;
  Email?: string | null;
  AnnualIncome?: number | null;
  License?: string | null;
  IsPrimary?: boolean;
  PhoneNumbers?: PhoneNumber[];
}

/** Reached through its owner only, key PhoneNumberID. */
export interface PhoneNumber {
  PhoneNumberID?: number;
  PhoneNumberTypeID?: number;
  PhoneNumber?: string;
  IsPrimary?: boolean;
  PhoneNumberType?: Named;
}

/** Reached through its owner only, key AddressID. Street to PostalCode are read-only views of the text in Address. */
export interface Address {
  AddressID?: number;
  AddressTypeID?: number;
  Address?: string;
  Street?: string;
  City?: string;
  State?: string;
  PostalCode?: string;
  IsPrimary?: boolean;
}

/** `Prospects`, key ProspectID: leads and applicants. */
export interface Prospect extends Stamps {
  ProspectID?: number;
  PropertyID?: number;
  FirstName?: string | null;
  LastName?: string | null;
  Comment?: string | null;
  LeasingAgentID?: number | null;
  LeadSourceID?: number | null;
  ApplicationDate?: string | null;
  MoveInDate?: string | null;
  ExpectedLeaseStart?: string | null;
  ExpectedLeaseEnd?: string | null;
  ExpectedLeaseTermID?: number | null;
  ReservedUnitID?: number | null;
  PeopleCount?: number | null;
  RentMin?: number | null;
  RentMax?: number | null;
  ProspectStatus?: string;
  Contacts?: Contact[];
  Addresses?: Address[];
}

/** `Vendors`, key VendorID. */
export interface Vendor extends Stamps {
  VendorID?: number;
  Name?: string;
  AccountNumber?: string | null;
  Category?: string;
  IsActive?: boolean | null;
  InsuranceExpiration?: string | null;
  WorkersCompExpiration?: string | null;
  TaxID?: string;
  Comment?: string | null;
  Contacts?: Contact[];
  PhoneNumbers?: PhoneNumber[];
  Addresses?: Address[];
}

/** `Properties`, key PropertyID. */
export interface Property extends Stamps {
  PropertyID?: number;
  Name?: string;
  ShortName?: string;
  ManagerName?: string | null;
  Email?: string | null;
  PropertyType?: string;
  IsActive?: boolean | null;
  IsCommercial?: boolean | null;
  SquareFootage?: number | null;
  Comment?: string | null;
  ServiceManagerAssignedUserID?: number;
  ConcurrencyID?: number;
  /** Needs the embed of the same name. */
  UnitCount?: number;
  PhoneNumbers?: PhoneNumber[];
  Addresses?: Address[];
}

/** `Units`, key UnitID. */
export interface Unit extends Stamps {
  UnitID?: number;
  PropertyID?: number;
  Name?: string;
  UnitTypeID?: number;
  SquareFootage?: number | null;
  Bedrooms?: number | null;
  Bathrooms?: number | null;
  Comment?: string | null;
  /** Needs the embed of the same name. */
  IsVacant?: boolean;
  Addresses?: Address[];
}

/** `UnitTypes`, key UnitTypeID. */
export interface UnitType {
  UnitTypeID?: number;
  Name?: string;
  Bedrooms?: number;
  Bathrooms?: number;
}

/** `Leases`, key LeaseID: one tenant in one unit. The contract's dates stand on its renewals. */
export interface Lease extends Stamps {
  LeaseID?: number;
  TenantID?: number;
  UnitID?: number;
  PropertyID?: number;
  MoveInDate?: string;
  MoveOutDate?: string | null;
  ExpectedMoveOutDate?: string | null;
  ActiveLeaseRenewal?: LeaseRenewal;
  Unit?: { Name?: string };
}

/** `LeaseRenewals`, key LeaseRenewalID: a term of a lease, the first one included. */
export interface LeaseRenewal extends Stamps {
  LeaseRenewalID?: number;
  ParentLeaseID?: number;
  LeaseTermID?: number;
  StartDate?: string;
  EndDate?: string | null;
  SignDate?: string | null;
}

/** `LeaseTerms`, key LeaseTermID. [inferred: only its name and id are seen in public, the number of months is not] */
export interface LeaseTerm {
  LeaseTermID?: number;
  Name?: string;
  Months?: number;
}

/** `ServiceManagerIssues`, key ServiceManagerIssueID. Where it is and who asks are links, made by actions. */
export interface Issue extends Stamps {
  ServiceManagerIssueID?: number;
  Title?: string;
  Description?: string | null;
  Resolution?: string | null;
  CategoryID?: number;
  StatusID?: number;
  PriorityID?: number;
  AssignedToUserID?: number;
  VendorID?: number | null;
  AssignedOpenDate?: string;
  AssignedCloseDate?: string | null;
  CloseDate?: string;
  DueDate?: string | null;
  ScheduledDate?: string | null;
  IsClosed?: boolean;
  IsAllowedToEnter?: boolean | null;
  HasPets?: boolean | null;
  Status?: Named;
  LinkedProperties?: { PropertyID?: number }[];
  LinkedUnits?: { UnitID?: number; Name?: string }[];
  LinkedTenants?: { TenantID?: number }[];
}

/** `ServiceManagerStatuses`, key ServiceManagerStatusID. [inferred: whether a status closes an issue is told by a member of this name] */
export interface IssueStatus {
  ServiceManagerStatusID?: number;
  Name?: string;
  IsClosed?: boolean;
}

/** `Charges`, key ID. AccountID is the tenant. */
export interface Charge extends Stamps {
  ID?: number;
  AccountID?: number;
  PropertyID?: number;
  UnitID?: number;
  ChargeTypeID?: number;
  Amount?: number;
  AmountAllocated?: number;
  IsFullyAllocated?: boolean;
  TransactionDate?: string;
  Reference?: string | null;
  Comment?: string | null;
  ChargeType?: Named;
}

/** `Payments`, key ID. AccountID is the tenant. */
export interface Payment extends Stamps {
  ID?: number;
  AccountID?: number;
  AccountType?: string;
  Amount?: number;
  AmountAllocated?: number;
  IsFullyAllocated?: boolean;
  TransactionDate?: string;
  PrepayPropertyID?: number | null;
  PrepayUnitID?: number | null;
  /** The help pages count it among the calculated members. [third party: it is sent all the same] */
  Reference?: string | null;
  Comment?: string | null;
  Preallocations?: { ChargeTypeID?: number; Amount?: number }[];
}

/** `HistoryNotes`, key HistoryID. ParentID and EntityType name what the note is about. */
export interface HistoryNote extends Stamps {
  HistoryID?: number;
  ParentID?: number;
  EntityType?: string;
  HistoryCategoryID?: number;
  HistoryDate?: string;
  Note?: string;
}

/** `Users`, key UserID. [inferred: seen as an embed of issues; members besides the name are not published] */
export interface User {
  UserID?: number;
  Name?: string;
  Email?: string;
  IsActive?: boolean;
}

/** `GLAccounts`, key GLAccountID. [inferred members: Reference holds the number] */
export interface GlAccount {
  GLAccountID?: number;
  Name?: string;
  Reference?: string;
  IsActive?: boolean;
}

/** A list that the account itself keeps. Its key is named after the list. */
export interface Named {
  Name?: string;
  Description?: string;
  IsActive?: boolean;
}

export interface ContactType extends Named {
  ContactTypeID?: number;
}
export interface PhoneNumberType extends Named {
  PhoneNumberTypeID?: number;
}
export interface AddressType extends Named {
  AddressTypeID?: number;
}
