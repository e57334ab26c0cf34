import { beforeEach, describe, expect, it } from '@jest/globals';
import { all, CHARGE, DemoClient, one, only } from './demo-client.fixture.ts';

let client: DemoClient;

beforeEach(() => {
  client = new DemoClient();
});

const ISSUE = {
  Title: 'Gate squeaks',
  CategoryID: 3,
  StatusID: 1,
  PriorityID: 1,
  AssignedToUserID: 2,
  AssignedOpenDate: '2026-04-01T08:00:00',
};

describe('sub-resources', () => {
  it.each([
    [
      '/Contacts/201/PhoneNumbers',
      { PhoneNumberTypeID: 2, PhoneNumber: '555-555-0199' },
      { ParentID: 201, StrippedPhoneNumber: '5555550199' },
    ],
    ['/Tenants/101/Contacts', { ContactTypeID: 3, FirstName: 'Rae' }, { ParentID: 101, ParentType: 'Tenant', IsPrimary: false }],
    ['/Tenants/101/Charges', CHARGE, { AccountID: 101, AccountType: 'Customer', TransactionType: 'Charge' }],
    [
      '/Tenants/101/HistoryNotes',
      { HistoryCategoryID: 1, HistoryDate: '2026-04-01', Note: 'Hi' },
      { ParentID: 101, EntityType: 'Tenant' },
    ],
    [
      '/ServiceManagerIssues/701/HistoryNotes',
      { HistoryCategoryID: 2, HistoryDate: '2026-04-01', Note: 'Hi' },
      { EntityType: 'ServiceManagerIssue' },
    ],
    [
      '/Leases/501/LeaseRenewals',
      { LeaseTermID: 3, StartDate: '2026-06-01' },
      { ParentLeaseID: 501, UnitID: 11, StartDate: '2026-06-01T00:00:00' },
    ],
  ])('ties a new record to its parent: POST %s', (path, model, expected) => {
    expect(client.post(path, [model])).toMatchObject({ status: 201, body: [expected] });
  });

  it('updates a phone number by its key, but only under its own contact', () => {
    expect(client.post('/Contacts/201/PhoneNumbers', [{ PhoneNumberID: 301, Extension: '7' }])).toMatchObject({
      status: 200,
      body: [{ Extension: '7' }],
    });
    expect(client.post('/Contacts/202/PhoneNumbers', [{ PhoneNumberID: 301, Extension: '7' }]).status).toBe(404);
  });

  it('shows the parts of an address that is written as text', () => {
    const answer = client.post('/Tenants/101/Addresses', [{ AddressTypeID: 2, Address: 'PO Box 4\r\nSt. Paul, MN 55101-0001' }]);

    expect(only(answer)).toMatchObject({ Street: 'PO Box 4', City: 'St. Paul', State: 'MN', PostalCode: '55101-0001' });
  });

  it('has one slot per address type of the parent kind', () => {
    expect(client.post('/Tenants/101/Addresses', [{ AddressTypeID: 1, Address: 'x' }]).status).toBe(409);
    expect(client.post('/Tenants/101/Addresses', [{ AddressTypeID: 31, Address: 'x' }]).status).toBe(400);
    expect(client.post('/Tenants/101/Addresses', [{ AddressID: 411, Address: '1 New Way\nReno, NV 89501' }])).toMatchObject({
      status: 200,
      body: [{ City: 'Reno' }],
    });
  });

  it('has no phone numbers at the top, and fails on addresses there', () => {
    expect(client.get('/PhoneNumbers')).toMatchObject({ status: 404, body: { Message: expect.any(String) } });
    expect(client.get('/Addresses').status).toBe(500);
    expect(all(client.get('/Tenants/AddressTypes')).map(({ Name }) => Name)).toEqual(['Primary', 'Billing', 'Forwarding']);
    expect(client.get('/Contacts/PhoneNumberTypes').body).toHaveLength(4);
  });

  it('moves the primary mark to the newer contact', () => {
    client.post('/Tenants/101/Contacts', [{ ContactTypeID: 2, FirstName: 'Rae', IsPrimary: true }]);

    expect(one(client.get('/Contacts/201'))).toMatchObject({ IsPrimary: false });
  });
});

describe('service issues', () => {
  it('are linked to a unit, a property and a tenant by actions', () => {
    const { ServiceManagerIssueID: id } = only(client.post('/ServiceManagerIssues', [ISSUE]));

    for (const action of ['LinkUnit?unitID=11', 'LinkProperty?propertyID=1', 'LinkTenant?tenantID=101', 'LinkUnit?unitID=11']) {
      expect(client.post(`/ServiceManagerIssues/${id}/${action}`).status).toBe(204);
    }

    const actions = client.effects.filter(({ action }) => action === 'action');
    expect(actions.map(({ sent }) => sent)).toEqual([
      { action: 'LinkUnit', unitID: 11 },
      { action: 'LinkProperty', propertyID: 1 },
      { action: 'LinkTenant', tenantID: 101 },
    ]);
    expect(one(client.get(`/ServiceManagerIssues/${id}?embeds=LinkedUnits,LinkedProperties,LinkedTenants`))).toMatchObject({
      LinkedUnits: [{ UnitID: 11 }],
      LinkedProperties: [{ PropertyID: 1 }],
      LinkedTenants: [{ TenantID: 101 }],
    });
    expect(client.post(`/ServiceManagerIssues/${id}/LinkUnit?unitID=999`)).toMatchObject({
      status: 404,
      body: { ErrorCode: -2146232969 },
    });
  });

  it('lose a link by the opposite action', () => {
    expect(client.post('/ServiceManagerIssues/701/UnlinkUnit?unitID=11').status).toBe(204);

    expect(client.get('/ServiceManagerIssues/701/LinkedUnits').status).toBe(204);
    expect(client.get('/ServiceManagerIssues/701/LinkedTenants').status).toBe(200);
  });

  it('get their close date from the server', () => {
    expect(one(client.post('/ServiceManagerIssues/701', { IsClosed: true, StatusID: 3 }))).toMatchObject({
      CloseDate: '2026-04-01T09:00:00.000+00:00',
    });
    expect(one(client.post('/ServiceManagerIssues/701', { IsClosed: false }))).not.toHaveProperty('CloseDate');
  });
});

describe('payments', () => {
  const payment = { AccountID: 103, AccountType: 'Customer', Amount: 2100, TransactionDate: '2026-04-01' };

  it('are put against charges by nested allocations, which shows in the balance', () => {
    const answer = client.post('/Payments', [{ ...payment, Allocations: [{ ChargeID: 902, Amount: 2100 }] }]);

    expect(only(answer)).toMatchObject({ AmountAllocated: 2100, IsFullyAllocated: true, TransactionType: 'Payment' });
    expect(one(client.get('/Charges/902'))).toMatchObject({ IsFullyAllocated: true });
    expect(one(client.get('/Tenants/103?embeds=Balance'))).toMatchObject({ Balance: 0 });
    expect(one(client.get('/Tenants/103'))).not.toHaveProperty('Balance');
  });

  it('cannot cover more than a charge has open, and then leave nothing behind', () => {
    expect(client.post('/Payments', [{ ...payment, Allocations: [{ ChargeID: 901, Amount: 1 }] }]).status).toBe(400);
    expect(client.get('/Payments?filters=AccountID,eq,103').status).toBe(204);
  });
});
