import { setTimeout as pause } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  consume,
  dead,
  done,
  ensureConsumer,
  STREAMS,
  writeEventConsumer,
  type Consumption,
  type Decision,
  type MessageBus,
  type WriteEvent,
} from '#messaging';
import { errorFields, type Logger } from '#service-kit';
import type { WebhookMetrics } from '../metrics.ts';
import { fanOut } from '../store/fan-out.ts';

/** This service's own place in the stream of events. */
export const DURABLE = writeEventConsumer('webhooks').durable_name;

const CONCURRENCY = 8;
const LOOK_FOR_STREAM_MS = 1_000;

/** The name by which customers know a PMS. */
export type VendorOf = (pms: string) => string | undefined;

export interface Following {
  readonly em: EntityManager;
  readonly bus: MessageBus;
  readonly vendorOf: VendorOf;
  /** How long a delivery is kept trying, in milliseconds. */
  readonly expiresMs: number;
  readonly log: Logger;
  readonly metrics: WebhookMetrics;
  /** Hears that there are new deliveries. */
  readonly onQueued: () => void;
}

/** Follows the writes, and queues a delivery for each endpoint that wants to hear. Handling an event again changes nothing. */
export class WriteEvents {
  private readonly stopping = new AbortController();

  constructor(private readonly following: Following) {}

  /** Starts following, once, as soon as the stream is there: the ledger's owner makes it. */
  follow(): Consumption {
    const { bus, log } = this.following;
    const consumption = this.ready(this.stopping.signal).then(
      () =>
        consume<WriteEvent>(bus, {
          stream: STREAMS.events.name,
          durable: DURABLE,
          concurrency: CONCURRENCY,
          handle: (event) => this.handle(event),
          onTrouble: ({ reason, error, deliveries }) => {
            log.warn({ reason, deliveries, ...(error === undefined ? {} : errorFields(error)) }, 'write event not handled');
            // The store may have been wiped. The stream comes back with its owner, this consumer only with us.
            if (deliveries === 0) void this.makeConsumer().catch(() => undefined);
          },
        }),
      () => undefined,
    );
    return {
      stop: async () => {
        this.stopping.abort();
        await (await consumption)?.stop();
      },
    };
  }

  /** What becomes of one event. Throws when the database does not take it: it comes again then. */
  async handle(event: WriteEvent): Promise<Decision> {
    const { em, vendorOf, expiresMs, metrics, onQueued } = this.following;
    const vendor = vendorOf(event.pms);
    if (vendor === undefined) return dead('unknown PMS');
    const made = await fanOut(em.fork(), event, vendor, expiresMs);
    metrics.countDeliveries(made);
    if (made > 0) onQueued();
    return done;
  }

  private makeConsumer(): Promise<void> {
    return ensureConsumer(this.following.bus, STREAMS.events.name, writeEventConsumer('webhooks'));
  }

  private async ready(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      try {
        return await this.makeConsumer();
      } catch (error) {
        this.following.log.debug(errorFields(error), 'event stream not there yet');
        await pause(LOOK_FOR_STREAM_MS, undefined, { signal });
      }
    }
  }
}
