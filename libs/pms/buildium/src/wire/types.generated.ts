/**
 * The same schemas as TypeScript, and the calls by method and path.
 *
 * Generated from Buildium's OpenAPI document, version v1, pruned to the operations that Latchkey calls. Do not edit.
 * Again, with the document at hand: node libs/pms/buildium/wire/generate.mjs <path-to-openapi.json>
 */

import type { schemas } from './schemas.generated.ts';

export type Country = (typeof schemas)['Country']['enum'][number];

export interface AddressMessage {
  AddressLine1?: string | null;
  AddressLine2?: string | null;
  AddressLine3?: string | null;
  City?: string | null;
  State?: string | null;
  PostalCode?: string | null;
  Country?: Country;
}

export interface AllTasksMessage {
  Id?: number;
  TaskType?: 'ContactRequest' | 'ResidentRequest' | 'Todo' | 'RentalOwnerRequest';
  Category?: TaskCategoryResponseMessage | null;
  Title?: string | null;
  Description?: string | null;
  Property?: PropertyMessage | null;
  UnitId?: number | null;
  UnitAgreement?: UnitAgreementMessage | null;
  RequestedByUserEntity?: RequestedByUserEntityMessage | null;
  AssignedToUserId?: number;
  TaskStatus?: 'New' | 'InProgress' | 'Completed' | 'Deferred' | 'Closed';
  Priority?: 'Low' | 'Normal' | 'High';
  DueDate?: string | null;
  CreatedDateTime?: string;
  LastUpdatedDateTime?: string | null;
}

export interface ApiError {
  Key?: string | null;
  Value?: string | null;
}

export interface ApiErrorResponse {
  UserMessage?: string | null;
  ErrorCode?: string | null;
  Errors?: Array<ApiError> | null;
}

export interface ApplicantApplicationMessage {
  Id?: number;
  ApplicationNumber?: string | null;
  ApplicationStatus?:
    | 'Unknown'
    | 'Undecided'
    | 'Approved'
    | 'Rejected'
    | 'AddedToLease'
    | 'Cancelled'
    | 'Deferred'
    | 'New'
    | 'Draft'
    | 'AddedToDraftLease';
  ApplicationSubmittedDateTime?: string;
}

export interface ApplicantDetailsMessage {
  Id?: number;
  ApplicantGroupId?: number | null;
  PropertyId?: number | null;
  UnitId?: number | null;
  TenantId?: number | null;
  FirstName?: string | null;
  LastName?: string | null;
  Email?: string | null;
  PhoneNumbers?: Array<PhoneNumberMessage> | null;
  Status?:
    | 'Unknown'
    | 'Undecided'
    | 'Approved'
    | 'Rejected'
    | 'AddedToLease'
    | 'Cancelled'
    | 'Deferred'
    | 'New'
    | 'Draft'
    | 'AddedToDraftLease';
  Applications?: Array<ApplicantApplicationMessage> | null;
  UnsubmittedApplications?: Array<UnsubmittedApplicationMessage> | null;
  LastUpdatedDateTime?: string | null;
}

export interface ApplicantPostMessage {
  UnitId?: number | null;
  FirstName: string;
  LastName: string;
  Email?: string | null;
  PhoneNumbers?: PhoneNumbersMessage | null;
  SendRentalApplicationEmail: boolean;
}

export interface ApplicantPutMessage {
  UnitId?: number | null;
  FirstName: string;
  LastName: string;
  Email?: string | null;
  PhoneNumbers?: PhoneNumbersMessage | null;
}

export interface BankAccountMessage {
  Id?: number;
  GLAccount?: GLAccountMessage | null;
  CheckPrintingInfo?: CheckPrintingInfoMessage | null;
  ElectronicPayments?: ElectronicPaymentsMessage | null;
  Name?: string | null;
  Description?: string | null;
  BankAccountType?: string | null;
  Country?: Country | null;
  AccountNumber?: string | null;
  RoutingNumber?: string | null;
  IsActive?: boolean;
  Balance?: number;
  AccountNumberUnmasked?: string | null;
}

export interface CheckPrintingInfoMessage {
  EnableRemoteCheckPrinting?: boolean;
  EnableLocalCheckPrinting?: boolean;
  CheckLayoutType?:
    | 'Voucher1StubBottomMemo1Signature'
    | 'Voucher2StubBottomMemo1Signature'
    | 'Voucher2StubBottomMemo2Signatures'
    | 'Voucher2StubTopMemo'
    | 'Voucher2StubsPrePrintedLayout';
  SignatureHeading?: string | null;
  FractionalNumber?: string | null;
  BankInformationLine1?: string | null;
  BankInformationLine2?: string | null;
  BankInformationLine3?: string | null;
  BankInformationLine4?: string | null;
  BankInformationLine5?: string | null;
  CompanyInformationLine1?: string | null;
  CompanyInformationLine2?: string | null;
  CompanyInformationLine3?: string | null;
  CompanyInformationLine4?: string | null;
  CompanyInformationLine5?: string | null;
}

export interface CosignerMessage {
  Id?: number;
  FirstName?: string | null;
  LastName?: string | null;
  Email?: string | null;
  AlternateEmail?: string | null;
  PhoneNumbers?: Array<PhoneNumberMessage> | null;
  CreatedDateTime?: string | null;
  Address?: AddressMessage | null;
  AlternateAddress?: AddressMessage | null;
  MailingPreference?: 'PrimaryAddress' | 'AlternateAddress';
}

export interface ElectronicPaymentsMessage {
  DebitTransactionLimit?: number;
  CreditTransactionLimit?: number;
  DebitMonthlyLimit?: number;
  CreditMonthlyLimit?: number;
  ResidentEFTConvienceFeeAmount?: number | null;
  ResidentCreditCardConvenienceFeeAmount?: number | null;
  CreditCardServiceFeePercentage?: number | null;
  IsCreditCardServiceFeePaidByResident?: boolean | null;
}

export interface EmergencyContactMessage {
  Name?: string | null;
  RelationshipDescription?: string | null;
  Phone?: string | null;
  Email?: string | null;
}

export interface GLAccountMessage {
  Id?: number;
  AccountNumber?: string | null;
  Name?: string | null;
  Description?: string | null;
  Type?: 'Asset' | 'Liability' | 'Equity' | 'Income' | 'Expense';
  SubType?:
    | 'CurrentAsset'
    | 'FixedAsset'
    | 'CurrentLiability'
    | 'LongTermLiability'
    | 'Equity'
    | 'Income'
    | 'NonOperatingIncome'
    | 'OperatingExpenses'
    | 'NonOperatingExpenses';
  IsDefaultGLAccount?: boolean;
  DefaultAccountName?: string | null;
  IsContraAccount?: boolean;
  IsBankAccount?: boolean;
  CashFlowClassification?: 'OperatingActivities' | 'InvestingActivities' | 'FinancingActivities' | null;
  ExcludeFromCashBalances?: boolean;
  SubAccounts?: Array<GLAccountMessage> | null;
  IsActive?: boolean;
  ParentGLAccountId?: number | null;
  IsCreditCardAccount?: boolean;
}

export interface JournalLineMessage {
  GLAccount?: GLAccountMessage | null;
  Amount?: number;
  IsCashPosting?: boolean;
  ReferenceNumber?: string | null;
  Memo?: string | null;
  PropertyId?: number;
  UnitId?: number | null;
}

export interface JournalMessage {
  Memo?: string | null;
  Lines?: Array<JournalLineMessage> | null;
}

export interface LastUpdatedByUserMessage {
  Id?: number;
  FirstName?: string | null;
  LastName?: string | null;
  Href?: string | null;
  UpdatedDateTime?: string | null;
}

export interface LeaseAccountDetailMessage {
  SecurityDeposit?: number | null;
  Rent?: number | null;
}

export interface LeaseChargeLineMessage {
  Amount?: number;
  GLAccountId?: number;
}

export interface LeaseChargeLineSaveMessage {
  Amount: number;
  GLAccountId: number;
  ReferenceNumber?: string | null;
}

export interface LeaseChargeMessage {
  Id?: number;
  Date?: string;
  TotalAmount?: number;
  Memo?: string | null;
  BillId?: number | null;
  Lines?: Array<LeaseChargeLineMessage> | null;
}

export interface LeaseChargePostMessage {
  Date?: string;
  Memo?: string | null;
  BillId?: number | null;
  Lines?: Array<LeaseChargeLineSaveMessage> | null;
}

export interface LeaseChargePutMessage {
  Date: string;
  Memo?: string | null;
  Lines: Array<LeaseChargeLineSaveMessage>;
}

export interface LeaseCosignerPostMessage {
  FirstName: string;
  LastName: string;
  Email?: string | null;
  AlternateEmail?: string | null;
  PhoneNumbers?: PhoneNumbersMessage | null;
  Address?: SaveAddressMessage | null;
  AlternateAddress?: SaveAddressMessage | null;
  MailingPreference?: 'PrimaryAddress' | 'AlternateAddress' | null;
}

export interface LeaseLedgerPaymentLineSaveMessage {
  Amount: number;
  GLAccountId: number;
}

export interface LeaseLedgerPaymentPostMessage {
  Date: string;
  PaymentMethod: 'Check' | 'Cash' | 'MoneyOrder' | 'CashierCheck' | 'DirectDeposit' | 'CreditCard' | 'ElectronicPayment';
  PayeeUserId?: number | null;
  Memo?: string | null;
  ReferenceNumber?: string | null;
  SendEmailReceipt: boolean;
  Lines: Array<LeaseLedgerPaymentLineSaveMessage>;
}

export interface LeaseLedgerPaymentPutMessage {
  Date: string;
  PaymentMethod:
    | 'Check'
    | 'Cash'
    | 'MoneyOrder'
    | 'CashierCheck'
    | 'DirectDeposit'
    | 'CreditCard'
    | 'ElectronicPayment'
    | 'BuildiumEFT'
    | 'BuildiumCC'
    | 'RetailCash';
  PayeeUserId?: number | null;
  Memo?: string | null;
  ReferenceNumber?: string | null;
  Lines: Array<LeaseLedgerPaymentLineSaveMessage>;
}

export interface LeaseMessage {
  Id?: number;
  PropertyId?: number;
  UnitId?: number;
  UnitNumber?: string | null;
  LeaseFromDate?: string | null;
  LeaseToDate?: string | null;
  LeaseType?: 'None' | 'Fixed' | 'FixedWithRollover' | 'AtWill';
  LeaseStatus?: 'Active' | 'Past' | 'Future';
  IsEvictionPending?: boolean;
  TermType?: 'MonthToMonth' | 'Standard' | 'Owner';
  RenewalOfferStatus?:
    | 'NotSet'
    | 'NotStarted'
    | 'Generated'
    | 'Declined'
    | 'Renewed'
    | 'Draft'
    | 'Unsigned'
    | 'PartiallySigned'
    | 'Countersign'
    | 'Activated'
    | 'Sent'
    | 'Accepted'
    | null;
  CurrentTenants?: Array<TenantMessage> | null;
  CurrentNumberOfOccupants?: number;
  AccountDetails?: LeaseAccountDetailMessage | null;
  Cosigners?: Array<CosignerMessage> | null;
  AutomaticallyMoveOutTenants?: boolean;
  CreatedDateTime?: string;
  LastUpdatedDateTime?: string | null;
  MoveOutData?: Array<LeaseMoveOutDataMessage> | null;
  PaymentDueDay?: number;
  Tenants?: Array<LeaseTenantMessage> | null;
}

export interface LeaseMoveOutDataMessage {
  TenantId?: number;
  MoveOutDate?: string;
  NoticeGivenDate?: string | null;
}

export interface LeasePostMessage {
  LeaseType: 'Fixed' | 'FixedWithRollover' | 'AtWill';
  UnitId: number;
  LeaseFromDate: string;
  LeaseToDate?: string | null;
  SendWelcomeEmail: boolean;
  Tenants?: Array<RentalTenantPutMessage> | null;
  TenantIds?: Array<number> | null;
  ApplicantIds?: Array<number> | null;
  Cosigners?: Array<LeaseCosignerPostMessage> | null;
  Rent?: LeaseRentPostMessage | null;
  SecurityDeposit?: LeaseSecurityDepositPostMessage | null;
  ProratedFirstMonthRent?: number | null;
  ProratedLastMonthRent?: number | null;
}

export interface LeasePutMessage {
  LeaseType: 'Fixed' | 'FixedWithRollover' | 'AtWill';
  UnitId: number;
  LeaseFromDate: string;
  LeaseToDate?: string | null;
  IsEvictionPending: boolean;
  AutomaticallyMoveOutTenants?: boolean | null;
}

export interface LeaseRentChargePostMessage {
  Amount: number;
  GlAccountId: number;
  NextDueDate: string;
  Memo?: string | null;
}

export interface LeaseRentPostMessage {
  Cycle: 'Monthly' | 'Weekly' | 'Every2Weeks' | 'Quarterly' | 'Yearly' | 'Every2Months' | 'Daily' | 'Every6Months' | 'OneTime';
  Charges: Array<LeaseRentChargePostMessage>;
}

export interface LeaseSecurityDepositPostMessage {
  DueDate: string;
  Amount: number;
}

export interface LeaseTenantMessage {
  Id?: number;
  Status?: 'MovedOut' | 'Current' | 'Future';
  MoveInDate?: string | null;
}

export interface LeaseTransactionMessage {
  Id?: number;
  Date?: string;
  TransactionType?: string | null;
  TransactionTypeEnum?:
    | 'Bill'
    | 'Check'
    | 'Charge'
    | 'Payment'
    | 'Credit'
    | 'Refund'
    | 'ApplyDeposit'
    | 'ElectronicFundsTransfer'
    | 'Other'
    | 'Deposit'
    | 'GeneralJournalEntry'
    | 'OwnerContribution'
    | 'ReversePayment'
    | 'ReverseElectronicFundsTransfer'
    | 'VendorCredit'
    | 'RentalApplicationFeePayment'
    | 'ReverseRentalApplicationFeePayment'
    | 'ReverseOwnerContribution'
    | 'VendorRefund'
    | 'UnreversedPayment'
    | 'UnreversedElectronicFundsTransfer'
    | 'UnreversedOwnerContribution'
    | 'UnreversedRentalApplicationFeePayment'
    | 'ReversedEftRefund'
    | 'CreditCardPurchase'
    | 'CreditCardPayment';
  TotalAmount?: number;
  CheckNumber?: string | null;
  LeaseId?: number | null;
  PayeeTenantId?: number | null;
  PaymentMethod?: string | null;
  Journal?: JournalMessage | null;
}

export interface LookupMessage {
  Id?: number;
  Name?: string | null;
}

export interface NoteMessage {
  Id?: number;
  Note?: string | null;
  LastUpdatedByUser?: LastUpdatedByUserMessage | null;
}

export interface NotePostMessage {
  Note: string;
}

export interface NotePutMessage {
  Note: string;
}

export interface PhoneNumberMessage {
  Number?: string | null;
  Type?: 'NotSet' | 'Home' | 'Office' | 'Cell' | 'Personal' | 'Fax' | 'Other';
}

export interface PhoneNumbersMessage {
  Home?: string | null;
  Work?: string | null;
  Mobile?: string | null;
  Fax?: string | null;
}

export interface PropertyManagerMessage {
  Id?: number;
  FirstName?: string | null;
  LastName?: string | null;
  CompanyName?: string | null;
  IsCompany?: boolean;
  ProfilePhotoUrl?: string | null;
  Email?: string | null;
  PhoneNumbers?: Array<PhoneNumberMessage> | null;
}

export interface PropertyMessage {
  Id?: number;
  Type?: 'Association' | 'Rental';
  Href?: string | null;
}

export interface RentalMessage {
  Id?: number;
  Name?: string | null;
  StructureDescription?: string | null;
  NumberUnits?: number;
  IsActive?: boolean;
  OperatingBankAccountId?: number;
  Reserve?: number;
  Address?: AddressMessage | null;
  YearBuilt?: number | null;
  RentalType?: 'None' | 'Residential' | 'Commercial';
  RentalSubType?:
    | 'CondoTownhome'
    | 'MultiFamily'
    | 'SingleFamily'
    | 'Industrial'
    | 'Office'
    | 'Retail'
    | 'ShoppingCenter'
    | 'Storage'
    | 'ParkingSpace';
  RentalManager?: PropertyManagerMessage | null;
}

export interface RentalOwnerMessage {
  Id?: number;
  IsCompany?: boolean;
  IsActive?: boolean;
  FirstName?: string | null;
  LastName?: string | null;
  PhoneNumbers?: Array<PhoneNumberMessage> | null;
  Email?: string | null;
  AlternateEmail?: string | null;
  Comment?: string | null;
  Address?: AddressMessage | null;
  ManagementAgreementStartDate?: string | null;
  ManagementAgreementEndDate?: string | null;
  CompanyName?: string | null;
  PropertyIds?: Array<number> | null;
  TaxInformation?: RentalOwnerTaxInformationMessage | null;
}

export interface RentalOwnerTaxInformationMessage {
  TaxPayerIdType?: 'SSN' | 'EIN' | null;
  TaxPayerId?: string | null;
  TaxPayerName1?: string | null;
  TaxPayerName2?: string | null;
  IncludeIn1099?: boolean;
  Address?: AddressMessage | null;
}

export interface RentalPropertyPostMessage {
  Name: string;
  StructureDescription?: string | null;
  Address: SaveAddressMessage;
  RentalSubType:
    | 'CondoTownhome'
    | 'MultiFamily'
    | 'SingleFamily'
    | 'Industrial'
    | 'Office'
    | 'Retail'
    | 'ShoppingCenter'
    | 'Storage'
    | 'ParkingSpace';
  RentalOwnerIds?: Array<number> | null;
  OperatingBankAccountId: number;
  PropertyManagerId?: number | null;
  Reserve?: number | null;
  YearBuilt?: number | null;
  Units?: Array<RentalPropertyUnitPostMessage> | null;
}

export interface RentalPropertyPutMessage {
  Name: string;
  StructureDescription?: string | null;
  Address: SaveAddressMessage;
  RentalSubType:
    | 'CondoTownhome'
    | 'MultiFamily'
    | 'SingleFamily'
    | 'Industrial'
    | 'Office'
    | 'Retail'
    | 'ShoppingCenter'
    | 'Storage'
    | 'ParkingSpace';
  OperatingBankAccountId: number;
  PropertyManagerId?: number | null;
  Reserve?: number | null;
  YearBuilt?: number | null;
}

export interface RentalPropertyUnitPostMessage {
  UnitNumber: string;
  UnitSize?: number | null;
  MarketRent?: number | null;
  Address: SaveAddressMessage;
  UnitBedrooms?:
    | 'NotSet'
    | 'Studio'
    | 'OneBed'
    | 'TwoBed'
    | 'ThreeBed'
    | 'FourBed'
    | 'FiveBed'
    | 'SixBed'
    | 'SevenBed'
    | 'EightBed'
    | 'NineBedPlus'
    | null;
  UnitBathrooms?:
    | 'NotSet'
    | 'OneBath'
    | 'OnePointFiveBath'
    | 'TwoBath'
    | 'TwoPointFiveBath'
    | 'ThreeBath'
    | 'FourBath'
    | 'FiveBath'
    | 'FivePlusBath'
    | 'ThreePointFiveBath'
    | 'FourPointFiveBath'
    | null;
  Description?: string | null;
}

export interface RentalTenantPostMessage {
  LeaseId: number;
  FirstName: string;
  LastName: string;
  Email?: string | null;
  AlternateEmail?: string | null;
  PhoneNumbers?: PhoneNumbersMessage | null;
  DateOfBirth?: string | null;
  Comment?: string | null;
  TaxId?: string | null;
  EmergencyContact?: SaveEmergencyContactMessage | null;
  Address: SaveAddressMessage;
  AlternateAddress?: SaveAddressMessage | null;
  MailingPreference?: 'PrimaryAddress' | 'AlternateAddress' | null;
}

export interface RentalTenantPutMessage {
  FirstName: string;
  LastName: string;
  Email?: string | null;
  AlternateEmail?: string | null;
  PhoneNumbers?: PhoneNumbersMessage | null;
  DateOfBirth?: string | null;
  Comment?: string | null;
  TaxId?: string | null;
  EmergencyContact?: SaveEmergencyContactMessage | null;
  Address: SaveAddressMessage;
  AlternateAddress?: SaveAddressMessage | null;
  MailingPreference?: 'PrimaryAddress' | 'AlternateAddress' | null;
}

export interface RentalUnitMessage {
  Id?: number;
  PropertyId?: number;
  BuildingName?: string | null;
  UnitNumber?: string | null;
  Description?: string | null;
  MarketRent?: number | null;
  Address?: AddressMessage | null;
  UnitBedrooms?:
    | 'NotSet'
    | 'Studio'
    | 'OneBed'
    | 'TwoBed'
    | 'ThreeBed'
    | 'FourBed'
    | 'FiveBed'
    | 'SixBed'
    | 'SevenBed'
    | 'EightBed'
    | 'NineBedPlus'
    | null;
  UnitBathrooms?:
    | 'NotSet'
    | 'OneBath'
    | 'OnePointFiveBath'
    | 'TwoBath'
    | 'TwoPointFiveBath'
    | 'ThreeBath'
    | 'FourBath'
    | 'FiveBath'
    | 'FivePlusBath'
    | 'ThreePointFiveBath'
    | 'FourPointFiveBath'
    | null;
  UnitSize?: number | null;
  IsUnitListed?: boolean | null;
  IsUnitOccupied?: boolean | null;
}

export interface RentalUnitPutMessage {
  UnitNumber: string;
  UnitSize?: number | null;
  MarketRent?: number | null;
  Address: SaveAddressMessage;
  UnitBedrooms?:
    | 'NotSet'
    | 'Studio'
    | 'OneBed'
    | 'TwoBed'
    | 'ThreeBed'
    | 'FourBed'
    | 'FiveBed'
    | 'SixBed'
    | 'SevenBed'
    | 'EightBed'
    | 'NineBedPlus'
    | null;
  UnitBathrooms?:
    | 'NotSet'
    | 'OneBath'
    | 'OnePointFiveBath'
    | 'TwoBath'
    | 'TwoPointFiveBath'
    | 'ThreeBath'
    | 'FourBath'
    | 'FiveBath'
    | 'FivePlusBath'
    | 'ThreePointFiveBath'
    | 'FourPointFiveBath'
    | null;
  Description?: string | null;
}

export interface RentalUnitsPostMessage {
  UnitNumber: string;
  PropertyId: number;
  UnitSize?: number | null;
  MarketRent?: number | null;
  Address: SaveAddressMessage;
  UnitBedrooms?:
    | 'NotSet'
    | 'Studio'
    | 'OneBed'
    | 'TwoBed'
    | 'ThreeBed'
    | 'FourBed'
    | 'FiveBed'
    | 'SixBed'
    | 'SevenBed'
    | 'EightBed'
    | 'NineBedPlus'
    | null;
  UnitBathrooms?:
    | 'NotSet'
    | 'OneBath'
    | 'OnePointFiveBath'
    | 'TwoBath'
    | 'TwoPointFiveBath'
    | 'ThreeBath'
    | 'FourBath'
    | 'FiveBath'
    | 'FivePlusBath'
    | 'ThreePointFiveBath'
    | 'FourPointFiveBath'
    | null;
  Description?: string | null;
}

export interface RequestedByUserEntityMessage {
  Type?: 'ContactRequestor' | 'RentalOwner' | 'RentalTenant' | 'AssociationOwner';
  Id?: number | null;
  FirstName?: string | null;
  LastName?: string | null;
  IsCompany?: boolean;
  Href?: string | null;
}

export interface SaveAddressMessage {
  AddressLine1: string;
  AddressLine2?: string | null;
  AddressLine3?: string | null;
  City?: string | null;
  State?: string | null;
  PostalCode: string;
  Country: Country;
}

export interface SaveEmergencyContactMessage {
  Name?: string | null;
  RelationshipDescription?: string | null;
  Phone?: string | null;
  Email?: string | null;
}

export interface TaskCategoryMessage {
  Id?: number;
  Name?: string | null;
  IsSystemCategory?: boolean;
  SubCategories?: Array<TaskSubCategoryMessage> | null;
}

export interface TaskCategoryResponseMessage {
  Id?: number;
  Name?: string | null;
  Href?: string | null;
  SubCategory?: TaskSubCategoryMessage | null;
}

export interface TaskSubCategoryMessage {
  Id?: number;
  Name?: string | null;
}

export interface TaxInformationPostMessage {
  TaxPayerId?: string | null;
  TaxPayerType?: 'SSN' | 'EIN' | null;
  TaxPayerName1?: string | null;
  TaxPayerName2?: string | null;
  Address?: SaveAddressMessage | null;
}

export interface TaxInformationSaveMessage {
  TaxPayerId?: string | null;
  TaxPayerType?: 'SSN' | 'EIN' | null;
  TaxPayerName1?: string | null;
  TaxPayerName2?: string | null;
  IncludeIn1099: boolean;
  Address?: SaveAddressMessage | null;
}

export interface TenantMessage {
  Id?: number;
  FirstName?: string | null;
  LastName?: string | null;
  Email?: string | null;
  AlternateEmail?: string | null;
  PhoneNumbers?: Array<PhoneNumberMessage> | null;
  CreatedDateTime?: string | null;
  EmergencyContact?: EmergencyContactMessage | null;
  DateOfBirth?: string | null;
  SMSOptInStatus?: 'NotSet' | 'RequestSent' | 'OptedIn' | 'OptedOut' | 'Converted' | null;
  Address?: AddressMessage | null;
  AlternateAddress?: AddressMessage | null;
  MailingPreference?: 'PrimaryAddress' | 'AlternateAddress' | null;
  Leases?: Array<LeaseMessage> | null;
  Comment?: string | null;
  TaxId?: string | null;
}

export interface UnitAgreementMessage {
  Id?: number;
  Type?: 'NotSet' | 'Lease' | 'OwnershipAccount';
  Href?: string | null;
}

export interface UnsubmittedApplicationMessage {
  Id?: number;
}

export interface UserMessage {
  Id?: number;
  UserTypes?: Array<'Staff' | 'RentalOwner' | 'Vendor'> | null;
  IsActive?: boolean;
  LastLogin?: string | null;
  FirstName?: string | null;
  LastName?: string | null;
  CompanyName?: string | null;
  Email?: string | null;
  AlternateEmail?: string | null;
  PhoneNumbers?: Array<PhoneNumberMessage> | null;
  UserRole?: UserRoleMessage | null;
  IsCompany?: boolean;
}

export interface UserRoleMessage {
  Id?: number;
  Name?: string | null;
  Description?: string | null;
  NumberOfUsers?: number;
}

export interface VendorCategoryMessage {
  Id?: number;
  Name?: string | null;
  IsSystemCategory?: boolean;
}

export interface VendorInsuranceMessage {
  Provider?: string | null;
  PolicyNumber?: string | null;
  ExpirationDate?: string | null;
}

export interface VendorInsuranceSaveMessage {
  Provider?: string | null;
  PolicyNumber?: string | null;
  ExpirationDate?: string | null;
}

export interface VendorMessage {
  Id?: number;
  IsCompany?: boolean;
  IsActive?: boolean;
  FirstName?: string | null;
  LastName?: string | null;
  PrimaryEmail?: string | null;
  AlternateEmail?: string | null;
  CompanyName?: string | null;
  PhoneNumbers?: Array<PhoneNumberMessage> | null;
  Website?: string | null;
  Category?: LookupMessage | null;
  Address?: AddressMessage | null;
  VendorInsurance?: VendorInsuranceMessage | null;
  Comments?: string | null;
  AccountNumber?: string | null;
  ExpenseGLAccountId?: number | null;
  TaxInformation?: VendorTaxInformationMessage | null;
}

export interface VendorPostMessage {
  FirstName?: string | null;
  LastName?: string | null;
  IsCompany: boolean;
  CompanyName?: string | null;
  PrimaryEmail?: string | null;
  AlternateEmail?: string | null;
  PhoneNumbers?: PhoneNumbersMessage | null;
  Address?: SaveAddressMessage | null;
  CategoryId: number;
  ExpenseGlAccountId?: number | null;
  AccountNumber?: string | null;
  Website?: string | null;
  VendorInsurance?: VendorInsuranceSaveMessage | null;
  Comments?: string | null;
  TaxInformation?: TaxInformationPostMessage | null;
}

export interface VendorPutMessage {
  FirstName?: string | null;
  LastName?: string | null;
  IsCompany: boolean;
  CompanyName?: string | null;
  PrimaryEmail?: string | null;
  AlternateEmail?: string | null;
  PhoneNumbers?: PhoneNumbersMessage | null;
  Address?: SaveAddressMessage | null;
  CategoryId: number;
  ExpenseGlAccountId?: number | null;
  AccountNumber?: string | null;
  Website?: string | null;
  VendorInsurance?: VendorInsuranceSaveMessage | null;
  Comments?: string | null;
  TaxInformation?: TaxInformationSaveMessage | null;
}

export interface VendorTaxInformationMessage {
  TaxPayerIdType?: 'SSN' | 'EIN' | null;
  TaxPayerId?: string | null;
  TaxPayerName1?: string | null;
  TaxPayerName2?: string | null;
  IncludeIn1099?: boolean;
  Address?: AddressMessage | null;
}

export interface WorkOrderEntryContactMessage {
  Id?: number;
  Resources?: Array<WorkOrderEntryContactResourceMessage> | null;
}

export interface WorkOrderEntryContactResourceMessage {
  Type?: 'RentalTenant' | 'AssociationOwner' | 'Staff' | 'RentalOwner';
  Href?: string | null;
}

export interface WorkOrderLineItemMessage {
  GlAccountId?: number | null;
  Quantity?: number;
  Memo?: string | null;
  UnitPrice?: number;
}

export interface WorkOrderLineItemSaveMessage {
  GlAccountId?: number | null;
  Quantity: number;
  Memo?: string | null;
  UnitPrice: number;
}

export interface WorkOrderMessage {
  Id?: number;
  Task?: WorkOrderTaskMessage | null;
  Title?: string | null;
  DueDate?: string | null;
  Priority?: 'Unknown' | 'Low' | 'Normal' | 'High' | null;
  Status?: 'Unknown' | 'New' | 'InProgress' | 'Completed' | 'Deferred' | 'Closed' | null;
  WorkDetails?: string | null;
  InvoiceNumber?: string | null;
  ChargeableTo?: string | null;
  EntryAllowed?: 'Unknown' | 'Yes' | 'No';
  EntryNotes?: string | null;
  VendorId?: number;
  VendorNotes?: string | null;
  EntryContact?: WorkOrderEntryContactMessage | null;
  EntryContacts?: Array<WorkOrderEntryContactMessage> | null;
  BillTransactionId?: number | null;
  BillTransactionIds?: Array<number> | null;
  Amount?: number;
  LineItems?: Array<WorkOrderLineItemMessage> | null;
}

export interface WorkOrderPostMessage {
  Title?: string | null;
  WorkDetails?: string | null;
  InvoiceNumber?: string | null;
  ChargeableTo?: string | null;
  EntryAllowed: 'Unknown' | 'Yes' | 'No';
  EntryNotes?: string | null;
  VendorId: number;
  VendorNotes?: string | null;
  EntryContactId?: number | null;
  EntryContactIds?: Array<number> | null;
  LineItems?: Array<WorkOrderLineItemSaveMessage> | null;
  TaskId?: number | null;
  Task?: WorkOrderTaskPostMessage | null;
}

export interface WorkOrderPutMessage {
  Title?: string | null;
  WorkDetails?: string | null;
  InvoiceNumber?: string | null;
  ChargeableTo?: string | null;
  EntryAllowed: 'Unknown' | 'Yes' | 'No';
  EntryNotes?: string | null;
  VendorId: number;
  VendorNotes?: string | null;
  EntryContactId?: number | null;
  EntryContactIds?: Array<number> | null;
  LineItems?: Array<WorkOrderLineItemSaveMessage> | null;
}

export interface WorkOrderTaskMessage {
  Id?: number;
  Type?: 'ContactRequest' | 'ResidentRequest' | 'Todo' | 'RentalOwnerRequest';
  UnitId?: number | null;
  UnitAgreement?: UnitAgreementMessage | null;
  Title?: string | null;
  DueDate?: string | null;
  Priority?: 'Low' | 'Normal' | 'High';
  Status?: 'New' | 'InProgress' | 'Completed' | 'Deferred' | 'Closed';
}

export interface WorkOrderTaskPostMessage {
  Title: string;
  DueDate?: string | null;
  Priority: 'Low' | 'Normal' | 'High';
  Status: 'New' | 'InProgress' | 'Completed' | 'Deferred' | 'Closed';
  PropertyId?: number | null;
  UnitId?: number | null;
  AssignedToUserId: number;
}

/** The query names are Buildium's own: lower case, and case-sensitive. A repeated filter is a repeated parameter. */
export interface Paths {
  'GET /v1/applicants': {
    query: {
      entityid?: number;
      entitytype?: 'Rental' | 'RentalOwner';
      applicationstatuses?: Array<
        'Undecided' | 'Approved' | 'Rejected' | 'AddedToLease' | 'Cancelled' | 'Deferred' | 'New' | 'Draft' | 'AddedToDraftLease'
      >;
      unitids?: Array<number>;
      name?: string;
      email?: string;
      applicationsubmittedstartdate?: string;
      applicationsubmittedenddate?: string;
      lastupdatedfrom?: string;
      lastupdatedto?: string;
      orderby?: string;
      offset?: number;
      limit?: number;
    };
    answer: ApplicantDetailsMessage[];
  };
  'POST /v1/applicants': { body: ApplicantPostMessage; answer: ApplicantDetailsMessage };
  'GET /v1/applicants/{applicantId}': { answer: ApplicantDetailsMessage };
  'PUT /v1/applicants/{applicantId}': { body: ApplicantPutMessage; answer: ApplicantDetailsMessage };
  'GET /v1/applicants/{applicantId}/notes': {
    query: {
      updateddatetimefrom?: string;
      updateddatetimeto?: string;
      lastupdatedbyuserid?: number;
      orderby?: string;
      offset?: number;
      limit?: number;
    };
    answer: NoteMessage[];
  };
  'POST /v1/applicants/{applicantId}/notes': { body: NotePostMessage; answer: NoteMessage };
  'GET /v1/applicants/{applicantId}/notes/{noteId}': { answer: NoteMessage };
  'GET /v1/bankaccounts': {
    query: {
      bankaccountstatus?: 'Active' | 'InActive';
      bankname?: string;
      routingnumbers?: Array<string>;
      orderby?: string;
      offset?: number;
      limit?: number;
    };
    answer: BankAccountMessage[];
  };
  'GET /v1/bankaccounts/{bankAccountId}': { answer: BankAccountMessage };
  'GET /v1/glaccounts': {
    query: {
      accounttypes?: Array<'Asset' | 'Liability' | 'Equity' | 'Income' | 'Expense'>;
      orderby?: string;
      offset?: number;
      limit?: number;
    };
    answer: GLAccountMessage[];
  };
  'GET /v1/glaccounts/{glAccountId}': { answer: GLAccountMessage };
  'GET /v1/leases': {
    query: {
      propertyids?: Array<number>;
      rentalownerids?: Array<number>;
      unitnumber?: string;
      tenantname?: string;
      leasedatefrom?: string;
      leasedateto?: string;
      leasetypes?: Array<'None' | 'Fixed' | 'FixedWithRollover' | 'AtWill'>;
      leasestatuses?: Array<'Active' | 'Past' | 'Future'>;
      createddatetimefrom?: string;
      createddatetimeto?: string;
      lastupdatedfrom?: string;
      lastupdatedto?: string;
      orderby?: string;
      offset?: number;
      limit?: number;
    };
    answer: LeaseMessage[];
  };
  'POST /v1/leases': { body: LeasePostMessage; answer: LeaseMessage };
  'GET /v1/leases/{leaseId}': { answer: LeaseMessage };
  'PUT /v1/leases/{leaseId}': { body: LeasePutMessage; answer: LeaseMessage };
  'GET /v1/leases/{leaseId}/charges': {
    query: {
      transactiondatefrom?: string;
      transactiondateto?: string;
      billids?: Array<number>;
      orderby?: string;
      offset?: number;
      limit?: number;
    };
    answer: LeaseChargeMessage[];
  };
  'POST /v1/leases/{leaseId}/charges': { body: LeaseChargePostMessage; answer: LeaseTransactionMessage[] };
  'GET /v1/leases/{leaseId}/charges/{chargeId}': { answer: LeaseChargeMessage };
  'PUT /v1/leases/{leaseId}/charges/{chargeId}': { body: LeaseChargePutMessage; answer: LeaseTransactionMessage };
  'POST /v1/leases/{leaseId}/payments': { body: LeaseLedgerPaymentPostMessage; answer: LeaseTransactionMessage };
  'PUT /v1/leases/{leaseId}/payments/{paymentId}': { body: LeaseLedgerPaymentPutMessage; answer: LeaseTransactionMessage };
  'GET /v1/leases/{leaseId}/transactions': {
    query: {
      transactiondatefrom?: string;
      transactiondateto?: string;
      transactiontypes?: Array<
        | 'Bill'
        | 'Check'
        | 'Charge'
        | 'Payment'
        | 'Credit'
        | 'Refund'
        | 'ApplyDeposit'
        | 'ElectronicFundsTransfer'
        | 'Other'
        | 'Deposit'
        | 'GeneralJournalEntry'
        | 'OwnerContribution'
        | 'ReversePayment'
        | 'ReverseElectronicFundsTransfer'
        | 'VendorCredit'
        | 'RentalApplicationFeePayment'
        | 'ReverseRentalApplicationFeePayment'
        | 'ReverseOwnerContribution'
        | 'VendorRefund'
        | 'UnreversedPayment'
        | 'UnreversedElectronicFundsTransfer'
        | 'UnreversedOwnerContribution'
        | 'UnreversedRentalApplicationFeePayment'
        | 'ReversedEftRefund'
        | 'CreditCardPurchase'
        | 'CreditCardPayment'
      >;
      orderby?: string;
      offset?: number;
      limit?: number;
    };
    answer: LeaseTransactionMessage[];
  };
  'GET /v1/leases/{leaseId}/transactions/{transactionId}': { answer: LeaseTransactionMessage };
  'GET /v1/leases/tenants': {
    query: {
      buildingstatuses?: Array<'Active' | 'InActive'>;
      leasetermstatuses?: Array<'Active' | 'Past' | 'Future'>;
      unitnumber?: string;
      name?: string;
      phone?: string;
      email?: string;
      propertyids?: Array<number>;
      rentalownerids?: Array<number>;
      lastupdatedfrom?: string;
      lastupdatedto?: string;
      unitids?: Array<number>;
      orderby?: string;
      offset?: number;
      limit?: number;
    };
    answer: TenantMessage[];
  };
  'POST /v1/leases/tenants': { body: RentalTenantPostMessage; answer: TenantMessage };
  'GET /v1/leases/tenants/{tenantId}': { answer: TenantMessage };
  'PUT /v1/leases/tenants/{tenantId}': { body: RentalTenantPutMessage; answer: TenantMessage };
  'GET /v1/leases/tenants/{tenantId}/notes': {
    query: {
      updateddatetimefrom?: string;
      updateddatetimeto?: string;
      lastupdatedbyuserid?: number;
      orderby?: string;
      offset?: number;
      limit?: number;
    };
    answer: NoteMessage[];
  };
  'POST /v1/leases/tenants/{tenantId}/notes': { body: NotePostMessage; answer: NoteMessage };
  'GET /v1/leases/tenants/{tenantId}/notes/{noteId}': { answer: NoteMessage };
  'PUT /v1/leases/tenants/{tenantId}/notes/{noteId}': { body: NotePutMessage; answer: NoteMessage };
  'GET /v1/rentals': {
    query: {
      location?: string;
      types?: Array<'Residential' | 'Commercial'>;
      subtypes?: Array<
        | 'CondoTownhome'
        | 'MultiFamily'
        | 'SingleFamily'
        | 'Industrial'
        | 'Office'
        | 'Retail'
        | 'ShoppingCenter'
        | 'Storage'
        | 'ParkingSpace'
      >;
      status?: 'Active' | 'InActive';
      rentalownerids?: Array<number>;
      propertyids?: Array<number>;
      lastupdatedfrom?: string;
      lastupdatedto?: string;
      orderby?: string;
      offset?: number;
      limit?: number;
    };
    answer: RentalMessage[];
  };
  'POST /v1/rentals': { body: RentalPropertyPostMessage; answer: RentalMessage };
  'GET /v1/rentals/{propertyId}': { answer: RentalMessage };
  'PUT /v1/rentals/{propertyId}': { body: RentalPropertyPutMessage; answer: RentalMessage };
  'GET /v1/rentals/owners': {
    query: {
      propertyids?: Array<number>;
      status?: 'Inactive' | 'Active';
      agreementdaysremaining?: number;
      ownername?: string;
      phone?: string;
      lastupdatedfrom?: string;
      lastupdatedto?: string;
      orderby?: string;
      offset?: number;
      limit?: number;
    };
    answer: RentalOwnerMessage[];
  };
  'GET /v1/rentals/owners/{rentalOwnerId}': { answer: RentalOwnerMessage };
  'GET /v1/rentals/units': {
    query: {
      propertyids?: Array<number>;
      lastupdatedfrom?: string;
      lastupdatedto?: string;
      orderby?: string;
      offset?: number;
      limit?: number;
    };
    answer: RentalUnitMessage[];
  };
  'POST /v1/rentals/units': { body: RentalUnitsPostMessage; answer: RentalUnitMessage };
  'GET /v1/rentals/units/{unitId}': { answer: RentalUnitMessage };
  'PUT /v1/rentals/units/{unitId}': { body: RentalUnitPutMessage; answer: RentalUnitMessage };
  'GET /v1/tasks': {
    query: {
      entitytype?: 'Rental' | 'RentalOwner' | 'Association';
      entityid?: number;
      statuses?: Array<'New' | 'InProgress' | 'Completed' | 'Deferred' | 'Closed'>;
      type?: 'ContactRequest' | 'ResidentRequest' | 'Todo' | 'RentalOwnerRequest';
      unitid?: number;
      unitagreementid?: number;
      lastupdatedfrom?: string;
      lastupdatedto?: string;
      duedatefrom?: string;
      duedateto?: string;
      taskcategoryid?: number;
      priorities?: Array<'Low' | 'Normal' | 'High'>;
      assignedtoid?: number;
      tasktitle?: string;
      orderby?: string;
      offset?: number;
      limit?: number;
    };
    answer: AllTasksMessage[];
  };
  'GET /v1/tasks/{taskId}': { answer: AllTasksMessage };
  'GET /v1/tasks/categories': { query: { orderby?: string; offset?: number; limit?: number }; answer: TaskCategoryMessage[] };
  'GET /v1/tasks/categories/{taskCategoryId}': { answer: TaskCategoryMessage };
  'GET /v1/users': {
    query: {
      roleids?: Array<number>;
      usertypes?: Array<'Staff' | 'RentalOwner' | 'Vendor'>;
      status?: 'Inactive' | 'Active';
      name?: string;
      email?: string;
      orderby?: string;
      offset?: number;
      limit?: number;
    };
    answer: UserMessage[];
  };
  'GET /v1/users/{userId}': { answer: UserMessage };
  'GET /v1/vendors': {
    query: {
      status?: 'Inactive' | 'Active';
      email?: string;
      website?: string;
      name?: string;
      insuranceexpiration?: 'Expired' | 'ThirtyDaysOrLess' | 'SixtyDaysOrLess' | 'NinetyDaysOrLess' | 'None' | 'Any';
      phone?: string;
      lastupdatedfrom?: string;
      lastupdatedto?: string;
      orderby?: string;
      offset?: number;
      limit?: number;
    };
    answer: VendorMessage[];
  };
  'POST /v1/vendors': { body: VendorPostMessage; answer: VendorMessage };
  'GET /v1/vendors/{vendorId}': { answer: VendorMessage };
  'PUT /v1/vendors/{vendorId}': { body: VendorPutMessage; answer: VendorMessage };
  'GET /v1/vendors/categories': { query: { orderby?: string; offset?: number; limit?: number }; answer: VendorCategoryMessage[] };
  'GET /v1/vendors/categories/{vendorCategoryId}': { answer: VendorCategoryMessage };
  'GET /v1/workorders': {
    query: {
      entitytype?: 'Rental' | 'RentalOwner' | 'Association';
      entityid?: number;
      statuses?: Array<'New' | 'InProgress' | 'Completed' | 'Deferred' | 'Closed'>;
      type?: 'ContactRequest' | 'ResidentRequest' | 'Todo' | 'RentalOwnerRequest';
      unitid?: number;
      unitagreementid?: number;
      lastupdatedfrom?: string;
      lastupdatedto?: string;
      duedatefrom?: string;
      duedateto?: string;
      taskcategoryid?: number;
      priorities?: Array<'Low' | 'Normal' | 'High'>;
      assignedtoid?: number;
      vendorids?: Array<number>;
      amountfrom?: number;
      amountto?: number;
      isbilled?: boolean;
      title?: string;
      taskids?: Array<number>;
      orderby?: string;
      offset?: number;
      limit?: number;
    };
    answer: WorkOrderMessage[];
  };
  'POST /v1/workorders': { body: WorkOrderPostMessage; answer: WorkOrderMessage };
  'GET /v1/workorders/{workOrderId}': { answer: WorkOrderMessage };
  'PUT /v1/workorders/{workOrderId}': { body: WorkOrderPutMessage; answer: WorkOrderMessage };
}
