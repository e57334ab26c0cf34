import { BlockList, isIP } from 'node:net';
import { lookup as systemLookup, type LookupAddress } from 'node:dns';

/** Addresses that no PMS and no webhook has: private, loopback, link-local, carrier NAT, multicast, and forms that embed an IPv4 address. */
const FORBIDDEN = new BlockList();
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
  FORBIDDEN.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  FORBIDDEN.addSubnet(network, prefix, 'ipv6');
}

/** Whether an IP address may be reached from here. Anything that is no IP address may not. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && !FORBIDDEN.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** Thrown before a connection is made; nothing was sent. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
  constructor(readonly host: string) {
    super('The address is not a public one.');
  }
}

type Callback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/**
 * A DNS look-up that yields public addresses only. It runs inside the connection's own look-up, so the address that was checked is the one that
 * is connected to: a name that changes its mind in between (rebinding) gains nothing.
 */
export function publicLookup(host: string, options: object, callback: Callback): void {
  systemLookup(host, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    const usable = addresses.filter(({ address }) => isPublicAddress(address));
    const [first] = usable;
    // One bad address among good ones is a sign of an attack, not of a mixed network.
    if (!first || usable.length < addresses.length) return callback(new ForbiddenAddress(host), []);
    if ((options as { all?: boolean }).all) return callback(null, usable);
    return callback(null, first.address, first.family);
  });
}
