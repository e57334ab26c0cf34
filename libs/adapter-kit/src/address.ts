import { BlockList, isIP } from 'node:net';
import { lookup as systemLookup, type LookupAddress } from 'node:dns';

/** IPv4 addresses that no PMS and no webhook has: private, loopback, link-local, carrier NAT, documentation, multicast, reserved. */
const FORBIDDEN_V4 = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  FORBIDDEN_V4.addSubnet(network, prefix, 'ipv4');
}

/** All of IPv6 that is handed out to the public; loopback, local, mapped and translated addresses lie outside of it. */
const GLOBAL_V6 = new BlockList();
GLOBAL_V6.addSubnet('2000::', 3, 'ipv6');
/** What inside of it embeds an IPv4 address (Teredo, 6to4), or is for protocols and documents. */
const FORBIDDEN_V6 = new BlockList();
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  FORBIDDEN_V6.addSubnet(network, prefix, 'ipv6');
}

/**
 * Whether an IP address may be reached from here. Anything that is no IP address may not.
 *
 * The families are kept in lists of their own, because a BlockList compares an IPv4 address with IPv6 networks as if it were mapped.
 */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !FORBIDDEN_V4.check(address, 'ipv4');
  // A zone (`fe80::1%eth0`) names one of our own interfaces.
  if (version !== 6 || address.includes('%')) return false;
  return GLOBAL_V6.check(address, 'ipv6') && !FORBIDDEN_V6.check(address, 'ipv6');
}

/** Thrown before a connection is made; nothing was sent. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
  /** In words, as part of a sentence. */
  readonly reason = 'the address is not a public one';
  constructor(readonly host: string) {
    super('The address is not a public one.');
  }
}

type Callback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;
type Resolver = (
  host: string,
  options: object,
  callback: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

/** The system's own resolver, asked for every address of a name. */
const allAddresses: Resolver = (host, options, callback) => systemLookup(host, { ...options, all: true }, callback);

/**
 * A DNS look-up that yields public addresses only. It runs inside the connection's own look-up, so the address that was checked is the one that
 * is connected to: a name that changes its mind in between (rebinding) gains nothing.
 */
export const publicLookup = publicLookupBy(allAddresses);

/** The same over another resolver. */
export function publicLookupBy(resolver: Resolver) {
  return (host: string, options: object, callback: Callback): void => {
    resolver(host, options, (error, addresses) => {
      if (error) return callback(error, []);
      const [first] = addresses;
      // One bad address among good ones is a sign of an attack, not of a mixed network.
      if (!first || !addresses.every(({ address }) => isPublicAddress(address))) return callback(new ForbiddenAddress(host), []);
      if ((options as { all?: boolean }).all) return callback(null, [...addresses]);
      return callback(null, first.address, first.family);
    });
  };
}
