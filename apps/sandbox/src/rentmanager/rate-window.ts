/**
 * Rent Manager's budget: 500 requests in any rolling minute, shared by all clients of a company.
 *
 * Promises: counts in seconds, so a request costs the same however many there were. A refused request counts too.
 */
const LIMIT = 500;
const WINDOW_SECONDS = 60;

export interface Budget {
  readonly exceeded: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

export class RateWindow {
  private readonly counts = new Map<number, number>();
  private observed = 0;

  /**
   * Counts one request and says how the budget stands after it. Where the limit is not enforced nothing is counted, so that the headers do not
   * tell a client to wait for what will not be refused.
   */
  spend(now: Date, enforced: boolean): Budget {
    if (!enforced) {
      this.counts.clear();
      this.observed = 0;
    }
    const second = Math.floor(now.getTime() / 1000);
    for (const [old, count] of this.counts) {
      if (old > second - WINDOW_SECONDS && old <= second) break;
      this.counts.delete(old);
      this.observed -= count;
    }
    this.counts.set(second, (this.counts.get(second) ?? 0) + 1);
    this.observed += 1;

    const [oldest = second] = this.counts.keys();
    const reset = oldest + WINDOW_SECONDS;
    return {
      exceeded: this.observed > LIMIT,
      headers: {
        'x-ratelimit-limit': String(LIMIT),
        'x-ratelimit-observed': String(this.observed),
        'x-ratelimit-remaining': String(Math.max(0, LIMIT - this.observed)),
        'x-ratelimit-reset': String(reset),
        'x-ratelimit-resettime': new Date(reset * 1000).toUTCString(),
      },
    };
  }
}
