/** People and how to reach them: tenants, prospects, vendors; their contacts, phone numbers and addresses. */
import { partsOf } from '../address-text.ts';
import { invalid } from '../answers.ts';
import type { Records } from '../records.ts';
import {
  children,
  dates,
  decimal,
  decimals,
  flags,
  id,
  integer,
  integers,
  many,
  one,
  oneOf,
  parentOfKind,
  picked,
  readOnly,
  required,
  stamps,
  text,
  texts,
  type Member,
  type NestedCreate,
  type ResourceSpec,
  type Row,
  type SaveContext,
} from '../schema.ts';

/** The contact type that a tenant's or prospect's own contact gets. */
const OWN_CONTACT_TYPE_ID = 1;

/** Tenants and prospects are accounts and share one number sequence. */
const ACCOUNT_SEQUENCE = 'accounts';

const named = (row: Row): string => [row.FirstName, row.LastName].filter(Boolean).join(' ');
const lastNameFirst = (row: Row): string => [row.LastName, row.FirstName].filter(Boolean).join(', ');

const primaryOf = (kind: string, key: string) =>
  picked(children('Contacts', key, kind), (rows) => rows.find((row) => row.IsPrimary));

const ownContact: NestedCreate = {
  relation: 'Contacts',
  model: ({ FirstName, LastName }, sent) => ({
    FirstName,
    LastName,
    ContactTypeID: OWN_CONTACT_TYPE_ID,
    ...sent,
    IsPrimary: true,
  }),
};

/** A tenant or prospect never stands without a contact: the vendor makes one from the names. */
function ensureContact(ParentType: 'Tenant' | 'Prospect', key: string) {
  return (row: Row, before: Row | undefined, { records, create }: SaveContext): void => {
    const ParentID = row[key] ?? null;
    if (before !== undefined || records.where('Contacts', ['ParentID', 'ParentType'], [ParentID, ParentType]).length > 0) return;
    const { FirstName = null, LastName = row.Name ?? null } = row;
    create('Contacts', { ParentID, ParentType, FirstName, LastName, ContactTypeID: OWN_CONTACT_TYPE_ID, IsPrimary: true });
  };
}

function requireName(row: Row): void {
  if (!row.LastName && !row.Name) throw invalid('LastName is required; a company needs Name and IsCompany instead.');
}

/** Current and Past follow the leases as long as nobody wrote a status. */
function statusFromLeases(row: Row, records: Records): string {
  const leases = records.where('Leases', ['TenantID'], [row.TenantID ?? null]);
  if (leases.length === 0) return 'Future';
  return leases.every((lease) => lease.MoveOutDate) ? 'Past' : 'Current';
}

function balance(key: string): Member {
  const sum = (rows: readonly Row[]): number => rows.reduce((total, { Amount }) => total + Number(Amount), 0);
  return decimal({
    onEmbed: true,
    computed: (row, records) => {
      const account = [row[key] ?? null];
      const cents =
        sum(records.where('Charges', ['AccountID'], account)) - sum(records.where('Payments', ['AccountID'], account));
      return Math.round(cents * 100) / 100;
    },
  });
}

export const Tenants: ResourceSpec = {
  key: 'TenantID',
  reach: 'top',
  sequence: ACCOUNT_SEQUENCE,
  members: {
    TenantID: integer(),
    TenantDisplayID: integer({ computed: (row) => row.TenantID ?? null }),
    PropertyID: id('Properties', required),
    Name: text({ otherwise: named }),
    ...texts('FirstName', 'LastName', 'WebMessage', 'CheckPayeeName', 'Comment', 'StatementMethod', 'RentPeriod', 'MetaTag'),
    LastNameFirstName: text({ computed: lastNameFirst }),
    Status: oneOf(['Current', 'Past', 'Future'], { otherwise: statusFromLeases }),
    ...flags('IsCompany', 'DoNotChargeLateFees', 'DoNotAcceptChecks', 'DoNotAcceptPayments', 'DoNotAllowTWAPayments'),
    ...flags('DoNotSendARAutomationNotifications', 'IsShowCommentBanner', 'IsDoNotAcceptPartialPayments'),
    ...integers('ColorID', 'RentDueDay', 'TotalCalls', 'FailedCalls', 'TotalVisits', 'TotalEmails'),
    ...integers('DefaultTaxTypeID', 'TransferGroupID', 'SourceCustomerID'),
    LeasingAgentID: id('Users'),
    ...dates('FirstContact', 'LastContact', 'TransferDate'),
    Balance: balance('TenantID'),
    OpenBalance: balance('TenantID'),
    ...stamps,
  },
  relations: {
    Contacts: children('Contacts', 'TenantID', 'Tenant'),
    PrimaryContact: primaryOf('Tenant', 'TenantID'),
    Addresses: children('Addresses', 'TenantID', 'Tenant'),
    HistoryNotes: children('HistoryNotes', 'TenantID', 'Tenant', ['ParentID', 'EntityType']),
    Leases: many('Leases', 'TenantID', 'TenantID'),
    Charges: many('Charges', 'TenantID', 'AccountID'),
    Payments: many('Payments', 'TenantID', 'AccountID'),
    Property: one('Properties', 'PropertyID'),
    LeasingAgent: one('Users', 'LeasingAgentID'),
    CreateUser: one('Users', 'CreateUserID'),
    UpdateUser: one('Users', 'UpdateUserID'),
  },
  nestedCreates: { PrimaryContact: ownContact },
  defaults: () => ({ IsCompany: false }),
  check: requireName,
  saved: ensureContact('Tenant', 'TenantID'),
};

export const Prospects: ResourceSpec = {
  key: 'ProspectID',
  reach: 'top',
  sequence: ACCOUNT_SEQUENCE,
  members: {
    ProspectID: integer(),
    ProspectDisplayID: integer({ computed: (row) => row.ProspectID ?? null }),
    PropertyID: id('Properties', required),
    Name: text({ otherwise: named }),
    FirstName: text(required),
    LastName: text(required),
    ...texts('WebMessage', 'Comment', 'OverrideReason', 'ProspectLostReasonDescription', 'ExpectedLeasePeriod', 'MetaTag'),
    ...flags('IsCompany', 'OverrideScreeningDecision', 'IsPullThrough', 'IsShowCommentBanner', 'IsReserveAssociatedHome'),
    ...integers('TenantColorID', 'ProspectColorID', 'CurrentProspectStageID', 'ProspectLostReasonID', 'InterestLevel'),
    ...integers('PeopleCount', 'RentMin', 'RentMax', 'ExpectedRentDueDay'),
    ...decimals('Length', 'Width'),
    LeasingAgentID: id('Users'),
    LeadSourceID: id('LeadSources'),
    ReservedUnitID: id('Units'),
    ExpectedLeaseTermID: id('LeaseTerms'),
    ...dates('ApplicationDate', 'MoveInDate', 'MoveOutDate', 'ReservedMoveIn', 'ReservedMoveOut'),
    ...dates('ExpectedLeaseStart', 'ExpectedLeaseEnd', 'LastStatusChangedDate'),
    Balance: balance('ProspectID'),
    ...stamps,
  },
  relations: {
    Contacts: children('Contacts', 'ProspectID', 'Prospect'),
    PrimaryContact: primaryOf('Prospect', 'ProspectID'),
    Addresses: children('Addresses', 'ProspectID', 'Prospect'),
    HistoryNotes: children('HistoryNotes', 'ProspectID', 'Prospect', ['ParentID', 'EntityType']),
    Property: one('Properties', 'PropertyID'),
    LeadSource: one('LeadSources', 'LeadSourceID'),
    LeasingAgent: one('Users', 'LeasingAgentID'),
    ReservedUnit: one('Units', 'ReservedUnitID'),
  },
  nestedCreates: { PrimaryContact: ownContact },
  defaults: () => ({ IsCompany: false }),
  saved: ensureContact('Prospect', 'ProspectID'),
};

export const Vendors: ResourceSpec = {
  key: 'VendorID',
  reach: 'top',
  members: {
    VendorID: integer(),
    Name: text(required),
    ...texts('Payee', 'AccountNumber', 'Category', 'PaymentMethod', 'EcheckEmail', 'Comment', 'MetaTag'),
    TaxID: text(readOnly),
    ...dates('InsuranceExpiration', 'WorkersCompExpiration'),
    ...flags('Is1099', 'IsActive', 'IsPrivate', 'IsAutoFillCheckBillInformation'),
    ...integers('Vendor1099CategoryID', 'Vendor1099BeginningBalanceYear', 'ColorID', 'DefaultTermID'),
    DefaultAccountID: id('GLAccounts'),
    LinkedUserID: id('Users'),
    ...stamps,
  },
  relations: {
    Contacts: children('Contacts', 'VendorID', 'Vendor'),
    PhoneNumbers: children('PhoneNumbers', 'VendorID', 'Vendor'),
    Addresses: children('Addresses', 'VendorID', 'Vendor'),
    PrimaryAddress: picked(children('Addresses', 'VendorID', 'Vendor'), (rows) => rows.find((row) => row.IsPrimary)),
    HistoryNotes: children('HistoryNotes', 'VendorID', 'Vendor', ['ParentID', 'EntityType']),
    DefaultAccount: one('GLAccounts', 'DefaultAccountID'),
  },
  nestedCreates: { Contact: { ...ownContact, model: (_parent, sent) => ({ ContactTypeID: OWN_CONTACT_TYPE_ID, ...sent }) } },
  defaults: () => ({ IsActive: true, IsPrivate: false }),
};

const siblings = (resource: 'Contacts' | 'PhoneNumbers' | 'Addresses', row: Row, records: Records): readonly Row[] =>
  records.where(resource, ['ParentID', 'ParentType'], [row.ParentID ?? null, row.ParentType ?? null]);

/** The first of its kind is primary unless told otherwise. */
const primaryWhenFirst =
  (resource: 'Contacts' | 'PhoneNumbers' | 'Addresses') =>
  (sent: Row, { records }: SaveContext): Row => ({ IsPrimary: siblings(resource, sent, records).length === 0 });

/** A new primary row takes the mark from the old one. */
const onlyOnePrimary =
  (resource: 'Contacts' | 'PhoneNumbers' | 'Addresses', key: string) =>
  (row: Row, _before: Row | undefined, { records, replace }: SaveContext): void => {
    if (row.IsPrimary !== true) return;
    for (const other of siblings(resource, row, records)) {
      if (other[key] !== row[key] && other.IsPrimary === true) replace(resource, { ...other, IsPrimary: false });
    }
  };

export const Contacts: ResourceSpec = {
  key: 'ContactID',
  reach: 'top',
  members: {
    ContactID: integer(),
    ParentID: integer(required),
    ParentType: text(required),
    ContactTypeID: id('ContactTypes', required),
    ...texts(
      'FirstName',
      'LastName',
      'MiddleName',
      'Comment',
      'Email',
      'License',
      'Vehicle',
      'Employer',
      'ApplicantType',
      'MetaTag',
    ),
    FederalTaxID: text(readOnly),
    ...flags('IsActive', 'IsPrimary', 'IsShowOnBill'),
    ...dates('DateOfBirth'),
    ...integers('ImageID'),
    ...decimals('AnnualIncome'),
    ...stamps,
  },
  parent: { id: 'ParentID', kind: 'ParentType', kinds: { Tenant: 'Tenants', Prospect: 'Prospects', Vendor: 'Vendors' } },
  relations: {
    PhoneNumbers: children('PhoneNumbers', 'ContactID', 'Contact'),
    Addresses: children('Addresses', 'ContactID', 'Contact'),
    ContactType: one('ContactTypes', 'ContactTypeID'),
    Tenant: parentOfKind('Tenants', 'Tenant'),
    Prospect: parentOfKind('Prospects', 'Prospect'),
    Vendor: parentOfKind('Vendors', 'Vendor'),
  },
  defaults: (sent, context) => ({ IsActive: true, ...primaryWhenFirst('Contacts')(sent, context) }),
  check: (row) => {
    if (!row.FirstName && !row.LastName) throw invalid('A contact needs FirstName or LastName.');
  },
  saved: onlyOnePrimary('Contacts', 'ContactID'),
};

export const PhoneNumbers: ResourceSpec = {
  key: 'PhoneNumberID',
  reach: 'nested',
  members: {
    PhoneNumberID: integer(),
    ParentID: integer(required),
    ParentType: text(required),
    PhoneNumberTypeID: id('PhoneNumberTypes', required),
    PhoneNumber: text(required),
    ...texts('Extension', 'MetaTag'),
    StrippedPhoneNumber: text({ computed: (row) => String(row.PhoneNumber).replace(/\D/g, '') }),
    ...flags('IsPrimary', 'IsTextReady'),
  },
  parent: { id: 'ParentID', kind: 'ParentType', kinds: { Contact: 'Contacts', Vendor: 'Vendors', Property: 'Properties' } },
  relations: {
    PhoneNumberType: one('PhoneNumberTypes', 'PhoneNumberTypeID'),
    Contact: parentOfKind('Contacts', 'Contact'),
    Vendor: parentOfKind('Vendors', 'Vendor'),
    Property: parentOfKind('Properties', 'Property'),
  },
  defaults: primaryWhenFirst('PhoneNumbers'),
  saved: onlyOnePrimary('PhoneNumbers', 'PhoneNumberID'),
};

const addressPart = (part: 'Street' | 'City' | 'State' | 'PostalCode'): Member =>
  text({ computed: (row) => partsOf(String(row.Address))[part] });

/** One slot per address type that the parent's kind has; a second row for a taken slot is a duplicate. */
export const Addresses: ResourceSpec = {
  key: 'AddressID',
  reach: 'nested',
  members: {
    AddressID: integer(),
    ParentID: integer(required),
    ParentType: text(required),
    AddressTypeID: id('AddressTypes', required),
    Address: text(required),
    Street: addressPart('Street'),
    City: addressPart('City'),
    State: addressPart('State'),
    PostalCode: addressPart('PostalCode'),
    ...flags('IsPrimary', 'IsBilling'),
    ...integers('CountryID'),
    ...texts('MetaTag'),
  },
  parent: {
    id: 'ParentID',
    kind: 'ParentType',
    kinds: {
      Tenant: 'Tenants',
      Prospect: 'Prospects',
      Vendor: 'Vendors',
      Contact: 'Contacts',
      Property: 'Properties',
      Unit: 'Units',
    },
  },
  unique: [['ParentType', 'ParentID', 'AddressTypeID']],
  relations: { AddressType: one('AddressTypes', 'AddressTypeID') },
  defaults: primaryWhenFirst('Addresses'),
  check: ({ AddressTypeID, ParentType }, _before, { records }) => {
    if (records.find('AddressTypes', AddressTypeID)?.ParentType === ParentType) return;
    throw invalid(`AddressTypeID ${AddressTypeID} is no address slot of a ${ParentType}.`);
  },
  saved: onlyOnePrimary('Addresses', 'AddressID'),
};
