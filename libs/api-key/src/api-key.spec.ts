import { describe, expect, it } from '@jest/globals';
import { hashApiKey, isApiKey, newApiKey, shownPart } from './index.ts';

describe(newApiKey.name, () => {
  it('has the published form and a right checksum', () => {
    const key = newApiKey();

    expect(key).toMatch(/^lk_live_[0-9A-Za-z]{33}$/);
    expect(isApiKey(key)).toBe(true);
  });

  it('carries every one of its 160 bits', () => {
    const lowest = newApiKey(() => Buffer.alloc(20));
    const highest = newApiKey(() => Buffer.alloc(20, 0xff));
    const nextToHighest = newApiKey(() => Buffer.from(`${'ff'.repeat(19)}fe`, 'hex'));

    expect(lowest.slice(8, 35)).toBe('0'.repeat(27));
    expect(new Set([lowest, highest, nextToHighest]).size).toBe(3);
  });
});

describe(isApiKey.name, () => {
  it('refuses a key with any one character changed', () => {
    const key = newApiKey();
    const changed = [...key].map((character, at) => key.slice(0, at) + (character === 'a' ? 'b' : 'a') + key.slice(at + 1));

    expect(changed.filter(isApiKey)).toEqual([]);
  });

  it('refuses everything of another form', () => {
    const key = newApiKey();

    expect(['', 'lk_live_', 'x'.repeat(41), `${key} `, `${key}\n`, key.toUpperCase()].filter(isApiKey)).toEqual([]);
  });
});

describe(hashApiKey.name, () => {
  it('is the SHA-256 of the whole key', () => {
    expect(hashApiKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe(shownPart.name, () => {
  it('shows four characters beyond the prefix', () => {
    expect(shownPart(newApiKey())).toMatch(/^lk_live_[0-9A-Za-z]{4}$/);
  });
});
