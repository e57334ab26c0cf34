import { describe, expect, it } from '@jest/globals';
import { faultOfBaseUrl } from './base-url.ts';

describe(faultOfBaseUrl.name, () => {
  it.each(['https://api.acme.com', 'https://acme.com:8443/v1/', 'https://8.8.8.8', 'https://[2606:4700::1111]/x'])(
    'takes %s',
    (url) => {
      expect(faultOfBaseUrl(url, [])).toBeUndefined();
    },
  );

  it.each([
    'https://127.0.0.1', 'https://127.1', 'https://2130706433', 'https://0x7f.1', 'https://0177.0.0.1', 'https://１２７.０.０.１',
    'https://0.0.0.0', 'https://10.1.2.3', 'https://100.64.0.1', 'https://169.254.169.254', 'https://172.31.0.1', 'https://192.168.0.1',
    'https://198.18.0.1', 'https://224.0.0.1', 'https://255.255.255.255', 'https://[::]', 'https://[::1]', 'https://[::ffff:127.0.0.1]',
    'https://[::ffff:10.0.0.1]', 'https://[::7f00:1]', 'https://[64:ff9b::7f00:1]', 'https://[2002:7f00:1::]', 'https://[fc00::1]',
    'https://[fd12::1]', 'https://[fe80::1]', 'https://[ff02::1]', 'https://localhost', 'https://localhost.', 'https://x.localhost',
    'https://metadata.google.internal', 'https://printer.local', 'https://intranet',
  ])('refuses the private address %s', (url) => {
    expect(faultOfBaseUrl(url, [])).toBe('must be an address on the public internet.');
  }); // prettier-ignore

  it.each([
    ['http://api.acme.com', /https/],
    ['file:///etc/passwd', /https/],
    ['gopher://acme.com', /https/],
    ['https://user:word@acme.com', /user name/],
    ['https://acme.com:22', /port/],
    ['https://acme.com/?a=1', /before any \?/],
    ['https://acme.com/#a', /before any \?/],
    ['https://acme.com/\r\nx', /address like/],
    ['https:// acme.com', /address like/],
    ['acme.com', /address like/],
    ['', /address like/],
    [`https://acme.com/${'a'.repeat(2_000)}`, /at most/],
  ])('refuses %j', (url, words) => {
    expect(faultOfBaseUrl(url, [])).toMatch(words);
  });

  it('lets through exactly what the settings allow', () => {
    const allow = ['127.0.0.1:4700'];

    expect(faultOfBaseUrl('http://127.0.0.1:4700/acme', allow)).toBeUndefined();
    expect(faultOfBaseUrl('http://127.0.0.1:4701', allow)).toBeDefined();
    expect(faultOfBaseUrl('ftp://127.0.0.1:4700', allow)).toBeDefined();
    expect(faultOfBaseUrl('http://127.0.0.2:4700', allow)).toBeDefined();
  });
});
