/**
 * What every declaration of Rent Manager must keep, whatever it declares. The cases are made from the declarations themselves; the lists at the
 * top say how many there are, so that none can vanish unseen.
 */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  checkWrite,
  operationOf,
  planOf,
  pointerOf,
  ruleViolations,
  samplePayload,
  violations,
  type Capability,
  type OperationName,
  type Violation,
} from '#capabilities';
import { pms } from './index.ts';
import { filterable } from './shared/calls.ts';

const WRITABLE = [
  'applicants',
  'leads',
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
const READ_ONLY = [
  'charge-codes',
  'employees',
  'financial-accounts',
  'lead-sources',
  'lease-periods',
  'note-categories',
  'service-request-categories',
  'service-request-priorities',
  'service-request-statuses',
  'unit-types',
];
const MONEY = ['resident-charges', 'resident-payments'];

const OPERATIONS = ['create', 'update'] as const;
const CASES = WRITABLE.flatMap((path) => OPERATIONS.map((operation) => ({ path, operation })));
const capabilityOf = (path: string): Capability => pms.capabilities.get(path) as Capability;
const idOf = (path: string): string => `id-of-${path}`;

const checked = (
  path: string,
  operation: OperationName,
  payload: Readonly<Record<string, unknown>>,
  ignoreUnknownFields = false,
) => {
  const result = checkWrite(pms, capabilityOf(path).model, operation, payload, { ignoreUnknownFields });
  if (!result.supported) throw new Error(result.reason);
  return result;
};
const issuesOf = (path: string, operation: OperationName, payload: Readonly<Record<string, unknown>>) =>
  checked(path, operation, payload).issues.map(({ pointer, code }) => ({ pointer, code }));
const wanted = (violation: Violation) => ({ pointer: pointerOf(violation), code: violation.code });

describe('Rent Manager', () => {
  it('lists every capability file, and no other model', () => {
    const files = readdirSync(new URL('.', import.meta.url), { withFileTypes: true })
      .filter((entry) => entry.isFile() && !/(index|wire|\.spec)\.ts$/.test(entry.name))
      .map(({ name }) => name.replace(/\.ts$/, ''));

    expect([...pms.capabilities.keys()].sort()).toEqual(files.sort());
    expect(files).toEqual([...WRITABLE, ...READ_ONLY].sort());
  });

  it.each(READ_ONLY)('says in a sentence why %s are not written', (path) => {
    for (const operation of OPERATIONS) {
      const declared = capabilityOf(path)[operation];

      expect('lacks' in declared && declared.lacks).toMatch(/^[A-Z].{20,}\.$/);
    }
  });

  it.each([...WRITABLE, ...READ_ONLY])('gives a sentence as the reason of every field that %s lack', (path) => {
    for (const mapping of Object.values(capabilityOf(path).fields)) {
      if (mapping.kind === 'unsupported' || mapping.kind === 'derived') expect(mapping.because).toMatch(/^[A-Z].{10,}\.$/);
    }
  });

  it.each([...WRITABLE, ...READ_ONLY])('can read back what it makes: %s', (path) => {
    expect(capabilityOf(path).reads).toMatchObject({ list: { method: 'GET' }, one: { method: 'GET' } });
  });

  it.each(CASES)('lets no doubt about $operation $path be settled by money that looks alike', ({ path, operation }) => {
    const { policy } = operationOf(capabilityOf(path), operation)?.doubt ?? { policy: 'none' };

    expect(policy).toBe(operation === 'update' ? 'read_back' : MONEY.includes(path) ? 'person' : 'search');
  });

  it('knows every list that payloads name entries of', () => {
    const named = WRITABLE.flatMap((path) =>
      OPERATIONS.flatMap((operation) => [...(planOf(capabilityOf(path), operation)?.fields.values() ?? [])]),
    ).flatMap(({ isReference, spec }) => (isReference && spec.refersTo ? [spec.refersTo] : []));

    expect([...new Set(named)].filter((path) => !pms.capabilities.has(path))).toEqual([]);
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
    for (const violation of broken) {
      const issues = issuesOf(path, operation, violation.payload);

      expect({ name: violation.name, issues }).toEqual({
        name: violation.name,
        issues: expect.arrayContaining([wanted(violation)]),
      });
    }
  });

  it('strips what it does not have, on request', () => {
    for (const violation of broken.filter(({ name }) => name.endsWith(' set'))) {
      expect(checked(path, operation, violation.payload, true)).toMatchObject({ issues: [], ignored: [violation.field] });
    }
  });

  it('enforces its rules', () => {
    for (const violation of ruleViolations(pms, capability.model, operation, full)) {
      const issues = issuesOf(path, operation, violation.payload);

      expect({ rule: violation.name, issues }).toEqual({
        rule: violation.name,
        issues: expect.arrayContaining([wanted(violation)]),
      });
    }
  });
});

describe('what single models demand', () => {
  it.each(OPERATIONS)('refuses notes on the %s of a resident and says where they go', (operation) => {
    const payload = samplePayload(pms, capabilityOf('residents').model, operation, 'minimal', idOf);
    const { issues } = checked('residents', operation, { ...payload, notes: 'Prefers e-mail.' });

    expect(issues).toEqual([
      { pointer: '/notes', code: 'unsupported_field', detail: expect.stringContaining('POST /v1/residents/{id}/notes') },
    ]);
  });

  it('wants a new address whole, and lets an update change a part of it', () => {
    const lead = { property_id: 'p', first_name: 'Ann', last_name: 'Rivera' };

    expect(issuesOf('leads', 'create', { ...lead, city: 'Dayton' }).map(({ pointer }) => pointer)).toEqual([
      '/address_1',
      '/state',
      '/zip',
    ]);
    expect(issuesOf('leads', 'update', { city: 'Dayton' })).toEqual([]);
    expect(issuesOf('leads', 'update', { city: null })).toEqual([{ pointer: '/city', code: 'required' }]);
  });

  it('wants telephone numbers of different kinds, and no kind alone', () => {
    const both = { phone_1: '5135550142', phone_1_type: 'HOME', phone_2: '5135550143' };

    expect(issuesOf('residents', 'update', both)).toEqual([]);
    expect(issuesOf('residents', 'update', { ...both, phone_2_type: 'HOME' })).toEqual([
      { pointer: '/phone_2_type', code: 'conflict' },
    ]);
    expect(issuesOf('residents', 'update', { phone_1_type: 'HOME' })).toEqual([{ pointer: '/phone_1', code: 'required' }]);
  });

  it('wants a first day of a lease, either of the contract or of the move in', () => {
    const lease = { resident_id: 'r', unit_id: 'u' };

    expect(issuesOf('leases', 'create', lease)).toEqual([{ pointer: '/realized_move_in_date', code: 'required' }]);
    expect(issuesOf('leases', 'create', { ...lease, start_date: '2026-06-01' })).toEqual([]);
  });

  it('dates an application and a note with the request', () => {
    const acceptedAt = new Date('2026-05-04T15:00:00Z');
    const check = (path: string, payload: Readonly<Record<string, unknown>>) =>
      checkWrite(pms, capabilityOf(path).model, 'create', payload, { ignoreUnknownFields: false, acceptedAt });

    expect(check('applicants', { property_id: 'p', last_name: 'Rivera' })).toMatchObject({
      values: { application_date: '2026-05-04' },
    });
    expect(check('resident-notes', { resident_id: 'r', notes: 'Called.', note_category_id: 'c' })).toMatchObject({
      values: { date: '2026-05-04T15:00:00.000Z' },
    });
  });
});

describe('a filter', () => {
  const filter = (value: string) => {
    const source = filterable('last_name');
    return source.kind === 'payload' ? source.pick({ last_name: value }) : 'none';
  };

  it.each(['Lee', 'Van Buren', 'Smith-Jones', '4B'])('names the plain text %s', (value) => expect(filter(value)).toBe(value));

  it.each([' Lee', 'Lee ', 'Lee  Ann', "O'Neil", 'Lee, Ann', 'a;b', '(eq)', 'Nandú', 'A & B', 'N\u0303andu', '🏠', '-'])(
    'does not name %j, which may be stored otherwise',
    (value) => expect(filter(value)).toBeUndefined(),
  );
});

describe('the account', () => {
  const demo = { companyId: 'Demo' };

  it('has an address of its own, and no company code can change whose it is', () => {
    expect(pms.baseUrl(demo)).toBe('https://demo.api.rentmanager.com');
    for (const companyId of ['', 'a.b', 'evil.example/', 'a@b', '-a', 'a b', 'x'.repeat(64)])
      expect(() => pms.baseUrl({ companyId })).toThrow('companyId');
  });

  it('logs in with its location and takes the bare string for the token', () => {
    if (pms.auth.kind !== 'login') throw new Error('Rent Manager wants a login');

    expect(pms.auth.body({ Username: 'u', Password: 'p', locationId: '2' })).toEqual({
      Username: 'u',
      Password: 'p',
      LocationID: 2,
    });
    expect(pms.auth.body({ Username: 'u', Password: 'p' })).toEqual({ Username: 'u', Password: 'p' });
    expect([pms.auth.token('abc'), pms.auth.token({}), pms.auth.token('')]).toEqual(['abc', undefined, undefined]);
  });

  it.each([
    [
      { DeveloperMessage: 'No rights.', Exception: 'X' },
      { message: 'No rights.', fields: [] },
    ],
    [{ Message: 'No such route.' }, { message: 'No such route.', fields: [] }],
    [
      { Message: 'Invalid.', ModelState: { filters: ['a', 'b'] } },
      {
        message: 'Invalid.',
        fields: [
          { remote: 'filters', message: 'a' },
          { remote: 'filters', message: 'b' },
        ],
      },
    ],
    [undefined, { message: null, fields: [] }],
    [null, { message: null, fields: [] }],
    ['text', { message: null, fields: [] }],
    [[1], { message: null, fields: [] }],
    [
      { ModelState: null, Message: 7 },
      { message: null, fields: [] },
    ],
  ])('reads the error %j', (body, reading) => {
    expect(pms.readError(body)).toEqual(reading);
  });
});
