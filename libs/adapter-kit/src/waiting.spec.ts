import { describe, expect, it } from '@jest/globals';
import { pauseAfter, waitingTime } from './waiting.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const LIMITS = { concurrent: 1, headers: { remaining: 'X-Remaining', resetAt: 'X-Reset' } };
const told = (value: string, verdict: 'slow_down' | 'later' | 'done' = 'slow_down') =>
  waitingTime(verdict, { 'retry-after': value }, LIMITS, NOW);

describe(waitingTime, () => {
  it.each([
    ['10', 10_000],
    ['1.5', 1_500],
    ['0', 1_000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Thursday, 01-Jan-26 00:00:30 GMT', 30_000],
    ['315360000', 3_600_000],
    ['99999999999999999999999', 3_600_000],
    ['Thu, 01 Jan 2036 00:00:00 GMT', 3_600_000],
  ])('understands %j', (value, ms) => expect(told(value)).toBe(ms));

  it.each([
    '',
    ' ',
    'soon',
    '-5',
    '1e3',
    'Infinity',
    'NaN',
    '0x10',
    '10,20',
    'Wed, 31 Dec 2025 23:59:59 GMT',
    'Mon, 99 Foo 2026',
  ])('takes %j for no word at all', (value) => {
    expect(told(value)).toBe(2_000);
    expect(told(value, 'later')).toBeUndefined();
  });

  it('goes by the time of the next window when there is no Retry-After', () => {
    expect(waitingTime('slow_down', { 'x-reset': String(NOW / 1_000 + 7) }, LIMITS, NOW)).toBe(7_000);
  });

  it('is nothing for an answer that asks for no patience', () => expect(told('10', 'done')).toBeUndefined());
});

describe(pauseAfter, () => {
  const after = (remaining: string, resetInSeconds: number | string) =>
    pauseAfter(
      {
        'x-remaining': remaining,
        'x-reset': typeof resetInSeconds === 'number' ? String(NOW / 1_000 + resetInSeconds) : resetInSeconds,
      },
      LIMITS,
      NOW,
    );

  it.each([
    ['0', 5, 5_000],
    ['-1', 5, 5_000],
    ['0', 10_000_000, 3_600_000],
  ] as const)('pauses when %s are left', (remaining, seconds, ms) => expect(after(remaining, seconds)).toBe(ms));

  it.each([
    ['1', 5],
    ['', 5],
    ['many', 5],
    ['0', -5],
    ['0', 'soon'],
  ] as const)('does not pause with %j left and a reset in %j', (remaining, seconds) => expect(after(remaining, seconds)).toBe(0));

  it('does not pause for a PMS that counts nothing', () =>
    expect(pauseAfter({ 'x-remaining': '0' }, { concurrent: 1 }, NOW)).toBe(0));
});
