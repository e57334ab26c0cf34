import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { failpoint } from '#failpoints';
import { goOn } from '#tracing';
import type { MessageBus } from './bus.ts';
import { handlingOf, traceparentOf } from './trace.ts';

/**
 * What becomes of a message: `done` takes it out of the stream, `again` brings it back after a while, `dead` takes it out too and says
 * that it could never be handled. Handlers decide; only the loop below talks to NATS.
 */
export type Decision = { kind: 'done' } | { kind: 'again'; afterMs: number } | { kind: 'dead'; reason: string };

export const done: Decision = { kind: 'done' };
export const again = (afterMs: number): Decision => ({ kind: 'again', afterMs });
export const dead = (reason: string): Decision => ({ kind: 'dead', reason });

export interface ConsumeOptions<Message> {
  readonly stream: string;
  readonly durable: string;
  /** Messages handled at the same time. */
  readonly concurrency: number;
  /** Makes the consumer, or leaves it as it is: before the first pull, and whenever it is gone. @default somebody else makes it */
  readonly prepare?: () => Promise<void>;
  /** Must be idempotent: any message can come twice, late, or after what it speaks of is gone. */
  readonly handle: (message: Message) => Promise<Decision>;
  /** Hears of a handler that threw (the message comes back after 5 s) and of dead messages. */
  readonly onTrouble: (trouble: { reason: string; error?: unknown; deliveries: number }) => void;
}

export interface Consumption {
  /** Stops pulling, waits for the handlers under way, then resolves. */
  stop(): Promise<void>;
}

const RETRY_AFTER_THROW_MS = 5_000;
const RECREATE_AFTER_MS = 1_000;

/**
 * Pulls messages and hands them to `handle`, at most `concurrency` at a time, until stopped. States: pulling -> (stop) draining -> stopped.
 * When the consumer or the whole store is gone (JetStream's data is expendable), it makes the consumer again, or waits for its owner to do so.
 */
export function consume<Message>(bus: MessageBus, options: ConsumeOptions<Message>): Consumption {
  const working = new Set<Promise<void>>();
  let messages: ConsumerMessages | undefined;
  let stopping = false;
  let wake: () => void = () => {};

  const settle = async (message: JsMsg): Promise<void> => {
    const decision = await decide(message, options);
    failpoint('consumer.before-ack');
    if (decision.kind === 'again') message.nak(decision.afterMs);
    // term() would do for the dead as well, but nats-server 2.9 redelivers a termed message when a reason is given; ack never does.
    else message.ack();
    failpoint('consumer.after-ack');
  };

  const pull = async (): Promise<void> => {
    await options.prepare?.();
    const consumer = await bus.jetstream.consumers.get(options.stream, options.durable);
    messages = await consumer.consume({
      max_messages: options.concurrency,
      expires: 5_000,
      idle_heartbeat: 1_000,
      // Otherwise it would wait in silence for a consumer that nobody makes.
      abort_on_missing_resource: true,
    });
    for await (const message of messages) {
      const work = settle(message).finally(() => {
        working.delete(work);
        wake();
      });
      working.add(work);
      if (working.size >= options.concurrency) await new Promise<void>((resolve) => (wake = resolve));
    }
  };

  const loop = (async () => {
    while (!stopping) {
      try {
        await pull();
      } catch (error) {
        if (!stopping) options.onTrouble({ reason: 'consumer unavailable', error, deliveries: 0 });
      }
      if (!stopping) await new Promise((resolve) => setTimeout(resolve, RECREATE_AFTER_MS));
    }
  })();

  return {
    async stop() {
      stopping = true;
      await messages?.close();
      wake();
      await loop;
      await Promise.allSettled(working);
    },
  };
}

async function decide<Message>(message: JsMsg, { handle, onTrouble }: ConsumeOptions<Message>): Promise<Decision> {
  const deliveries = message.info.deliveryCount;
  let body: Message;
  try {
    body = message.json<Message>();
  } catch (error) {
    onTrouble({ reason: 'unreadable message', error, deliveries });
    return dead('unreadable message');
  }
  try {
    const decision = await goOn(traceparentOf(message.headers), handlingOf(message), () => handle(body));
    if (decision.kind === 'dead') onTrouble({ reason: decision.reason, deliveries });
    return decision;
  } catch (error) {
    onTrouble({ reason: 'handler threw', error, deliveries });
    return again(RETRY_AFTER_THROW_MS);
  }
}
