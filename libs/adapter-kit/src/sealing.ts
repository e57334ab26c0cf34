import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type CipherKey, type KeyObject } from 'node:crypto';

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
  /** Key id -> key, in a form that no log and no inspection shows. */
  readonly keys: ReadonlyMap<string, KeyObject>;
}

/** Thrown when a value can't be opened: the key is not in the ring, or the value is not from this place. Never says which secret. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

const FORMAT = 's1';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a key may be called: the id stands between dots in every sealed value. */
const KEY_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Reads a ring as its file has it: `{"active":"k1","keys":{"k1":"<base64>"}}`. Throws when it is not usable, without showing any of it. */
export function parseKeyring(text: string): Keyring {
  const { active, keys } = (parsed(text) ?? {}) as { active?: unknown; keys?: unknown };
  const ring = new Map<string, KeyObject>();
  for (const [id, key] of Object.entries((keys ?? {}) as Record<string, unknown>)) {
    const bytes = typeof key === 'string' ? Buffer.from(key, 'base64') : undefined;
    if (!KEY_ID.test(id)) throw new Error('A key of the keyring has an id that can not be used.');
    if (bytes?.length !== KEY_BYTES) throw new Error(`Key ${id} of the keyring does not have ${KEY_BYTES} bytes.`);
    ring.set(id, createSecretKey(bytes));
  }
  if (typeof active !== 'string' || !ring.has(active)) throw new Error('The keyring has no active key.');
  return { active, keys: ring };
}

/** The parser's own error would quote the text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error('The keyring is not valid JSON.');
  }
}

/** Seals a secret for a place with the active key. The same secret looks different every time. */
export function seal(ring: Keyring, place: Place, secret: string): string {
  const dek = randomBytes(KEY_BYTES);
  const kek = ring.keys.get(ring.active);
  if (!kek) throw new Error('The keyring has no active key.');
  const value = encrypt(dek, aad(place), Buffer.from(secret, 'utf8'));
  return [FORMAT, ring.active, encrypt(kek, aad(place), dek), value].join('.');
}

/** Opens what `seal` made for the same place, with any key of the ring. @throws SealBroken */
export function unseal(ring: Keyring, place: Place, sealed: string): string {
  const [format, keyId, wrapped, value, ...more] = sealed.split('.');
  const kek = ring.keys.get(keyId ?? '');
  if (format !== FORMAT || !kek || !wrapped || !value || more.length > 0) throw notInTheRing();
  try {
    const dek = decrypt(kek, aad(place), wrapped);
    return decrypt(dek, aad(place), value).toString('utf8');
  } catch (cause) {
    throw notFromHere(cause);
  }
}

/**
 * The same value under the active key: only its own key is wrapped anew, the secret itself is not opened. A value that is under the active
 * key already comes back as it is. @throws SealBroken
 */
export function rewrap(ring: Keyring, place: Place, sealed: string): string {
  const [format, keyId, wrapped, value, ...more] = sealed.split('.');
  const [former, kek] = [ring.keys.get(keyId ?? ''), ring.keys.get(ring.active)];
  if (keyId === ring.active) return sealed;
  if (format !== FORMAT || !former || !kek || !wrapped || !value || more.length > 0) throw notInTheRing();
  try {
    return [FORMAT, ring.active, encrypt(kek, aad(place), decrypt(former, aad(place), wrapped)), value].join('.');
  } catch (cause) {
    throw notFromHere(cause);
  }
}

const notInTheRing = (): SealBroken => new SealBroken('The credentials were sealed with a key that is not in the ring.');
const notFromHere = (cause: unknown): SealBroken => new SealBroken('The sealed credentials do not belong here.', { cause });

function aad({ organizationId, integrationId, field, version }: Place): Buffer {
  return Buffer.from(JSON.stringify([organizationId, integrationId, field, version]), 'utf8');
}

function encrypt(key: CipherKey, data: Buffer, plain: Buffer): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(data);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url');
}

function decrypt(key: CipherKey, data: Buffer, text: string): Buffer {
  const sealed = Buffer.from(text, 'base64url');
  // Decoding is lenient; one value must not have several spellings.
  if (sealed.length < NONCE_BYTES + TAG_BYTES || sealed.toString('base64url') !== text) throw new Error('not a sealed value');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(data).setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}
