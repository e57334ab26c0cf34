import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { DeliveryState } from '#messaging';

/**
 * One message for one endpoint.
 *
 *   PENDING -> (2xx) DELIVERED | (every try failed, 410, or too old) FAILED -> (replay) PENDING
 *
 * Who claims it raises `claims`, his fencing number, and puts `next_at` to the end of his lease: should he die, it is due again by itself.
 */
export const DeliverySchema = defineEntity({
  name: 'Delivery',
  tableName: 'delivery',
  properties: {
    id: p.text().primary(),
    endpoint_id: p.text(),
    /** `webhook-id`: the same on every try, and for every endpoint that is told of the event. */
    event_id: p.text(),
    trigger: p.text(),
    /** The body as it is sent, byte for byte. */
    body: p.text(),
    state: p.text().$type<DeliveryState>(),
    created_at: p.datetime(3),
    /** After that it is not tried any more. */
    expires_at: p.datetime(3),
    completed_at: p.datetime(3).nullable(),
    claims: p.integer(),
    /** Tries that failed since it was made, or replayed. */
    failures: p.integer(),
    next_at: p.datetime(3),
    lease_until: p.datetime(3).nullable(),
  },
});
export type DeliveryRow = InferEntity<typeof DeliverySchema>;

/** One try, as it ended; a try whose process died leaves none. Holds our own words only, nothing of what the endpoint answered. */
export interface AttemptRow {
  readonly delivery_id: string;
  readonly number: number;
  readonly started_at: Date;
  readonly duration_ms: number;
  readonly status: number | null;
  readonly outcome: 'delivered' | 'failed';
  readonly reason: string | null;
}
