import { setTimeout as sleep } from 'node:timers/promises';

/** Keeps what is done again and again from being done too often: an idle loop goes on at once, a busy one gathers more for each turn. */
export class Pace {
  private last = Number.NEGATIVE_INFINITY;

  /** @param gapMs The least time between two turns, in milliseconds. */
  constructor(private readonly gapMs: number) {}

  /** Resolves when the next turn may begin. */
  async wait(): Promise<void> {
    const wait = this.last + this.gapMs - performance.now();
    if (wait > 0) await sleep(wait);
    this.last = performance.now();
  }
}
