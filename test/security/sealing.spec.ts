/**
 * How credentials are sealed. A nonce must never come twice under one key. Each value has a key of its own, used once; the ring's key wraps those,
 * with a random nonce of 96 bits each: after a million of them the chance that any two are equal is below 2^-56. `LATCHKEY_LONG=1` looks at a million.
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { rewrap, seal, SealBroken, unseal, type Keyring, type Place } from '#adapter-kit';
import { figure } from '../quality/figure.ts';

const ringOf = (active: string, ...keys: readonly [string, Buffer][]): Keyring => ({
  active,
  keys: new Map(keys.map(([id, bytes]) => [id, createSecretKey(bytes)])),
});
const [k1, k2] = [randomBytes(32), randomBytes(32)];
const OLD = ringOf('k1', ['k1', k1]);
const BOTH = ringOf('k2', ['k1', k1], ['k2', k2]);
const NEW = ringOf('k2', ['k2', k2]);
const PLACE: Place = { organizationId: 'org', integrationId: 'int', field: 'secret', version: 1 };
const NONCE_CHARACTERS = 16; // 12 bytes in base64url

describe('sealing', () => {
  const SEALED = process.env['LATCHKEY_LONG'] ? 500_000 : 20_000;

  it('S22: never uses a nonce twice', () => {
    const nonces = new Set<string>();
    for (let count = 0; count < SEALED; count += 1) {
      const [, , wrapped = '', value = ''] = seal(OLD, PLACE, 'x').split('.');
      nonces.add(wrapped.slice(0, NONCE_CHARACTERS)).add(value.slice(0, NONCE_CHARACTERS));
    }
    expect(nonces.size).toBe(2 * SEALED);
    figure('S22', `${2 * SEALED} encryptions, ${2 * SEALED - nonces.size} repeated nonces`);
  }, 300_000);

  it('S22: a value under a new key is the same value, and the former key opens it no more', () => {
    const sealed = seal(OLD, PLACE, 'hunter2');
    const renewed = rewrap(BOTH, PLACE, sealed);

    expect(unseal(NEW, PLACE, renewed)).toBe('hunter2');
    expect(() => unseal(OLD, PLACE, renewed)).toThrow(SealBroken);
    expect(() => unseal(NEW, PLACE, sealed)).toThrow(SealBroken);
    expect(rewrap(BOTH, PLACE, renewed)).toBe(renewed);
    expect(new Set(Array.from({ length: 1_000 }, () => rewrap(BOTH, PLACE, sealed))).size).toBe(1_000);
  });

  it('S22: nothing is put under a new key in another place, or without the former one', () => {
    const sealed = seal(OLD, PLACE, 'hunter2');

    expect(() => rewrap(BOTH, { ...PLACE, organizationId: 'other' }, sealed)).toThrow(SealBroken);
    expect(() => rewrap(NEW, PLACE, sealed)).toThrow(SealBroken);
    for (const broken of ['', 's1.k1', `${sealed}.x`, sealed.replace('s1.', 's2.')])
      expect(() => rewrap(BOTH, PLACE, broken)).toThrow(SealBroken);
  });

  it('S23: neither a ring nor an error shows a key or a secret, however it is printed', () => {
    const shown = [inspect(BOTH, { depth: 9, showHidden: true, getters: true }), JSON.stringify([...BOTH.keys])];
    for (const fail of [
      () => unseal(NEW, PLACE, seal(OLD, PLACE, 'hunter2')),
      () => unseal(ringOf('k1', ['k1', k2]), PLACE, seal(OLD, PLACE, 'hunter2')),
    ]) {
      try {
        fail();
      } catch (error) {
        shown.push(inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error, Object.getOwnPropertyNames(error)));
      }
    }
    expect(shown).toHaveLength(6);
    for (const text of shown)
      for (const key of [k1, k2])
        for (const encoding of ['hex', 'base64', 'latin1'] as const)
          expect(text).not.toContain(key.toString(encoding).slice(0, 12));
    for (const text of shown) expect(text).not.toContain('hunter2');
  });
});
