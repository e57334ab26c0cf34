import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { EntityManager, LockMode, type FilterQuery, type QueryOrderMap } from '@mikro-orm/postgresql';
import type { Page } from '#administration';
import type { SealedAt, SealedCredentials } from '#messaging';
import { Problem } from '#problem';
import { CredentialSchema, IntegrationSchema, type CredentialRow, type IntegrationRow } from './integration.entity.ts';

/** Which integrations a list shows. */
export interface IntegrationFilter {
  readonly vendor?: string;
  /** @default false: only those that are in use */
  readonly includeArchived: boolean;
}

/** What a change of an integration may touch. */
export type IntegrationChange = Partial<
  Omit<IntegrationRow, 'id' | 'organization_id' | 'vendor' | 'slug' | 'created_at' | 'version'>
>;

/** Integrations and their sealed credentials. Only `findAnyones` looks beyond one organization; its callers compare. */
@Injectable()
export class IntegrationsRepository {
  constructor(private readonly em: EntityManager) {}

  /** An integration whosever it is; archived ones too. */
  async findAnyones(id: string): Promise<IntegrationRow | null> {
    return this.em.fork().findOne(IntegrationSchema, { id });
  }

  async find(organizationId: string, id: string): Promise<IntegrationRow | null> {
    return this.em.fork().findOne(IntegrationSchema, { id, organization_id: organizationId });
  }

  /** @throws Problem `not_found`, in the same words for another organization's. */
  async own(organizationId: string, id: string): Promise<IntegrationRow> {
    const row = await this.find(organizationId, id);
    if (!row) throw Problem.notFound('integration');
    return row;
  }

  async list(
    organizationId: string,
    filter: IntegrationFilter,
    page: Page,
    orderBy: QueryOrderMap<IntegrationRow>,
  ): Promise<{ rows: readonly IntegrationRow[]; total: number }> {
    const where: FilterQuery<IntegrationRow> = {
      organization_id: organizationId,
      ...(filter.vendor === undefined ? {} : { vendor: filter.vendor }),
      ...(filter.includeArchived ? {} : { archived_at: null }),
    };
    const [rows, total] = await this.em
      .fork()
      .findAndCount(IntegrationSchema, where, { ...page, orderBy: [orderBy, { id: 'desc' }] });
    return { rows, total };
  }

  /** Stores a new integration together with its credentials. */
  async insert(row: IntegrationRow, sealed: SealedCredentials): Promise<void> {
    await this.em.fork().transactional(async (em) => {
      await em.insert(IntegrationSchema, row);
      await em.insert(CredentialSchema, credentialOf(row.id, sealed));
    });
  }

  /**
   * Changes an integration, and its credentials if new ones are given.
   * @throws Problem `conflict` when somebody else changed it since `from` was read: what was checked may no longer be so.
   */
  async change(from: IntegrationRow, change: IntegrationChange, sealed?: SealedCredentials): Promise<IntegrationRow> {
    return this.em.fork().transactional(async (em) => {
      const changed = { ...change, updated_at: new Date(), version: from.version + 1 };
      const count = await em.nativeUpdate(IntegrationSchema, { id: from.id, version: from.version }, changed);
      if (count === 0) throw new Problem('conflict', 'The integration was changed by another request. Read it and try again.');
      if (sealed) await em.upsert(CredentialSchema, credentialOf(from.id, sealed));
      return { ...from, ...changed };
    });
  }

  /** Switches an integration off for ever and destroys its credentials. */
  async archive(from: IntegrationRow): Promise<IntegrationRow> {
    return this.em.fork().transactional(async (em) => {
      const changed = { active: false, archived_at: new Date(), updated_at: new Date(), version: from.version + 1 };
      await em.nativeUpdate(IntegrationSchema, { id: from.id, archived_at: null }, changed);
      await em.nativeDelete(CredentialSchema, { integration_id: from.id });
      return { ...from, ...changed };
    });
  }

  /** Claims the right to check an integration's credentials; false while another check, begun after `since`, is under way. */
  async beginCheck(id: string, since: Date): Promise<boolean> {
    const free = { id, $or: [{ check_started_at: null }, { check_started_at: { $lt: since } }] };
    return (await this.em.fork().nativeUpdate(IntegrationSchema, free, { check_started_at: new Date() })) > 0;
  }

  /** Notes how a check ended; not a change of the integration, so its version stays. */
  async endCheck(id: string, error: string | null): Promise<void> {
    const outcome = { checked_at: new Date(), check_error: error, check_started_at: null };
    await this.em.fork().nativeUpdate(IntegrationSchema, { id }, outcome);
  }

  async credentialVersion(id: string): Promise<number> {
    return (await this.em.fork().findOne(CredentialSchema, { integration_id: id }))?.version ?? 0;
  }

  /** An integration in use and its sealed credentials, if it belongs to the PMS with this slug. */
  async findConnection(id: string, slug: string): Promise<{ integration: IntegrationRow; credential: CredentialRow } | null> {
    const em = this.em.fork();
    const integration = await em.findOne(IntegrationSchema, { id, slug, archived_at: null });
    const credential = integration && (await em.findOne(CredentialSchema, { integration_id: id }));
    return integration && credential ? { integration, credential } : null;
  }

  /** Sealed credentials of a PMS in the order of the integrations' ids, from the one after `after`. */
  async sealedAfter(slug: string, after: string, limit: number): Promise<readonly SealedAt[]> {
    const em = this.em.fork();
    const where = { slug, archived_at: null, id: { $gt: after } };
    const integrations = await em.find(IntegrationSchema, where, { orderBy: { id: 'asc' }, limit });
    const credentials = await em.find(CredentialSchema, { integration_id: { $in: integrations.map(({ id }) => id) } });
    const byIntegration = new Map(credentials.map((credential) => [credential.integration_id, credential]));
    return integrations.map(({ id, organization_id }) => {
      const { version = 0, fields = {} } = byIntegration.get(id) ?? {};
      return { organization_id, integration_id: id, version, fields };
    });
  }

  /** Puts other seals on credentials, unless they were changed since `from` was read. Not a change of the credentials: the version stays. */
  async reseal(from: SealedAt, fields: SealedCredentials['fields']): Promise<boolean> {
    const { integration_id, version } = from;
    return this.em.fork().transactional(async (em) => {
      const now = await em.findOne(CredentialSchema, { integration_id, version }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!now || !isDeepStrictEqual(now.fields, from.fields)) return false;
      return (await em.nativeUpdate(CredentialSchema, { integration_id }, { fields })) > 0;
    });
  }

  async listActive(): Promise<readonly IntegrationRow[]> {
    return this.em.fork().find(IntegrationSchema, { active: true, archived_at: null });
  }
}

function credentialOf(integrationId: string, sealed: SealedCredentials): CredentialRow {
  return { integration_id: integrationId, fields: sealed.fields, version: sealed.version, updated_at: new Date() };
}

/** @throws Problem `conflict` for an integration that was deleted */
export function assertKept(row: IntegrationRow): IntegrationRow {
  if (row.archived_at) throw new Problem('conflict', 'The integration was deleted; it can only be read.');
  return row;
}
