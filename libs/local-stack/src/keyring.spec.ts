import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { members, readJson, text } from './files.ts';
import { ensureKeyring } from './keyring.ts';

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
