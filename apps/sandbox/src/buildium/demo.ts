/**
 * The demo account: two properties with their units, leases, people, work and money. All people are invented.
 *
 * Promises: always the same records with the ids of `demo-ids.ts`. The tenant `full` has every member set, so that an update
 * that forgets one is seen to lose it.
 */
import type { RentalUnitPutMessage, SaveAddressMessage, WorkOrderTaskPostMessage } from '#pms/buildium/wire';
import { demoIds } from './demo-ids.ts';
import { addReferenceRecords } from './demo-reference.ts';
import { Store } from './store.ts';

const { rentals, units, leases, tenants, applicants, vendors, tasks, workOrders, transactions, notes, users, owners } = demoIds;
const { glAccounts, bankAccounts, taskCategories, vendorCategories } = demoIds;

const bornAt = new Date('2025-01-15T09:00:00Z');

const address = (AddressLine1: string, City = 'Portland', PostalCode = '97201'): SaveAddressMessage => ({
  AddressLine1,
  City,
  State: 'OR',
  PostalCode,
  Country: 'UnitedStates',
});

function addRentals(store: Store): void {
  const property = (id: number, Name: string, street: string, ownerId: number, RentalSubType: 'MultiFamily' | 'CondoTownhome') =>
    store.rentals.add({
      ...store.rentals.born(bornAt, id),
      body: {
        Name,
        StructureDescription: 'Brick, two floors',
        Address: address(street),
        RentalSubType,
        OperatingBankAccountId: bankAccounts.operating,
        PropertyManagerId: users.manager,
        Reserve: 500,
        YearBuilt: 1987,
      },
      ownerIds: [ownerId],
      unitIds: [],
      unitNumbers: new Set(),
    });
  const unit = (id: number, propertyId: number, UnitNumber: string, more: Partial<RentalUnitPutMessage> = {}) => {
    const rental = store.rentals.mustGet(propertyId);
    const Address = { ...rental.body.Address, AddressLine2: `Unit ${UnitNumber}` };
    store.units.add({ ...store.units.born(bornAt, id), propertyId, body: { UnitNumber, Address, ...more }, leaseIds: [] });
    rental.unitIds.push(id);
    rental.unitNumbers.add(UnitNumber.toLowerCase());
  };

  property(rentals.maple, 'Maple Court', '120 Maple Street', owners.hill, 'MultiFamily');
  property(rentals.harbor, 'Harbor Lofts', '9 Quay Road', owners.coast, 'CondoTownhome');
  unit(units.maple1, rentals.maple, '1', { MarketRent: 1450, UnitBedrooms: 'TwoBed', UnitBathrooms: 'OneBath', UnitSize: 780 });
  unit(units.maple2, rentals.maple, '2', { MarketRent: 1480, UnitBedrooms: 'TwoBed', UnitBathrooms: 'OnePointFiveBath' });
  unit(units.maple3, rentals.maple, '3', { MarketRent: 1320, UnitBedrooms: 'OneBed', UnitBathrooms: 'OneBath' });
  unit(units.maple4, rentals.maple, '4');
  unit(units.harborA, rentals.harbor, 'A', { MarketRent: 2100, Description: 'Corner loft with a balcony' });
  unit(units.harborB, rentals.harbor, 'B', { MarketRent: 1990 });
}

function addLeases(store: Store): void {
  const lease = (
    id: number,
    UnitId: number,
    LeaseType: 'Fixed' | 'FixedWithRollover' | 'AtWill',
    dates: { readonly from: string; readonly to?: string },
    rentPerMonth: number,
  ) => {
    store.leases.add({
      ...store.leases.born(bornAt, id),
      terms: { LeaseType, UnitId, LeaseFromDate: dates.from, LeaseToDate: dates.to, IsEvictionPending: false },
      rent: {
        Cycle: 'Monthly',
        Charges: [{ Amount: rentPerMonth, GlAccountId: glAccounts.rentIncome, NextDueDate: dates.from, Memo: null }],
      },
      securityDeposit: { Amount: rentPerMonth, DueDate: dates.from },
      cosigners: [],
      tenantIds: new Set(),
      transactionIds: [],
    });
    store.units.mustGet(UnitId).leaseIds.push(id);
  };

  lease(leases.maple1, units.maple1, 'FixedWithRollover', { from: '2025-02-01', to: '2026-01-31' }, 1450);
  lease(leases.maple2, units.maple2, 'AtWill', { from: '2024-06-01' }, 1480);
  lease(leases.harborA, units.harborA, 'FixedWithRollover', { from: '2025-03-15', to: '2027-03-14' }, 2100);
  lease(leases.maple3Future, units.maple3, 'Fixed', { from: '2040-01-01', to: '2040-12-31' }, 1320);
}

function addTenants(store: Store): void {
  const tenant = (id: number, leaseId: number, FirstName: string, LastName: string, Mobile: string) => {
    const lease = store.leases.mustGet(leaseId);
    store.tenants.add({
      ...store.tenants.born(bornAt, id),
      body: {
        FirstName,
        LastName,
        Email: `${FirstName}.${LastName}@example.com`.toLowerCase(),
        PhoneNumbers: { Mobile },
        Address: store.units.mustGet(lease.terms.UnitId).body.Address,
      },
      leaseIds: [leaseId],
      noteIds: [],
    });
    lease.tenantIds.add(id);
  };

  tenant(tenants.noor, leases.maple1, 'Noor', 'Adeyemi', '(503) 555-0101');
  tenant(tenants.elias, leases.maple1, 'Elias', 'Adeyemi', '(503) 555-0102');
  tenant(tenants.mira, leases.maple2, 'Mira', 'Kowalczyk', '(503) 555-0103');
  tenant(tenants.jonas, leases.maple3Future, 'Jonas', 'Okafor', '(503) 555-0104');
  tenant(tenants.full, leases.harborA, 'Lucia', 'Ferrante', '(503) 555-0105');
  const full = store.tenants.mustGet(tenants.full);
  full.body = {
    ...full.body,
    AlternateEmail: 'lucia.work@example.com',
    PhoneNumbers: { Home: '(503) 555-0115', Work: '(503) 555-0125', Mobile: '(503) 555-0105', Fax: '(503) 555-0135' },
    DateOfBirth: '1988-04-23',
    Comment: 'Prefers calls after five.',
    TaxId: '000-12-3456',
    EmergencyContact: {
      Name: 'Paolo Ferrante',
      RelationshipDescription: 'Brother',
      Phone: '(503) 555-0145',
      Email: 'paolo@example.com',
    },
    AlternateAddress: address('44 Hillside Avenue', 'Salem', '97301'),
    MailingPreference: 'AlternateAddress',
  };
}

function addApplicants(store: Store): void {
  const applicant = (id: number, FirstName: string, LastName: string, status: 'New' | 'Approved' | 'Rejected') =>
    store.applicants.add({
      ...store.applicants.born(bornAt, id),
      body: {
        UnitId: units.maple4,
        FirstName,
        LastName,
        Email: `${FirstName}.${LastName}@example.com`.toLowerCase(),
        PhoneNumbers: { Mobile: '(503) 555-0150' },
      },
      status,
      tenantId: null,
      applications:
        status === 'New'
          ? []
          : [
              {
                Id: id + 200,
                ApplicationNumber: String(id),
                ApplicationStatus: status,
                ApplicationSubmittedDateTime: '2025-01-14T16:20:00Z',
              },
            ],
      noteIds: [],
    });

  applicant(applicants.fresh, 'Tomas', 'Berg', 'New');
  applicant(applicants.approved, 'Aisha', 'Romero', 'Approved');
  applicant(applicants.rejected, 'Felix', 'Tanaka', 'Rejected');
}

function addVendors(store: Store): void {
  const vendor = (id: number, CompanyName: string, CategoryId: number, phone: string) =>
    store.vendors.add({
      ...store.vendors.born(bornAt, id),
      body: {
        IsCompany: true,
        CompanyName,
        PrimaryEmail: `vendor${id}@example.com`,
        PhoneNumbers: { Work: phone },
        Address: address(`${id} Trade Street`),
        CategoryId,
        ExpenseGlAccountId: glAccounts.repairs,
        VendorInsurance: { Provider: 'Example Mutual', PolicyNumber: `P-${id}`, ExpirationDate: '2027-12-31' },
        Comments: 'Calls before coming.',
      },
    });

  vendor(vendors.plumber, 'Clearwater Plumbing', vendorCategories.plumbing, '(503) 555-0160');
  vendor(vendors.electrician, 'Bright Wire Electric', vendorCategories.electrical, '(503) 555-0161');
  vendor(vendors.gardener, 'Green Edge Gardens', vendorCategories.landscaping, '(503) 555-0162');
}

function addWork(store: Store): void {
  const work = (
    id: { readonly task: number; readonly order: number },
    task: Pick<WorkOrderTaskPostMessage, 'Title' | 'Priority' | 'Status' | 'PropertyId' | 'UnitId'>,
    categoryId: number,
    VendorId: number,
    tenantId: number | null,
  ) => {
    store.tasks.add({
      ...store.tasks.born(bornAt, id.task),
      type: tenantId === null ? 'Todo' : 'ResidentRequest',
      body: { ...task, DueDate: '2026-02-15', AssignedToUserId: users.maintenance },
      description: null,
      categoryId,
      leaseId: tenantId === null ? null : (store.tenants.mustGet(tenantId).leaseIds[0] ?? null),
      requestedById: tenantId,
    });
    store.workOrders.add({
      ...store.workOrders.born(bornAt, id.order),
      taskId: id.task,
      body: {
        Title: task.Title,
        WorkDetails: 'See the task.',
        EntryAllowed: tenantId === null ? 'Unknown' : 'Yes',
        EntryContactId: tenantId,
        VendorId,
        LineItems: [{ GlAccountId: glAccounts.repairs, Quantity: 2, UnitPrice: 85, Memo: 'Hours' }],
      },
    });
  };

  work(
    { task: tasks.leak, order: workOrders.leak },
    { Title: 'Kitchen tap leaks', Priority: 'High', Status: 'InProgress', PropertyId: rentals.maple, UnitId: units.maple1 },
    taskCategories.plumbing,
    vendors.plumber,
    tenants.noor,
  );
  work(
    { task: tasks.outlet, order: workOrders.outlet },
    { Title: 'Outlet without power', Priority: 'Normal', Status: 'New', PropertyId: rentals.harbor, UnitId: units.harborA },
    taskCategories.electrical,
    vendors.electrician,
    tenants.full,
  );
  work(
    { task: tasks.hedge, order: workOrders.hedge },
    { Title: 'Trim the hedge', Priority: 'Low', Status: 'Completed', PropertyId: rentals.maple, UnitId: null },
    taskCategories.grounds,
    vendors.gardener,
    null,
  );
}

function addLedger(store: Store): void {
  const transaction = (id: number, type: 'Charge' | 'Payment', GLAccountId: number, date: string) => {
    const payment =
      type === 'Payment' ? { PaymentMethod: 'Check' as const, PayeeUserId: tenants.noor, ReferenceNumber: '1042' } : {};
    store.transactions.add({
      ...store.transactions.born(bornAt, id),
      leaseId: leases.maple1,
      type,
      body: { Date: date, Memo: null, Lines: [{ Amount: 1450, GLAccountId }], ...payment },
    });
    store.leases.mustGet(leases.maple1).transactionIds.push(id);
  };

  transaction(transactions.rentCharge, 'Charge', glAccounts.rentIncome, '2025-02-01');
  transaction(transactions.depositCharge, 'Charge', glAccounts.securityDeposit, '2025-02-01');
  transaction(transactions.rentPayment, 'Payment', glAccounts.rentIncome, '2025-02-03');
}

function addNotes(store: Store): void {
  store.notes.add({ ...store.notes.born(bornAt, notes.tenant), text: 'Asked for a second key.' });
  store.tenants.mustGet(tenants.noor).noteIds.push(notes.tenant);
  store.notes.add({ ...store.notes.born(bornAt, notes.applicant), text: 'References called.' });
  store.applicants.mustGet(applicants.approved).noteIds.push(notes.applicant);
}

/** A fresh demo account. */
export function demoStore(): Store {
  const store = new Store();
  addReferenceRecords(store, bornAt);
  addRentals(store);
  addLeases(store);
  addTenants(store);
  addApplicants(store);
  addVendors(store);
  addWork(store);
  addLedger(store);
  addNotes(store);
  return store;
}
