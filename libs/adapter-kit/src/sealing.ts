import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * Envelope encryption of a customer's credentials. Each value has a key of its own (DEK), wrapped by a key of the ring (KEK). The AAD binds a
 * value to its place, so that a sealed secret copied to another organization, integration, field or version opens nothing.
 */
export interface Place {
  readonly organizationId: string;
  readonly integrationId: string;
  readonly field: string;
  readonly version: number;
}

/** The keys of one PMS. New values are sealed with `active`; the others open old ones. */
export interface Keyring {
  readonly active: string;
  /** Key id -> 32 bytes. */
  readonly keys: ReadonlyMap<string, Buffer>;
}

/** Thrown when a value can't be opened: the key is not in the ring, or the value is not from this place. Never says which secret. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

const FORMAT = 's1';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Reads a ring as its file has it: `{"active":"k1","keys":{"k1":"<base64>"}}`. Throws when it is not usable. */
export function parseKeyring(text: string): Keyring {
  const { active, keys } = JSON.parse(text) as { active?: unknown; keys?: unknown };
  const entries = Object.entries((keys ?? {}) as Record<string, string>).map(
    ([id, key]) => [id, Buffer.from(key, 'base64')] as const,
  );
  const ring = new Map(entries);
  if (typeof active !== 'string' || !ring.has(active)) throw new Error('The keyring has no active key.');
  for (const [id, key] of ring)
    if (key.length !== KEY_BYTES) throw new Error(`Key ${id} of the keyring does not have ${KEY_BYTES} bytes.`);
  return { active, keys: ring };
}

export function seal(ring: Keyring, place: Place, secret: string): string {
  const dek = randomBytes(KEY_BYTES);
  const wrapped = encrypt(ring.keys.get(ring.active) as Buffer, aad(place), dek);
  return [
    FORMAT,
    ring.active,
    wrapped.toString('base64url'),
    encrypt(dek, aad(place), Buffer.from(secret, 'utf8')).toString('base64url'),
  ].join('.');
}

/** @throws SealBroken */
export function unseal(ring: Keyring, place: Place, sealed: string): string {
  const [format, keyId, wrapped, value] = sealed.split('.');
  const kek = ring.keys.get(keyId ?? '');
  if (format !== FORMAT || !kek || !wrapped || !value)
    throw new SealBroken('The credentials were sealed with a key that is not in the ring.');
  try {
    const dek = decrypt(kek, aad(place), Buffer.from(wrapped, 'base64url'));
    return decrypt(dek, aad(place), Buffer.from(value, 'base64url')).toString('utf8');
  } catch (cause) {
    throw new SealBroken('The sealed credentials do not belong here.', { cause });
  }
}

function aad({ organizationId, integrationId, field, version }: Place): Buffer {
  return Buffer.from(JSON.stringify([organizationId, integrationId, field, version]), 'utf8');
}

function encrypt(key: Buffer, data: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(data);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, body, cipher.getAuthTag()]);
}

function decrypt(key: Buffer, data: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES)).setAAD(data);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}
