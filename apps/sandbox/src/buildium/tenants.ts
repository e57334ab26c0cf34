/** `/v1/leases/tenants`: a tenant is created on a lease, and an update replaces all that it can write. */
import type { RentalTenantPutMessage } from '#pms/buildium/wire';
import { created, notFound, ok, unprocessable, type Call, type CallKey, type Handlers, type Issue } from './api.ts';
import { answerList, byUpdate, contains } from './listing.ts';
import { noted, renderPhones } from './render.ts';
import { addressIssues } from './rules.ts';
import type { LeaseRecord, Store, TenantRecord } from './store.ts';
import { leaseStatus, renderTenant, today } from './tenancy.ts';

export function tenantIssues(body: RentalTenantPutMessage, prefix = ''): Issue[] {
  return [
    ...addressIssues(`${prefix}Address`, body.Address),
    ...addressIssues(`${prefix}AlternateAddress`, body.AlternateAddress),
  ];
}

/** Puts a new tenant on the lease; the lease counts as updated. */
export function addTenant<K extends CallKey>(
  { store, world, now }: Call<K>,
  body: RentalTenantPutMessage,
  lease: LeaseRecord,
): TenantRecord {
  const tenant = store.tenants.add({ ...store.tenants.born(world.now()), body, leaseIds: [lease.id], noteIds: [] });
  lease.tenantIds.add(tenant.id);
  lease.updated = now;
  return tenant;
}

const fullName = ({ body }: TenantRecord) => `${body.FirstName} ${body.LastName}`;

const leasesOf = (store: Store, tenant: TenantRecord): readonly LeaseRecord[] => [...store.leases.of(tenant.leaseIds)];
const unitsOf = (store: Store, tenant: TenantRecord) => [
  ...store.units.of(leasesOf(store, tenant).map(({ terms }) => terms.UnitId)),
];
const rentalsOf = (store: Store, tenant: TenantRecord) => [
  ...store.rentals.of(unitsOf(store, tenant).map(({ propertyId }) => propertyId)),
];

export const tenantHandlers = {
  'GET /v1/leases/tenants': (call) => {
    const { store, now } = call;
    return answerList(
      call,
      store.tenants.all(),
      {
        ...byUpdate,
        name: (tenant, part) => contains(fullName(tenant), part),
        email: ({ body }, part) => contains(body.Email, part) || contains(body.AlternateEmail, part),
        phone: ({ body }, part) => renderPhones(body.PhoneNumbers).some(({ Number }) => contains(Number, part)),
        unitnumber: (tenant, part) => unitsOf(store, tenant).some(({ body }) => contains(body.UnitNumber, part)),
        unitids: (tenant, ids) => unitsOf(store, tenant).some(({ id }) => ids.includes(id)),
        propertyids: (tenant, ids) => unitsOf(store, tenant).some(({ propertyId }) => ids.includes(propertyId)),
        rentalownerids: (tenant, ids) => rentalsOf(store, tenant).some(({ ownerIds }) => ownerIds.some((id) => ids.includes(id))),
        leasetermstatuses: (tenant, statuses) =>
          leasesOf(store, tenant).some((lease) => statuses.includes(leaseStatus(lease, today(now)))),
        buildingstatuses: (_tenant, statuses) => statuses.includes('Active'),
      },
      (tenant) => renderTenant(store, tenant, now),
    );
  },

  'POST /v1/leases/tenants': (call) => {
    const { LeaseId, ...body } = call.body;
    const lease = call.store.leases.get(LeaseId);
    if (!lease) return notFound('LeaseId', LeaseId);
    const issues = tenantIssues(body);
    if (issues.length > 0) return unprocessable(issues);

    const tenant = addTenant(call, body, lease);
    const message = renderTenant(call.store, tenant, call.now);
    return created(
      `/v1/leases/tenants/${tenant.id}`,
      noted(call, { resource: 'LeaseTenant', action: 'create', id: tenant.id }, message),
    );
  },

  'GET /v1/leases/tenants/{tenantId}': ({ params, store, now }) => {
    const tenant = store.tenants.get(params.tenantId);
    return tenant ? ok(renderTenant(store, tenant, now)) : notFound('tenantId', params.tenantId);
  },

  'PUT /v1/leases/tenants/{tenantId}': (call) => {
    const { body, params, store, now } = call;
    const tenant = store.tenants.get(params.tenantId);
    if (!tenant) return notFound('tenantId', params.tenantId);
    const issues = tenantIssues(body);
    if (issues.length > 0) return unprocessable(issues);

    tenant.body = body;
    tenant.updated = now;
    const message = renderTenant(store, tenant, now);
    return ok(noted(call, { resource: 'LeaseTenant', action: 'update', id: tenant.id }, message));
  },
} satisfies Partial<Handlers>;
