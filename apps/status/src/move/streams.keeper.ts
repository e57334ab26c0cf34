/**
 * Keeps JetStream as the ledger needs it: both streams, and one consumer for the workers of each PMS. JetStream's store may be lost at any
 * time; whoever attached once is remembered in Postgres, so everything is made again without a worker noticing more than a pause.
 */
import { ensureConsumer, ensureStreams, jobConsumer, STREAMS, type Attach, type MessageBus } from '#messaging';
import { Problem } from '#problem';
import type { Database } from '../store/database.ts';

/** How often the streams are looked at while nothing seems wrong. In milliseconds. */
const LOOK_EVERY_MS = 5_000;

/**
 * Messages that a PMS's workers may hold unacknowledged. Far more than they work on at once, which is theirs to bound: the messages of a
 * killed worker stay pending until JetStream's time-out, and must not keep those from being delivered that the ledger publishes in their place.
 */
const pendingLimit = (maxInFlight: number): number => Math.max(1_000, 16 * maxInFlight);

const REMEMBER = `
  insert into ledger.worker (pms, max_in_flight, concurrent) values ($1, $2, $3)
  on conflict (pms) do update set max_in_flight = excluded.max_in_flight, concurrent = coalesce(excluded.concurrent, worker.concurrent)
  where worker.max_in_flight <> excluded.max_in_flight or worker.concurrent is distinct from coalesce(excluded.concurrent, worker.concurrent)`;

export class StreamsKeeper {
  private lookedAt = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly bus: MessageBus,
  ) {}

  /**
   * Makes the consumer that all replicas of a PMS's worker share, and remembers to keep it.
   * @throws Problem `unavailable` while JetStream does not answer or has no streams; the next sweep makes them, and the consumer with them
   */
  async attach(pms: string, { max_in_flight, concurrent }: Attach): Promise<{ durable: string; stream: string }> {
    const config = jobConsumer(pms, pendingLimit(max_in_flight));
    await this.database.run(REMEMBER, pms, max_in_flight, concurrent ?? null);
    await ensureConsumer(this.bus, STREAMS.jobs.name, config).catch((cause: unknown) => {
      this.suspect();
      throw Problem.unavailable('JetStream is not ready yet.', 2, cause);
    });
    return { durable: config.durable_name, stream: STREAMS.jobs.name };
  }

  /** Something could not be published: look at the next sweep, not later. */
  suspect(): void {
    this.lookedAt = -Infinity;
  }

  /** @throws when JetStream does not answer; nothing is lost by that. */
  async keep(): Promise<void> {
    if (performance.now() - this.lookedAt < LOOK_EVERY_MS) return;
    await ensureStreams(this.bus);
    const workers = await this.database.run<{ pms: string; max_in_flight: number }>(
      'select pms, max_in_flight from ledger.worker',
    );
    for (const { pms, max_in_flight } of workers) {
      await ensureConsumer(this.bus, STREAMS.jobs.name, jobConsumer(pms, pendingLimit(max_in_flight)));
    }
    this.lookedAt = performance.now();
  }
}
