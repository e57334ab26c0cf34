import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { selfSigned } from '../testing/tls.ts';
import { json, startRawVendor, startVendor, until, type Vendor } from '../testing/vendor.ts';
import { Egress, type Exchange, type ExchangeResult } from './egress.ts';

const opened: { close(): Promise<void> }[] = [];
const toBeClosed = <T extends { close(): Promise<void> }>(it: T): T => {
  opened.push(it);
  return it;
};
afterEach(async () => {
  for (const it of opened.splice(0).reverse()) await it.close();
});

const egressTo = (vendor: Pick<Vendor, 'host'> | undefined, timeoutMs = 1_000, connections?: number): Egress =>
  toBeClosed(
    new Egress({ allow: vendor ? [vendor.host] : [], timeoutMs, ...(connections === undefined ? {} : { connections }) }),
  );

const GET = (url: string, more: Partial<Exchange> = {}): Exchange => ({ method: 'GET', url: new URL(url), headers: {}, ...more });
const POST = (url: string, more: Partial<Exchange> = {}): Exchange => ({
  method: 'POST',
  url: new URL(url),
  headers: { 'content-type': 'application/json' },
  body: '{"a":1}',
  ...more,
});

describe('an exchange that is answered', () => {
  it('brings status, headers by lower-case name, and the body', async () => {
    const vendor = toBeClosed(
      await startVendor((_, response) => json(response, { ok: 'grüß' }, 201, { 'X-One': '1', 'Set-Cookie': 'a=b' })),
    );

    const result = await egressTo(vendor).send(POST(`${vendor.origin}/a?b=c`));

    expect(result).toMatchObject({ kind: 'answered', status: 201, body: '{"ok":"grüß"}', headers: { 'x-one': '1' } });
    expect(vendor.seen[0]).toMatchObject({ method: 'POST', target: '/a?b=c', body: '{"a":1}' });
  });

  it('never asks for a compressed body, so that there is no bomb to unpack', async () => {
    const vendor = toBeClosed(
      await startVendor((_, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(1_000_000)));
      }),
    );

    const result = await egressTo(vendor).send(GET(vendor.origin));

    expect(vendor.seen[0]?.headers['accept-encoding']).toBeUndefined();
    expect(result.kind === 'answered' && result.body.length).toBeLessThan(5_000);
  });

  it.each([301, 302, 303, 307, 308])('does not follow a %d', async (status) => {
    const elsewhere = toBeClosed(await startVendor((_, response) => json(response, {})));
    const vendor = toBeClosed(
      await startVendor((_, response) => void response.writeHead(status, { location: `${elsewhere.origin}/steal` }).end()),
    );
    const egress = toBeClosed(new Egress({ allow: [vendor.host, elsewhere.host], timeoutMs: 1_000 }));

    const result = await egress.send(POST(vendor.origin, { headers: { 'x-key': 'secret' } }));

    expect(result).toMatchObject({ kind: 'answered', status });
    expect(elsewhere.connections()).toBe(0);
  });

  it('uses connections again, and never more of them than it may', async () => {
    const vendor = toBeClosed(await startVendor((_, response) => json(response, {})));
    const egress = egressTo(vendor, 1_000, 3);

    for (let round = 0; round < 5; round += 1)
      await Promise.all(Array.from({ length: 8 }, () => egress.send(POST(vendor.origin))));

    expect(vendor.seen).toHaveLength(40);
    expect(vendor.connections()).toBe(3);
  });

  it('ignores an announcement before the answer', async () => {
    const vendor = toBeClosed(
      await startRawVendor((socket) =>
        socket.on('data', () =>
          socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'),
        ),
      ),
    );

    expect(await egressTo(vendor).send(POST(vendor.origin))).toMatchObject({ kind: 'answered', status: 200, body: '{}' });
  });
});

describe('an exchange of which nothing was sent', () => {
  it('says so when the connection is refused', async () => {
    const vendor = await startVendor((_, response) => json(response, {}));
    await vendor.close();

    expect(await egressTo(vendor).send(POST(vendor.origin))).toEqual({
      kind: 'not_sent',
      reason: 'the connection was refused',
    });
  });

  it('says so when the host is not known', async () => {
    const result = await egressTo(undefined, 5_000).send(POST('https://no-such-host.invalid/'));

    expect(result).toEqual({ kind: 'not_sent', reason: 'the host name is not known' });
  });

  it('says so when the certificate is not trusted', async () => {
    const vendor = toBeClosed(await startVendor((_, response) => json(response, {}), selfSigned()));

    expect(await egressTo(vendor).send(POST(vendor.origin))).toEqual({
      kind: 'not_sent',
      reason: 'its certificate is not trusted',
    });
    expect(vendor.seen).toHaveLength(0);
  });

  it('says so when the connection breaks before it stands', async () => {
    const vendor = toBeClosed(await startRawVendor((socket) => socket.destroy()));

    const result = await egressTo(vendor).send(POST(`https://${vendor.host}/`));

    expect(result).toMatchObject({ kind: 'not_sent' });
  });

  it('says so when no connection stands in time', async () => {
    // Takes the connection and never answers the handshake.
    const vendor = toBeClosed(await startRawVendor(() => {}));
    const began = performance.now();

    const result = await egressTo(vendor, 200).send(POST(`https://${vendor.host}/`));

    expect(result).toEqual({ kind: 'not_sent', reason: 'no connection in time' });
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('says so when every connection is taken until its time is over, and does not send it afterwards', async () => {
    const vendor = toBeClosed(
      await startVendor((_, response, count) => void (count === 1 && setTimeout(() => json(response, {}), 400))),
    );
    const egress = egressTo(vendor, 1_000, 1);
    const impatient = toBeClosed(new Egress({ allow: [vendor.host], timeoutMs: 100, connections: 1 }));

    const slow = egress.send(POST(vendor.origin));
    const results = await Promise.all([impatient.send(POST(vendor.origin)), impatient.send(POST(`${vendor.origin}/second`))]);

    expect(results.map(({ kind }) => kind)).toEqual(['lost', 'not_sent']);
    await slow;
    expect(vendor.seen.map(({ target }) => target)).not.toContain('/second');
  });

  it('says so when the moment before which it had to begin is over', async () => {
    const vendor = toBeClosed(await startVendor((_, response) => json(response, {})));

    const result = await egressTo(vendor).send(POST(vendor.origin, { startBefore: performance.now() - 1 }));

    expect(result).toEqual({ kind: 'not_sent', reason: 'too little time was left to send it' });
    expect(vendor.connections()).toBe(0);
  });

  it('says so when that moment passes while it connects', async () => {
    const vendor = toBeClosed(await startVendor((_, response) => json(response, {})));
    const startBefore = performance.now() + 30;

    const pending = egressTo(vendor).send(POST(vendor.origin, { startBefore }));
    // As a process that is stopped at this point and goes on later.
    while (performance.now() < startBefore + 20);

    expect(await pending).toEqual({ kind: 'not_sent', reason: 'too little time was left to send it' });
    expect(vendor.seen).toHaveLength(0);
  });

  it('says so when a header can not be sent as it is', async () => {
    const vendor = toBeClosed(await startVendor((_, response) => json(response, {})));

    const result = await egressTo(vendor).send(POST(vendor.origin, { headers: { 'x-key': 'a\r\nx-evil: 1' } }));

    expect(result).toMatchObject({ kind: 'not_sent' });
    expect(vendor.seen).toHaveLength(0);
  });

  it('waits on closing for what is under way, and not for connections that nobody needs', async () => {
    const vendor = toBeClosed(await startVendor((_, response) => void setTimeout(() => json(response, {}), 100)));
    const deaf = toBeClosed(await startRawVendor(() => {}));
    const egress = new Egress({ allow: [vendor.host, deaf.host], timeoutMs: 300 });
    const began = performance.now();

    const results = Promise.all([egress.send(POST(vendor.origin)), egress.send(POST(`https://${deaf.host}/`))]);
    await egress.close();

    expect((await results).map(({ kind }) => kind)).toEqual(['answered', 'not_sent']);
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  it('says so after it was closed', async () => {
    const vendor = toBeClosed(await startVendor((_, response) => json(response, {})));
    const egress = new Egress({ allow: [vendor.host], timeoutMs: 500 });
    await egress.close();

    expect(await egress.send(POST(vendor.origin))).toMatchObject({ kind: 'not_sent' });
  });
});

describe('an exchange of which nobody can tell', () => {
  const lostWith = async (result: Promise<ExchangeResult>, reason: string, status?: number): Promise<void> =>
    expect(await result).toEqual({ kind: 'lost', reason, ...(status === undefined ? {} : { status }) });

  it.each(['reset', 'end'] as const)('is one whose connection ends (%s) once the request was taken', async (how) => {
    const vendor = toBeClosed(
      await startRawVendor((socket) => socket.once('data', () => (how === 'reset' ? socket.resetAndDestroy() : socket.end()))),
    );

    await lostWith(egressTo(vendor).send(POST(vendor.origin)), 'the connection broke');
  });

  it('is one whose connection is reset without a byte read', async () => {
    const vendor = toBeClosed(await startRawVendor((socket) => socket.pause() && setTimeout(() => socket.resetAndDestroy(), 50)));

    await lostWith(egressTo(vendor).send(POST(vendor.origin)), 'the connection broke');
  });

  it('is one on a connection that was used before and is reset now', async () => {
    const vendor = toBeClosed(
      await startRawVendor((socket) => {
        let requests = 0;
        socket.on('data', () => {
          requests += 1;
          if (requests === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
          else socket.resetAndDestroy();
        });
      }),
    );
    const egress = egressTo(vendor, 1_000, 1);
    await egress.send(POST(vendor.origin));

    await lostWith(egress.send(POST(vendor.origin)), 'the connection broke');
    expect(vendor.connections()).toBe(1);
  });

  it('is one that hangs', async () => {
    const vendor = toBeClosed(await startVendor(() => {}));
    const began = performance.now();

    await lostWith(egressTo(vendor, 150).send(POST(vendor.origin)), 'no answer in time');
    expect(performance.now() - began).toBeLessThan(600);
  });

  it('is one whose answer is cut short', async () => {
    const vendor = toBeClosed(
      await startRawVendor((socket) =>
        socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"Id":')),
      ),
    );

    const result = await egressTo(vendor).send(POST(vendor.origin));

    expect(result).toMatchObject({ kind: 'lost', status: 200 });
  });

  it('is one whose answer drips beyond the time', async () => {
    const vendor = toBeClosed(
      await startVendor((_, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        const drip = setInterval(() => response.write('x'), 20);
        response.on('close', () => clearInterval(drip));
      }),
    );

    await lostWith(egressTo(vendor, 250).send(POST(vendor.origin)), 'no answer in time', 200);
  });

  it('is one whose answer is larger than any real one', async () => {
    const vendor = toBeClosed(
      await startVendor((_, response) => {
        response.writeHead(200);
        for (let count = 0; count < 12; count += 1) response.write(Buffer.alloc(1_048_576, 0x20));
        response.end('{}');
      }),
    );

    await lostWith(egressTo(vendor, 5_000).send(POST(vendor.origin)), 'the answer was larger than any real one', 200);
  });

  it('is one whose headers are larger than any real ones', async () => {
    const vendor = toBeClosed(
      await startRawVendor((socket) =>
        socket.on('data', () => {
          socket.write('HTTP/1.1 200 OK\r\n');
          for (let count = 0; count < 10_000 && !socket.destroyed; count += 1) socket.write(`set-cookie: c${count}=1\r\n`);
        }),
      ),
    );

    await lostWith(egressTo(vendor, 5_000).send(POST(vendor.origin)), 'the headers of the answer were larger than any real ones');
  });

  it('is one whose answer is no HTTP', async () => {
    const vendor = toBeClosed(await startRawVendor((socket) => socket.on('data', () => socket.end('SSH-2.0-OpenSSH\r\n'))));

    expect(await egressTo(vendor).send(POST(vendor.origin))).toMatchObject({ kind: 'lost' });
  });

  it('is sent once and never again by the client itself', async () => {
    let bodies = 0;
    const vendor = toBeClosed(
      await startRawVendor((socket) =>
        socket.on('data', (data) => {
          bodies += String(data).split('{"a":1}').length - 1;
          socket.resetAndDestroy();
        }),
      ),
    );
    const egress = egressTo(vendor, 500, 1);

    const results = await Promise.all(Array.from({ length: 20 }, () => egress.send(POST(vendor.origin))));

    expect(results.every(({ kind }) => kind === 'lost')).toBe(true);
    await until(() => bodies === 20);
  });
});
