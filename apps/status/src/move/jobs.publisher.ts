/** Puts released writes into JOBS. Best effort: a message that gets lost here or later is published again by the sweeper. */
import { failpoint, failpointLater } from '#failpoints';
import { jobSubject, traceHeaders, type JobMessage, type MessageBus } from '#messaging';
import type { Job } from '../job.ts';

type Released = Pick<Job, 'id' | 'pms' | 'release_no' | 'traceparent'>;

export class JobsPublisher {
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly bus: MessageBus,
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  /**
   * Does not wait: dispatching must not stand still because JetStream does. Never throws. Only the last of a batch is acknowledged: that tells whether
   * JetStream is there, and an acknowledgement each would cost as much as the message. Twice is harmless: a release is claimed once.
   */
  publish(jobs: readonly Released[]): void {
    const last = jobs.at(-1);
    if (!last) return;
    failpoint('dispatch.before-publish');
    try {
      for (const job of jobs.slice(0, -1)) {
        this.bus.connection.publish(jobSubject(job.pms), body(job), traceHeaders(job.traceparent));
      }
    } catch (error) {
      // The connection is closed: we are stopping.
      this.onTrouble(error);
    }
    const sent = this.bus.jetstream
      .publish(jobSubject(last.pms), body(last), traceHeaders(last.traceparent))
      .catch((error: unknown) => this.onTrouble(error))
      .finally(() => this.underWay.delete(sent));
    this.underWay.add(sent);
    failpointLater('dispatch.after-publish');
  }

  async drain(): Promise<void> {
    await Promise.all(this.underWay);
  }
}

function body({ id, release_no }: Released): string {
  const message: JobMessage = { version: 1, job_id: id, release: release_no };
  return JSON.stringify(message);
}
