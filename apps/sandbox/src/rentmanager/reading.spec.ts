import { beforeEach, describe, expect, it } from '@jest/globals';
import { all, DemoClient, one, TENANT } from './demo-client.fixture.ts';

let client: DemoClient;

beforeEach(() => {
  client = new DemoClient();
});

describe('reading', () => {
  it.each([
    ['TenantID,eq,101', [101]],
    ['TenantID,ne,101', [102, 103, 104]],
    ['TenantID,lt,102', [101]],
    ['TenantID,le,102', [101, 102]],
    ['TenantID,gt,103', [104]],
    ['TenantID,ge,103', [103, 104]],
    ['TenantID,in,(101,104)', [101, 104]],
    ['TenantID,ni,(101,104)', [102, 103]],
    ['TenantID,bt,(102,103)', [102, 103]],
    ['LastName,ct,IN', [101, 104]],
    ['LastName,sw,b', [102]],
    ['LastName,ew,ale', [103]],
    ['Contacts.Email,eq,odessa.brandt@example.com', [102]],
    ['Status,eq,current;PropertyID,eq,2', [103]],
    ['UpdateDate,gt,2026-03-10T11:59:59Z;TenantID,lt,103', [101, 102]],
  ])('filters by %s', (filters, expected) => {
    const answer = client.get(`/Tenants?filters=${encodeURIComponent(filters)}`);

    expect(all(answer).map(({ TenantID }) => TenantID)).toEqual(expected);
  });

  it.each(['Shoe,eq,1', 'TenantID,like,1', 'TenantID,eq,one', 'Shoes.Size,eq,1', 'nonsense'])(
    'answers 400 with ModelState to the filter %s',
    (filters) => {
      expect(client.get(`/Tenants?filters=${filters}`)).toMatchObject({
        status: 400,
        body: { ModelState: { filters: [expect.any(String)] } },
      });
    },
  );

  it('pages, and names the totals and the neighbouring pages', () => {
    const answer = client.get('/Units?pageSize=2&pageNumber=2', { host: 'sandbox' });

    expect(all(answer).map(({ UnitID }) => UnitID)).toEqual([13, 14]);
    expect(answer.headers).toMatchObject({ 'X-Total-Results': '6', 'X-Results': '2' });
    expect(answer.headers?.Link).toBe(
      ['first', 'previous', 'next', 'last']
        .map((rel, at) => `<http://sandbox/rentmanager/Units?pageSize=2&pageNumber=${[1, 1, 3, 3][at]}>; rel="${rel}"`)
        .join(', '),
    );
  });

  it('shows only the fields asked for, and embeds along dotted paths', () => {
    expect(client.get('/Tenants/101?fields=TenantID,LastName')).toMatchObject({ body: { TenantID: 101, LastName: 'Finch' } });
    expect(Object.keys(one(client.get('/Tenants/101?fields=TenantID,LastName&embeds=Contacts')))).toEqual([
      'TenantID',
      'LastName',
    ]);
    expect(one(client.get('/Tenants/101?embeds=Contacts.PhoneNumbers,Property'))).toMatchObject({
      Property: { ShortName: 'JUN' },
      Contacts: [{ PhoneNumbers: [{ PhoneNumberID: 301 }] }],
    });
  });

  it('answers 204 to an empty filtered list, 404 without a body to an unknown id, and a Message to an unknown route', () => {
    expect(client.get('/Tenants?filters=LastName,eq,nobody')).toMatchObject({ status: 204 });
    const missing = client.get('/Tenants/999');
    expect([missing.status, missing.body]).toEqual([404, undefined]);
    expect(client.get('/Castles')).toMatchObject({ status: 404, body: { Message: expect.any(String) } });
  });

  it.each(['PUT', 'PATCH'])('refuses %s with 405', (method) => {
    expect(client.call(method, '/Tenants/101', { Comment: 'x' }).status).toBe(405);
    expect(client.effects).toEqual([]);
  });

  it('hides young records from lists while the search delay lasts', () => {
    client.world = { ...client.world, searchDelayMs: 1000 };
    client.post('/Tenants', [TENANT]);

    expect(client.get('/Tenants?filters=LastName,eq,Moss').status).toBe(204);
    client.nowMs += 1000;
    expect(client.get('/Tenants?filters=LastName,eq,Moss').status).toBe(200);
  });
});
