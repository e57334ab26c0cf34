import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isPublicAddress } from '#public-address';

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
/** Asked for every address of a name. */
export type Resolver = (
  host: string,
  options: object,
  callback: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

/** The system's own resolver, asked for every address of a name. */
export const allAddresses: Resolver = (host, options, callback) => systemLookup(host, { ...options, all: true }, callback);

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
