import { beforeEach, describe, expect, it } from '@jest/globals';
import { all, CHARGE, DemoClient, one, only, TENANT } from './demo-client.fixture.ts';

let client: DemoClient;

beforeEach(() => {
  client = new DemoClient();
});

describe('creating', () => {
  it('takes an array on the collection and answers the array of new records', () => {
    const answer = client.post('/Tenants', [TENANT, { ...TENANT, FirstName: 'Ada' }]);

    expect(answer.status).toBe(201);
    expect(all(answer)).toMatchObject([{ FirstName: 'Ida', TenantID: 1001 }, { FirstName: 'Ada' }]);
    expect(client.effects).toMatchObject([
      { resource: 'Tenants', action: 'create', id: '1001', sent: TENANT },
      { resource: 'Tenants', action: 'create', id: '1002' },
    ]);
  });

  it('saves all elements or none', () => {
    const answer = client.post('/Tenants', [TENANT, { FirstName: 'No property' }]);

    expect(answer.status).toBe(400);
    expect(client.effects).toEqual([]);
    expect(client.get('/Tenants?filters=LastName,eq,Moss').status).toBe(204);
    expect(client.get('/Contacts?filters=LastName,eq,Moss').status).toBe(204);
  });

  it('makes a first contact from the names of a tenant', () => {
    const { TenantID } = only(client.post('/Tenants', [TENANT]));

    expect(all(client.get(`/Tenants/${TenantID}/Contacts`))).toMatchObject([
      { FirstName: 'Ida', LastName: 'Moss', IsPrimary: true },
    ]);
  });

  it('takes a nested primary contact, and ignores other nested models', () => {
    const nested = { ...TENANT, PrimaryContact: { Email: 'ida@example.com' }, Leases: [{ UnitID: 14 }] };

    const { TenantID } = only(client.post('/Tenants', [nested]));

    expect(all(client.get(`/Tenants/${TenantID}/Contacts`))).toMatchObject([{ FirstName: 'Ida', Email: 'ida@example.com' }]);
    expect(client.get(`/Tenants/${TenantID}/Leases`).status).toBe(204);
  });

  it('ignores unknown, read-only and computed members, and binds names whatever their case', () => {
    const created = only(
      client.post('/Tenants', [{ propertyid: 1, LASTNAME: 'Moss', Nonsense: 1, TenantDisplayID: 7, CreateDate: '2001-01-01' }]),
    );

    expect(created).toMatchObject({ LastName: 'Moss', TenantDisplayID: created.TenantID });
    expect(created).not.toHaveProperty('Nonsense');
    expect(created.CreateDate).toBe('2026-04-01T09:00:00.000+00:00');
  });

  it.each([
    ['a required member is missing', '/Units', { PropertyID: 1, Name: '9' }, 400, /UnitTypeID/],
    ['a type is wrong', '/Tenants', { ...TENANT, RentDueDay: 'first' }, 400, /RentDueDay must be a Integer/],
    ['an enumeration name is unknown', '/Tenants', { ...TENANT, Status: 'Moved' }, 400, /Status must be one of/],
    ['a date is none', '/Leases', { TenantID: 101, UnitID: 14, PropertyID: 1, MoveInDate: 'soon' }, 400, /MoveInDate/],
    ['a reference does not exist', '/Tenants', { ...TENANT, PropertyID: 99 }, 400, /PropertyID 99/],
    [
      'a unit stands elsewhere',
      '/Leases',
      { TenantID: 101, UnitID: 22, PropertyID: 1, MoveInDate: '2026-05-01' },
      400,
      /UnitID 22/,
    ],
    [
      'a parent does not exist',
      '/Contacts',
      { ParentID: 9, ParentType: 'Tenant', ContactTypeID: 1, LastName: 'X' },
      400,
      /ParentID 9/,
    ],
    [
      'a parent kind is unknown',
      '/Contacts',
      { ParentID: 9, ParentType: 'Cat', ContactTypeID: 1, LastName: 'X' },
      400,
      /ParentType/,
    ],
    ['a unit name is taken', '/Units', { PropertyID: 1, Name: '101', UnitTypeID: 1 }, 409, /PropertyID and Name/],
    [
      'the tenant already lives there',
      '/Leases',
      { TenantID: 101, UnitID: 11, PropertyID: 1, MoveInDate: '2026-05-01' },
      409,
      /501/,
    ],
    ['the key does not exist', '/Tenants', { TenantID: 999, Comment: 'x' }, 404, /999/],
    ['the books are closed', '/Charges', { ...CHARGE, AccountID: 101, TransactionDate: '2019-12-31' }, 412, /IgnoreHardClose/],
  ])('refuses when %s', (_when, path, model, status, text) => {
    const answer = client.post(path, [model]);

    expect(answer.status).toBe(status);
    expect(one(answer)).toMatchObject({ UserMessage: expect.stringMatching(text), Exception: expect.any(String) });
    expect(client.effects).toEqual([]);
  });

  it('answers a body that is no JSON with ModelState', () => {
    expect(client.post('/Tenants', '[{')).toMatchObject({
      status: 400,
      body: { Message: expect.any(String), ModelState: { model: [expect.any(String)] } },
    });
  });

  it('writes into closed books with the save option', () => {
    const model = { ...CHARGE, AccountID: 101, TransactionDate: '2019-12-31' };

    expect(client.post('/Charges?saveOptions=IgnoreHardClose', [model]).status).toBe(201);
  });
});

describe('updating', () => {
  it('takes one object on the instance and keeps what is left out', () => {
    client.nowMs += 1000;
    const before = one(client.get('/Tenants/103'));

    const answer = client.post('/Tenants/103', { LastName: 'Valen' });

    expect(answer.status).toBe(200);
    expect(one(answer)).toEqual({
      ...before,
      LastName: 'Valen',
      Name: 'Teodor Valen',
      LastNameFirstName: 'Valen, Teodor',
      UpdateDate: '2026-04-01T09:00:01.000+00:00',
    });
    expect(client.effects).toMatchObject([
      { action: 'update', id: '103', sent: { LastName: 'Valen' }, record: { Comment: 'Prefers mail.' } },
    ]);
  });

  it('takes an element with an existing key on the collection', () => {
    expect(client.post('/Tenants', [{ TenantID: 101, Comment: 'x' }])).toMatchObject({
      status: 200,
      body: [{ TenantID: 101, Comment: 'x' }],
    });
  });

  it('clears a member that is sent as null, and then leaves it out', () => {
    expect(one(client.post('/Tenants/103', { Comment: null }))).not.toHaveProperty('Comment');
  });

  it('refuses an array on the instance, and null for a required member', () => {
    expect(client.post('/Tenants/101', [{ Comment: 'x' }]).status).toBe(400);
    expect(client.post('/Tenants/101', { PropertyID: null }).status).toBe(400);
  });

  it('answers 409 to a stale UpdateDate, and takes the one that was read', () => {
    const { UpdateDate } = one(client.get('/Tenants/101'));

    expect(client.post('/Tenants/101', { Comment: 'first', UpdateDate }).status).toBe(200);
    expect(client.post('/Tenants/101', { Comment: 'second', UpdateDate }).status).toBe(409);
    expect(client.post('/Tenants/101', { Comment: 'third' }).status).toBe(200);
  });

  it('answers 409 to a stale ConcurrencyID', () => {
    expect(one(client.post('/ChargeTypes/2', { DefaultAmount: 60, ConcurrencyID: 1 }))).toMatchObject({
      DefaultAmount: 60,
      ConcurrencyID: 2,
    });
    expect(client.post('/ChargeTypes/2', { DefaultAmount: 70, ConcurrencyID: 1 }).status).toBe(409);
  });
});

describe('deleting', () => {
  it('removes a record with what it owns', () => {
    const { TenantID } = only(client.post('/Tenants', [TENANT]));

    expect(client.call('DELETE', `/Tenants/${TenantID}`).status).toBe(204);

    expect(client.get(`/Tenants/${TenantID}`).status).toBe(404);
    expect(client.get('/Contacts?filters=LastName,eq,Moss').status).toBe(204);
    expect(client.effects.at(-1)).toMatchObject({ action: 'delete', id: String(TenantID), record: { LastName: 'Moss' } });
  });

  it('keeps a record that others point to', () => {
    expect(client.call('DELETE', '/Tenants/101').status).toBe(409);
    expect(client.get('/Contacts/201').status).toBe(200);
  });
});
