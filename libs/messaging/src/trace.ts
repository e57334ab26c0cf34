/**
 * How a trace passes through NATS: its place travels in the header `traceparent`, and each kind of request and of message has one name. Names
 * and attributes follow OpenTelemetry's conventions for messaging; subjects are told without their last tokens, which are ids.
 */
import { headers, type MsgHdrs } from '@nats-io/nats-core';
import type { JsMsg } from '@nats-io/jetstream';
import { TRACEPARENT, traceparentNow, type Activity } from '#tracing';
import type { Contract } from './contract.ts';

const NATS = { 'messaging.system': 'nats' };

/** The place of whoever sends, or the one given, as a publish option; nothing outside of any trace. */
export function traceHeaders(traceparent: string | null | undefined = traceparentNow()): { headers?: MsgHdrs } {
  if (traceparent === undefined || traceparent === null) return {};
  const carried = headers();
  carried.set(TRACEPARENT, traceparent);
  return { headers: carried };
}

/** The place that a message came from. */
export const traceparentOf = (carried: MsgHdrs | undefined): string | undefined => carried?.get(TRACEPARENT) || undefined;

export const askingAbout = ({ subject }: Pick<Contract<never, unknown>, 'subject'>): Activity => ({
  name: `ask ${shortened(subject)}`,
  kind: 'client',
  attributes: { ...NATS, 'messaging.operation.type': 'send', 'messaging.destination.name': subject },
});

/** `pattern` is what an answerer subscribes to: of a per-PMS contract, it ends in `*` or in the PMS. */
export const answering = (pattern: string): Activity => ({
  name: `answer ${shortened(pattern)}`,
  kind: 'server',
  attributes: { ...NATS, 'messaging.operation.type': 'process', 'messaging.destination.name': pattern },
});

/** Of a message that a stream delivered. */
export const handlingOf = ({ info }: JsMsg): Activity => ({
  name: `process ${info.stream}`,
  kind: 'consumer',
  attributes: {
    ...NATS,
    'messaging.operation.type': 'process',
    'messaging.destination.name': info.stream,
    'messaging.consumer.group.name': info.consumer,
    'latchkey.deliveries': info.deliveryCount,
  },
});

/** `latchkey.ledger.claim.*` -> `ledger.claim`. */
const shortened = (subject: string): string => subject.split('.').slice(1, 3).join('.');
