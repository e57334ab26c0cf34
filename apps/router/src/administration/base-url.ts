import { BlockList, isIP } from 'node:net';

/** Addresses that are nobody's on the public internet, or that lead back into a private network in disguise. */
const NOT_PUBLIC = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24',
  '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
  // IPv6: unspecified and loopback; IPv4 in disguise (mapped, NAT64, 6to4, Teredo); discard, documentation, private, link, multicast.
  '::/96', '::ffff:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', '2001::/32', '100::/64', '2001:db8::/32', 'fc00::/7',
  'fe80::/10', 'fec0::/10', 'ff00::/8',
]; // prettier-ignore

// One list for each family: Node sees IPv4 addresses as mapped ones in a list that holds IPv6 ranges.
const blocked = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const range of NOT_PUBLIC) {
  const [address = '', bits] = range.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  blocked[family].addSubnet(address, Number(bits), family);
}

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
  const isPrivate = isIP(host) === 0 ? PRIVATE_NAME.test(host) : isBlocked(host);
  return isPrivate ? 'must be an address on the public internet.' : undefined;
}

function isBlocked(address: string): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return blocked[family].check(address, family);
}
