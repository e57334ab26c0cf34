/** How the bodies of single steps are worked out from a payload, the record as it is and the account's own lists; and how records are read. */
import { describe, expect, it } from '@jest/globals';
import {
  assemble,
  decodeRecord,
  encodeFields,
  operationOf,
  Unsendable,
  type Capability,
  type OperationName,
  type ReadBefore,
} from '#capabilities';
import { pms } from './index.ts';

const capabilityOf = (path: string): Capability => pms.capabilities.get(path) as Capability;

/** What a step would send for some values, given what was read before. */
function sent(
  path: string,
  operation: OperationName,
  step: string,
  values: Record<string, unknown>,
  read: Partial<ReadBefore> = {},
) {
  const capability = capabilityOf(path);
  const found = operationOf(capability, operation)?.steps.find(({ name }) => name === step);
  if (!found?.sends) throw new Error(`${path} has no step ${step} with a body`);
  const body = assemble(capability, found.sends, encodeFields(capability, operation, values, {}));
  return found.compose ? found.compose(body, { current: undefined, lookups: {}, ...read }) : body;
}

describe('what is sent', () => {
  const TYPES = [
    { PhoneNumberTypeID: 1, Name: 'Home' },
    { PhoneNumberTypeID: 2, Name: 'Work fax' },
    { PhoneNumberTypeID: 3, Name: 'Cell' },
  ];
  const numbers = [
    { PhoneNumberID: 31, PhoneNumberTypeID: 1, PhoneNumber: '1' },
    { PhoneNumberID: 33, PhoneNumberTypeID: 3, PhoneNumber: '3', IsPrimary: true },
  ];
  const current = { Contacts: [{ ContactID: 20 }, { ContactID: 21, IsPrimary: true, PhoneNumbers: numbers }] };
  const phones = (values: Record<string, unknown>) =>
    sent('residents', 'update', 'phones', values, { current, lookups: { phoneTypes: TYPES } });

  it('is the number of the same kind, if there is one', () => {
    expect(phones({ phone_1: '9', phone_1_type: 'HOME', phone_2: '8', phone_2_type: 'FAX' })).toEqual([
      { PhoneNumberID: 31, PhoneNumberTypeID: 1, PhoneNumber: '9', IsPrimary: true },
      { PhoneNumberTypeID: 2, PhoneNumber: '8' },
    ]);
  });

  it('is the number in the same place when no kind is named', () => {
    expect(phones({ phone_1: '9', phone_2: '8' })).toEqual([
      { PhoneNumberID: 33, PhoneNumberTypeID: 3, PhoneNumber: '9', IsPrimary: true },
      { PhoneNumberID: 31, PhoneNumberTypeID: 1, PhoneNumber: '8' },
    ]);
  });

  it('is nothing when the account has no such kind', () => {
    expect(() => phones({ phone_1: '9', phone_1_type: 'WORK' })).toThrow(Unsendable);
  });

  const HOME = {
    AddressID: 41,
    AddressTypeID: 5,
    IsPrimary: true,
    Address: '12 Elm Street\nApt 4\nCincinnati, OH 45202\nUS',
    Street: '12 Elm Street\nApt 4',
    City: 'Cincinnati',
    State: 'OH',
    PostalCode: '45202',
  };
  const KINDS = [{ AddressTypeID: 5 }, { AddressTypeID: 6 }];
  const addresses = (values: Record<string, unknown>, there: object[]) =>
    sent('residents', 'update', 'addresses', values, { current: { Addresses: there }, lookups: { addressTypes: KINDS } });

  it('is an address with the parts that nobody named', () => {
    expect(addresses({ city: 'Dayton', address_2: null }, [HOME])).toEqual([
      { AddressID: 41, AddressTypeID: 5, IsPrimary: true, Address: '12 Elm Street\nDayton, OH 45202\nUS' },
    ]);
  });

  it('is a second address in a slot of its own, whether there is a first one or not', () => {
    const second = { address_1_alternate: 'PO Box 77', city_alternate: 'Dayton', state_alternate: 'OH', zip_alternate: '45402' };
    const row = { AddressTypeID: 6, IsPrimary: false, Address: 'PO Box 77\nDayton, OH 45402' };

    expect(addresses(second, [HOME])).toEqual([row]);
    expect(addresses(second, [])).toEqual([row]);
    expect(() => addresses(second, [HOME, { AddressID: 42, AddressTypeID: 6, IsPrimary: true }])).not.toThrow();
  });

  it('is nothing when every slot is taken', () => {
    const address = { address_1: '1 A St', city: 'Dayton', state: 'OH', zip: '45402' };
    const taken = [
      { AddressTypeID: 5, IsPrimary: false },
      { AddressTypeID: 6, IsPrimary: false },
    ];

    expect(() => addresses(address, taken)).toThrow(Unsendable);
  });

  it('is a new contact with the names of the account, where it has none', () => {
    const read = { current: { Name: 'Brightwater' }, lookups: { contactTypes: [{ ContactTypeID: 4 }] } };

    expect(sent('vendors', 'update', 'contact', { email_1: 'a@example.com' }, read)).toEqual({
      LastName: 'Brightwater',
      ContactTypeID: 4,
      IsPrimary: true,
      Email: 'a@example.com',
    });
  });

  it.each([
    ['2026-06-01', '2027-05-31', 3],
    ['2026-06-01', '2026-11-30', 2],
    ['2026-06-01', '2026-08-31', 1],
  ])('is a term from %s to %s of the length that the account knows', (start_date, end_date, term) => {
    const terms = [
      { LeaseTermID: 1, Months: 1 },
      { LeaseTermID: 2, Months: 6 },
      { LeaseTermID: 3, Months: 12 },
    ];
    const read = { current: { LeaseID: 7, MoveInDate: '2026-06-01T00:00:00' }, lookups: { terms } };

    expect(sent('leases', 'create', 'term', { start_date, end_date }, read)).toMatchObject({
      ParentLeaseID: 7,
      LeaseTermID: term,
    });
  });

  it('is the unit of the lease that runs, for a charge that names none', () => {
    const tenant = {
      PropertyID: 1,
      Leases: [
        { PropertyID: 1, UnitID: 11 },
        { PropertyID: 2, UnitID: 21, MoveOutDate: '2025-01-01T00:00:00' },
      ],
    };
    const read = { lookups: { tenant } };

    expect(sent('resident-charges', 'create', 'charge', { amount_in_cents: 1999 }, read)).toEqual({
      PropertyID: 1,
      UnitID: 11,
      Amount: 19.99,
    });
  });

  it('names the version that was read, so that nothing newer is overwritten', () => {
    const read = { current: { UpdateDate: '2026-04-29T15:56:15-04:00', ConcurrencyID: 4 } };

    expect(sent('properties', 'update', 'property', { name: 'Elm Court' }, read)).toEqual({
      Name: 'Elm Court',
      UpdateDate: '2026-04-29T15:56:15-04:00',
      ConcurrencyID: 4,
    });
  });
});

describe('what is read', () => {
  it('is the primary contact, with its first number first', () => {
    const tenant = {
      TenantID: 1,
      FirstName: 'Ann',
      Contacts: [
        { ContactID: 1, Email: 'other@example.com' },
        {
          ContactID: 2,
          IsPrimary: true,
          Email: 'ann@example.com',
          PhoneNumbers: [
            { PhoneNumber: '1', PhoneNumberType: { Name: 'Home' } },
            { PhoneNumber: '2', IsPrimary: true, PhoneNumberType: { Name: 'Mobile' } },
          ],
        },
      ],
    };

    expect(decodeRecord(capabilityOf('residents'), tenant)).toMatchObject({
      email_1: 'ann@example.com',
      phone_1: '2',
      phone_1_type: 'MOBILE',
      phone_2: '1',
      phone_2_type: 'HOME',
    });
    expect(decodeRecord(capabilityOf('residents'), { TenantID: 1 })).toEqual({});
  });
});
