/** How much of a lease must be left when a call to the PMS ends. */
const MARGIN_MS = 5_000;

/**
 * How long a claim is surely ours, by a clock that can't be set and goes on while the process is stopped.
 *
 * The ledger counts from its commit, we from before we asked: so the end that we know is never later than the ledger's, however long the answer was
 * on its way, or this process asleep with the answer in its hands.
 */
export class Lease {
  private endsAt: number;

  /** `askedAt`: the moment of `performance.now()` before the claim was asked for. `callTimeoutMs`: the whole time of one call to the PMS. */
  constructor(
    askedAt: number,
    leaseMs: number,
    private readonly callTimeoutMs: number,
  ) {
    this.endsAt = askedAt + leaseMs;
  }

  renew(askedAt: number, leaseMs: number): void {
    this.endsAt = Math.max(this.endsAt, askedAt + leaseMs);
  }

  /** Somebody else has the job. */
  lose(): void {
    this.endsAt = -Infinity;
  }

  /** The last moment at which a call may begin that is to end within the lease. */
  get startBefore(): number {
    return this.endsAt - this.callTimeoutMs - MARGIN_MS;
  }

  get isOver(): boolean {
    return performance.now() > this.endsAt;
  }
}
