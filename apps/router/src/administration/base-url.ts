import { BlockList, isIP } from 'node:net';

/** IPv4 addresses that are nobody's on the public internet. */
const PRIVATE_V4 = blockList('ipv4', [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24',
  '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
]); // prettier-ignore
/** What of IPv6 is public; IPv4 in disguise (mapped, translated), private and local addresses lie outside of it. */
const PUBLIC_V6 = blockList('ipv6', ['2000::/3']);
/** What inside of it is IPv4 in disguise (Teredo, 6to4), or for protocols and documents. */
const PRIVATE_V6 = blockList('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

/** Names that are never a PMS's: this machine, and what resolves inside a private network only. */
const PRIVATE_NAME = /^[^.]*$|(^|\.)(localhost|local|internal|intranet|lan|home\.arpa|test|invalid|example)$/;
/** A PMS that speaks HTTPS does so here; any other port is somebody else's door. */
const PORTS: ReadonlySet<string> = new Set(['', '443', '8443']);
const MAX_LENGTH = 2_000;

/**
 * What is wrong with the address of a PMS account, as the end of a sentence; undefined when nothing is. `allow` lists host:port pairs that
 * may be reached although they are private, and without TLS: the sandbox, in development.
 *
 * This refuses what can be seen in the text. What a public name resolves to is judged by the worker, inside each connection's own
 * look-up, because it may change at any time.
 */
export function faultOfBaseUrl(text: string, allow: readonly string[]): string | undefined {
  if (text.length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters.`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // Tabs, line ends and blanks are dropped by the parser: a text that holds one is not the address that it becomes.
  if (!url || /[\s\p{Cc}]/u.test(text)) return 'must be an address like https://example.com.';
  if (url.username || url.password) return 'must not hold a user name or password.';
  if (url.search || url.hash) return 'must end before any ? or #.';
  const plain = url.protocol === 'http:' || url.protocol === 'https:';
  if (plain && allow.includes(`${url.hostname}:${url.port || (url.protocol === 'http:' ? '80' : '443')}`)) return undefined;
  if (url.protocol !== 'https:') return 'must begin with https://.';
  if (!PORTS.has(url.port)) return 'must use port 443 or 8443.';
  const host = url.hostname.replace(/\.$/, '').replace(/^\[|\]$/g, '');
  const isPrivate = isIP(host) === 0 ? PRIVATE_NAME.test(host) : isPrivateAddress(host);
  return isPrivate ? 'must be an address on the public internet.' : undefined;
}

function isPrivateAddress(address: string): boolean {
  if (isIP(address) === 4) return PRIVATE_V4.check(address, 'ipv4');
  return !PUBLIC_V6.check(address, 'ipv6') || PRIVATE_V6.check(address, 'ipv6');
}

// One family for each list: Node compares IPv4 addresses with IPv6 ranges as if they were mapped ones.
function blockList(family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
