import { describe, expect, it } from '@jest/globals';
import { idempotencyKeyOf, preferredWaitOf } from './write-headers.ts';

describe(preferredWaitOf.name, () => {
  it.each([
    ['wait=5', 5],
    ['wait = 5', 5],
    ['WAIT="7"', 7],
    ['respond-async, wait=10', 10],
    ['wait=10;x=y', 10],
    ['wait=3, wait=9', 3],
    ['wait=30', 30],
    ['wait=31', 30],
    ['wait=999999999', 30],
    ['wait=0', undefined],
    ['wait=-1', undefined],
    ['wait=1.5', undefined],
    ['wait', undefined],
    ['await=5', undefined],
    ['', undefined],
  ])('understands %j as %p', (prefer, seconds) => {
    expect(preferredWaitOf({ prefer })).toBe(seconds);
  });

  it('is not asked when there is no such header', () => {
    expect(preferredWaitOf({})).toBeUndefined();
  });
});

describe(idempotencyKeyOf.name, () => {
  it('takes 1 to 255 visible ASCII characters', () => {
    expect(idempotencyKeyOf({})).toBeUndefined();
    expect(idempotencyKeyOf({ 'idempotency-key': '!~' })).toBe('!~');
    expect(idempotencyKeyOf({ 'idempotency-key': 'k'.repeat(255) })).toHaveLength(255);
  });

  it.each(['', ' ', 'a b', 'ü', 'k'.repeat(256), 'a\t'])('refuses %j', (key) => {
    expect(() => idempotencyKeyOf({ 'idempotency-key': key })).toThrow('1 to 255 visible ASCII');
  });
});
