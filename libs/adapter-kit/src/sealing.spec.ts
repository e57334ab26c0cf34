import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { parseKeyring, seal, SealBroken, unseal, type Place } from './sealing.ts';

const k1 = randomBytes(32).toString('base64');
const k2 = randomBytes(32).toString('base64');
const ringOf = (active: string, keys: Record<string, string>) => parseKeyring(JSON.stringify({ active, keys }));
const RING = ringOf('k1', { k1 });
const PLACE: Place = { organizationId: 'org', integrationId: 'int', field: 'secret', version: 1 };

describe(seal, () => {
  it.each(['hunter2', '', 'grüße 🔑', 'x'.repeat(10_000)])('seals what unseal opens again', (secret) => {
    expect(unseal(RING, PLACE, seal(RING, PLACE, secret))).toBe(secret);
  });

  it('never uses a nonce twice', () => {
    const nonces = new Set<string>();
    for (let count = 0; count < 50_000; count += 1)
      for (const part of seal(RING, PLACE, 'x').split('.').slice(2)) nonces.add(part.slice(0, 16));

    expect(nonces.size).toBe(100_000);
  });

  it('shows nothing of the secret', () => {
    expect(Buffer.from(seal(RING, PLACE, 'hunter2-hunter2').split('.')[3] ?? '', 'base64url').includes('hunter2')).toBe(false);
  });
});

describe(unseal, () => {
  it.each([
    ['another organization', { organizationId: 'other' }],
    ['another integration', { integrationId: 'other' }],
    ['another field', { field: 'other' }],
    ['another version', { version: 2 }],
    // Joined without care these would be the same place.
    ['a shifted border', { organizationId: 'org","int', integrationId: '' }],
  ])('opens nothing in %s', (_, change) => {
    expect(() => unseal(RING, { ...PLACE, ...change }, seal(RING, PLACE, 'x'))).toThrow(SealBroken);
  });

  it('opens nothing with another key of the same name', () => {
    expect(() => unseal(ringOf('k1', { k1: k2 }), PLACE, seal(RING, PLACE, 'x'))).toThrow(SealBroken);
  });

  it('opens with a former key and seals with the new one; without the former it opens no more', () => {
    const old = seal(RING, PLACE, 'x');
    const rotated = ringOf('k2', { k1, k2 });
    const renewed = seal(rotated, PLACE, unseal(rotated, PLACE, old));

    expect(renewed).toMatch(/^s1\.k2\./);
    expect(unseal(ringOf('k2', { k2 }), PLACE, renewed)).toBe('x');
    expect(() => unseal(ringOf('k2', { k2 }), PLACE, old)).toThrow(SealBroken);
  });

  it('opens nothing that was touched', () => {
    const sealed = seal(RING, PLACE, 'hunter2');
    const flipped = Array.from(sealed, (character, index) =>
      character === '.' ? sealed : sealed.slice(0, index) + (character === 'A' ? 'B' : 'A') + sealed.slice(index + 1),
    ).filter((touched) => touched !== sealed);

    expect(flipped.length).toBeGreaterThan(100);
    for (const touched of [...flipped, `${sealed}.x`, `${sealed}=`, sealed.slice(0, -1), '', 's1.k1..', 's1.k1.AAAA.AAAA'])
      expect(() => unseal(RING, PLACE, touched)).toThrow(SealBroken);
  });

  it('says nothing secret when it fails', () => {
    const other = ringOf('k1', { k1: k2 });
    try {
      unseal(other, PLACE, seal(RING, PLACE, 'hunter2'));
    } catch (error) {
      for (const secret of ['hunter2', k1, k2]) expect(inspect(error, { depth: 9 })).not.toContain(secret);
    }
    expect.assertions(3);
  });
});

describe(parseKeyring, () => {
  it.each(['', '{', '[]', 'null', '{"active":"k1"}', '{"active":"k2","keys":{"k1":"AA=="}}', '{"active":"k1","keys":{"k1":5}}'])(
    'refuses %j',
    (text) => expect(() => parseKeyring(text)).toThrow('keyring'),
  );

  it('refuses ids that would break a sealed value', () => {
    expect(() => ringOf('a.b', { 'a.b': k1 })).toThrow('id');
  });

  it('shows no key: not in its errors, not inspected, not as JSON', () => {
    const shown = [inspect(RING, { depth: 9, showHidden: true }), JSON.stringify([...RING.keys])];
    try {
      parseKeyring(`{"active":"k1","keys":{"k1":"${k1}"`);
    } catch (error) {
      shown.push(inspect(error, { depth: 9 }));
    }

    expect(shown).toHaveLength(3);
    for (const text of shown) expect(text).not.toContain(k1.slice(0, 12));
    for (const text of shown) expect(text).not.toContain(Buffer.from(k1, 'base64').toString('hex').slice(0, 12));
  });
});
