import { Injectable } from '@nestjs/common';
import { EntityManager } from '@mikro-orm/postgresql';
import type { Page } from '#administration';
import { EndpointSchema, type EndpointRow } from './endpoint.entity.ts';

/** The endpoints of organizations. Each look-up is scoped by the one that asks. */
@Injectable()
export class EndpointsRepository {
  constructor(private readonly em: EntityManager) {}

  async list(
    organizationId: string,
    active: boolean,
    { offset, limit }: Page,
    orderBy: Readonly<Record<string, 'asc' | 'desc'>>,
  ): Promise<{ rows: readonly EndpointRow[]; total: number }> {
    const [rows, total] = await this.em
      .fork()
      .findAndCount(
        EndpointSchema,
        { organization_id: organizationId, active },
        { offset, limit, orderBy: [orderBy, { id: 'desc' }] },
      );
    return { rows, total };
  }

  find(organizationId: string, id: string): Promise<EndpointRow | null> {
    return this.em.fork().findOne(EndpointSchema, { id, organization_id: organizationId });
  }

  /** Inserts it, unless the organization has `most` of them already: false then. `and` runs in the same transaction. */
  insert(row: EndpointRow, most: number, and: (tx: EntityManager) => Promise<unknown>): Promise<boolean> {
    return this.em.fork().transactional(async (tx) => {
      await tx.execute('select pg_advisory_xact_lock(hashtext(?))', [`webhooks of ${row.organization_id}`]);
      if ((await tx.count(EndpointSchema, { organization_id: row.organization_id })) >= most) return false;
      await tx.insert(EndpointSchema, row);
      await and(tx);
      return true;
    });
  }

  /**
   * Changes one as it is at that moment. Null when there is none.
   * @param change what is to be changed, given the row; `and` runs in the same transaction
   */
  change(
    organizationId: string,
    id: string,
    change: (row: EndpointRow) => Partial<EndpointRow>,
    and: (tx: EntityManager, row: EndpointRow) => Promise<unknown> = async () => undefined,
  ): Promise<EndpointRow | null> {
    return this.em.fork().transactional(async (tx) => {
      await tx.execute('select from "hooks"."endpoint" where "id" = ? and "organization_id" = ? for update', [
        id,
        organizationId,
      ]);
      const row = await tx.findOne(EndpointSchema, { id, organization_id: organizationId });
      if (!row) return null;
      const changed = { ...change({ ...row }), updated_at: new Date() };
      await tx.nativeUpdate(EndpointSchema, { id }, changed);
      const after = { ...row, ...changed };
      await and(tx, after);
      return after;
    });
  }

  /** Its deliveries go with it. False when there is none. */
  async delete(organizationId: string, id: string): Promise<boolean> {
    return (await this.em.fork().nativeDelete(EndpointSchema, { id, organization_id: organizationId })) > 0;
  }
}
