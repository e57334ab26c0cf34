/** `/v1/vendors`: a company has a company name, a person has both names; read and written names differ in several members. */
import type {
  TaxInformationSaveMessage,
  VendorInsuranceMessage,
  VendorMessage,
  VendorPostMessage,
  VendorPutMessage,
  VendorTaxInformationMessage,
} from '#pms/buildium/wire';
import { created, notFound, ok, unprocessable, type Handlers, type Issue } from './api.ts';
import { answerList, byUpdate, contains } from './listing.ts';
import { noted, renderOptionalAddress, renderPhones } from './render.ts';
import { addressIssues, referenceIssues, when } from './rules.ts';
import type { Store, VendorRecord } from './store.ts';
import { today } from './tenancy.ts';

const taxIdPatterns = { SSN: /^\d{3}-\d{2}-\d{4}$/, EIN: /^\d{2}-\d{7}$/ } as const;

function taxIssues(tax: VendorPostMessage['TaxInformation']): Issue[] {
  if (!tax?.TaxPayerType) return [];
  const valid = taxIdPatterns[tax.TaxPayerType].test(tax.TaxPayerId ?? '');
  return when(!valid, 'TaxInformation.TaxPayerId', `The ${tax.TaxPayerType} is missing or not in its form.`);
}

const vendorIssues = (store: Store, body: VendorPostMessage): Issue[] => [
  ...when(body.IsCompany && !body.CompanyName, 'CompanyName', 'A company has a company name.'),
  ...when(!body.IsCompany && !body.FirstName, 'FirstName', 'A person has a first name.'),
  ...when(!body.IsCompany && !body.LastName, 'LastName', 'A person has a last name.'),
  ...when(Boolean(body.Website) && !URL.canParse(body.Website ?? ''), 'Website', 'Not a URL.'),
  ...addressIssues('Address', body.Address),
  ...referenceIssues('CategoryId', store.vendorCategories, body.CategoryId),
  ...referenceIssues('ExpenseGlAccountId', store.glAccounts, body.ExpenseGlAccountId),
  ...taxIssues(body.TaxInformation),
  ...addressIssues('TaxInformation.Address', body.TaxInformation?.Address),
];

function renderTax(tax: TaxInformationSaveMessage | null | undefined): Required<VendorTaxInformationMessage> | null {
  if (!tax) return null;
  return {
    TaxPayerIdType: tax.TaxPayerType ?? null,
    TaxPayerId: tax.TaxPayerId ?? null,
    TaxPayerName1: tax.TaxPayerName1 ?? null,
    TaxPayerName2: tax.TaxPayerName2 ?? null,
    IncludeIn1099: tax.IncludeIn1099,
    Address: renderOptionalAddress(tax.Address),
  };
}

/** Written as a date, read as a date and time. */
function renderInsurance(insurance: VendorPutMessage['VendorInsurance']): Required<VendorInsuranceMessage> | null {
  if (!insurance) return null;
  const { Provider, PolicyNumber, ExpirationDate } = insurance;
  return {
    Provider: Provider ?? null,
    PolicyNumber: PolicyNumber ?? null,
    ExpirationDate: ExpirationDate ? `${ExpirationDate}T00:00:00Z` : null,
  };
}

function renderVendor(store: Store, vendor: VendorRecord): Required<VendorMessage> {
  const { body } = vendor;
  return {
    Id: vendor.id,
    IsCompany: body.IsCompany,
    IsActive: true,
    FirstName: body.FirstName ?? null,
    LastName: body.LastName ?? null,
    PrimaryEmail: body.PrimaryEmail ?? null,
    AlternateEmail: body.AlternateEmail ?? null,
    CompanyName: body.CompanyName ?? null,
    PhoneNumbers: renderPhones(body.PhoneNumbers),
    Website: body.Website ?? null,
    Category: { Id: body.CategoryId, Name: store.vendorCategories.mustGet(body.CategoryId).message.Name },
    Address: renderOptionalAddress(body.Address),
    VendorInsurance: renderInsurance(body.VendorInsurance),
    Comments: body.Comments ?? null,
    AccountNumber: body.AccountNumber ?? null,
    ExpenseGLAccountId: body.ExpenseGlAccountId ?? null,
    TaxInformation: renderTax(body.TaxInformation),
  };
}

const dayMs = 24 * 3_600_000;
const insuranceWindows = { Expired: 0, ThirtyDaysOrLess: 30, SixtyDaysOrLess: 60, NinetyDaysOrLess: 90 } as const;

function insuranceMatches({ body }: VendorRecord, wanted: keyof typeof insuranceWindows | 'None' | 'Any', now: string): boolean {
  const expires = body.VendorInsurance?.ExpirationDate;
  if (wanted === 'Any') return Boolean(expires);
  if (wanted === 'None') return !expires;
  return Boolean(expires) && Date.parse(expires ?? '') < Date.parse(today(now)) + insuranceWindows[wanted] * dayMs;
}

export const vendorHandlers = {
  'GET /v1/vendors': (call) => {
    const { store, now } = call;
    return answerList(
      call,
      store.vendors.all(),
      {
        ...byUpdate,
        status: (_vendor, status) => status === 'Active',
        email: ({ body }, part) => contains(body.PrimaryEmail, part) || contains(body.AlternateEmail, part),
        website: ({ body }, part) => contains(body.Website, part),
        name: ({ body }, part) =>
          contains(`${body.FirstName ?? ''} ${body.LastName ?? ''}`, part) || contains(body.CompanyName, part),
        insuranceexpiration: (vendor, wanted) => insuranceMatches(vendor, wanted, now),
        phone: ({ body }, part) => renderPhones(body.PhoneNumbers).some(({ Number }) => contains(Number, part)),
      },
      (vendor) => renderVendor(store, vendor),
    );
  },

  'POST /v1/vendors': (call) => {
    const { body, store, world } = call;
    const issues = vendorIssues(store, body);
    if (issues.length > 0) return unprocessable(issues);

    const tax = body.TaxInformation ? { ...body.TaxInformation, IncludeIn1099: false } : null;
    const vendor = store.vendors.add({ ...store.vendors.born(world.now()), body: { ...body, TaxInformation: tax } });
    const message = renderVendor(store, vendor);
    return created(`/v1/vendors/${vendor.id}`, noted(call, { resource: 'Vendor', action: 'create', id: vendor.id }, message));
  },

  'GET /v1/vendors/{vendorId}': ({ params, store }) => {
    const vendor = store.vendors.get(params.vendorId);
    return vendor ? ok(renderVendor(store, vendor)) : notFound('vendorId', params.vendorId);
  },

  'PUT /v1/vendors/{vendorId}': (call) => {
    const { body, params, store, now } = call;
    const vendor = store.vendors.get(params.vendorId);
    if (!vendor) return notFound('vendorId', params.vendorId);
    const issues = vendorIssues(store, body);
    if (issues.length > 0) return unprocessable(issues);

    vendor.body = body;
    vendor.updated = now;
    return ok(noted(call, { resource: 'Vendor', action: 'update', id: vendor.id }, renderVendor(store, vendor)));
  },
} satisfies Partial<Handlers>;
