/**
 * Signs webhooks, and tells a real one from a forged or an old one: the same few lines for the one who sends and for the one who receives.
 *
 * Standard Webhooks: HMAC-SHA256 over `<id>.<timestamp>.<body>`, so that none of the three can be changed and none be used with another; several
 * signatures stand side by side while a secret changes. The published header is the HMAC of the body alone: it says who sent it, not when.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { keyOf } from './secret.ts';

/** A message may be so old, or so far ahead of the receiver's clock. In seconds. */
export const TOLERANCE_SECONDS = 300;
/** More signatures than this are not looked at: two are needed while a secret changes. */
const SIGNATURES_AT_MOST = 10;
const VERSION = 'v1';
export const LEGACY_HEADER = 'propexo-signature';

/** What is signed. */
export interface SignedMessage {
  /** The same for every try to deliver a message; where it repeats, the message does. */
  readonly id: string;
  /** Seconds since the epoch, when this try was made. */
  readonly timestamp: number;
  /** The body as it is sent, byte for byte. */
  readonly body: string | Uint8Array;
}

/** The headers by which a message is recognised. @param secrets The current one, and the former while the secret changes. */
export function signatureHeaders(secrets: readonly string[], message: SignedMessage): Record<string, string> {
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestamp),
    'webhook-signature': secrets.map((secret) => `${VERSION},${digestOf(secret, message).toString('base64')}`).join(' '),
  };
}

/** The published header's value: HMAC-SHA256 of the body with the secret as it is written, in hexadecimal. */
export const legacySignature = (secret: string, body: string | Uint8Array): string =>
  createHmac('sha256', secret).update(body).digest('hex');

/** Why a message is not to be believed. */
export type Rejection = 'missing_headers' | 'bad_timestamp' | 'too_old' | 'too_new' | 'wrong_signature';
export type Verification = { readonly ok: true; readonly id: string } | { readonly ok: false; readonly reason: Rejection };

/** Headers by lower-case name, as Node's http has them. */
export type ReceivedHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Received {
  readonly headers: ReceivedHeaders;
  /** The body as it came, before anybody parsed it: parsing and writing it again may change its bytes. */
  readonly body: string | Uint8Array;
}

/**
 * Whether a message comes from who knows the secret, is what was sent, and was sent just now. Compares in constant time. Never throws.
 * Within the tolerance a message may be sent again by somebody who overheard it: remember each `id` for as long, and do its work once.
 * @param now Milliseconds since the epoch. @default the clock
 */
export function verify(secret: string, { headers, body }: Received, now: number = Date.now()): Verification {
  const [id, time, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers[name]);
  if (typeof id !== 'string' || id === '' || typeof time !== 'string' || typeof signatures !== 'string')
    return { ok: false, reason: 'missing_headers' };
  if (!/^\d{1,12}$/.test(time)) return { ok: false, reason: 'bad_timestamp' };
  const timestamp = Number(time);
  const ageSeconds = now / 1_000 - timestamp;
  if (ageSeconds > TOLERANCE_SECONDS) return { ok: false, reason: 'too_old' };
  if (ageSeconds < -TOLERANCE_SECONDS) return { ok: false, reason: 'too_new' };
  const right = digestOf(secret, { id, timestamp: time, body });
  const isRight = signatures
    .split(' ', SIGNATURES_AT_MOST)
    .some((entry) => entry.startsWith(`${VERSION},`) && isEqual(Buffer.from(entry.slice(VERSION.length + 1), 'base64'), right));
  return isRight ? { ok: true, id } : { ok: false, reason: 'wrong_signature' };
}

/** The same of the published header. It says nothing about time: who overheard a message may send it again for ever. */
export function verifyLegacy(secret: string, { headers, body }: Received): boolean {
  const told = headers[LEGACY_HEADER];
  return typeof told === 'string' && isEqual(Buffer.from(told, 'utf8'), Buffer.from(legacySignature(secret, body), 'utf8'));
}

function digestOf(
  secret: string,
  { id, timestamp, body }: { readonly id: string; readonly timestamp: number | string; readonly body: string | Uint8Array },
): Buffer {
  return createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest();
}

const isEqual = (one: Buffer, other: Buffer): boolean => one.length === other.length && timingSafeEqual(one, other);
