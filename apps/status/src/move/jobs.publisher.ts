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

  /** Does not wait: dispatching must not stand still because JetStream does. Never throws. */
  publish(jobs: readonly Released[]): void {
    const { jetstream } = this.bus;
    let told = false;
    if (jobs.length > 0) failpoint('dispatch.before-publish');
    for (const { id, pms, release_no, traceparent } of jobs) {
      const message: JobMessage = { version: 1, job_id: id, release: release_no };
      const sent = jetstream
        .publish(jobSubject(pms), JSON.stringify(message), { msgID: `${id}.${release_no}`, ...traceHeaders(traceparent) })
        .catch((error: unknown) => {
          // One word for the whole batch: when JetStream is away, every message of it fails.
          if (!told) this.onTrouble(error);
          told = true;
        })
        .finally(() => this.underWay.delete(sent));
      this.underWay.add(sent);
    }
    if (jobs.length > 0) failpointLater('dispatch.after-publish');
  }

  async drain(): Promise<void> {
    await Promise.all(this.underWay);
  }
}
