/** Webhooks and their deliveries as the API shows them. Secrets and the values of headers never appear, not even sealed. */
import { HIDDEN, TRIGGERS } from '#messaging';
import type { AttemptRow, DeliveryRow } from '../store/delivery.entity.ts';
import type { EndpointRow } from '../store/endpoint.entity.ts';

/** @param secret Shown in the answer that makes it, and in no other. */
export function webhookView(row: EndpointRow, secret: string = HIDDEN): Record<string, unknown> {
  const { id, created_at, updated_at, url, headers, active, triggers, model, legacy_signature } = row;
  return {
    id,
    created_at,
    updated_at,
    url,
    headers: Object.keys(headers).map((header) => ({ header, value: HIDDEN })),
    active,
    secret,
    // Published for keys of two kinds; Latchkey's are all of this one.
    system: 'PRODUCTION',
    triggers: triggers.map((trigger) => ({
      id: `${id}-${trigger.toLowerCase()}`,
      trigger,
      model: model ?? null,
      is_told: TRIGGERS[trigger].isTold,
    })),
    legacy_signature,
    former_secret_until: row.former_until ?? null,
    verified_at: row.verified_at ?? null,
    failing_since: row.failing_since ?? null,
    disabled_at: row.disabled_at ?? null,
    disabled_because: row.disabled_because ?? null,
  };
}

export function deliveryView(row: DeliveryRow, attempts: readonly AttemptRow[]): Record<string, unknown> {
  const { id, event_id, trigger, state, created_at, completed_at, next_at } = row;
  return {
    id,
    event_id,
    trigger,
    state,
    created_at,
    completed_at: completed_at ?? null,
    next_attempt_at: state === 'PENDING' ? next_at : null,
    attempts: attempts.map(({ number, started_at, duration_ms, status, outcome, reason }) => ({
      number,
      started_at,
      duration_ms,
      status,
      outcome,
      reason,
    })),
  };
}
