import { describe, expect, it } from '@jest/globals';
import { Lease } from './lease.ts';

describe(Lease, () => {
  it('counts from before it was asked for', () => {
    expect(new Lease(1_000, 90_000, 60_000).startBefore).toBe(1_000 + 90_000 - 60_000 - 5_000);
  });

  it('is never shortened by an answer that was overtaken', () => {
    const lease = new Lease(1_000, 90_000, 60_000);
    lease.renew(5_000, 90_000);
    lease.renew(2_000, 90_000);

    expect(lease.startBefore).toBe(30_000);
  });

  it('is over when its time is, or when somebody else has the job', () => {
    expect(new Lease(performance.now() - 100, 50, 10).isOver).toBe(true);
    const lease = new Lease(performance.now(), 90_000, 60_000);
    expect(lease.isOver).toBe(false);
    lease.lose();
    expect(lease.isOver).toBe(true);
    expect(lease.startBefore).toBe(-Infinity);
  });
});
