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
  constructor(private readonly following: Following) {}

  /** Starts following as soon as the stream is there, which the ledger's owner makes; and again whenever it was lost. */
  follow(): Consumption {
    const { bus, log } = this.following;
    return consume<WriteEvent>(bus, {
      stream: STREAMS.events.name,
      durable: DURABLE,
      prepare: () => ensureConsumer(bus, STREAMS.events.name, writeEventConsumer('webhooks')),
      concurrency: CONCURRENCY,
      handle: (event) => this.handle(event),
      onTrouble: ({ reason, error, deliveries }) =>
        log.warn({ reason, deliveries, ...(error === undefined ? {} : errorFields(error)) }, 'write event not handled'),
    });
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
}
