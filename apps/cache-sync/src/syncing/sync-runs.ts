import type { EntityManager } from '@mikro-orm/postgresql';
import { newId, type PageOfCopies } from '#messaging';
import { storeCopies, type CopyOrigin } from '../store/copies.ts';
import { storableText } from '../store/storable.ts';
import { SyncRunSchema, type SyncRunRow } from '../store/sync-run.entity.ts';

const HOUR_MS = 3_600_000;
/** A PMS's cursors do not live for ever: what was left behind longer ago starts again from the first page. */
const RESUMABLE_MS = 12 * HOUR_MS;
const KEPT_MS = 30 * 24 * HOUR_MS;
const MAX_ERROR = 500;

/** The record of every sync. Its methods are for whoever holds the integration's lock. */
export class SyncRuns {
  constructor(private readonly em: EntityManager) {}

  /** The runs that a crash or a shutdown left unfinished, in their order; empty when the last sync came to its end. */
  async unfinished(integrationId: string, now = new Date()): Promise<SyncRunRow[]> {
    return this.em.fork().find(
      SyncRunSchema,
      {
        integration_id: integrationId,
        state: { $in: ['PLANNED', 'RUNNING'] },
        planned_at: { $gt: new Date(now.getTime() - RESUMABLE_MS) },
      },
      { orderBy: { planned_at: 'asc', position: 'asc' } },
    );
  }

  /** Plans a new sync of these models, in this order. Older runs that never ended fail now, and very old ones are forgotten. */
  async plan(integrationId: string, models: readonly string[], now = new Date()): Promise<SyncRunRow[]> {
    const em = this.em.fork();
    return em.transactional(async (tx) => {
      await tx.nativeDelete(SyncRunSchema, {
        integration_id: integrationId,
        planned_at: { $lt: new Date(now.getTime() - KEPT_MS) },
      });
      await tx.nativeUpdate(
        SyncRunSchema,
        { integration_id: integrationId, state: { $in: ['PLANNED', 'RUNNING'] } },
        { state: 'FAILED', ended_at: now, error: 'It was interrupted and never went on.' },
      );
      const runs = models.map((model, position): SyncRunRow => ({
        id: newId(),
        integration_id: integrationId,
        model,
        planned_at: now,
        position,
        started_at: null,
        ended_at: null,
        state: 'PLANNED',
        records: 0,
        pages: 0,
        cursor: null,
        error: null,
      }));
      await tx.insertMany(SyncRunSchema, runs);
      return runs;
    });
  }

  /** False when the run is gone: its integration was dropped meanwhile. */
  async begin(run: SyncRunRow, now = new Date()): Promise<boolean> {
    const begun = await this.em
      .fork()
      .nativeUpdate(
        SyncRunSchema,
        { id: run.id, state: { $in: ['PLANNED', 'RUNNING'] } },
        { state: 'RUNNING', started_at: run.started_at ?? now },
      );
    return begun > 0;
  }

  /**
   * Stores a page and the place to go on at, both or neither; the last page ends the run. False, and nothing stored, when the run is gone:
   * its integration was dropped meanwhile.
   */
  async storePage(run: SyncRunRow, origin: CopyOrigin, page: PageOfCopies, now = new Date()): Promise<boolean> {
    return this.em.fork().transactional(async (tx) => {
      const { affectedRows } = await tx.execute<{ affectedRows: number }>(
        `update "records"."sync_run"
            set "records" = "records" + ?, "pages" = "pages" + 1, "cursor" = ?, "state" = ?, "ended_at" = ?
          where "id" = ? and "state" = 'RUNNING'`,
        [
          page.records.length,
          page.next,
          page.next === null ? 'SUCCEEDED' : 'RUNNING',
          page.next === null ? now.toISOString() : null,
          run.id,
        ],
        'run',
      );
      if (affectedRows === 0) return false;
      await storeCopies(tx, origin, page.records, page.fetched_at);
      return true;
    });
  }

  async fail(run: SyncRunRow, reason: string, now = new Date()): Promise<void> {
    const error = storableText(reason.slice(0, MAX_ERROR));
    await this.em.fork().nativeUpdate(SyncRunSchema, { id: run.id, state: 'RUNNING' }, { state: 'FAILED', ended_at: now, error });
  }
}
