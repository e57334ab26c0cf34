import { describe, expect, it } from '@jest/globals';
import { Readiness } from './readiness.ts';

const hang = (): Promise<void> => new Promise(() => {});

describe(Readiness, () => {
  it('names what fails and not what passes', async () => {
    const readiness = new Readiness();

    const failing = await readiness.failing({ good: async () => {}, bad: () => Promise.reject(new Error('no')) });

    expect(failing).toEqual(['bad']);
  });

  it('looks anew each time', async () => {
    const readiness = new Readiness();
    let works = false;
    const checks = { one: () => (works ? Promise.resolve() : Promise.reject(new Error('no'))) };

    const before = await readiness.failing(checks);
    works = true;

    expect([before, await readiness.failing(checks)]).toEqual([['one'], []]);
  });

  it('says within three seconds that a check hangs, and asks it once however many want to know', async () => {
    const readiness = new Readiness();
    let asked = 0;
    const checks = { black_hole: () => ((asked += 1), hang()) };
    const began = performance.now();

    const told = await Promise.all([1, 2, 3].map(() => readiness.failing(checks)));

    expect(told).toEqual([['black_hole'], ['black_hole'], ['black_hole']]);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(asked).toBe(1);
  });
});
