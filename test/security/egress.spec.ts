/**
 * The way out to the PMSs, in hostile hands: addresses that are not public, names that change their mind, redirects, answers that are meant to
 * hurt, and connections that prove nothing. Every listener counts who came, so "nothing was sent" is seen and not assumed.
 */
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Egress, redact, type EgressOptions, type Exchange, type ExchangeResult } from '#adapter-kit';
import { figure } from '../quality/figure.ts';
import { readJson } from '../workspace/repository.ts';
import { certificate, listen, listenTls, type Listener } from './support/hostile.ts';

const closing: { close(): Promise<void> }[] = [];
const closed = <T extends { close(): Promise<void> }>(it: T): T => (closing.push(it), it);
afterEach(async () => {
  for (const it of closing.splice(0).reverse()) await it.close();
});

const SECRET = 'S3cr3t-of-the-account';
const egress = (options: Partial<EgressOptions> = {}): Egress => closed(new Egress({ allow: [], timeoutMs: 2_000, ...options }));
const post = (url: string): Exchange => ({
  method: 'POST',
  url: new URL(url),
  headers: { 'x-api-key': SECRET, authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' },
  body: JSON.stringify({ ssn: SECRET }),
});
const ok = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}';

describe('addresses', () => {
  /** Every way to write this machine, or a network that is not public. `PORT` is where a canary listens. */
  const PRIVATE = [
    '127.0.0.1', '127.1', '127.0.1', '0x7f.1', '0x7f000001', '2130706433', '017700000001', '0177.0.0.1', '0x7f.0.0.0x1',
    '１２７.０.０.１', '127。0。0。1', '⑫7.0.0.1', '0', '0.0.0.0', '10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1', '169.254.169.254',
    '198.18.0.1', '192.0.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]', '[::127.0.0.1]', '[64:ff9b::127.0.0.1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2001:0:7f00:1::1]',
    '[fc00::1]', '[fd00::1]', '[fe80::1]', '[fec0::1]', '[ff02::1]', 'localhost', 'localhost.', 'LOCALHOST', 'ｌｏｃａｌｈｏｓｔ',
  ]; // prettier-ignore

  it('S14: none that is not public is called, however it is written; the canary hears nobody', async () => {
    const canary = closed(await listen((socket) => socket.end(ok)));
    const way = egress();
    const called: string[] = [];
    for (const address of PRIVATE) {
      const url = `https://${address}:${canary.port}/`;
      if (!URL.canParse(url)) continue;
      const result = await way.send(post(url));
      if (result.kind !== 'not_sent') called.push(address);
    }
    expect(called).toEqual([]);
    expect(canary.connections()).toBe(0);
    figure('S14', `0 of ${PRIVATE.length} private addresses called, 0 connections at the canary`);
  });

  it.each(['http:', 'ftp:', 'file:', 'gopher:', 'ws:', 'data:', 'unix:', 'javascript:'])(
    'S14: nothing is sent by %s',
    async (scheme) => {
      const canary = closed(await listen((socket) => socket.end(ok)));

      // A file has a host and no port.
      const url = `${scheme}//127.0.0.1${scheme === 'file:' ? '' : `:${canary.port}`}/etc/passwd`;
      expect(await egress().send(post(url))).toMatchObject({ kind: 'not_sent' });
      expect(canary.connections()).toBe(0);
    },
  );

  it.each(['jo@', 'jo:secret@', 'api.example.com@', ':@', '%00@'])(
    'S14: an address with %j before the host is not called, where allowed neither',
    async (who) => {
      const canary = closed(await listen((socket) => socket.end(ok)));
      const url = `http://${who}127.0.0.1:${canary.port}/`;

      const result = await egress({ allow: who === ':@' ? [] : [canary.host] }).send(post(url));

      expect(result).toMatchObject({ kind: 'not_sent' });
      expect(canary.connections()).toBe(0);
    },
  );

  it('S14: a name that was public when it was looked at and is private when it is called reaches nobody', async () => {
    const canary = closed(await listen((socket) => socket.end(ok)));
    const answers = ['8.8.8.8', '127.0.0.1', '::1', '::ffff:127.0.0.1', '169.254.169.254'];
    let asked = 0;
    const way = egress({
      // As an attacker's name server: public for whoever looks first, then another one each time.
      resolver: (_host, _options, callback) => {
        const address = answers[(asked += 1)] ?? '127.0.0.1';
        callback(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
      },
    });
    for (let count = 0; count < 8; count += 1) {
      expect(await way.send(post(`https://rebound.example:${canary.port}/`))).toEqual({
        kind: 'not_sent',
        reason: 'the address is not a public one',
      });
    }
    expect(asked).toBe(8);
    expect(canary.connections()).toBe(0);
  });

  it('S14: one private address among public ones spoils them all', async () => {
    const canary = closed(await listen((socket) => socket.end(ok)));
    const way = egress({
      resolver: (_host, _options, callback) =>
        callback(null, [
          { address: '8.8.8.8', family: 4 },
          { address: '127.0.0.1', family: 4 },
        ]),
    });

    expect(await way.send(post(`https://mixed.example:${canary.port}/`))).toMatchObject({ kind: 'not_sent' });
    expect(canary.connections()).toBe(0);
  });
});

describe('redirects', () => {
  const TARGETS: [string, (second: Listener) => string][] = [
    ['another origin', ({ host }) => `http://${host}/steal`],
    ['a private address', () => 'http://169.254.169.254/latest/meta-data/'],
    ['this machine', ({ port }) => `http://localhost:${port}/`],
    ['another scheme', () => 'file:///etc/passwd'],
    ['the same origin', () => '/elsewhere'],
  ];

  it('S16: none is followed, and the second host sees neither a connection nor a secret', async () => {
    const second = closed(await listen((socket) => socket.end(ok)));
    let followed = 0;
    for (const status of [300, 301, 302, 303, 307, 308]) {
      for (const [, target] of TARGETS) {
        let requests = 0;
        const first = closed(
          await listen((socket) => {
            requests += 1;
            socket.end(
              `HTTP/1.1 ${status} Moved\r\nlocation: ${target(second)}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
            );
          }),
        );
        // Allowed, so that only the rule about redirects stands between the secret and the second host.
        const result = await egress({ allow: [first.host, second.host] }).send(post(`http://${first.host}/`));
        expect(result).toMatchObject({ kind: 'answered', status });
        followed += requests - 1;
      }
    }
    expect(followed).toBe(0);
    expect(second.connections()).toBe(0);
    expect(second.heard()).not.toContain(SECRET);
    figure('S16', `0 of ${6 * TARGETS.length} redirects followed, 0 connections at the second host`);
  }, 30_000);
});

describe('a hostile PMS', () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
  const MEGABYTE = Buffer.alloc(1_048_576, 0x20);
  const pour = (socket: import('node:net').Socket, chunk: Buffer | string, times: number): void => {
    let left = times;
    const more = (): void => {
      while (left > 0 && !socket.destroyed) {
        left -= 1;
        if (!socket.write(chunk)) return void socket.once('drain', more);
      }
    };
    more();
  };
  const HOSTILE: [string, (socket: import('node:net').Socket) => void][] = [
    ['an endless body', (socket) => (socket.write(`${head}\r\n`), pour(socket, MEGABYTE, Infinity))],
    [
      'an endless chunked body',
      (socket) => (
        socket.write(`${head}transfer-encoding: chunked\r\n\r\n`),
        pour(socket, Buffer.concat([Buffer.from('100000\r\n'), MEGABYTE, Buffer.from('\r\n')]), Infinity)
      ),
    ],
    ['a body of 1 byte a second', (socket) => (socket.write(`${head}content-length: 1000\r\n\r\n`), drip(socket, ' '))],
    ['headers of 1 byte a second', (socket) => (socket.write('HTTP/1.1 200 OK\r\nx: '), drip(socket, 'a'))],
    ['a header of 100 MB', (socket) => (socket.write(`${head}x-large: `), pour(socket, Buffer.alloc(1_048_576, 0x61), 100))],
    [
      '10,000 cookies',
      (socket) => (
        socket.write(head),
        pour(socket, Array.from({ length: 1_000 }, (_, n) => `set-cookie: c${n}=${'v'.repeat(40)}\r\n`).join(''), 10)
      ),
    ],
    [
      'a million chunks of one byte',
      (socket) => (
        socket.write(`${head}transfer-encoding: chunked\r\n\r\n`),
        pour(socket, '1\r\n \r\n'.repeat(10_000), Infinity)
      ),
    ],
    ['nothing at all', () => undefined],
  ];
  const drip = (socket: import('node:net').Socket, byte: string): void => {
    const clock = setInterval(() => void socket.write(byte), 1_000);
    socket.on('close', () => clearInterval(clock));
  };

  it.each(HOSTILE)('S17: %s ends in time, within memory, and proves nothing', async (_, answer) => {
    const vendor = closed(await listen(answer));
    const before = process.memoryUsage().rss;
    const began = performance.now();

    const result = await egress({ allow: [vendor.host], timeoutMs: 2_000 }).send(post(`http://${vendor.host}/`));

    expect(result.kind).toBe('lost');
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1_048_576);
  });

  it('S17: a compressed bomb is never unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1_048_576));
    const vendor = closed(
      await listen((socket) => {
        socket.write(`${head}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
        socket.end(bomb);
      }),
    );
    const before = process.memoryUsage().rss;

    const result: ExchangeResult = await egress({ allow: [vendor.host] }).send(post(`http://${vendor.host}/`));

    expect(vendor.heard()).not.toMatch(/accept-encoding:.*(gzip|br|deflate)/i);
    expect(result.kind === 'answered' ? result.body.length : 0).toBeLessThan(200_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1_048_576);
    figure('S17', `${HOSTILE.length + 1} hostile answers: each ended within its time, 0 taken for a success`);
  });

  it.each([
    '<script>alert(document.cookie)</script>Invalid',
    '<img src=x onerror=alert(1)>Invalid',
    '<svg/onload=alert(1)>',
    '</p><iframe srcdoc="<script>alert(1)</script>">',
    'Invalid\r\nSet-Cookie: a=b\r\n\r\n<html>',
    '\u001b[31mred\u001b[0m \u202ereversed',
    'x'.repeat(1_000_000),
    `Your key ${SECRET} is wrong`,
  ])('S17: of an error text nothing is left that could run, hide or tell a secret: %#', (text) => {
    const shown = redact(text, { key: SECRET });

    expect(shown.length).toBeLessThanOrEqual(500);
    expect(shown).not.toMatch(/<[a-z/!?]|[\u0000-\u001f\u007f\u202e]/i);
    expect(shown).not.toContain(SECRET);
  });
});

describe('TLS', () => {
  const trusted = getCACertificates('default');
  afterEach(() => setDefaultCACertificates(trusted));
  /** Nothing but what is wrong about it keeps this machine from trusting the certificate. */
  const speak = async (
    names: string,
    options: { until?: string; isTrusted?: boolean; tls?: object } = {},
  ): Promise<[ExchangeResult, Listener]> => {
    const made = certificate(names, options.until);
    if (options.isTrusted !== false) setDefaultCACertificates([...trusted, made.cert]);
    const vendor = closed(await listenTls({ ...made, ...options.tls }, (socket) => socket.end(ok)));
    return [await egress({ allow: [vendor.host] }).send(post(`https://${vendor.host}/`)), vendor];
  };

  it('S18: a certificate that is in order is what the others are measured by', async () => {
    const [result, vendor] = await speak('IP:127.0.0.1');

    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    expect(vendor.heard()).toContain(SECRET);
  });

  it.each([
    ['expired', 'IP:127.0.0.1', { until: '210101000000Z' }],
    ['self-signed', 'IP:127.0.0.1', { isTrusted: false }],
    ['of another host', 'DNS:pms.example', {}],
    ['of another address', 'IP:127.0.0.2', {}],
  ])('S18: a certificate that is %s ends it before anything is sent', async (_, names, options) => {
    const [result, vendor] = await speak(names, options);

    expect(result).toMatchObject({ kind: 'not_sent' });
    expect(vendor.heard()).toBe('');
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('S18: %s is not spoken', async (version) => {
    const [result, vendor] = await speak('IP:127.0.0.1', {
      tls: { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' },
    });

    expect(result).toMatchObject({ kind: 'not_sent' });
    expect(vendor.heard()).toBe('');
    figure('S18', 'expired, self-signed, wrong host and address, TLS 1.0 and 1.1: nothing sent');
  });

  it('S18: no variable of the environment turns the check off', async () => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect((await speak('IP:127.0.0.1', { isTrusted: false }))[0]).toMatchObject({ kind: 'not_sent' });
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });
});

describe('XML', () => {
  // What is not there can't be attacked. Whoever adds a parser finds these, and has to prove its limits first.
  it('S10: no package that reads XML is installed, so entities are never resolved', () => {
    const { packages } = readJson('package-lock.json') as { packages: Record<string, unknown> };
    const readers = Object.keys(packages).filter((path) =>
      /(^|[/-])(\w*xml\w*|sax\w*|soap|libxml\w*|xpath|xmldom)([/-]|$)/i.test(path),
    );

    expect(Object.keys(packages).length).toBeGreaterThan(300);
    expect(readers).toEqual([]);
    figure('S10', '0 XML parsers among all installed packages');
  });

  it('S11: an answer in XML is not parsed: a bomb costs what its bytes cost', async () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "${'b'.repeat(1_000)}">]><a>${'&b;'.repeat(100)}</a>`;
    const vendor = closed(
      await listen((socket) =>
        socket.end(`HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: ${bomb.length}\r\n\r\n${bomb}`),
      ),
    );
    const began = performance.now();

    const result = await egress({ allow: [vendor.host] }).send(post(`http://${vendor.host}/`));

    expect(result).toMatchObject({ kind: 'answered', body: bomb });
    expect(performance.now() - began).toBeLessThan(1_000);
    figure('S11', 'XML is carried as text, never parsed');
  });
});
