/**
 * Leases and tenants as they are read: each shows the other.
 *
 * Promises: the mutual nesting is cut after one level (a tenant's lease shows no `CurrentTenants`, a lease's tenant no
 * `Leases`), and a lease shows at most 50 tenants, the most that the vendor's own sandbox allows on one. So an answer stays
 * small however many tenants a load test puts on one lease.
 */
import type { CosignerMessage, LeaseMessage, LeaseTenantMessage, TenantMessage } from '#pms/buildium/wire';
import { renderAddress, renderEmergencyContact, renderOptionalAddress, renderPhones, sumOf } from './render.ts';
import type { LeaseRecord, Store, TenantRecord } from './store.ts';

const shownTenants = 50;

type LeaseStatus = NonNullable<LeaseMessage['LeaseStatus']>;

/** Only a fixed term ends by itself; the other kinds of lease roll on. */
export function leaseStatus({ terms }: LeaseRecord, today: string): LeaseStatus {
  if (terms.LeaseFromDate > today) return 'Future';
  const over = terms.LeaseType === 'Fixed' && terms.LeaseToDate && terms.LeaseToDate < today;
  return over ? 'Past' : 'Active';
}

const tenantStatuses = {
  Active: 'Current',
  Future: 'Future',
  Past: 'MovedOut',
} as const satisfies Record<LeaseStatus, LeaseTenantMessage['Status']>;

export const today = (now: string): string => now.slice(0, 10);

function renderLeaseWithout(
  store: Store,
  lease: LeaseRecord,
  now: string,
  tenantIds: readonly number[],
): Omit<Required<LeaseMessage>, 'CurrentTenants'> {
  const unit = store.units.mustGet(lease.terms.UnitId);
  const status = leaseStatus(lease, today(now));
  const { terms } = lease;
  return {
    Id: lease.id,
    PropertyId: unit.propertyId,
    UnitId: unit.id,
    UnitNumber: unit.body.UnitNumber,
    LeaseFromDate: terms.LeaseFromDate,
    LeaseToDate: terms.LeaseToDate ?? null,
    LeaseType: terms.LeaseType,
    LeaseStatus: status,
    IsEvictionPending: terms.IsEvictionPending,
    TermType: terms.LeaseType === 'AtWill' ? 'MonthToMonth' : 'Standard',
    RenewalOfferStatus: null,
    CurrentNumberOfOccupants: status === 'Active' ? lease.tenantIds.size : 0,
    AccountDetails: {
      SecurityDeposit: lease.securityDeposit?.Amount ?? 0,
      Rent: sumOf((lease.rent?.Charges ?? []).map(({ Amount }) => Amount)),
    },
    Cosigners: lease.cosigners.map((cosigner): Required<CosignerMessage> => ({
      Id: cosigner.Id,
      FirstName: cosigner.FirstName,
      LastName: cosigner.LastName,
      Email: cosigner.Email ?? null,
      AlternateEmail: cosigner.AlternateEmail ?? null,
      PhoneNumbers: renderPhones(cosigner.PhoneNumbers),
      CreatedDateTime: lease.created,
      Address: renderOptionalAddress(cosigner.Address),
      AlternateAddress: renderOptionalAddress(cosigner.AlternateAddress),
      MailingPreference: cosigner.MailingPreference ?? 'PrimaryAddress',
    })),
    AutomaticallyMoveOutTenants: terms.AutomaticallyMoveOutTenants ?? false,
    CreatedDateTime: lease.created,
    LastUpdatedDateTime: lease.updated,
    MoveOutData: [],
    PaymentDueDay: Number(lease.rent?.Charges[0]?.NextDueDate.slice(8) ?? 1),
    Tenants: tenantIds.map((Id): Required<LeaseTenantMessage> => ({
      Id,
      Status: tenantStatuses[status],
      MoveInDate: terms.LeaseFromDate,
    })),
  };
}

function renderTenantWithout(tenant: TenantRecord): Omit<Required<TenantMessage>, 'Leases'> {
  const { body } = tenant;
  return {
    Id: tenant.id,
    FirstName: body.FirstName,
    LastName: body.LastName,
    Email: body.Email ?? null,
    AlternateEmail: body.AlternateEmail ?? null,
    PhoneNumbers: renderPhones(body.PhoneNumbers),
    CreatedDateTime: tenant.created,
    EmergencyContact: renderEmergencyContact(body.EmergencyContact),
    DateOfBirth: body.DateOfBirth ?? null,
    SMSOptInStatus: null,
    Address: renderAddress(body.Address),
    AlternateAddress: renderOptionalAddress(body.AlternateAddress),
    MailingPreference: body.MailingPreference ?? (body.AlternateAddress ? 'PrimaryAddress' : null),
    Comment: body.Comment ?? null,
    TaxId: body.TaxId ?? null,
  };
}

function firstTenantIds(lease: LeaseRecord): number[] {
  const ids: number[] = [];
  for (const id of lease.tenantIds) {
    if (ids.length === shownTenants) break;
    ids.push(id);
  }
  return ids;
}

export function renderLease(store: Store, lease: LeaseRecord, now: string): Required<LeaseMessage> {
  const ids = firstTenantIds(lease);
  const message = renderLeaseWithout(store, lease, now, ids);
  const current = message.LeaseStatus === 'Active' ? ids : [];
  return {
    ...message,
    CurrentTenants: current.map((id): Required<TenantMessage> => ({
      ...renderTenantWithout(store.tenants.mustGet(id)),
      Leases: null,
    })),
  };
}

export function renderTenant(store: Store, tenant: TenantRecord, now: string): Required<TenantMessage> {
  const leases = tenant.leaseIds.map((leaseId): Required<LeaseMessage> => {
    const lease = store.leases.mustGet(leaseId);
    const ids = lease.tenantIds.size > shownTenants ? [tenant.id] : [...lease.tenantIds];
    return { ...renderLeaseWithout(store, lease, now, ids), CurrentTenants: null };
  });
  return { ...renderTenantWithout(tenant), Leases: leases };
}
