/** Tenants and leases: creation, replacement, and the differences between what is written and what is read. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { operations, schemas, type WireOperation, type WireSchema } from '#pms/buildium/wire';
import { Calls, keysOf, someAddress, someTenant } from './calls.fixture.ts';
import { demoIds } from './demo-ids.ts';
import { schemaIssues } from './validation.ts';

const { leases, tenants, applicants, rentals, units, vendors, tasks, workOrders, users, glAccounts, bankAccounts } = demoIds;
let calls: Calls;
beforeEach(() => {
  calls = new Calls();
});

interface Read {
  readonly Id: number;
  readonly [member: string]: unknown;
}

describe('answers', () => {
  const parameters: Record<string, number> = {
    applicantId: applicants.approved,
    bankAccountId: bankAccounts.operating,
    glAccountId: glAccounts.rentIncome,
    leaseId: leases.maple1,
    chargeId: demoIds.transactions.rentCharge,
    transactionId: demoIds.transactions.rentPayment,
    tenantId: tenants.noor,
    propertyId: rentals.maple,
    rentalOwnerId: demoIds.owners.hill,
    unitId: units.maple1,
    taskId: tasks.leak,
    taskCategoryId: demoIds.taskCategories.plumbing,
    userId: users.manager,
    vendorId: vendors.plumber,
    vendorCategoryId: demoIds.vendorCategories.plumbing,
    workOrderId: workOrders.leak,
  };
  const reads = Object.entries<WireOperation>(operations).filter(([key]) => key.startsWith('GET '));

  it.each(reads)('%s answers demo records with every member of its schema', (key, { answer, list }) => {
    const noteId = key.includes('/applicants/') ? demoIds.notes.applicant : demoIds.notes.tenant;
    const url = key.slice(4).replaceAll(/\{(\w+)\}/g, (_match, name: string) => String({ ...parameters, noteId }[name]));
    const schema: WireSchema = schemas[answer as keyof typeof schemas];

    const body = calls.read<object | object[]>(url);

    expect(Array.isArray(body)).toBe(Boolean(list));
    const records = Array.isArray(body) ? body : [body];
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) {
      expect(schemaIssues(answer, record)).toEqual([]);
      expect(Object.keys(record).sort()).toEqual(Object.keys(schema.properties ?? {}).sort());
    }
  });

  it('carry the location and the full record of what was created, and the journal knows it', () => {
    const sent = { ...someTenant, LeaseId: leases.maple2 };

    const answer = calls.send('POST', '/v1/leases/tenants', sent);

    const { Id } = answer.body as Read;
    expect(answer).toMatchObject({ status: 201, headers: { location: `/v1/leases/tenants/${Id}` } });
    expect(calls.read(`/v1/leases/tenants/${Id}`)).toEqual(answer.body);
    expect(calls.effects).toEqual([{ resource: 'LeaseTenant', action: 'create', id: String(Id), sent, record: answer.body }]);
  });

  it('are those of the demo records again after a reset', () => {
    calls.write('PUT', `/v1/leases/tenants/${tenants.mira}`, someTenant);
    calls.simulator.reset();

    expect(calls.read(`/v1/leases/tenants/${tenants.mira}`)).toMatchObject({ FirstName: 'Mira' });
  });
});

describe('tenants', () => {
  it('lose every member that an update leaves out', () => {
    const before = calls.read<Read>(`/v1/leases/tenants/${tenants.full}`);
    expect(before).toMatchObject({ TaxId: '000-12-3456', EmergencyContact: { Name: 'Paolo Ferrante' } });

    const after = calls.write<Read>('PUT', `/v1/leases/tenants/${tenants.full}`, someTenant);

    expect(after).toMatchObject({
      FirstName: 'Ada',
      Email: null,
      AlternateEmail: null,
      PhoneNumbers: [],
      DateOfBirth: null,
      Comment: null,
      TaxId: null,
      EmergencyContact: null,
      AlternateAddress: null,
      MailingPreference: null,
    });
    expect(after.Leases).toEqual([expect.objectContaining({ Id: leases.harborA })]);
    expect(after.CreatedDateTime).toBe(before.CreatedDateTime);
  });

  it('are written with one member per phone and read with a list', () => {
    const PhoneNumbers = { Home: '(503) 555-0101', Work: '(503) 555-0102', Mobile: '(503) 555-0103' };

    const tenant = calls.write<Read>('POST', '/v1/leases/tenants', { ...someTenant, PhoneNumbers, LeaseId: leases.maple1 });

    expect(tenant.PhoneNumbers).toEqual([
      { Number: '(503) 555-0101', Type: 'Home' },
      { Number: '(503) 555-0102', Type: 'Office' },
      { Number: '(503) 555-0103', Type: 'Cell' },
    ]);
  });

  it('appear on their lease, which then counts as updated', () => {
    const { Id } = calls.write<Read>('POST', '/v1/leases/tenants', { ...someTenant, LeaseId: leases.maple2 });

    expect(calls.read(`/v1/leases/${leases.maple2}`)).toMatchObject({
      CurrentNumberOfOccupants: 2,
      CurrentTenants: [{ Id: tenants.mira }, { Id, Leases: null }],
      Tenants: [{ Id: tenants.mira }, { Id, Status: 'Current' }],
      LastUpdatedDateTime: '2026-05-01T12:00:00Z',
    });
  });

  it('prefer the primary address when an alternate one comes without a preference', () => {
    const tenant = { ...someTenant, AlternateAddress: someAddress, LeaseId: leases.maple1 };

    expect(calls.write('POST', '/v1/leases/tenants', tenant)).toMatchObject({ MailingPreference: 'PrimaryAddress' });
  });

  it('keep answers small however many are on one lease', () => {
    for (let index = 0; index < 60; index += 1)
      calls.write('POST', '/v1/leases/tenants', { ...someTenant, LeaseId: leases.maple1 });

    const last = calls.write<Read>('POST', '/v1/leases/tenants', { ...someTenant, LeaseId: leases.maple1 });

    expect(last.Leases).toMatchObject([{ CurrentNumberOfOccupants: 63, Tenants: [{ Id: last.Id }] }]);
    expect(calls.read<Read>(`/v1/leases/${leases.maple1}`).CurrentTenants).toHaveLength(50);
  });

  it('have notes that can be changed, applicants notes that cannot', () => {
    const path = `/v1/leases/tenants/${tenants.mira}/notes`;
    const { Id } = calls.write<Read>('POST', path, { Note: 'First' });
    calls.write('PUT', `${path}/${Id}`, { Note: 'Second' });

    expect(calls.read(path)).toMatchObject([{ Id, Note: 'Second', LastUpdatedByUser: { Id: users.manager } }]);
    expect(calls.get(`/v1/leases/tenants/${tenants.noor}/notes/${Id}`).status).toBe(404);
    expect(
      calls.send('PUT', `/v1/applicants/${applicants.approved}/notes/${demoIds.notes.applicant}`, { Note: 'x' }).status,
    ).toBe(405);
  });
});

describe('leases', () => {
  const lease = {
    LeaseType: 'Fixed',
    UnitId: units.maple4,
    LeaseFromDate: '2026-01-15',
    LeaseToDate: '2027-01-14',
    SendWelcomeEmail: false,
  };
  const post = (change: object) => calls.send('POST', '/v1/leases', { ...lease, ...change });

  it('are created with new tenants, existing ones and approved applicants', () => {
    const { Id, ...created } = calls.write<Read>('POST', '/v1/leases', {
      ...lease,
      Tenants: [someTenant],
      TenantIds: [tenants.jonas],
      ApplicantIds: [applicants.approved],
      Rent: { Cycle: 'Monthly', Charges: [{ Amount: 900.1, GlAccountId: glAccounts.rentIncome, NextDueDate: '2026-02-05' }] },
    });

    expect(created).toMatchObject({ PropertyId: rentals.maple, UnitNumber: '4', LeaseStatus: 'Active', PaymentDueDay: 5 });
    expect(created.CurrentTenants).toMatchObject([{ Id: tenants.jonas }, { FirstName: 'Ada' }, { FirstName: 'Aisha' }]);
    expect(calls.read(`/v1/applicants/${applicants.approved}`)).toMatchObject({
      Status: 'AddedToLease',
      TenantId: expect.any(Number),
    });
    expect(calls.read<Read>(`/v1/leases/tenants/${tenants.jonas}`).Leases).toHaveLength(2);
    expect(calls.read(`/v1/rentals/units/${units.maple4}`)).toMatchObject({ IsUnitOccupied: true });
    expect(calls.effects.map(({ resource, action }) => `${resource} ${action}`)).toEqual([
      'LeaseTenant create',
      'LeaseTenant create',
      'Applicant update',
      'Lease create',
    ]);
    expect(calls.read(`/v1/leases/${Id}`)).toMatchObject({ AccountDetails: { Rent: 900.1 } });
  });

  it.each<[string, object, string]>([
    ['an end before its beginning', { LeaseToDate: '2026-01-01' }, 'LeaseToDate'],
    ['an applicant who is not approved', { ApplicantIds: [applicants.rejected] }, 'ApplicantIds[0]'],
    ['a tenant who does not exist', { TenantIds: [1] }, 'TenantIds[0]'],
    ['six tenants at once', { TenantIds: [1, 2, 3, 4, 5, 6] }, 'TenantIds'],
    ['a wrong member of a new tenant', { Tenants: [{ ...someTenant, FirstName: undefined }] }, 'Tenants[0].FirstName'],
    ['a prorated whole first month', { LeaseFromDate: '2026-01-01', ProratedFirstMonthRent: 10 }, 'ProratedFirstMonthRent'],
    ['a prorated whole last month', { LeaseToDate: '2026-12-31', ProratedLastMonthRent: 10 }, 'ProratedLastMonthRent'],
  ])('refuse %s', (_what, change, key) => {
    const answer = post(change);

    expect([answer.status, ...keysOf(answer)]).toEqual([422, key]);
  });

  it('forget the end date that an update leaves out, but keep tenants and rent', () => {
    const { LeaseToDate: _dropped, SendWelcomeEmail: _notUpdated, ...terms } = lease;

    const after = calls.write('PUT', `/v1/leases/${leases.maple1}`, { ...terms, LeaseType: 'AtWill', IsEvictionPending: true });

    expect(after).toMatchObject({ LeaseToDate: null, IsEvictionPending: true, TermType: 'MonthToMonth', UnitId: units.maple4 });
    expect(after).toMatchObject({ Tenants: [{ Id: tenants.noor }, { Id: tenants.elias }], AccountDetails: { Rent: 1450 } });
    expect(calls.read(`/v1/rentals/units/${units.maple1}`)).toMatchObject({ IsUnitOccupied: false });
  });
});
