import {
  AckPolicy,
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type StreamConfig,
} from '@nats-io/jetstream';
import { everythingUnder, subject } from './subjects.ts';
import type { MessageBus } from './bus.ts';

const SECOND = 1_000_000_000; // JetStream counts in nanoseconds.
const MEBIBYTE = 1_024 * 1_024;

/**
 * The two streams, as data. They move work and news; the truth is in Postgres, and deleting the whole store may cost time and nothing
 * else. `max_bytes` with `discard: new` keeps a full stream from filling the disk: publishers then get a clean error and try again.
 */
export const STREAMS = {
  /** Released jobs, one message each, gone when acked. */
  jobs: {
    name: 'JOBS',
    subjects: [everythingUnder('job')],
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_bytes: 256 * MEBIBYTE,
    max_age: 24 * 3_600 * SECOND,
    duplicate_window: 120 * SECOND,
  },
  /** What happened to writes, for whoever wants to know; kept for a day. */
  events: {
    name: 'EVENTS',
    subjects: [everythingUnder('event')],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_bytes: 256 * MEBIBYTE,
    max_age: 24 * 3_600 * SECOND,
    duplicate_window: 120 * SECOND,
  },
} as const satisfies Record<string, Partial<StreamConfig> & { name: string }>;

export const jobSubject = (pms: string): string => subject('job', pms);
export const writeEventSubject = (integrationId: string, jobId: string): string =>
  subject('event', 'write', integrationId, jobId);
/** Hears the events of one job; gateway only, by a plain subscription. */
export const writeEventsOf = (jobId: string): string => `${subject('event', 'write')}.*.${subject(jobId).split('.').at(-1)}`;

/** The durable consumer that all replicas of a PMS's worker share. */
export function jobConsumer(pms: string, maxInFlight: number): Partial<ConsumerConfig> & { durable_name: string } {
  return {
    durable_name: `worker-${subject(pms).split('.').at(-1)}`,
    filter_subject: jobSubject(pms),
    ack_policy: AckPolicy.Explicit,
    // The ledger's lease decides who may work; this only says when a silent worker's message goes to another.
    ack_wait: 120 * SECOND,
    max_deliver: -1,
    max_ack_pending: maxInFlight,
  };
}

/** A durable consumer of write events, for one kind of listener. */
export function writeEventConsumer(listener: string): Partial<ConsumerConfig> & { durable_name: string } {
  return {
    durable_name: `events-${listener}`,
    filter_subject: everythingUnder('event', 'write'),
    ack_policy: AckPolicy.Explicit,
    ack_wait: 60 * SECOND,
    max_deliver: -1,
    max_ack_pending: 256,
  };
}

/** Creates the streams, or brings existing ones to this definition. Safe to run at every start and by several replicas. */
export async function ensureStreams(bus: MessageBus): Promise<void> {
  const manager = await bus.jetstreamManager();
  for (const stream of Object.values(STREAMS)) {
    const exists = await manager.streams.info(stream.name).then(
      () => true,
      () => false,
    );
    if (exists) await manager.streams.update(stream.name, stream);
    else await manager.streams.add(stream);
  }
}

/** How far a durable consumer is behind. @throws when JetStream does not answer or has no such consumer */
export async function lagOf(bus: MessageBus, stream: string, durable: string) {
  const { num_pending, num_ack_pending } = await (await bus.jetstreamManager()).consumers.info(stream, durable);
  return { pending: num_pending, unacknowledged: num_ack_pending };
}

/** Creates a durable consumer, or leaves an equal one as it is. */
export async function ensureConsumer(
  bus: MessageBus,
  stream: string,
  config: Partial<ConsumerConfig> & { durable_name: string },
): Promise<void> {
  const manager = await bus.jetstreamManager();
  await manager.consumers.add(stream, config);
}
