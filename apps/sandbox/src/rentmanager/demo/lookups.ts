/** The demo company's own lists, the same in each location. */
import type { ResourceName, Row } from '../schema.ts';

export const LOOKUPS: Readonly<Partial<Record<ResourceName, readonly Row[]>>> = {
  Users: [
    { UserID: 1, Username: 'latchkey', Name: 'Latchkey Integration', Email: 'api@example.com', IsActive: true },
    { UserID: 2, Username: 'jfox', Name: 'Jordan Fox', Email: 'jordan.fox@example.com', IsActive: true },
    { UserID: 3, Username: 'rquill', Name: 'Robin Quill', Email: 'robin.quill@example.com', IsActive: true },
  ],
  ContactTypes: [
    { ContactTypeID: 1, Name: 'Resident' },
    { ContactTypeID: 2, Name: 'Occupant' },
    { ContactTypeID: 3, Name: 'Emergency' },
    { ContactTypeID: 4, Name: 'Guarantor' },
  ],
  PhoneNumberTypes: [
    { PhoneNumberTypeID: 1, Name: 'Home' },
    { PhoneNumberTypeID: 2, Name: 'Work' },
    { PhoneNumberTypeID: 3, Name: 'Mobile' },
    { PhoneNumberTypeID: 4, Name: 'Fax' },
  ],
  AddressTypes: [
    { AddressTypeID: 1, Name: 'Primary', ParentType: 'Tenant' },
    { AddressTypeID: 2, Name: 'Billing', ParentType: 'Tenant' },
    { AddressTypeID: 3, Name: 'Forwarding', ParentType: 'Tenant' },
    { AddressTypeID: 11, Name: 'Present', ParentType: 'Prospect' },
    { AddressTypeID: 12, Name: 'Previous', ParentType: 'Prospect' },
    { AddressTypeID: 21, Name: 'Home', ParentType: 'Contact' },
    { AddressTypeID: 31, Name: 'Mailing', ParentType: 'Vendor' },
    { AddressTypeID: 32, Name: 'Remittance', ParentType: 'Vendor' },
    { AddressTypeID: 41, Name: 'Street', ParentType: 'Property' },
    { AddressTypeID: 42, Name: 'Billing', ParentType: 'Property' },
    { AddressTypeID: 51, Name: 'Street', ParentType: 'Unit' },
  ],
  LeadSources: [
    { LeadSourceID: 1, Name: 'Web site', IsActive: true },
    { LeadSourceID: 2, Name: 'Walk-in', IsActive: true },
    { LeadSourceID: 3, Name: 'Referral', IsActive: true },
  ],
  LeaseTerms: [
    { LeaseTermID: 1, Name: 'Month to month', Months: 1 },
    { LeaseTermID: 2, Name: 'Six months', Months: 6 },
    { LeaseTermID: 3, Name: 'One year', Months: 12 },
  ],
  GLAccounts: [
    { GLAccountID: 1, Reference: '1000', Name: 'Operating cash', GLAccountType: 'Bank', IsActive: true },
    { GLAccountID: 2, Reference: '2100', Name: 'Deposits held', GLAccountType: 'Liability', IsActive: true },
    { GLAccountID: 3, Reference: '4000', Name: 'Rent income', GLAccountType: 'Income', IsActive: true },
    { GLAccountID: 4, Reference: '4100', Name: 'Fee income', GLAccountType: 'Income', IsActive: true },
  ],
  ChargeTypes: [
    { ChargeTypeID: 1, Name: 'RENT', Description: 'Rent', GLAccountID: 3, IsProrated: true, IsActive: true, ConcurrencyID: 1 },
    {
      ChargeTypeID: 2,
      Name: 'LATE',
      Description: 'Late fee',
      GLAccountID: 4,
      DefaultAmount: 50,
      IsActive: true,
      ConcurrencyID: 1,
    },
    { ChargeTypeID: 3, Name: 'DEP', Description: 'Deposit', GLAccountID: 2, IsActive: true, ConcurrencyID: 1 },
  ],
  UnitTypes: [
    { UnitTypeID: 1, Name: '1 bed', Bedrooms: 1, Bathrooms: 1 },
    { UnitTypeID: 2, Name: '2 bed', Bedrooms: 2, Bathrooms: 1.5 },
    { UnitTypeID: 3, Name: 'House', Bedrooms: 3, Bathrooms: 2 },
  ],
  ServiceManagerCategories: [
    { ServiceManagerCategoryID: 1, Name: 'Plumbing' },
    { ServiceManagerCategoryID: 2, Name: 'Electrical' },
    { ServiceManagerCategoryID: 3, Name: 'General' },
  ],
  ServiceManagerStatuses: [
    { ServiceManagerStatusID: 1, Name: 'Open', IsClosed: false },
    { ServiceManagerStatusID: 2, Name: 'In progress', IsClosed: false },
    { ServiceManagerStatusID: 3, Name: 'Closed', IsClosed: true },
  ],
  ServiceManagerPriorities: [
    { ServiceManagerPriorityID: 1, Name: 'Low', SortOrder: 3 },
    { ServiceManagerPriorityID: 2, Name: 'Normal', SortOrder: 2 },
    { ServiceManagerPriorityID: 3, Name: 'Emergency', SortOrder: 1 },
  ],
  HistoryCategories: [
    { HistoryCategoryID: 1, Name: 'General', IsActive: true },
    { HistoryCategoryID: 2, Name: 'Maintenance', IsActive: true },
    { HistoryCategoryID: 3, Name: 'Leasing', IsActive: true },
  ],
};
