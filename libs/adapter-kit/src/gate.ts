import type { LimitSpec } from '#capabilities';
import { partOf, WHOLE, type Share } from './outlook.ts';

/** The answer to a call that wants to be made. */
export type Admission =
  | {
      readonly admitted: true;
      /** Must be called when the call has ended, however it did. */
      readonly leave: () => void;
    }
  | {
      readonly admitted: false;
      /** The PMS named a time before which it wants no call; otherwise there are simply too many. */
      readonly closed: boolean;
      /** Milliseconds after which another try makes sense. */
      readonly retryAfterMs: number;
    };

/** Reads that nobody's write waits for let writes go first. */
export type Rank = 'write' | 'read';

interface Waiting {
  readonly rank: Rank;
  readonly since: number;
  readonly until: number;
  readonly timer: NodeJS.Timeout;
  readonly answer: (admission: Admission) => void;
}

/** For a call that found the gate too crowded. In milliseconds. */
const CROWDED_RETRY_MS = 1_000;
/** A read that has waited for so long is as good as a write. In milliseconds. */
const OLD_READ_MS = 5_000;

/**
 * Keeps the calls to one account within the PMS's limits: so many at the same time, so many in a window, and none before a time that the PMS
 * itself named. Calls wait in the order of their coming, writes before reads, but no longer than they have patience: whoever waits holds a claim
 * of the ledger, and the ledger can wait better. Where several processes share the account, each keeps to its share of the limits.
 */
export class AccountGate {
  private running = 0;
  private runningReads = 0;
  private share: Share = WHOLE;
  /** In the order of their coming. */
  private readonly waiting = new Set<Waiting>();
  private readonly recent: number[] = [];
  private closedUntil = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly limits: LimitSpec,
    /** Milliseconds of a monotonic clock. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Resolves when the call may be made, or when it can't be within `patienceMs`. */
  enter(patienceMs: number, rank: Rank = 'write'): Promise<Admission> {
    if (this.closedForMs > patienceMs || this.most === 0) return Promise.resolve(this.refusal());
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.remove(one);
        resolve(this.refusal());
      }, patienceMs);
      const since = this.now();
      const one: Waiting = { rank, since, until: since + patienceMs, timer, answer: resolve };
      this.waiting.add(one);
      this.admit();
    });
  }

  /** From now on these limits are shared; calls that run already end in peace. */
  divide(share: Share): void {
    this.share = share;
    this.admit();
  }

  /** No call before `ms` from now; calls that can't wait for so long are refused at once. */
  closeFor(ms: number): void {
    this.closedUntil = Math.max(this.closedUntil, this.now() + ms);
    for (const one of this.waiting) {
      if (one.until >= this.closedUntil) continue;
      this.remove(one);
      one.answer(this.refusal());
    }
  }

  /** How long no call may be made, in milliseconds; 0 when the gate is open. */
  get closedForMs(): number {
    return Math.max(0, this.closedUntil - this.now());
  }

  private refusal(): Admission {
    const closed = this.closedForMs > 0;
    return { admitted: false, closed, retryAfterMs: closed ? Math.ceil(this.closedForMs) : CROWDED_RETRY_MS };
  }

  private remove(one: Waiting): void {
    clearTimeout(one.timer);
    this.waiting.delete(one);
    // Nobody waits: the timer must not keep the process alive.
    if (this.waiting.size > 0) return;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private admit(): void {
    for (let one = this.next(); one; one = this.next()) {
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
      if (one.rank === 'read') this.runningReads += 1;
      if (this.limits.rate) this.recent.push(this.now());
      this.remove(one);
      one.answer({ admitted: true, leave: this.leaveOnce(one.rank) });
    }
  }

  /** Whose turn it is. Reads leave one place to writes where there is more than one, so that a write never waits for a page. */
  private next(): Waiting | undefined {
    let read: Waiting | undefined;
    for (const one of this.waiting) {
      if (one.rank === 'write' || this.now() - one.since >= OLD_READ_MS) return one;
      read ??= one;
    }
    return this.runningReads < Math.max(1, this.most - 1) ? read : undefined;
  }

  private leaveOnce(rank: Rank): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.running -= 1;
      if (rank === 'read') this.runningReads -= 1;
      this.admit();
    };
  }

  /** Calls that may run at once here. */
  private get most(): number {
    return this.limits.rate && partOf(this.limits.rate.calls, this.share) === 0 ? 0 : partOf(this.limits.concurrent, this.share);
  }

  /** Milliseconds until the next call may start; undefined: when a running one ends. */
  private delay(): number | undefined {
    if (this.running >= this.most) return undefined;
    const { rate } = this.limits;
    const now = this.now();
    let wait = this.closedForMs;
    if (rate) {
      while (this.recent[0] !== undefined && this.recent[0] <= now - rate.perMs) this.recent.shift();
      // Counted from the last: the share may have shrunk since the others were made.
      const blocking = this.recent.at(-partOf(rate.calls, this.share));
      if (blocking !== undefined) wait = Math.max(wait, blocking + rate.perMs - now);
    }
    return Math.ceil(wait);
  }
}
