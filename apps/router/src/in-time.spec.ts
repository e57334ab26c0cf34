import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { inTime } from './in-time.ts';

describe(inTime.name, () => {
  it('gives the answer, or what went wrong, when it comes in time', async () => {
    expect(await inTime(Promise.resolve(7), 1_000, 'late')).toBe(7);
    await expect(inTime(Promise.reject(new Error('no')), 1_000, 'late')).rejects.toThrow('no');
  });

  it('says that it can not say when it does not, also of work that fails later', async () => {
    const failing = sleep(60).then(() => Promise.reject(new Error('too late to matter')));

    await expect(inTime(failing, 20, 'The database is slow.')).rejects.toMatchObject({ code: 'unavailable' });
    await sleep(80);
  });
});
