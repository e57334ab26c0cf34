import { Injectable } from '@nestjs/common';
import { Problem } from '#problem';
import type { IntegrationRow } from './store/integration.entity.ts';
import { IntegrationsRepository } from './store/integrations.repository.ts';

/** How long another replica may still see an integration as it was. In milliseconds. */
const FRESH_FOR_MS = 5_000;
const KEPT_AT_MOST = 10_000;

interface Entry {
  readonly row: Promise<IntegrationRow | null>;
  readonly until: number;
}

/**
 * Integrations by id, kept in memory for five seconds: a write must not cost a query each time. Changes made by this process are seen at
 * once, those of other replicas after that time. Unknown ids are not kept, so that a new integration can be used immediately.
 */
@Injectable()
export class IntegrationsLookup {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly integrations: IntegrationsRepository) {}

  /** The organization's integration with this id, unless it is archived; switched-off ones are found. */
  async find(organizationId: string, id: string): Promise<IntegrationRow | null> {
    const row = await this.read(id);
    return row && row.organization_id === organizationId && row.archived_at === null ? row : null;
  }

  /**
   * An integration that may be written to.
   * @throws Problem `not_found` for one that is unknown or another organization's, `conflict` for one that is switched off.
   */
  async findUsable(organizationId: string, id: string): Promise<IntegrationRow> {
    const row = await this.find(organizationId, id);
    if (!row) throw Problem.notFound('integration');
    if (!row.active)
      throw new Problem('conflict', `The integration ${id} is switched off. Set its "active" to true to write to it.`);
    return row;
  }

  /** To be called after each change. */
  forget(id: string): void {
    this.entries.delete(id);
  }

  private read(id: string): Promise<IntegrationRow | null> {
    const known = this.entries.get(id);
    if (known && known.until > Date.now()) return known.row;
    const row = this.integrations.findAnyones(id);
    if (this.entries.size >= KEPT_AT_MOST) this.entries.clear();
    const entry = { row, until: Date.now() + FRESH_FOR_MS };
    this.entries.set(id, entry);
    // Neither a failure nor an unknown id may be remembered; nor may their end drop a younger entry.
    const drop = (): void => {
      if (this.entries.get(id) === entry) this.entries.delete(id);
    };
    row.then((found) => (found ? undefined : drop()), drop);
    return row;
  }
}
