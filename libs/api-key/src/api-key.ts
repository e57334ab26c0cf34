import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * The form of an API key: `lk_live_`, 27 characters that hold 160 random bits, 6 characters of CRC-32 over all that is before them.
 *
 * The prefix lets secret scanners find a leaked key; the checksum lets the gateway refuse a mistyped or invented one without asking
 * anybody. Neither is a proof: only the SHA-256 of the whole key, which is all that is ever stored, says whose it is.
 */
const PREFIX = 'lk_live_';
const RANDOM_BYTES = 20;
// 62^27 > 2^160 and 62^6 > 2^32.
const RANDOM_LENGTH = 27;
const CHECKSUM_LENGTH = 6;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FORM = new RegExp(`^${PREFIX}[0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`);

/** How many characters of a key may be shown to tell keys apart; 24 of the random bits are given away by it, 136 remain. */
const SHOWN = PREFIX.length + 4;

/** A new key. It is shown once and can't be recovered. */
export function newApiKey(random: (bytes: number) => Buffer = randomBytes): string {
  const body = PREFIX + base62(BigInt(`0x${random(RANDOM_BYTES).toString('hex')}`), RANDOM_LENGTH);
  return body + checksum(body);
}

/** Whether a text has the form of a key and its checksum is right. Says nothing about whether the key exists. */
export function isApiKey(text: string): boolean {
  return FORM.test(text) && checksum(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
}

/** SHA-256 of a key in hexadecimal: what is stored and looked up. A slow hash would add nothing to 160 random bits. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** The part of a key by which its owner recognises it. */
export function shownPart(key: string): string {
  return key.slice(0, SHOWN);
}

function checksum(text: string): string {
  return base62(BigInt(crc32(text)), CHECKSUM_LENGTH);
}

function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = ALPHABET.charAt(Number(rest % 62n)) + text;
  return text;
}
