import { BlockList, isIP } from 'node:net';

/** IPv4 addresses that no PMS and no webhook has: private, loopback, link-local, carrier NAT, documentation, multicast, reserved. */
const FORBIDDEN_V4 = blockList('ipv4', [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24',
  '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
]); // prettier-ignore
/** All of IPv6 that is handed out to the public; loopback, local, mapped and translated addresses lie outside of it. */
const GLOBAL_V6 = blockList('ipv6', ['2000::/3']);
/** What inside of it embeds an IPv4 address (Teredo, 6to4), or is for protocols and documents. */
const FORBIDDEN_V6 = blockList('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

/**
 * Whether an IP address may be reached from here: by the one who stores the address of an account, and again by the one who connects to it.
 * Anything that is no IP address may not.
 */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !FORBIDDEN_V4.check(address, 'ipv4');
  // A zone (`fe80::1%eth0`) names one of our own interfaces.
  if (version !== 6 || address.includes('%')) return false;
  return GLOBAL_V6.check(address, 'ipv6') && !FORBIDDEN_V6.check(address, 'ipv6');
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
