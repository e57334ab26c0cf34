/** The short lists that other resources point to. Their values are each customer's own; members beyond id and name are inferred. */
import { flags, integer, integers, required, stamps, text, texts, type ResourceSpec } from '../schema.ts';

const lookup = (key: string, members: ResourceSpec['members'] = {}, reach: ResourceSpec['reach'] = 'top'): ResourceSpec => ({
  key,
  reach,
  members: { [key]: integer(), Name: text(required), ...texts('MetaTag'), ...members },
});

export const AddressTypes = lookup('AddressTypeID', texts('ParentType'), 'nested');
export const PhoneNumberTypes = lookup('PhoneNumberTypeID', {}, 'nested');
export const ContactTypes = lookup('ContactTypeID');
export const LeadSources = lookup('LeadSourceID', flags('IsActive'));
export const LeaseTerms = lookup('LeaseTermID', integers('Months'));
export const ServiceManagerCategories = lookup('ServiceManagerCategoryID');
export const ServiceManagerStatuses = lookup('ServiceManagerStatusID', flags('IsClosed'));
export const ServiceManagerPriorities = lookup('ServiceManagerPriorityID', integers('SortOrder'));
export const HistoryCategories = lookup('HistoryCategoryID', flags('IsActive'));
export const GLAccounts = lookup('GLAccountID', { ...texts('Reference', 'GLAccountType'), ...flags('IsActive'), ...stamps });
export const Users = lookup('UserID', { ...texts('Username', 'Email'), ...flags('IsActive') }, 'fixed');
