/**
 * The key ring with which one worker seals and opens the credentials of its PMS. Losing it makes the sealed credentials useless.
 *
 *     k1 ── addKey ──> k1, k2 (active, a change is under way) ── everything sealed anew ── endChange ──> k1, k2 ── retireKeys ──> k2
 *
 * Every change replaces the file in one step, so that a worker never reads half of it; it stays readable by its owner only.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { members, readJson, text, writePrivateJson } from './files.ts';

const KEY_BYTES = 32;
const newKey = (): string => randomBytes(KEY_BYTES).toString('base64');

interface Ring {
  readonly active: string;
  readonly keys: Readonly<Record<string, unknown>>;
  /** A new key is active, and not everything is sealed with it yet. Nobody but the rotation reads it. */
  readonly changing?: true;
}

/** Makes the file, mode 600, with one random key; a file that exists is never touched. */
export function ensureKeyring(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const ring: Ring = { active: 'k1', keys: { k1: newKey() } };
  try {
    writeFileSync(file, `${JSON.stringify(ring)}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (members(error).code !== 'EEXIST') throw error;
  }
}

/**
 * Adds a random key and makes it the active one, unless a change that was broken off is to be ended first.
 * @returns the id of the active key
 * @throws Error when there is no ring in the file
 */
export function addKey(file: string): string {
  const ring = ringIn(file);
  if (ring.changing) return ring.active;
  const numbers = Object.keys(ring.keys).map((id) => Number(/^k(\d+)$/.exec(id)?.[1] ?? 0));
  const active = `k${Math.max(...numbers) + 1}`;
  writePrivateJson(file, { active, keys: { ...ring.keys, [active]: newKey() }, changing: true });
  return active;
}

/** Everything is sealed with the active key: the next `addKey` adds one. */
export function endChange(file: string): void {
  const { active, keys } = ringIn(file);
  writePrivateJson(file, { active, keys });
}

/** Leaves the active key only: what was sealed with another is lost for good. @returns how many keys went */
export function retireKeys(file: string): number {
  const { active, keys } = ringIn(file);
  writePrivateJson(file, { active, keys: { [active]: keys[active] } });
  return Object.keys(keys).length - 1;
}

function ringIn(file: string): Ring {
  const { active, keys, changing } = members(readJson(file));
  const ids = members(keys);
  const id = text(active);
  if (id === undefined || ids[id] === undefined) throw new Error(`${file} holds no key ring`);
  return { active: id, keys: ids, ...(changing === true && { changing }) };
}
