import type { EntityManager } from '@mikro-orm/postgresql';
import { errorFields, type Logger } from '#service-kit';
import { forgetOldDiffs } from './data-diff.entity.ts';

const HOUR_MS = 3_600_000;

/** Forgets every hour what has been kept long enough. Started -> stopped; a failure only means that it is tried again in an hour. */
export class Housekeeping {
  private timer: NodeJS.Timeout | undefined;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly em: EntityManager,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.work = this.forget();
    this.timer = setInterval(() => (this.work = this.work.then(() => this.forget())), HOUR_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.work;
  }

  private async forget(): Promise<void> {
    try {
      await forgetOldDiffs(this.em.fork());
    } catch (error) {
      this.log.warn(errorFields(error), 'old data diffs not forgotten');
    }
  }
}
