import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { Trigger } from '#messaging';

/**
 * An address of a customer that is told of events.
 *
 *   unverified -> (answers 2xx to its first message) verified; a new address begins anew
 *   healthy -> (a failed try) failing -> (a delivery) healthy
 *   active -> (failing for five days, never verified, or 410 Gone) disabled, which is not active -> (switched on again) active
 *
 * While unverified it gets nothing but the message that asks for its answer. While failing, or slow, it is tried one delivery at a time.
 */
export const EndpointSchema = defineEntity({
  name: 'Endpoint',
  tableName: 'endpoint',
  properties: {
    id: p.text().primary(),
    organization_id: p.text(),
    url: p.text(),
    triggers: p.array().$type<Trigger[]>(),
    /** Path of the model that DATA triggers are about; null for every one. */
    model: p.text().nullable(),
    /** Name of a header of the customer -> its sealed value. */
    headers: p.json<Readonly<Record<string, string>>>(),
    active: p.boolean(),
    /** Whether the published signature header is sent besides the standard ones. */
    legacy_signature: p.boolean(),
    /** Sealed; see sealed-secrets.ts. */
    secret: p.text(),
    secret_version: p.integer(),
    /** The one before, of the version before; still signed with until `former_until`. */
    former_secret: p.text().nullable(),
    former_until: p.datetime(3).nullable(),
    created_at: p.datetime(3),
    updated_at: p.datetime(3),
    verified_at: p.datetime(3).nullable(),
    /** When the first of the failures since the last delivery was. */
    failing_since: p.datetime(3).nullable(),
    disabled_at: p.datetime(3).nullable(),
    disabled_because: p.text().nullable(),
    /** Whether its last answer was a quick success: such endpoints have slots of their own, which slow ones can't take. */
    is_quick: p.boolean(),
    /** Set by a Retry-After: nothing is sent before. */
    paused_until: p.datetime(3).nullable(),
    /** When there is something to do for it; null while nothing waits. */
    due_at: p.datetime(3).nullable(),
  },
});
export type EndpointRow = InferEntity<typeof EndpointSchema>;
