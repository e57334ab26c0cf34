/**
 * Every moment at which a process may be harmed, and what is true then. The names are an interface of the tests: `<service>.<moment>`, where
 * `worker` is any worker and `consumer` any service that takes messages from a stream.
 */
export const POINTS = {
  'gateway.before-asking': 'a write was read and nobody was asked yet',
  'gateway.before-answering': 'the write is accepted and its customer has not been told',

  'accept.before-commit': 'keys and writes are inserted, the transaction is open',
  'accept.after-commit': 'accepted for good; nobody was answered, nothing was dispatched',

  'claim.before-commit': 'a claim is decided under its lock, the transaction is open',
  'claim.after-commit': 'the worker has the claim and does not know it',
  'advance.before-commit': 'the note of a sending or a finished step is decided, the transaction is open',
  'advance.after-commit': 'the note is there and the worker does not know it',
  'settle.before-commit': 'an outcome is decided, the transaction is open',
  'settle.after-commit': 'the write has ended and the worker does not know it',

  'dispatch.before-commit': 'writes are released, the transaction is open',
  'dispatch.before-publish': 'writes are released for good and no worker was told',
  'dispatch.after-publish': 'the messages are on their way, perhaps stored',

  'relay.before-publish': 'events are read under the lock of the relay, none is published',
  'relay.before-delete': 'events are published and still in the outbox',
  'relay.after-delete': 'events are deleted, the transaction is open',

  'sweep.before-commit': 'what got stuck is decided upon, the transaction is open',

  'worker.before-claim': 'a job has arrived and was not claimed',
  'worker.after-claim': 'the job is ours, nothing was done',
  'worker.before-sending': 'the call is ready, the ledger does not know of it',
  'worker.after-sending': 'the ledger knows of the call, no byte has left',
  'worker.after-first-byte': 'the request is on its way to the PMS',
  'worker.after-answer': 'the PMS has answered, the ledger does not know',
  'worker.after-settle': 'the ledger knows the outcome, the message is not acknowledged',

  'fan-out.before-commit': 'the deliveries of an event are inserted, the transaction is open',
  'webhooks.before-sending': 'a delivery is claimed, no byte has left',
  'webhooks.after-answer': 'the endpoint has answered, nothing says so yet',
  'webhooks.after-settle': 'what became of the delivery is committed',

  'consumer.before-ack': 'a message was handled and not acknowledged',
  'consumer.after-ack': 'it was acknowledged, perhaps only in our own buffer',
} as const;

export type PointName = keyof typeof POINTS;

export const isPointName = (name: string): name is PointName => Object.hasOwn(POINTS, name);
