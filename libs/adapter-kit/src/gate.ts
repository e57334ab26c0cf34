import type { LimitSpec } from '#capabilities';

/**
 * Keeps the calls to one account within the PMS's limits: so many at the same time, so many in a window, and none before a time that the PMS
 * itself named. Calls wait in the order of their coming.
 */
export class AccountGate {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly recent: number[] = [];
  private closedUntil = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly limits: LimitSpec,
    /** Milliseconds of a monotonic clock. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Resolves when a call may be made; the result must be called when it ended. */
  async enter(): Promise<() => void> {
    await new Promise<void>((resolve) => {
      this.waiting.push(resolve);
      this.admit();
    });
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.running -= 1;
      this.admit();
    };
  }

  /** No call before `ms` from now. */
  closeFor(ms: number): void {
    this.closedUntil = Math.max(this.closedUntil, this.now() + ms);
  }

  private admit(): void {
    while (this.waiting.length > 0) {
      const delay = this.delay();
      if (delay === undefined) return;
      if (delay > 0) {
        this.timer ??= setTimeout(() => {
          this.timer = undefined;
          this.admit();
        }, delay);
        return;
      }
      this.running += 1;
      if (this.limits.rate) this.recent.push(this.now());
      this.waiting.shift()?.();
    }
  }

  /** Milliseconds until the next call may start; undefined: when a running one ends. */
  private delay(): number | undefined {
    if (this.running >= this.limits.concurrent) return undefined;
    const { rate } = this.limits;
    const now = this.now();
    let wait = Math.max(0, this.closedUntil - now);
    if (rate) {
      while (this.recent[0] !== undefined && this.recent[0] <= now - rate.perMs) this.recent.shift();
      if (this.recent.length >= rate.calls) wait = Math.max(wait, (this.recent[0] as number) + rate.perMs - now);
    }
    return Math.ceil(wait);
  }
}
