/** Staff, owners, accounts and categories of the demo account. All people are invented. */
import type { BankAccountMessage, GLAccountMessage, RentalOwnerMessage, UserMessage } from '#pms/buildium/wire';
import { demoIds } from './demo-ids.ts';
import type { ReferenceRecord, Store, Table } from './store.ts';

const { users, owners, glAccounts, bankAccounts, taskCategories, vendorCategories, rentals } = demoIds;

type Account = Pick<Required<GLAccountMessage>, 'Name' | 'AccountNumber' | 'Type' | 'SubType'>;

const accounts: readonly (readonly [number, Account])[] = [
  [glAccounts.rentIncome, { Name: 'Rent Income', AccountNumber: '4000', Type: 'Income', SubType: 'Income' }],
  [
    glAccounts.securityDeposit,
    { Name: 'Security Deposit Liability', AccountNumber: '2100', Type: 'Liability', SubType: 'CurrentLiability' },
  ],
  [glAccounts.lateFees, { Name: 'Late Fee Income', AccountNumber: '4100', Type: 'Income', SubType: 'Income' }],
  [glAccounts.repairs, { Name: 'Repairs', AccountNumber: '6100', Type: 'Expense', SubType: 'OperatingExpenses' }],
  [glAccounts.operatingBank, { Name: 'Operating Bank', AccountNumber: '1000', Type: 'Asset', SubType: 'CurrentAsset' }],
];

const glAccount = (Id: number, account: Account): Required<GLAccountMessage> => ({
  Id,
  ...account,
  Description: null,
  IsDefaultGLAccount: true,
  DefaultAccountName: account.Name,
  IsContraAccount: false,
  IsBankAccount: Id === glAccounts.operatingBank,
  CashFlowClassification: null,
  ExcludeFromCashBalances: false,
  SubAccounts: [],
  IsActive: true,
  ParentGLAccountId: null,
  IsCreditCardAccount: false,
});

const staff = (Id: number, FirstName: string, LastName: string, role: string, phone: string): Required<UserMessage> => ({
  Id,
  UserTypes: ['Staff'],
  IsActive: true,
  LastLogin: '2026-01-05T08:30:00Z',
  FirstName,
  LastName,
  CompanyName: null,
  Email: `${FirstName}.${LastName}@example.com`.toLowerCase(),
  AlternateEmail: null,
  PhoneNumbers: [{ Number: phone, Type: 'Office' }],
  UserRole: { Id: Id + 100, Name: role, Description: null, NumberOfUsers: 1 },
  IsCompany: false,
});

const owner = (
  Id: number,
  PropertyIds: number[],
  name: Pick<Required<RentalOwnerMessage>, 'FirstName' | 'LastName' | 'CompanyName' | 'IsCompany'>,
): Required<RentalOwnerMessage> => ({
  Id,
  ...name,
  IsActive: true,
  PhoneNumbers: [{ Number: '(503) 555-0190', Type: 'Home' }],
  Email: `owner${Id}@example.com`,
  AlternateEmail: null,
  Comment: null,
  Address: {
    AddressLine1: `${Id} Owner Lane`,
    AddressLine2: null,
    AddressLine3: null,
    City: 'Portland',
    State: 'OR',
    PostalCode: '97205',
    Country: 'UnitedStates',
  },
  ManagementAgreementStartDate: '2024-01-01',
  ManagementAgreementEndDate: null,
  PropertyIds,
  TaxInformation: null,
});

const bankAccount = (Id: number, Name: string): Required<BankAccountMessage> => ({
  Id,
  GLAccount: glAccount(glAccounts.operatingBank, { Name, AccountNumber: '1000', Type: 'Asset', SubType: 'CurrentAsset' }),
  CheckPrintingInfo: null,
  ElectronicPayments: null,
  Name,
  Description: null,
  BankAccountType: 'Checking',
  Country: 'UnitedStates',
  AccountNumber: '******0000',
  RoutingNumber: '000000000',
  IsActive: true,
  Balance: 12_500,
  AccountNumberUnmasked: null,
});

function put<Message extends { Id?: number }>(
  table: Table<ReferenceRecord<Message>>,
  at: Date,
  messages: readonly Required<Message>[],
): void {
  for (const message of messages) table.add({ ...table.born(at, message.Id), message });
}

const taskCategory = (Id: number, Name: string) => ({ Id, Name, IsSystemCategory: false, SubCategories: [] });
const vendorCategory = (Id: number, Name: string) => ({ Id, Name, IsSystemCategory: false });

export function addReferenceRecords(store: Store, at: Date): void {
  put(
    store.glAccounts,
    at,
    accounts.map(([id, account]) => glAccount(id, account)),
  );
  put(store.bankAccounts, at, [bankAccount(bankAccounts.operating, 'Operating'), bankAccount(bankAccounts.deposits, 'Deposits')]);
  put(store.users, at, [
    staff(users.manager, 'Petra', 'Lindqvist', 'Administrator', '(503) 555-0180'),
    staff(users.leasing, 'Omar', 'Castell', 'Leasing Agent', '(503) 555-0181'),
    staff(users.maintenance, 'Ingrid', 'Sato', 'Maintenance', '(503) 555-0182'),
  ]);
  put(store.owners, at, [
    owner(owners.hill, [rentals.maple], { FirstName: 'Walter', LastName: 'Hillman', CompanyName: null, IsCompany: false }),
    owner(owners.coast, [rentals.harbor], {
      FirstName: null,
      LastName: null,
      CompanyName: 'Coastline Holdings',
      IsCompany: true,
    }),
  ]);
  put(store.taskCategories, at, [
    taskCategory(taskCategories.plumbing, 'Plumbing'),
    taskCategory(taskCategories.electrical, 'Electrical'),
    taskCategory(taskCategories.grounds, 'Grounds'),
  ]);
  put(store.vendorCategories, at, [
    vendorCategory(vendorCategories.plumbing, 'Contractors - Plumbing'),
    vendorCategory(vendorCategories.electrical, 'Contractors - Electrical'),
    vendorCategory(vendorCategories.landscaping, 'Contractors - Landscaping'),
  ]);
}
