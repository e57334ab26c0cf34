/** The routes of webhooks, for the description of the API. */
import type { Operation } from './operations.ts';
import { exactly, oneOf, pageOf, refer } from './schemas.ts';
import { delivery, webhook } from './webhook-schemas.ts';

const webhooks = { tag: 'Webhooks', problems: [404] } as const;
const example = {
  url: 'https://example.com/hooks',
  triggers: ['WRITE_OPERATION_SUCCESS', 'WRITE_OPERATION_FAILURE'],
  active: false,
};

export const WEBHOOK_OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /v1/webhooks': {
    ...webhooks,
    id: 'listWebhooks',
    summary: 'List webhooks',
    parameters: ['Limit', 'Offset', 'OrderBy', 'Active'],
    answer: pageOf(webhook),
    problems: [],
  },
  'POST /v1/webhooks': {
    ...webhooks,
    id: 'createWebhook',
    summary: 'Make a webhook',
    description: 'An active one is first sent a message that it must answer with 2xx; events wait until it has.',
    body: { schema: refer('WebhookCreate'), required: true, example },
    answer: exactly({ result: webhook }),
    problems: [409],
  },
  'GET /v1/webhooks/:webhook_id': {
    ...webhooks,
    id: 'readWebhook',
    summary: 'Read a webhook',
    parameters: ['IdleLimit', 'IdleOffset', 'OrderBy'],
    answer: oneOf(webhook),
  },
  'PUT /v1/webhooks/:webhook_id': {
    ...webhooks,
    id: 'updateWebhook',
    summary: 'Change a webhook, or switch it on again',
    body: { schema: refer('WebhookUpdate'), required: true },
    answer: exactly({ result: webhook }),
  },
  'DELETE /v1/webhooks/:webhook_id': {
    ...webhooks,
    id: 'deleteWebhook',
    summary: 'Delete a webhook and what waits for it',
    answer: exactly({ result: exactly({ id: { type: 'string' } }) }),
  },
  'POST /v1/webhooks/:webhook_id/test': {
    ...webhooks,
    id: 'testWebhook',
    summary: 'Send a message now and see how that goes',
    answer: exactly({ result: delivery }),
  },
  'POST /v1/webhooks/:webhook_id/rotate-secret': {
    ...webhooks,
    id: 'rotateWebhookSecret',
    summary: 'Make a new secret',
    description: 'For 24 hours messages are signed with both. The published signature header carries the new one at once.',
    answer: exactly({ result: webhook }),
  },
  'GET /v1/webhooks/:webhook_id/deliveries': {
    ...webhooks,
    id: 'listWebhookDeliveries',
    summary: 'List what was sent, newest first',
    parameters: ['Limit', 'Offset', 'OrderBy', 'DeliveryState'],
    answer: pageOf(delivery),
  },
  'POST /v1/webhooks/:webhook_id/deliveries/:delivery_id/replay': {
    ...webhooks,
    id: 'replayWebhookDelivery',
    summary: 'Send something once more',
    answer: exactly({ result: delivery }),
    problems: [404, 409],
  },
};
