/** The protocol: keys, paths, content type, schema refusals, paging. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Calls, keysOf, someAddress, someTenant } from './calls.fixture.ts';
import { demoIds } from './demo-ids.ts';

const leaseId = demoIds.leases.maple1;
let calls: Calls;
beforeEach(() => {
  calls = new Calls();
});

describe('keys and paths', () => {
  it.each([
    {},
    { 'x-buildium-client-id': 'demo-client' },
    { 'x-buildium-client-id': 'demo-client', 'x-buildium-client-secret': 'no' },
  ])('answers 401 to %j', (headers) => {
    calls.headers = headers as Record<string, string>;

    expect(calls.get('/v1/leases')).toMatchObject({ status: 401, body: { UserMessage: expect.any(String), Errors: [] } });
  });

  it.each(['/v1/Leases', '/leases', '/v1/leases/', '/v1/leases/abc', '/v1/leases/0', '/v1/leases/99999999999', '/v1/nothing'])(
    'answers 404 to the path %s',
    (path) => {
      expect(calls.get(path)).toEqual({ status: 404 });
    },
  );

  it('answers 404 with the id for a record that does not exist', () => {
    const answer = calls.get('/v1/leases/tenants/123456');

    expect(answer.status).toBe(404);
    expect(keysOf(answer)).toEqual(['tenantId']);
  });

  it('answers 405 to a method that the path does not have', () => {
    expect(calls.send('DELETE', '/v1/leases')).toEqual({ status: 405, headers: { allow: 'GET, POST' } });
  });

  it('answers 500 to a query over 4,096 characters', () => {
    expect(calls.get(`/v1/leases?unitnumber=${'x'.repeat(4096)}`).status).toBe(500);
  });

  it('answers 429 to the eleventh call within a second, only where limits are on', () => {
    const statuses = () => Array.from({ length: 11 }, () => calls.get('/v1/users').status);

    expect(statuses()).not.toContain(429);
    calls.rateLimits = true;
    expect(statuses()).toEqual([...Array<number>(10).fill(200), 429]);
    calls.now = new Date(calls.now.getTime() + 1000);
    expect(calls.get('/v1/users').status).toBe(200);
  });
});

describe('bodies', () => {
  const post = (body: unknown) => calls.send('POST', '/v1/leases/tenants', body);

  it.each([undefined, 'text/plain', 'application/x-www-form-urlencoded'])('answers 415 to the content type %s', (type) => {
    const { 'content-type': _json, ...others } = calls.headers;
    calls.headers = type ? { ...others, 'content-type': type } : others;

    expect(post({ ...someTenant, LeaseId: leaseId }).status).toBe(415);
  });

  it('takes a content type with a charset', () => {
    calls.headers['content-type'] = 'application/json; charset=utf-8';

    expect(post({ ...someTenant, LeaseId: leaseId }).status).toBe(201);
  });

  it.each(['', '{', 'x'])('answers 400 to the body %j', (body) => {
    expect(post(body).status).toBe(400);
  });

  it.each<[string, object, string]>([
    ['a missing member', { LastName: undefined }, 'LastName'],
    ['a missing nested member', { Address: { ...someAddress, PostalCode: undefined } }, 'Address.PostalCode'],
    ['an empty name', { FirstName: '' }, 'FirstName'],
    ['a name over 127 characters', { FirstName: 'x'.repeat(128) }, 'FirstName'],
    ['a comment over 65,535 characters', { Comment: 'x'.repeat(65_536) }, 'Comment'],
    ['a phone under 10 characters', { PhoneNumbers: { Mobile: '555-0101' } }, 'PhoneNumbers.Mobile'],
    ['the read shape of phones', { PhoneNumbers: [{ Number: '(503) 555-0101', Type: 'Cell' }] }, 'PhoneNumbers'],
    ['an unknown country', { Address: { ...someAddress, Country: 'Atlantis' } }, 'Address.Country'],
    ['a state that the country does not have', { Address: { ...someAddress, State: 'Bavaria' } }, 'Address.State'],
    ['a missing state where the country needs one', { Address: { ...someAddress, State: null } }, 'Address.State'],
    ['a date that does not exist', { DateOfBirth: '1990-02-30' }, 'DateOfBirth'],
    ['a tax id of no known form', { TaxId: '12-34' }, 'TaxId'],
    ['an unknown enum value', { MailingPreference: 'Both' }, 'MailingPreference'],
    ['an unknown member', { Nickname: 'A' }, 'Nickname'],
    ['an unknown nested member', { EmergencyContact: { Mobile: '1' } }, 'EmergencyContact.Mobile'],
    ['a text for a number', { LeaseId: '3001' }, 'LeaseId'],
  ])('answers 422 and names the member for %s', (_what, change, key) => {
    const answer = post({ ...someTenant, LeaseId: leaseId, ...change });

    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ UserMessage: expect.any(String), ErrorCode: null });
    expect(keysOf(answer)).toEqual([key]);
    expect(calls.effects).toEqual([]);
  });

  it('takes null for every member that may be null, and any state elsewhere', () => {
    const nothing = {
      Email: null,
      PhoneNumbers: null,
      TaxId: null,
      EmergencyContact: null,
      AlternateAddress: null,
      MailingPreference: null,
    };
    const Address = { ...someAddress, Country: 'Germany', State: 'Bavaria' };

    expect(post({ ...someTenant, ...nothing, Address, LeaseId: leaseId }).status).toBe(201);
  });

  it('names every wrong member at once', () => {
    expect(keysOf(post({})).sort()).toEqual(['Address', 'FirstName', 'LastName', 'LeaseId']);
  });

  it('answers 404 for a parent in the body that does not exist', () => {
    expect(post({ ...someTenant, LeaseId: 123 }).status).toBe(404);
    expect(calls.send('POST', '/v1/rentals/units', { UnitNumber: '9', PropertyId: 123, Address: someAddress }).status).toBe(404);
    expect(calls.send('POST', '/v1/leases/123/charges', { Lines: [] }).status).toBe(422);
    expect(calls.send('POST', '/v1/leases/123/charges', { Lines: [{ Amount: 1, GLAccountId: 3 }] }).status).toBe(404);
  });

  it('answers 422 for a mere reference that does not exist', () => {
    const order = calls.send('POST', '/v1/workorders', { EntryAllowed: 'No', VendorId: 123 });
    const vendor = calls.send('POST', '/v1/vendors', { IsCompany: true, CompanyName: 'X', CategoryId: 123 });

    expect([order.status, ...keysOf(order), vendor.status, ...keysOf(vendor)]).toEqual([422, 'VendorId', 422, 'CategoryId']);
  });
});

describe('lists', () => {
  const ids = (url: string) => calls.read<{ Id: number }[]>(url).map(({ Id }) => Id);
  const addUnits = (count: number) => {
    for (let index = 0; index < count; index += 1) {
      calls.write('POST', '/v1/rentals/units', {
        UnitNumber: `N${index}`,
        PropertyId: demoIds.rentals.harbor,
        Address: someAddress,
      });
    }
  };

  it('page by 50 and count all', () => {
    addUnits(54);

    expect(ids('/v1/rentals/units')).toHaveLength(50);
    expect(calls.get('/v1/rentals/units')).toMatchObject({ headers: { 'x-total-count': '60' } });
    expect(ids('/v1/rentals/units?offset=50')).toHaveLength(10);
    expect(ids('/v1/rentals/units?limit=2&offset=1')).toEqual([demoIds.units.maple2, demoIds.units.maple3]);
  });

  it('cut the limit to 1,000', () => {
    addUnits(1000);

    expect(ids('/v1/rentals/units?limit=5000')).toHaveLength(1000);
    expect(calls.get('/v1/rentals/units?limit=5000')).toMatchObject({ headers: { 'x-total-count': '1006' } });
  });

  it.each([
    ['Limit=5', 404],
    ['OFFSET=5', 404],
    ['limit=0', 400],
    ['limit=ten', 400],
    ['offset=-1', 400],
    ['propertyids=x', 400],
    ['lastupdatedfrom=yesterday', 400],
    ['orderby=Nothing', 400],
    ['unknown=1', 200],
  ])('answer %s with %i', (query, status) => {
    expect(calls.get(`/v1/rentals/units?${query}`).status).toBe(status);
  });

  it('sort by members in any letter case, several of them', () => {
    const sorted = ids('/v1/rentals/units?orderby=propertyid%20desc,Id%20asc');

    expect(sorted.slice(0, 3)).toEqual([demoIds.units.harborA, demoIds.units.harborB, demoIds.units.maple1]);
    expect(ids('/v1/rentals/units?orderby=Id desc')[0]).toBe(demoIds.units.harborB);
  });

  it('filter by repeated parameters and by parts of texts', () => {
    const { maple, harbor } = demoIds.rentals;

    expect(ids(`/v1/rentals/units?propertyids=${maple}&propertyids=${harbor}`)).toHaveLength(6);
    expect(ids(`/v1/rentals/units?propertyids=${harbor}`)).toHaveLength(2);
    expect(ids('/v1/leases/tenants?name=noor%20ade')).toEqual([demoIds.tenants.noor]);
    expect(ids('/v1/leases/tenants?email=ADEYEMI@')).toEqual([demoIds.tenants.noor, demoIds.tenants.elias]);
    expect(ids('/v1/leases?leasestatuses=Future')).toEqual([demoIds.leases.maple3Future]);
    expect(ids('/v1/applicants?applicationstatuses=Approved')).toEqual([demoIds.applicants.approved]);
    expect(ids('/v1/workorders?statuses=New&statuses=Completed')).toHaveLength(2);
  });

  it('filter by the time of the last update, to the second', () => {
    calls.write('PUT', `/v1/leases/tenants/${demoIds.tenants.mira}`, someTenant);

    expect(ids('/v1/leases/tenants?lastupdatedfrom=2026-05-01T12:00:00Z')).toEqual([demoIds.tenants.mira]);
    expect(ids('/v1/leases/tenants?lastupdatedfrom=2026-05-01T12:00:01Z')).toEqual([]);
    expect(ids('/v1/leases/tenants?lastupdatedto=2026-05-01T11:59:59Z')).not.toContain(demoIds.tenants.mira);
    expect(ids('/v1/leases?createddatetimeto=2025-01-15 09:00:00')).toHaveLength(4);
  });

  it('hide what is younger than the search delay, while the record itself is there', () => {
    calls.searchDelayMs = 5000;
    const { Id } = calls.write<{ Id: number }>('POST', '/v1/leases/tenants', { ...someTenant, LeaseId: leaseId });

    expect(ids('/v1/leases/tenants')).not.toContain(Id);
    expect(calls.get(`/v1/leases/tenants/${Id}`).status).toBe(200);
    calls.now = new Date(calls.now.getTime() + 5000);
    expect(ids('/v1/leases/tenants')).toContain(Id);
  });
});
