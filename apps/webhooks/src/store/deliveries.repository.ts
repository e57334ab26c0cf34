import { Injectable } from '@nestjs/common';
import { EntityManager } from '@mikro-orm/postgresql';
import type { Page } from '#administration';
import { newId, type DeliveryState } from '#messaging';
import type { Message } from '../events/messages.ts';
import { DeliverySchema, type AttemptRow, type DeliveryRow } from './delivery.entity.ts';
import { reschedule } from './queue.ts';

export interface DeliveryWithAttempts {
  readonly row: DeliveryRow;
  readonly attempts: readonly AttemptRow[];
}

/** Deliveries of one endpoint. Whose the endpoint is, is the caller's to know. */
@Injectable()
export class DeliveriesRepository {
  constructor(private readonly em: EntityManager) {}

  /** Newest first, with their tries. */
  async list(
    endpointId: string,
    state: DeliveryState | undefined,
    { offset, limit }: Page,
    direction: 'asc' | 'desc',
  ): Promise<{ list: readonly DeliveryWithAttempts[]; total: number }> {
    const em = this.em.fork();
    const [rows, total] = await em.findAndCount(
      DeliverySchema,
      { endpoint_id: endpointId, ...(state === undefined ? {} : { state }) },
      { offset, limit, orderBy: [{ created_at: direction }, { id: direction }] },
    );
    const attempts = await attemptsOf(em, rows);
    return { list: rows.map((row) => ({ row, attempts: attempts.get(row.id) ?? [] })), total };
  }

  async read(id: string): Promise<DeliveryWithAttempts> {
    const em = this.em.fork();
    const row = await em.findOneOrFail(DeliverySchema, id);
    return { row, attempts: (await attemptsOf(em, [row])).get(id) ?? [] };
  }

  /** Queues one that has ended once more, under its own id. `waits`: it has not ended. Null when there is none. */
  replay(endpointId: string, id: string, expiresMs: number): Promise<DeliveryWithAttempts | 'waits' | null> {
    return this.em.fork().transactional(async (tx) => {
      await tx.execute('select from "hooks"."endpoint" where "id" = ? for update', [endpointId]);
      const row = await tx.findOne(DeliverySchema, { id, endpoint_id: endpointId });
      if (!row) return null;
      if (row.state === 'PENDING') return 'waits';
      const now = new Date();
      const anew = {
        state: 'PENDING' as const,
        completed_at: null,
        failures: 0,
        next_at: now,
        lease_until: null,
        expires_at: new Date(now.getTime() + expiresMs),
      };
      await tx.nativeUpdate(DeliverySchema, { id }, anew);
      await reschedule(tx, [endpointId]);
      return { row: { ...row, ...anew }, attempts: (await attemptsOf(tx, [row])).get(id) ?? [] };
    });
  }

  /** A delivery that its maker makes himself, at once: claimed from the beginning, and forgotten soon should he die. */
  async insertClaimed(endpointId: string, message: Message, leaseMs: number): Promise<DeliveryRow> {
    const now = new Date();
    const until = new Date(now.getTime() + leaseMs);
    const row: DeliveryRow = {
      id: newId(),
      endpoint_id: endpointId,
      ...message,
      state: 'PENDING',
      created_at: now,
      expires_at: until,
      completed_at: null,
      claims: 1,
      failures: 0,
      next_at: until,
      lease_until: until,
    };
    await this.em.fork().insert(DeliverySchema, row);
    return row;
  }
}

async function attemptsOf(em: EntityManager, rows: readonly DeliveryRow[]): Promise<ReadonlyMap<string, readonly AttemptRow[]>> {
  if (rows.length === 0) return new Map();
  const attempts = await em.execute<(Omit<AttemptRow, 'started_at'> & { started_ms: string })[]>(
    `select "delivery_id", "number", extract(epoch from "started_at") * 1000 as started_ms, "duration_ms", "status", "outcome", "reason"
       from "hooks"."attempt" where "delivery_id" in (select jsonb_array_elements_text(?::jsonb)) order by "number"`,
    [JSON.stringify(rows.map(({ id }) => id))],
  );
  const read = attempts.map(({ started_ms, ...attempt }) => ({ ...attempt, started_at: new Date(Number(started_ms)) }));
  return Map.groupBy(read, ({ delivery_id }) => delivery_id);
}
