/**
 * Secrets of webhooks, as Standard Webhooks writes them: `whsec_` and 24 to 64 bytes in base64. A secret of any other form is taken too, as
 * customers of the published API choose their own: its bytes are the key.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const NEW_BYTES = 32;
const MIN_BYTES = 24;
const MAX_BYTES = 64;

/** A new secret of 256 random bits. */
export const newSecret = (random: (bytes: number) => Buffer = randomBytes): string =>
  PREFIX + random(NEW_BYTES).toString('base64');

/** The key of the HMAC that a secret stands for. */
export function keyOf(secret: string): Buffer {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  const bytes = Buffer.from(encoded, 'base64');
  const isStandard = bytes.length >= MIN_BYTES && bytes.length <= MAX_BYTES && bytes.toString('base64') === encoded;
  return isStandard ? bytes : Buffer.from(secret, 'utf8');
}
