import { afterEach, describe, expect, it } from '@jest/globals';
import { json, startVendor, type Vendor } from '../testing/vendor.ts';
import { Egress, type Exchange } from './egress.ts';

const opened: { close(): Promise<void> }[] = [];
const toBeClosed = <T extends { close(): Promise<void> }>(it: T): T => {
  opened.push(it);
  return it;
};
afterEach(async () => {
  for (const it of opened.splice(0).reverse()) await it.close();
});
const egressTo = (vendor: Pick<Vendor, 'host'> | undefined, timeoutMs = 1_000): Egress =>
  toBeClosed(new Egress({ allow: vendor ? [vendor.host] : [], timeoutMs }));
const POST = (url: string): Exchange => ({ method: 'POST', url: new URL(url), headers: {}, body: '{}' });

describe('the addresses of an egress', () => {
  const FORBIDDEN = [
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://１２７.０.０.１/',
    'https://0.0.0.0/',
    'https://10.0.0.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::]/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:8.8.8.8]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[64:ff9b:1::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:0:7f00:1::]/',
    'https://[fc00::1]/',
    'https://[fe80::1]/',
    'https://[ff02::1]/',
    'https://localhost/',
  ];

  it.each(FORBIDDEN)('never calls %s', async (url) => {
    const result = await egressTo(undefined, 3_000).send(POST(url));

    expect(result).toEqual({ kind: 'not_sent', reason: 'the address is not a public one' });
  });

  it('calls no loopback address by name, even where somebody listens', async () => {
    const vendor = toBeClosed(await startVendor((_, response) => json(response, {})));

    for (const name of ['localhost', 'localhost.', 'LOCALHOST'])
      expect(await egressTo(undefined, 3_000).send(POST(`https://${name}:${vendor.port}/`))).toMatchObject({ kind: 'not_sent' });
    await egressTo(undefined, 3_000).send(POST(`https://127.0.0.1:${vendor.port}/`));

    expect(vendor.connections()).toBe(0);
  });

  it.each(['http://api.example.com/', 'ftp://api.example.com/', 'file:///etc/passwd', 'gopher://api.example.com/'])(
    'calls https only, not %s',
    async (url) => {
      expect(await egressTo(undefined).send(POST(url))).toEqual({ kind: 'not_sent', reason: 'only https addresses are called' });
    },
  );

  it('refuses an address that carries credentials, allowed or not', async () => {
    const vendor = toBeClosed(await startVendor((_, response) => json(response, {})));

    const result = await egressTo(vendor).send(POST(`http://jo:secret@${vendor.host}/`));

    expect(result).toEqual({ kind: 'not_sent', reason: 'an address must not carry credentials' });
    expect(vendor.connections()).toBe(0);
  });

  it('allows exactly the host and port that it was told', async () => {
    const vendor = toBeClosed(await startVendor((_, response) => json(response, {})));
    const other = toBeClosed(await startVendor((_, response) => json(response, {})));
    const egress = egressTo(vendor);

    expect(await egress.send(POST(vendor.origin))).toMatchObject({ kind: 'answered' });
    expect(await egress.send(POST(other.origin))).toMatchObject({ kind: 'not_sent' });
  });
});
