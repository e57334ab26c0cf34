/** Money, places, work and vendors: what each creates, replaces and refuses. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Calls, keysOf, someAddress } from './calls.fixture.ts';
import { demoIds } from './demo-ids.ts';

const { leases, tenants, applicants, rentals, units, vendors, tasks, workOrders, users, glAccounts, bankAccounts } = demoIds;
let calls: Calls;
beforeEach(() => {
  calls = new Calls();
});

interface Read {
  readonly Id: number;
  readonly [member: string]: unknown;
}

describe('charges and payments', () => {
  const path = `/v1/leases/${leases.maple2}`;
  const Lines = [
    { Amount: 0.1, GLAccountId: glAccounts.rentIncome },
    { Amount: 0.2, GLAccountId: glAccounts.lateFees, ReferenceNumber: 'R-1' },
  ];

  it('answer a new charge in an array', () => {
    const charges = calls.write<Read[]>('POST', `${path}/charges`, { Date: '2026-04-01', Memo: 'April', Lines });

    expect(charges).toMatchObject([
      { TransactionTypeEnum: 'Charge', TotalAmount: 0.3, LeaseId: leases.maple2, Date: '2026-04-01' },
    ]);
    expect(charges[0]).toMatchObject({
      Journal: { Memo: 'April', Lines: [{ GLAccount: { Name: 'Rent Income' }, UnitId: units.maple2 }, {}] },
    });
    expect(calls.read(`${path}/charges/${charges[0]?.Id}`)).toMatchObject({ Memo: 'April', TotalAmount: 0.3 });
  });

  it('answer an update of a charge as one record with the new lines', () => {
    const [charge] = calls.write<Read[]>('POST', `${path}/charges`, { Memo: 'April', Lines });

    const after = calls.write('PUT', `${path}/charges/${charge?.Id}`, { Date: '2026-04-02', Lines: Lines.slice(0, 1) });

    expect(after).toMatchObject({ Id: charge?.Id, TotalAmount: 0.1, Journal: { Memo: null } });
  });

  it('are read together as transactions of the lease', () => {
    const payment = {
      Date: '2026-04-03',
      PaymentMethod: 'Check',
      PayeeUserId: tenants.mira,
      SendEmailReceipt: false,
      Lines: Lines.slice(0, 1),
      ReferenceNumber: '17',
    };
    const { Id } = calls.write<Read>('POST', `${path}/payments`, payment);
    calls.write('POST', `${path}/charges`, { Lines });

    expect(calls.read(`${path}/transactions?transactiontypes=Payment`)).toMatchObject([
      { Id, PayeeTenantId: tenants.mira, PaymentMethod: 'Check', CheckNumber: '17' },
    ]);
    expect(calls.read<Read[]>(`${path}/transactions`)).toHaveLength(2);
    expect(calls.read<Read[]>(`${path}/charges`)).toHaveLength(1);
    expect(calls.get(`/v1/leases/${leases.maple1}/transactions/${Id}`).status).toBe(404);
  });

  it.each<[string, string, object, string]>([
    ['no lines', 'charges', { Lines: undefined }, 'Lines'],
    ['empty lines', 'charges', { Lines: [] }, 'Lines'],
    ['an unknown account', 'charges', { Lines: [{ Amount: 1, GLAccountId: 999 }] }, 'Lines[0].GLAccountId'],
    ['a line without an amount', 'charges', { Lines: [{ GLAccountId: 3 }] }, 'Lines[0].Amount'],
    ['a memo over 65 characters', 'charges', { Memo: 'x'.repeat(66) }, 'Memo'],
    ['no lines', 'payments', { PaymentMethod: 'Cash', SendEmailReceipt: false, Lines: undefined }, 'Lines'],
    [
      'a payee of another lease',
      'payments',
      { PaymentMethod: 'Cash', SendEmailReceipt: false, PayeeUserId: tenants.noor },
      'PayeeUserId',
    ],
    ['an unknown method', 'payments', { PaymentMethod: 'Barter', SendEmailReceipt: false }, 'PaymentMethod'],
  ])('refuse %s in %s', (_what, resource, change, key) => {
    const answer = calls.send('POST', `${path}/${resource}`, { Date: '2026-04-01', Lines: Lines.slice(0, 1), ...change });

    expect([answer.status, ...keysOf(answer)]).toEqual([422, key]);
  });
});

describe('properties and units', () => {
  const rental = {
    Name: 'Elm Row',
    Address: someAddress,
    RentalSubType: 'Office',
    OperatingBankAccountId: bankAccounts.operating,
  };

  it('come with one unit when none is sent', () => {
    const { Id } = calls.write<Read>('POST', '/v1/rentals', { ...rental, PropertyManagerId: users.leasing });

    expect(calls.read(`/v1/rentals/${Id}`)).toMatchObject({
      NumberUnits: 1,
      RentalType: 'Commercial',
      RentalManager: { Id: users.leasing },
    });
    expect(calls.read(`/v1/rentals/units?propertyids=${Id}`)).toMatchObject([{ BuildingName: 'Elm Row', PropertyId: Id }]);
  });

  it('lose the manager that an update leaves out', () => {
    expect(calls.write('PUT', `/v1/rentals/${rentals.maple}`, rental)).toMatchObject({
      RentalManager: null,
      YearBuilt: null,
      NumberUnits: 4,
    });
  });

  it('refuse a second unit of the same number, but not the same unit again', () => {
    const unit = { UnitNumber: 'a', Address: someAddress };
    const post = calls.send('POST', '/v1/rentals/units', { ...unit, PropertyId: rentals.harbor });
    const put = calls.send('PUT', `/v1/rentals/units/${units.harborB}`, unit);

    expect([post.status, put.status, ...keysOf(post), ...keysOf(put)]).toEqual([422, 422, 'UnitNumber', 'UnitNumber']);
    expect(calls.write('PUT', `/v1/rentals/units/${units.harborA}`, unit)).toMatchObject({ UnitNumber: 'a', Description: null });
    expect(calls.send('POST', '/v1/rentals/units', { ...unit, PropertyId: rentals.maple }).status).toBe(201);
  });

  it.each([999, 2027])('refuse to be built in %i', (YearBuilt) => {
    expect(keysOf(calls.send('POST', '/v1/rentals', { ...rental, YearBuilt }))).toEqual(['YearBuilt']);
  });
});

describe('work orders', () => {
  const order = { EntryAllowed: 'Yes', VendorId: vendors.plumber };
  const task = { Title: 'Fix', Priority: 'High', Status: 'New', AssignedToUserId: users.maintenance };

  it('create the task that they bring along and show its state', () => {
    const Task = { ...task, PropertyId: rentals.maple, UnitId: units.maple1, DueDate: '2026-06-01' };

    const created = calls.write<Read & { Task: Read }>('POST', '/v1/workorders', {
      ...order,
      Task,
      EntryContactIds: [tenants.noor],
    });

    expect(created).toMatchObject({
      Title: 'Fix',
      Priority: 'High',
      Status: 'New',
      DueDate: '2026-06-01',
      Task: { Type: 'Todo' },
    });
    expect(created).toMatchObject({ EntryContacts: [{ Id: tenants.noor, Resources: [{ Type: 'RentalTenant' }] }] });
    expect(calls.read(`/v1/tasks/${created.Task.Id}`)).toMatchObject({ Title: 'Fix', Property: { Id: rentals.maple } });
  });

  it('replace their lines and keep their task', () => {
    const LineItems = [{ Quantity: 3, UnitPrice: 10.1, GlAccountId: glAccounts.repairs }];

    const after = calls.write('PUT', `/v1/workorders/${workOrders.leak}`, { ...order, LineItems });

    expect(after).toMatchObject({ Amount: 30.3, WorkDetails: null, Task: { Id: tasks.leak }, EntryContact: null });
  });

  it.each<[string, object, string]>([
    ['a task for who is no staff', { Task: { ...task, AssignedToUserId: tenants.noor } }, 'Task.AssignedToUserId'],
    ['a unit of another property', { Task: { ...task, PropertyId: rentals.harbor, UnitId: units.maple1 } }, 'Task.UnitId'],
    ['an entry contact who is nobody', { EntryContactId: 1 }, 'EntryContactId'],
    ['a line without a price', { LineItems: [{ Quantity: 1 }] }, 'LineItems[0].UnitPrice'],
  ])('refuse %s', (_what, change, key) => {
    expect(keysOf(calls.send('POST', '/v1/workorders', { ...order, ...change }))).toEqual([key]);
  });
});

describe('vendors and applicants', () => {
  const CategoryId = demoIds.vendorCategories.plumbing;

  it('read a vendor under other names than it is written', () => {
    const vendor = {
      IsCompany: false,
      FirstName: 'Ada',
      LastName: 'Novak',
      CategoryId,
      ExpenseGlAccountId: glAccounts.repairs,
      VendorInsurance: { ExpirationDate: '2027-01-31' },
      TaxInformation: { TaxPayerType: 'EIN', TaxPayerId: '12-3456789' },
    };

    expect(calls.write('POST', '/v1/vendors', vendor)).toMatchObject({
      Category: { Id: CategoryId, Name: 'Contractors - Plumbing' },
      ExpenseGLAccountId: glAccounts.repairs,
      VendorInsurance: { ExpirationDate: '2027-01-31T00:00:00Z' },
      TaxInformation: { TaxPayerIdType: 'EIN', IncludeIn1099: false },
    });
  });

  it.each<[string, object, string[]]>([
    ['a company without its name', { IsCompany: true }, ['CompanyName']],
    ['a person without names', { IsCompany: false }, ['FirstName', 'LastName']],
    ['a website that is no URL', { IsCompany: true, CompanyName: 'X', Website: 'example' }, ['Website']],
    [
      'a tax id of the other type',
      { IsCompany: true, CompanyName: 'X', TaxInformation: { TaxPayerType: 'SSN', TaxPayerId: '12-3456789' } },
      ['TaxInformation.TaxPayerId'],
    ],
  ])('refuse %s', (_what, change, keys) => {
    expect(keysOf(calls.send('POST', '/v1/vendors', { CategoryId, ...change }))).toEqual(keys);
  });

  it('keep the status of an applicant through an update', () => {
    const path = `/v1/applicants/${applicants.approved}`;

    expect(calls.write('PUT', path, { FirstName: 'A', LastName: 'B' })).toMatchObject({
      Status: 'Approved',
      UnitId: null,
      Email: null,
    });
    expect(
      calls.write('POST', '/v1/applicants', {
        FirstName: 'A',
        LastName: 'B',
        SendRentalApplicationEmail: false,
        UnitId: units.maple1,
      }),
    ).toMatchObject({
      Status: 'New',
      PropertyId: rentals.maple,
    });
  });
});
