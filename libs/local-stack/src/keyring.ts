/** The key ring with which one worker seals and opens the credentials of its PMS. Losing it makes the sealed credentials useless. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { members } from './files.ts';

const KEY_BYTES = 32;

/** Makes the file, mode 600, with one random key; a file that exists is never touched. */
export function ensureKeyring(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const ring = { active: 'k1', keys: { k1: randomBytes(KEY_BYTES).toString('base64') } };
  try {
    writeFileSync(file, `${JSON.stringify(ring)}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (members(error).code !== 'EEXIST') throw error;
  }
}
