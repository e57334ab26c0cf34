import { Injectable } from '@nestjs/common';
import { MessageBus, writeEventsOf, writeStatus, type JobRequest, type WriteStatus } from '#messaging';

/** Whether nothing will change any more, unless a person acts. */
export const hasEnded = ({ write_status }: WriteStatus): boolean => write_status !== 'PENDING';

export interface WatchOptions {
  readonly signal: AbortSignal;
  /**
   * Look at least so often, in milliseconds. News of a write's passage tells of ends, waits and doubts, not of each step on the way, and it
   * travels by NATS, where it may get lost; the ledger's answer is what counts. @default 2000
   */
  readonly lookEveryMs?: number;
}

/** Follows a write by its events, and by looking at it now and then. */
@Injectable()
export class WriteWatch {
  constructor(private readonly bus: MessageBus) {}

  /** @throws Problem `not_found` for an unknown write and for another organization's */
  look(job: JobRequest): Promise<WriteStatus> {
    return this.bus.request(writeStatus, job);
  }

  /**
   * Yields the status now and at each change, up to the last; ends early, without a word, when `signal` is aborted. A status that can't
   * be read after the first is tried again later.
   */
  async *follow(job: JobRequest, { signal, lookEveryMs = 2_000 }: WatchOptions): AsyncGenerator<WriteStatus> {
    const news = new News();
    const subscription = this.bus.connection.subscribe(writeEventsOf(job.job_id), { callback: () => news.ring() });
    try {
      // Only from here on no event can be missed between looking and listening.
      await this.bus.connection.flush();
      let shown = '';
      for (let status: WriteStatus | null = await this.look(job); ; status = await this.look(job).catch(() => null)) {
        const told = JSON.stringify(status);
        if (status && told !== shown) yield status;
        if ((status && hasEnded(status)) || signal.aborted) return;
        shown = status ? told : shown;
        await news.wait(lookEveryMs, signal);
        if (signal.aborted) return;
      }
    } finally {
      subscription.unsubscribe();
    }
  }

  /**
   * Waits for the end of a write, at most `ms` milliseconds or until `signal` is aborted. Returns its last status, or null when it has not
   * ended by then or can't be watched: the write itself is accepted in any case.
   */
  async waitForEnd(job: JobRequest, ms: number, signal: AbortSignal): Promise<WriteStatus | null> {
    const enough = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
    try {
      for await (const status of this.follow(job, { signal: enough })) if (hasEnded(status)) return status;
      const last = signal.aborted ? null : await this.look(job);
      return last && hasEnded(last) ? last : null;
    } catch {
      return null;
    }
  }
}

/** A bell that is heard also by who comes a moment later. */
class News {
  private rung = false;
  private wake: () => void = () => undefined;

  ring(): void {
    this.rung = true;
    this.wake();
  }

  /** Resolves at the next ring, after `ms`, or when `signal` is aborted. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          resolve();
        };
        this.wake = done;
        signal.addEventListener('abort', done, { once: true });
      });
    }
    this.rung = false;
  }
}
