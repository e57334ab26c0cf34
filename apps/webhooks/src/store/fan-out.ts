/**
 * From one event to one delivery for each endpoint that wants to hear of it: all of them or none, and never twice, however often the event
 * itself comes.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { failpoint } from '#failpoints';
import { newId, type Trigger, type WriteEvent } from '#messaging';
import { doubtOf, messagesOf, type Message } from '../events/messages.ts';
import { reschedule } from './queue.ts';

/** How many deliveries there are more. */
export function fanOut(em: EntityManager, event: WriteEvent, vendor: string, expiresMs: number): Promise<number> {
  return em.transactional(async (tx) => {
    // Locked in one order by everybody, and before their deliveries.
    const endpoints = await tx.execute<{ id: string; triggers: Trigger[] }[]>(
      `select "id", "triggers" from "hooks"."endpoint" where "organization_id" = ? and "active" order by "id" for update`,
      [event.organization_id],
    );
    if (endpoints.length === 0) return 0;
    const messages = messagesOf(event, vendor, await noteDoubt(tx, event));
    const addressed = endpoints.flatMap(({ id, triggers }) =>
      messages
        .filter(({ trigger }) => (triggers as readonly string[]).includes(trigger))
        .map((message) => ({ endpoint: id, message })),
    );
    const made = await addDeliveries(tx, addressed, expiresMs);
    failpoint('fan-out.before-commit');
    return made;
  });
}

export interface Addressed {
  /** Its id. */
  readonly endpoint: string;
  readonly message: Message;
}

/** Queues messages; those that their endpoint has already are left alone. How many were new. */
export async function addDeliveries(tx: EntityManager, addressed: readonly Addressed[], expiresMs: number): Promise<number> {
  if (addressed.length === 0) return 0;
  const rows = addressed.map(({ endpoint, message }) => ({ id: newId(), endpoint_id: endpoint, ...message }));
  const { affectedRows } = await tx.execute<{ affectedRows: number }>(
    `insert into "hooks"."delivery" ("id", "endpoint_id", "event_id", "trigger", "body", "state", "created_at", "expires_at", "next_at")
     select made."id", made."endpoint_id", made."event_id", made."trigger", made."body", 'PENDING', now(), now() + ?::interval, now()
       from jsonb_to_recordset(?::jsonb) as made("id" text, "endpoint_id" text, "event_id" text, "trigger" text, "body" text)
     on conflict ("endpoint_id", "event_id") do nothing`,
    [`${expiresMs} milliseconds`, JSON.stringify(rows)],
    'run',
  );
  await reschedule(tx, [...new Set(addressed.map(({ endpoint }) => endpoint))].sort());
  return affectedRows;
}

/** Keeps in mind that there is doubt about a write. True for the event that ends it, each time that this event comes. */
async function noteDoubt(tx: EntityManager, event: WriteEvent): Promise<boolean> {
  const { job_id, sequence } = event;
  const what = doubtOf(event);
  if (what === 'opens') {
    await tx.execute(
      `insert into "hooks"."doubt" ("job_id", "opened", "seen_at") values (?, ?, now())
       on conflict ("job_id") do update set "opened" = greatest("doubt"."opened", excluded."opened"), "seen_at" = now()`,
      [job_id, sequence],
      'run',
    );
  }
  if (what !== 'closes') return false;
  const { affectedRows } = await tx.execute<{ affectedRows: number }>(
    `update "hooks"."doubt" set "closed" = ?, "seen_at" = now()
      where "job_id" = ? and "opened" < ? and ("closed" is null or "closed" < "opened" or "closed" = ?)`,
    [sequence, job_id, sequence, sequence],
    'run',
  );
  return affectedRows > 0;
}
