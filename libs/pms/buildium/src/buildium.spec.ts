/**
 * What every declaration of Buildium must keep, whatever it declares. The cases are made from the declarations themselves; the lists at the
 * top say how many there are, so that none can vanish unseen.
 */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  assemble,
  checkWrite,
  decodeRecord,
  encodeFields,
  operationOf,
  planOf,
  pointerOf,
  ruleViolations,
  samplePayload,
  violations,
  type Capability,
  type OperationName,
  type OperationSpec,
  type Violation,
} from '#capabilities';
import { pms } from './index.ts';
import { residents } from './residents.ts';
import { phones } from './shared/phones.ts';
import { leases } from './leases.ts';
import { residentCharges } from './resident-charges.ts';
import { vendors } from './vendors.ts';

const WRITABLE = [
  'applicants',
  'leases',
  'properties',
  'resident-charges',
  'resident-notes',
  'resident-payments',
  'residents',
  'service-requests',
  'units',
  'vendors',
];
const READ_ONLY = ['employees', 'financial-accounts', 'service-request-categories', 'vendor-categories'];
const LACKING = ['leads'];

const OPERATIONS = ['create', 'update'] as const;
const capabilityOf = (path: string): Capability => pms.capabilities.get(path) as Capability;
const idOf = (path: string): string => `id-of-${path}`;
const CASES = WRITABLE.flatMap((path) => OPERATIONS.map((operation) => ({ path, operation })));

const issuesOf = (path: string, operation: OperationName, payload: Readonly<Record<string, unknown>>) => {
  const checked = checkWrite(pms, capabilityOf(path).model, operation, payload, { ignoreUnknownFields: false });
  if (!checked.supported) throw new Error(checked.reason);
  return checked.issues.map(({ pointer, code }) => ({ pointer, code }));
};
const wanted = (violation: Violation) => ({ pointer: pointerOf(violation), code: violation.code });

describe('Buildium', () => {
  it('lists every capability file, and no other model', () => {
    const files = readdirSync(new URL('.', import.meta.url), { withFileTypes: true })
      .filter((entry) => entry.isFile() && !/(index|\.spec)\.ts$/.test(entry.name))
      .map(({ name }) => name.replace(/\.ts$/, ''));
    expect([...pms.capabilities.keys()].sort()).toEqual(files.sort());
    expect(files).toEqual([...WRITABLE, ...READ_ONLY, ...LACKING].sort());
  });

  it.each([...READ_ONLY, ...LACKING])('says in a sentence why %s are not written', (path) => {
    const { create, update } = capabilityOf(path);
    for (const operation of [create, update]) expect('lacks' in operation && operation.lacks).toMatch(/^[A-Z].{20,}\.$/);
  });

  it.each([...WRITABLE, ...READ_ONLY, ...LACKING])('gives a sentence as the reason of every field that %s lack', (path) => {
    for (const mapping of Object.values(capabilityOf(path).fields))
      if (mapping.kind === 'unsupported' || mapping.kind === 'derived') expect(mapping.because).toMatch(/^[A-Z].{10,}\.$/);
  });

  it.each(CASES)('lets no doubt about $operation $path be settled by money that looks alike', ({ path, operation }) => {
    const { policy } = operationOf(capabilityOf(path), operation)?.doubt ?? { policy: 'none' };
    const isMoney = path === 'resident-charges' || path === 'resident-payments';
    expect(policy).toBe(operation === 'update' ? 'read_back' : isMoney ? 'person' : 'search');
  });
});

describe.each(CASES)('$operation $path', ({ path, operation }) => {
  const capability = capabilityOf(path);
  const full = samplePayload(pms, capability.model, operation, 'full', idOf);
  const minimal = samplePayload(pms, capability.model, operation, 'minimal', idOf);
  const broken = violations(pms, capability.model, operation, full);

  it('takes a full and a minimal payload', () => {
    expect(issuesOf(path, operation, full)).toEqual([]);
    expect(issuesOf(path, operation, minimal)).toEqual([]);
    expect(Object.keys(full).length).toBeGreaterThanOrEqual(Object.keys(minimal).length);
  });

  it('leaves no accepted field out of the full payload', () => {
    const accepted = [...(planOf(capability, operation)?.fields.values() ?? [])].filter(({ status }) => status === 'accepted');
    expect(Object.keys(full).sort()).toEqual(accepted.map(({ name }) => name).sort());
  });

  it('names each required field that is missing, and nothing else', () => {
    const lacking = violations(pms, capability.model, operation, minimal).filter(({ name }) => name.endsWith('left out'));
    for (const violation of lacking) expect(issuesOf(path, operation, violation.payload)).toEqual([wanted(violation)]);
  });

  it('refuses whatever breaks one demand', () => {
    expect(broken.length).toBeGreaterThan(0);
    for (const violation of broken)
      expect({ name: violation.name, issues: issuesOf(path, operation, violation.payload) }).toEqual({
        name: violation.name,
        issues: expect.arrayContaining([wanted(violation)]),
      });
  });

  it('strips what it does not have, on request', () => {
    const whole = checkWrite(pms, capability.model, operation, full, { ignoreUnknownFields: false });
    const unkept = whole.supported ? whole.ignored : [];
    for (const violation of broken.filter(({ name }) => name.endsWith(' set'))) {
      const checked = checkWrite(pms, capability.model, operation, violation.payload, { ignoreUnknownFields: true });
      expect(checked).toMatchObject({ supported: true, issues: [], ignored: [violation.field, ...unkept] });
    }
  });

  it('enforces its rules', () => {
    for (const violation of ruleViolations(pms, capability.model, operation, full))
      expect({ rule: violation.name, issues: issuesOf(path, operation, violation.payload) }).toEqual({
        rule: violation.name,
        issues: expect.arrayContaining([wanted(violation)]),
      });
  });
});

describe('the rules of single models', () => {
  const full = (path: string, operation: OperationName) => samplePayload(pms, capabilityOf(path).model, operation, 'full', idOf);

  it('want the state of an address in the United States, not of one in Mexico', () => {
    const { state: _state, ...payload } = full('residents', 'create');
    expect(issuesOf('residents', 'create', payload)).toEqual([{ pointer: '/state', code: 'required' }]);
    expect(issuesOf('residents', 'create', { ...payload, country: 'Mexico' })).toEqual([]);
    expect(issuesOf('residents', 'create', { ...payload, country: 'Atlantis' })).toEqual([
      { pointer: '/country', code: 'invalid_format' },
    ]);
  });

  it('want both names of a person, and the name of a company', () => {
    const { name: _name, first_name: _first, last_name: _last, ...payload } = full('vendors', 'create');
    expect(issuesOf('vendors', 'create', payload)).toEqual([{ pointer: '/name', code: 'required' }]);
    expect(issuesOf('vendors', 'create', { ...payload, is_company: false })).toEqual([
      { pointer: '/first_name', code: 'required' },
      { pointer: '/last_name', code: 'required' },
    ]);
  });

  it('keep no names of a person for a company, and say so', () => {
    const payload = full('vendors', 'create');
    const sent = (change: object) =>
      checkWrite(pms, capabilityOf('vendors').model, 'create', { ...payload, ...change }, { ignoreUnknownFields: false });
    const ofCompany = sent({ is_company: true });
    expect(ofCompany).toMatchObject({ issues: [], ignored: ['first_name', 'last_name'], values: { name: payload['name'] } });
    expect(ofCompany).not.toHaveProperty('values.first_name');
    const ofPerson = sent({ is_company: false });
    expect(ofPerson).toMatchObject({ issues: [], ignored: ['name'], values: { last_name: payload['last_name'] } });
    expect(ofPerson).not.toHaveProperty('values.name');
  });

  it('want a tax id in the form of its type', () => {
    const payload = { ...full('vendors', 'create'), tax_id: '123-45-6789', tax_payer_type: 'EIN' };
    expect(issuesOf('vendors', 'create', payload)).toEqual([{ pointer: '/tax_id', code: 'invalid_format' }]);
    expect(issuesOf('vendors', 'create', { ...payload, tax_payer_type: 'SSN' })).toEqual([]);
  });

  it('want the whole rent of a lease or nothing of it, and an end of a fixed lease', () => {
    const lease = { unit_id: 'u', type: 'Fixed', start_date: '2026-06-01', end_date: '2027-05-31' };
    expect(issuesOf('leases', 'create', lease)).toEqual([]);
    expect(issuesOf('leases', 'create', { ...lease, start_date: '2027-05-31T10:00:00Z' })).toEqual([]);
    expect(issuesOf('leases', 'create', { ...lease, rent_cycle: 'Monthly' }).map(({ pointer }) => pointer)).toEqual([
      '/rent_amount_in_cents',
      '/financial_account_id',
      '/rent_due_date',
    ]);
    expect(issuesOf('leases', 'create', { ...lease, end_date: undefined })).toEqual([{ pointer: '/end_date', code: 'required' }]);
    expect(issuesOf('leases', 'create', { ...lease, type: 'AtWill', end_date: undefined })).toEqual([]);
  });

  it('want the address of a new tenant as a whole, and that of the second address too', () => {
    const lease = { unit_id: 'u', type: 'AtWill', start_date: '2026-06-01', first_name: 'Ann', city_alternate: 'Dayton' };
    expect(
      issuesOf('leases', 'create', lease)
        .map(({ pointer }) => pointer)
        .sort(),
    ).toEqual(['/address_1', '/address_1_alternate', '/country', '/country_alternate', '/last_name', '/zip', '/zip_alternate']);
  });

  it('want two telephone numbers of different types, and no type alone', () => {
    const both = { phone_1: '5135550142', phone_2: '5135550143' };
    expect(issuesOf('residents', 'update', both)).toEqual([]);
    expect(issuesOf('residents', 'update', { ...both, phone_2_type: 'HOME' })).toEqual([
      { pointer: '/phone_2_type', code: 'conflict' },
    ]);
    expect(issuesOf('residents', 'update', { phone_1_type: 'HOME' })).toEqual([{ pointer: '/phone_1', code: 'required' }]);
  });
});

describe('a search in doubt', () => {
  const sentAt = new Date('2026-11-24T02:00:00Z');
  const query = (path: string) => {
    const { doubt } = operationOf(capabilityOf(path), 'create') as OperationSpec;
    if (doubt.policy !== 'search') throw new Error(`${path} is not searched for`);
    return Object.entries(doubt.call.query).map(([name, source]) => [
      name,
      typeof source === 'object' && source.kind === 'sent_at' ? source.format(sentAt) : typeof source === 'object' && source.kind,
    ]);
  };

  it('asks in the form that each list documents, and a day earlier where the zone is not', () => {
    expect(query('service-requests')).toEqual([
      ['vendorids', 'reference'],
      ['lastupdatedfrom', '2026-11-23'],
    ]);
    expect(query('resident-notes')).toEqual([['updateddatetimefrom', '2026-11-23 00:00:00']]);
    expect(query('residents')).toEqual([['lastupdatedfrom', '2026-11-24T02:00:00Z']]);
    const { reads } = capabilityOf('service-requests');
    expect('lacks' in reads ? undefined : reads.changedSince?.format(sentAt)).toBe('2026-11-23');
  });

  it.each(['applicants', 'leases', 'residents', 'units', 'vendors', 'properties', 'service-requests'])(
    'for %s goes by no text that Buildium may have tidied up',
    (path) => expect(query(path).map(([, kind]) => kind)).not.toContain('payload'),
  );

  it('for a lease goes by nothing that Buildium may keep otherwise', () => {
    const { doubt } = operationOf(leases, 'create') as OperationSpec;
    expect(doubt).toMatchObject({ same: ['x_unit_id', 'start_date'] });
  });
});

describe('what is sent', () => {
  const encode = (capability: Capability, operation: OperationName, values: Record<string, unknown>, references = {}) =>
    encodeFields(capability, operation, values, references);

  it('names all known tenants of a lease in one list', () => {
    const values = { unit_id: 'u', resident_id: 'a', associated_resident_ids: ['a', 'b'] };
    const named = {
      unit_id: '2004',
      resident_id: '4001',
      'associated_resident_ids.0': '4001',
      'associated_resident_ids.1': '4002',
    };
    expect(assemble(leases, 'create', encode(leases, 'create', values, named))).toMatchObject({
      UnitId: 2004,
      TenantIds: [4001, 4002],
    });
  });

  it('clears a group of a replacement that has nothing left in it', () => {
    const values = { address_1_alternate: null, zip_alternate: null, country_alternate: null, city_alternate: null };
    const carried = {
      AlternateAddress: { AddressLine1: 'PO Box 77', City: 'Dayton', PostalCode: '45402', Country: 'UnitedStates' },
    };
    expect(assemble(residents, 'update', encode(residents, 'update', values), carried)).toMatchObject({ AlternateAddress: null });
  });

  it('carries over what a vendor has, under the names and in the forms of the replacement', () => {
    const current = {
      IsCompany: true,
      Category: { Id: 51, Name: 'Plumbing' },
      ExpenseGLAccountId: 11,
      PhoneNumbers: [{ Type: 'Office', Number: '(503) 555-0160' }],
      VendorInsurance: { Provider: 'Example Mutual', PolicyNumber: 'P-1', ExpirationDate: '2027-12-31T00:00:00Z' },
      TaxInformation: { TaxPayerIdType: 'EIN', TaxPayerId: '00-1234567', IncludeIn1099: true, Address: null },
    };
    const carry = operationOf(vendors, 'update')?.carry;
    expect(carry?.(current as never)).toMatchObject({
      IsCompany: true,
      CategoryId: 51,
      ExpenseGlAccountId: 11,
      PhoneNumbers: { Work: '(503) 555-0160' },
      VendorInsurance: { ExpirationDate: '2027-12-31' },
      TaxInformation: { TaxPayerType: 'EIN', TaxPayerId: '00-1234567', IncludeIn1099: true },
    });
  });

  it('shows telephone numbers at their types, in whatever order and punctuation', () => {
    const remote = {
      PhoneNumbers: [
        { Type: 'Home', Number: '(513) 555-0143' },
        { Type: 'Cell', Number: '(513) 555-0142' },
      ],
    } as const;
    expect(phones.shows({ phone_1: '5135550142', phone_1_type: 'MOBILE' }, remote)).toBe(true);
    expect(phones.shows({ phone_1: '5135550142', phone_1_type: 'WORK' }, remote)).toBe(false);
    expect(phones.shows({ phone_1: null, phone_1_type: 'FAX' }, remote)).toBe(true);
  });

  it('keeps the number of a charge whose amount alone changes', () => {
    const current = { Date: '2026-06-01', Journal: { Lines: [{ Amount: 10, GLAccount: { Id: 3 }, ReferenceNumber: 'RC-1' }] } };
    const update = operationOf(residentCharges, 'update') as OperationSpec;
    const send = (values: Record<string, unknown>): unknown => {
      const encoded = encodeFields(residentCharges, 'update', values, { financial_account_id: '7' });
      const body = assemble(residentCharges, 'update', encoded, update.carry?.(current as never));
      return (update.steps[0].compose?.(body, { current, lookups: {} }) as { Lines: unknown }).Lines;
    };
    expect(send({ description: 'June' })).toEqual([{ Amount: 10, GLAccountId: 3, ReferenceNumber: 'RC-1' }]);
    const line = { amount_in_cents: 2_550, financial_account_id: 'x' };
    expect(send(line)).toEqual([{ Amount: 25.5, GLAccountId: 7, ReferenceNumber: 'RC-1' }]);
    expect(send({ ...line, reference_number: 'RC-2' })).toEqual([{ Amount: 25.5, GLAccountId: 7, ReferenceNumber: 'RC-2' }]);
    expect(issuesOf('resident-charges', 'update', { lease_id: 'l', reference_number: 'RC-2' })).toHaveLength(2);
  });

  it('keeps the references of a lease that is read under their companions', () => {
    expect(
      decodeRecord(leases, { Id: 3001, UnitId: 2001, PropertyId: 1001, Tenants: [{ Id: 4001 }, { Id: 4002 }] }),
    ).toMatchObject({
      x_unit_id: '2001',
      x_property_id: '1001',
      x_resident_id: '4001',
      x_associated_resident_ids: ['4001', '4002'],
    });
  });
});
