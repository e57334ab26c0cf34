/**
 * Ids that were promised to whoever asked for the creation of a record, for records that a sync meets before the news of the creation has come, or
 * when that news was lost with the message store: the ledger is asked about every record that is not known here yet.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { madeRecords, type MessageBus, type PmsRecordCopy } from '#messaging';
import type { CopyOrigin } from '../store/copies.ts';
import { keepPromises, unknownAmong } from '../store/identities.ts';

export class PromisedIds {
  constructor(
    private readonly em: EntityManager,
    private readonly bus: MessageBus,
  ) {}

  /** Before these records are stored. @throws Problem `unavailable` when the ledger does not answer: then nothing may be stored yet */
  async keep(origin: CopyOrigin, records: readonly PmsRecordCopy[]): Promise<void> {
    const x_ids = await unknownAmong(
      this.em.fork(),
      origin,
      records.map(({ x_id }) => x_id),
    );
    if (x_ids.length === 0) return;
    const { integration_id, model } = origin;
    const made = await this.bus.request(madeRecords, { integration_id, model, x_ids });
    const promises = made.map(({ x_id, record_id }) => ({ origin, x_id, id: record_id }));
    if (promises.length > 0) await keepPromises(this.em.fork(), promises);
  }
}
