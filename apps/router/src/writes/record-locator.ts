import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { findPendingRecord, locateRecords, MessageBus, type State } from '#messaging';

/** Where a record is. */
export interface Located {
  readonly id: string;
  readonly model: string;
  readonly integration_id: string;
  /** The PMS's id; null while the record is still being created. */
  readonly x_id: string | null;
  /** The write that creates it, as long as that is under way. */
  readonly created_by: string | null;
  /** The creating write ended without a record. */
  readonly failed: boolean;
}

/** An id that can exist: anything else is not asked for. */
const ID = /^[A-Za-z0-9_-]{1,64}$/;
/** Ids that the cache does not know are looked for among creates under way, one by one; so many of one payload. */
const PENDING_AT_MOST = 20;
/** Places of records that are kept in memory: about 200 bytes each. */
const KEPT_AT_MOST = 200_000;
const NEVER_CAME: ReadonlySet<State> = new Set(['FAILED', 'CANCELLED']);

/**
 * Finds an organization's records by their Latchkey ids: cached copies first, then creates that are still under way.
 *
 * Where a copy lives never changes (an id keeps its integration, model and PMS id for good, and a deleted integration is refused by its own
 * look-up), so it is asked for once. What is still being created is asked for each time.
 */
@Injectable()
export class RecordLocator {
  private readonly known = new LRUCache<string, Located>({ max: KEPT_AT_MOST });

  constructor(private readonly bus: MessageBus) {}

  /** Unknown ids and other organizations' are missing in the answer. */
  async locate(organizationId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Located>> {
    const possible = [...new Set(ids)].filter((id) => ID.test(id));
    const found = new Map<string, Located>();
    if (possible.length === 0) return found;
    const unseen: string[] = [];
    for (const id of possible) {
      const known = this.known.get(keyOf(organizationId, id));
      if (known) found.set(id, known);
      else unseen.push(id);
    }
    if (unseen.length === 0) return found;
    const copies = await this.bus.request(locateRecords, { organization_id: organizationId, ids: unseen });
    for (const { id, model, integration_id, x_id } of copies) {
      const located: Located = { id, model, integration_id, x_id, created_by: null, failed: false };
      this.known.set(keyOf(organizationId, id), located);
      found.set(id, located);
    }
    const missing = possible.filter((id) => !found.has(id)).slice(0, PENDING_AT_MOST);
    for (const pending of await Promise.all(missing.map((id) => this.findPending(organizationId, id)))) {
      if (pending) found.set(pending.id, pending);
    }
    return found;
  }

  private async findPending(organizationId: string, id: string): Promise<Located | null> {
    const pending = await this.bus.request(findPendingRecord, { organization_id: organizationId, record_id: id });
    if (!pending) return null;
    return {
      id: pending.record_id,
      model: pending.model,
      integration_id: pending.integration_id,
      x_id: pending.x_id,
      created_by: pending.x_id === null ? pending.job_id : null,
      failed: pending.x_id === null && NEVER_CAME.has(pending.state),
    };
  }
}

/** Another organization must not even find what was remembered for the one that owns it. */
const keyOf = (organizationId: string, id: string): string => `${organizationId} ${id}`;
