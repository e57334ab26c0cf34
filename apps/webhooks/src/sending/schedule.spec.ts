import { describe, expect, it } from '@jest/globals';
import { pauseAfter, SCHEDULE } from './schedule.ts';

const HOUR = 3_600_000;
const pause = (failures: number, toldMs?: number, random = 0.5) => pauseAfter(SCHEDULE, failures, toldMs, random);

describe(pauseAfter.name, () => {
  it('spreads ten tries over three days, the first soon', () => {
    const pauses = SCHEDULE.pausesMs.map((_, at) => pause(at + 1) ?? NaN);

    expect(pauses).toHaveLength(9);
    expect(pauses[0]).toBeLessThan(10_000);
    expect(pauses.reduce((sum, it) => sum + it, 0)).toBe(72 * HOUR + 5_000);
    expect(pause(10)).toBeUndefined();
  });

  it('is a fifth shorter or longer, as the dice fall', () => {
    expect([pause(2, undefined, 0), pause(2, undefined, 1)]).toEqual([240_000, 360_000]);
  });

  it('is as long as the endpoint asks, within bounds, and never shorter than its own', () => {
    expect(pause(1, 60_000)).toBe(60_000);
    expect(pause(2, 1)).toBe(300_000);
    expect(pause(1, 10 * 365 * 24 * HOUR)).toBe(6 * HOUR);
  });

  it('ends before what waits expires, and an endpoint is disabled later than that', () => {
    expect(SCHEDULE.expiresMs).toBeGreaterThan(72 * HOUR * (1 + SCHEDULE.jitter));
    expect(SCHEDULE.disableAfterMs).toBe(120 * HOUR);
  });
});
