/** Webhooks and their deliveries, for the description of the API. Names and limits are those of the contract, which the service checks by. */
import { DELIVERY_STATES, HIDDEN, TRIGGERS, WEBHOOK_LIMITS, type Schema } from '#messaging';
import { exactly, listOf } from './schema.ts';
import { refer } from './schemas.ts';

const text: Schema = { type: 'string' };
const flag: Schema = { type: 'boolean' };
const textOrNull: Schema = { type: ['string', 'null'] };
const moment: Schema = { type: 'string', format: 'date-time' };
const momentOrNull: Schema = { type: ['string', 'null'], format: 'date-time' };
const count: Schema = { type: 'integer', minimum: 0 };
const orNull = ({ type, ...schema }: Schema): Schema => ({ ...schema, type: [type, 'null'] });

const TRIGGER_WORDS = Object.entries(TRIGGERS)
  .map(([name, { when, isTold }]) => `${name}: ${when}${isTold ? '' : ' (nothing comes of it yet)'}.`)
  .join(' ');
const trigger: Schema = { type: 'string', enum: Object.keys(TRIGGERS), description: TRIGGER_WORDS };
const header = exactly({
  header: { type: 'string', pattern: WEBHOOK_LIMITS.headerName },
  value: { type: 'string', pattern: WEBHOOK_LIMITS.headerText, maxLength: WEBHOOK_LIMITS.headerValue },
});

/** What may be sent; a null counts as left out. */
const SENT: Readonly<Record<string, Schema>> = {
  url: { type: 'string', maxLength: 2_000, description: 'Where messages are sent: an https address on the public internet.' },
  triggers: { type: 'array', items: trigger, minItems: 1, description: 'What it is told of.' },
  model: orNull({ type: 'string', description: 'The model that DATA triggers are about, by its path or with underscores.' }),
  headers: {
    ...orNull({ type: 'array', items: header, maxItems: WEBHOOK_LIMITS.headers }),
    description: `Sent along with each message. Values are not shown again; ${HIDDEN} leaves a stored one as it is.`,
  },
  secret: {
    ...orNull({
      type: 'string',
      minLength: WEBHOOK_LIMITS.secret.min,
      maxLength: WEBHOOK_LIMITS.secret.max,
      pattern: WEBHOOK_LIMITS.secretText,
    }),
    description:
      'What messages are signed with; one is made if none is sent. A changed one works beside the former for 24 hours.',
  },
  active: orNull({ type: 'boolean', description: 'Whether messages are sent. False unless it is set.' }),
  legacy_signature: orNull({
    type: 'boolean',
    description: 'Whether the published signature header is sent besides the standard ones. True unless it is set.',
  }),
};
const OPTIONAL = ['model', 'headers', 'secret', 'active', 'legacy_signature'];

export const WEBHOOK_SCHEMAS: Readonly<Record<string, Schema>> = {
  WebhookCreate: exactly(SENT, OPTIONAL),
  WebhookUpdate: exactly({ ...SENT, url: orNull(SENT.url ?? {}), triggers: orNull(SENT.triggers ?? {}) }, Object.keys(SENT)),
  Webhook: exactly({
    id: text,
    created_at: moment,
    updated_at: moment,
    url: text,
    headers: listOf(exactly({ header: text, value: text })),
    active: flag,
    secret: { ...text, description: `In the answer that makes or takes it, and ${HIDDEN} in every other.` },
    system: { type: 'string', enum: ['PRODUCTION', 'SANDBOX'] },
    triggers: listOf(
      exactly({
        id: text,
        trigger,
        model: textOrNull,
        is_told: { ...flag, description: 'Whether Latchkey tells of such events today.' },
      }),
    ),
    legacy_signature: flag,
    former_secret_until: { ...momentOrNull, description: 'Until then messages are signed with the former secret, too.' },
    verified_at: { ...momentOrNull, description: 'When it first answered 2xx; before that it is sent no event.' },
    failing_since: momentOrNull,
    disabled_at: { ...momentOrNull, description: 'When Latchkey switched it off.' },
    disabled_because: textOrNull,
  }),
  WebhookDelivery: exactly({
    id: text,
    event_id: { ...text, description: 'The webhook-id: the same on every try.' },
    trigger: text,
    state: { type: 'string', enum: [...DELIVERY_STATES] },
    created_at: moment,
    completed_at: momentOrNull,
    next_attempt_at: momentOrNull,
    attempts: listOf(
      exactly({
        number: count,
        started_at: moment,
        duration_ms: count,
        status: { type: ['integer', 'null'], description: 'What the endpoint answered.' },
        outcome: { type: 'string', enum: ['delivered', 'failed'] },
        reason: textOrNull,
      }),
    ),
  }),
};

export const webhook = refer('Webhook');
export const delivery = refer('WebhookDelivery');
