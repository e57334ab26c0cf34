import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { members, readJson, text } from './files.ts';
import { addKey, endChange, ensureKeyring, retireKeys } from './keyring.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyring-'));

afterAll(() => rmSync(folder, { recursive: true }));

describe(ensureKeyring.name, () => {
  it('makes a ring with one key of 32 bytes that only its owner can read', () => {
    const file = join(folder, 'keys', 'made.json');

    ensureKeyring(file);

    const ring = members(readJson(file));
    const key = text(members(ring.keys)[text(ring.active) ?? '']) ?? '';
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('never replaces a ring that exists', () => {
    const file = join(folder, 'kept.json');
    ensureKeyring(file);
    const first = readFileSync(file, 'utf8');

    ensureKeyring(file);

    expect(readFileSync(file, 'utf8')).toBe(first);
  });
});

describe('a rotation', () => {
  const ringOf = (file: string) => readJson(file) as { active: string; keys: Record<string, string> };

  it('adds a key and makes it active, keeps the former, then destroys it', () => {
    const file = join(folder, 'rotated.json');
    ensureKeyring(file);
    const former = ringOf(file).keys.k1;

    expect(addKey(file)).toBe('k2');
    expect(ringOf(file)).toMatchObject({ active: 'k2', keys: { k1: former, k2: expect.any(String) } });
    endChange(file);
    expect(retireKeys(file)).toBe(1);
    expect(ringOf(file)).toEqual({ active: 'k2', keys: { k2: expect.not.stringMatching(former ?? '') } });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(addKey(file)).toBe('k3');
  });

  it('that was broken off goes on with the key that it had added', () => {
    const file = join(folder, 'broken-off.json');
    ensureKeyring(file);

    expect([addKey(file), addKey(file)]).toEqual(['k2', 'k2']);
    endChange(file);
    expect(addKey(file)).toBe('k3');
  });

  it('makes no ring of nothing', () => {
    expect(() => addKey(join(folder, 'none.json'))).toThrow('holds no key ring');
  });
});
