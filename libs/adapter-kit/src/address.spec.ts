import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from '@jest/globals';
import { isPublicAddress } from '#public-address';
import { ForbiddenAddress, publicLookup, publicLookupBy } from './address.ts';

type Looked = { error: Error | null; address: string | LookupAddress[]; family: number | undefined };
const look = (lookup: typeof publicLookup, host: string, options: object = { all: true }): Promise<Looked> =>
  new Promise((resolve) => lookup(host, options, (error, address, family) => resolve({ error, address, family })));
const resolvingTo = (...addresses: string[]) =>
  publicLookupBy((_host, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    ),
  );

describe(isPublicAddress, () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2607:f8b0:4004:c07::65', '2a00:1450:4001::200e'])(
    'lets %s through',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    '127.0.0.1', '10.255.255.255', '172.31.255.255', '192.168.0.1', '169.254.169.254', '100.64.0.1', '0.1.2.3', '198.18.0.1',
    '239.1.1.1', '255.255.255.255', '::', '::1', '::ffff:8.8.8.8', '::ffff:a00:1', '64:ff9b::808:808', '2002:a00:1::', '2001:0:1::',
    'fd00::1', 'fe80::1', 'fe80::1%lo', '2607:f8b0::1%lo', 'fec0::1', 'ff0e::1', '2001:db8::1', '3fff::1', '5f00::1',
  ])('stops %s', (address) => expect(isPublicAddress(address)).toBe(false)); // prettier-ignore

  it.each(['', 'example.com', '127.1', '0x7f.1', '2130706433', '010.0.0.1', '8.8.8.8 '])(
    'stops %j, which is no address',
    (text) => expect(isPublicAddress(text)).toBe(false),
  );
});

describe('the public look-up', () => {
  it('yields every address when all are asked for, and the first otherwise', async () => {
    const lookup = resolvingTo('8.8.8.8', '2607:f8b0::1');

    expect((await look(lookup, 'pms.example')).address).toHaveLength(2);
    expect(await look(lookup, 'pms.example', {})).toEqual({ error: null, address: '8.8.8.8', family: 4 });
  });

  it.each([['127.0.0.1'], ['8.8.8.8', '10.0.0.1'], ['::1'], ['2607:f8b0::1', '::ffff:127.0.0.1']])(
    'yields nothing for a name that means %j',
    async (...addresses) => {
      const { error, address } = await look(resolvingTo(...addresses), 'rebound.example');

      expect(error).toBeInstanceOf(ForbiddenAddress);
      expect(address).toEqual([]);
    },
  );

  it('yields nothing for a name without addresses', async () => {
    expect((await look(resolvingTo(), 'empty.example')).error).toBeInstanceOf(ForbiddenAddress);
  });

  it('asks the system, and passes on that a name is not known', async () => {
    expect((await look(publicLookup, 'localhost')).error).toBeInstanceOf(ForbiddenAddress);
    expect((await look(publicLookup, 'no-such-host.invalid')).error).toMatchObject({
      code: expect.stringMatching(/ENOTFOUND|EAI/),
    });
  });
});
