/**
 * The outbox: events that were committed with what they tell are published here, and deleted once JetStream has them. One relay at a time in
 * the whole system (advisory lock), so events of a write are stored in order: the next one is sent only after the one before was acknowledged.
 * Delivery is at least once; `sequence` lets a listener drop what it has seen.
 *
 *   idle -> (wake, or the sweeper) relaying until the outbox is empty -> idle; a failure waits for the next wake
 */
import { failpoint } from '#failpoints';
import { traceHeaders, writeEventSubject, type MessageBus, type WriteEvent } from '#messaging';
import type { Database, Session } from '../store/database.ts';
import { Pace } from './pace.ts';

const BATCH = 500;
const RELAY_LOCK = 4_600_002;

interface Row {
  readonly id: string;
  readonly body: WriteEvent;
}

export class Outbox {
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  /** Under load, events wait a moment for company: a relay costs nearly the same for one and for a hundred. */
  private readonly pace = new Pace(10);

  constructor(
    private readonly database: Database,
    private readonly bus: MessageBus,
    /** Hears why events stay where they are. */
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  /** Starts a relay, or lets the one under way go round once more. Never throws. */
  wake(): void {
    if (this.stopped) return;
    this.again = true;
    this.running ??= this.relay()
      .catch((error: unknown) => this.onTrouble(error))
      .finally(() => {
        this.running = undefined;
        // Woken after the last look.
        if (this.again && !this.stopped) this.wake();
      });
  }

  /** Finishes the relay under way and starts no more. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async relay(): Promise<void> {
    let full = false;
    while (this.again || full) {
      this.again = false;
      await this.pace.wait();
      full = await this.database.transaction((session) => this.relayBatch(session));
    }
  }

  /** Whether there may be more. */
  private async relayBatch(session: Session): Promise<boolean> {
    const [lock] = await session.run<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', RELAY_LOCK);
    // Another replica is at it. What it can't see yet is found by the sweeper's next wake.
    if (!lock?.mine) return false;
    const rows = await session.run<Row>('select id::text, body from ledger.event order by ledger.event.id limit $1', BATCH);
    if (rows.length > 0) failpoint('relay.before-publish');
    const told = await this.publish(rows);
    if (told.length > 0) {
      failpoint('relay.before-delete');
      await session.run('delete from ledger.event where id = any($1::bigint[])', told);
      failpoint('relay.after-delete');
    }
    if (told.length < rows.length) this.onTrouble(new Error('JetStream did not take every event'));
    return rows.length === BATCH && told.length === rows.length;
  }

  /** Writes in parallel, the events of one write one after the other; a write whose event failed stops there. */
  private async publish(rows: readonly Row[]): Promise<string[]> {
    const told: string[] = [];
    const { jetstream } = this.bus;
    await Promise.all(
      [...Map.groupBy(rows, ({ body }) => body.job_id).values()].map(async (events) => {
        for (const { id, body: row } of events) {
          const { traceparent = null, ...body } = row;
          try {
            await jetstream.publish(writeEventSubject(body.integration_id, body.job_id), JSON.stringify(body), {
              msgID: `${body.job_id}.event.${body.sequence}`,
              ...traceHeaders(traceparent),
            });
            told.push(id);
          } catch {
            return;
          }
        }
      }),
    );
    return told;
  }
}
