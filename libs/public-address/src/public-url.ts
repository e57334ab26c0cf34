import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** Names that are never those of somebody else on the internet: this machine, and what resolves inside a private network only. */
const PRIVATE_NAME = /^[^.]*$|(^|\.)(localhost|local|internal|intranet|lan|home\.arpa|test|invalid|example)$/;
/** Who speaks HTTPS does so here; any other port is somebody else's door. */
const PORTS: ReadonlySet<string> = new Set(['', '443', '8443']);
/** Of an address that is stored, in characters. */
export const URL_LENGTH = 2_000;

/**
 * What is wrong with an address that a customer gives us to call, as the end of a sentence; undefined when nothing is. `allow` lists host:port
 * pairs that may be reached although they are private, and without TLS: the sandbox, in development.
 *
 * This refuses what can be seen in the text. What a public name resolves to is judged by whoever calls it, inside each connection's own
 * look-up, because it may change at any time.
 */
export function faultOfPublicUrl(text: string, allow: readonly string[]): string | undefined {
  if (text.length > URL_LENGTH) return `must have at most ${URL_LENGTH} characters.`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // Tabs, line ends and blanks are dropped by the parser: a text that holds one is not the address that it becomes.
  if (!url || /[\s\p{Cc}]/u.test(text)) return 'must be an address like https://example.com.';
  if (url.username || url.password) return 'must not hold a user name or password.';
  const plain = url.protocol === 'http:' || url.protocol === 'https:';
  if (plain && allow.includes(`${url.hostname}:${url.port || (url.protocol === 'http:' ? '80' : '443')}`)) return undefined;
  if (url.protocol !== 'https:') return 'must begin with https://.';
  if (!PORTS.has(url.port)) return 'must use port 443 or 8443.';
  const host = url.hostname.replace(/\.$/, '').replace(/^\[|\]$/g, '');
  const isPrivate = isIP(host) === 0 ? PRIVATE_NAME.test(host) : !isPublicAddress(host);
  return isPrivate ? 'must be an address on the public internet.' : undefined;
}
