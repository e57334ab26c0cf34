import { Injectable } from '@nestjs/common';
import { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '#messaging';
import { OrganizationSchema, type OrganizationRow } from './organization.entity.ts';

/** The customers of Latchkey; their names are unique. */
@Injectable()
export class OrganizationsRepository {
  constructor(private readonly em: EntityManager) {}

  /** The organization of this name, made if it is missing. Two callers at once get the same one. */
  async ensure(name: string): Promise<OrganizationRow> {
    const em = this.em.fork();
    return em.upsert(
      OrganizationSchema,
      { id: newId(), name, created_at: new Date() },
      { onConflictFields: ['name'], onConflictAction: 'merge', onConflictMergeFields: ['name'] },
    );
  }
}
