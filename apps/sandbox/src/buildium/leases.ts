/** `/v1/leases`: a lease is born with its tenants, new, existing or from approved applicants. */
import type { LeasePostMessage, RentalTenantPutMessage } from '#pms/buildium/wire';
import { created, notFound, ok, unprocessable, type Call, type Handlers, type Issue } from './api.ts';
import { renderApplicant } from './applicants.ts';
import { answerList, byUpdate, contains } from './listing.ts';
import { noted } from './render.ts';
import { addressIssues, eachReferenceIssues, referenceIssues, when } from './rules.ts';
import type { ApplicantRecord, LeaseRecord, Store, UnitRecord } from './store.ts';
import { leaseStatus, renderLease, renderTenant, today } from './tenancy.ts';
import { addTenant, tenantIssues } from './tenants.ts';

interface Term {
  readonly LeaseFromDate: string;
  readonly LeaseToDate?: string | null;
}

const termIssues = ({ LeaseFromDate, LeaseToDate }: Term): Issue[] =>
  when(Boolean(LeaseToDate && LeaseToDate <= LeaseFromDate), 'LeaseToDate', 'A lease ends after it begins.');

function isLastDayOfMonth(date: string): boolean {
  const nextDay = new Date(Date.parse(date) + 24 * 3_600_000);
  return nextDay.getUTCDate() === 1;
}

/** A whole first or last month has nothing to prorate. */
const prorationIssues = (body: LeasePostMessage): Issue[] => [
  ...when(
    typeof body.ProratedFirstMonthRent === 'number' && body.LeaseFromDate.endsWith('-01'),
    'ProratedFirstMonthRent',
    'Leave it out: the lease begins on the first day of a month.',
  ),
  ...when(
    typeof body.ProratedLastMonthRent === 'number' && Boolean(body.LeaseToDate && isLastDayOfMonth(body.LeaseToDate)),
    'ProratedLastMonthRent',
    'Leave it out: the lease ends on the last day of a month.',
  ),
];

const applicantIssues = (store: Store, ids: readonly number[] | null | undefined): Issue[] =>
  (ids ?? []).flatMap((id, index) => {
    const applicant = store.applicants.get(id);
    return when(applicant?.status !== 'Approved', `ApplicantIds[${index}]`, `No approved applicant has the id ${id}.`);
  });

const leaseIssues = (store: Store, body: LeasePostMessage): Issue[] => [
  ...termIssues(body),
  ...prorationIssues(body),
  ...(body.Tenants ?? []).flatMap((tenant, index) => tenantIssues(tenant, `Tenants[${index}].`)),
  ...eachReferenceIssues('TenantIds', store.tenants, body.TenantIds),
  ...applicantIssues(store, body.ApplicantIds),
  ...(body.Cosigners ?? []).flatMap(({ Address, AlternateAddress }, index) => [
    ...addressIssues(`Cosigners[${index}].Address`, Address),
    ...addressIssues(`Cosigners[${index}].AlternateAddress`, AlternateAddress),
  ]),
  ...(body.Rent?.Charges ?? []).flatMap(({ GlAccountId }, index) =>
    referenceIssues(`Rent.Charges[${index}].GlAccountId`, store.glAccounts, GlAccountId),
  ),
];

type CreateCall = Call<'POST /v1/leases'>;

function addLease({ body, store, world }: CreateCall, unit: UnitRecord): LeaseRecord {
  const born = store.leases.born(world.now());
  const lease = store.leases.add({
    ...born,
    terms: {
      LeaseType: body.LeaseType,
      UnitId: body.UnitId,
      LeaseFromDate: body.LeaseFromDate,
      LeaseToDate: body.LeaseToDate,
      IsEvictionPending: false,
    },
    rent: body.Rent,
    securityDeposit: body.SecurityDeposit,
    cosigners: (body.Cosigners ?? []).map((cosigner, index) => ({ ...cosigner, Id: born.id * 10 + index })),
    tenantIds: new Set(body.TenantIds),
    transactionIds: [],
  });
  unit.leaseIds.push(lease.id);
  for (const tenant of store.tenants.of(lease.tenantIds)) tenant.leaseIds.push(lease.id);
  return lease;
}

/** An applicant has no address yet; the new tenant lives in the unit. */
const asTenant = ({ body }: ApplicantRecord, unit: UnitRecord): RentalTenantPutMessage => ({
  FirstName: body.FirstName,
  LastName: body.LastName,
  Email: body.Email,
  PhoneNumbers: body.PhoneNumbers,
  Address: unit.body.Address,
});

function addTenants(call: CreateCall, lease: LeaseRecord, unit: UnitRecord): void {
  const { body, store, now } = call;
  const add = (sent: RentalTenantPutMessage) => {
    const tenant = addTenant(call, sent, lease);
    noted(call, { resource: 'LeaseTenant', action: 'create', id: tenant.id, sent }, renderTenant(store, tenant, now));
    return tenant;
  };
  for (const tenant of body.Tenants ?? []) add(tenant);
  for (const applicant of store.applicants.of(body.ApplicantIds ?? [])) {
    applicant.tenantId = add(asTenant(applicant, unit)).id;
    applicant.status = 'AddedToLease';
    applicant.updated = now;
    noted(call, { resource: 'Applicant', action: 'update', id: applicant.id }, renderApplicant(store, applicant));
  }
}

/** The lease now occupies another unit. */
function moveLease(store: Store, lease: LeaseRecord, to: UnitRecord): void {
  const { leaseIds } = store.units.mustGet(lease.terms.UnitId);
  leaseIds.splice(leaseIds.indexOf(lease.id), 1);
  to.leaseIds.push(lease.id);
}

export const leaseHandlers = {
  'GET /v1/leases': (call) => {
    const { store, now } = call;
    const unitOf = ({ terms }: LeaseRecord) => store.units.mustGet(terms.UnitId);
    return answerList(
      call,
      store.leases.all(),
      {
        ...byUpdate,
        propertyids: (lease, ids) => ids.includes(unitOf(lease).propertyId),
        rentalownerids: (lease, ids) => store.rentals.mustGet(unitOf(lease).propertyId).ownerIds.some((id) => ids.includes(id)),
        unitnumber: (lease, part) => contains(unitOf(lease).body.UnitNumber, part),
        tenantname: ({ tenantIds }, part) =>
          [...store.tenants.of(tenantIds)].some(({ body }) => contains(`${body.FirstName} ${body.LastName}`, part)),
        leasedatefrom: ({ terms }, from) => terms.LeaseFromDate >= from,
        leasedateto: ({ terms }, to) => Boolean(terms.LeaseToDate && terms.LeaseToDate <= to),
        leasetypes: ({ terms }, types) => types.includes(terms.LeaseType),
        leasestatuses: (lease, statuses) => statuses.includes(leaseStatus(lease, today(now))),
        createddatetimefrom: (lease, from) => lease.created >= from,
        createddatetimeto: (lease, to) => lease.created <= to,
      },
      (lease) => renderLease(store, lease, now),
    );
  },

  'POST /v1/leases': (call) => {
    const { body, store, now } = call;
    const unit = store.units.get(body.UnitId);
    if (!unit) return notFound('UnitId', body.UnitId);
    const issues = leaseIssues(store, body);
    if (issues.length > 0) return unprocessable(issues);

    const lease = addLease(call, unit);
    addTenants(call, lease, unit);
    const message = renderLease(store, lease, now);
    return created(`/v1/leases/${lease.id}`, noted(call, { resource: 'Lease', action: 'create', id: lease.id }, message));
  },

  'GET /v1/leases/{leaseId}': ({ params, store, now }) => {
    const lease = store.leases.get(params.leaseId);
    return lease ? ok(renderLease(store, lease, now)) : notFound('leaseId', params.leaseId);
  },

  'PUT /v1/leases/{leaseId}': (call) => {
    const { body, params, store, now } = call;
    const lease = store.leases.get(params.leaseId);
    if (!lease) return notFound('leaseId', params.leaseId);
    const unit = store.units.get(body.UnitId);
    const issues = [...termIssues(body), ...when(!unit, 'UnitId', `No record has the id ${body.UnitId}.`)];
    if (!unit || issues.length > 0) return unprocessable(issues);

    moveLease(store, lease, unit);
    lease.terms = body;
    lease.updated = now;
    return ok(noted(call, { resource: 'Lease', action: 'update', id: lease.id }, renderLease(store, lease, now)));
  },
} satisfies Partial<Handlers>;
