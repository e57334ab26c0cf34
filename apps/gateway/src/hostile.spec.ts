/** What an attacker sends to the door itself: refused quickly, in our own form, with nothing said about the inside. What is behind is played. */
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acceptWrite, administer, getRecord, listRecords, writeStatus, type RecordList } from '#messaging';
import { Problem } from '#problem';
import { PROBLEM } from '../testing/problem.ts';
import { startWorld, type Answer, type World } from '../testing/world.ts';

const EMPTY_LIST: RecordList = {
  meta: { offset: 0, limit: 100, orderBy: [], hasMore: false, total: 0, nextCursor: null },
  results: [],
  age_seconds: null,
};

let world: World;
let written: Readonly<Record<string, unknown>>[] = [];
const subjects = new Set<string>();

beforeAll(async () => {
  world = await startWorld({ slowSenders: { headersMs: 400, requestMs: 800, lookEveryMs: 100 } });
  world.play(acceptWrite, ({ payload }) => {
    written.push(payload);
    return { job_id: 'job-1', data: {}, ignored_fields: [], replayed: false };
  });
  world.play(administer, () => ({ status: 200, body: {} }));
  world.play(listRecords, ({ model }) => {
    if (model !== 'things') throw Problem.notFound('model');
    return EMPTY_LIST;
  });
  world.play(getRecord, () => Promise.reject(Problem.notFound('record')));
  world.play(writeStatus, () => Promise.reject(Problem.notFound('write')));
  world.bus.connection.subscribe('>', { callback: (_, { subject }) => void subjects.add(subject) });
  await world.bus.connection.flush();
}, 30_000);
afterAll(() => world?.close());

const write = (body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> =>
  world.send({ method: 'PUT', path: '/v1/things/t1', body, headers });

describe('a body', () => {
  it.each<[string, string | Buffer, number, Record<string, string>?]>([
    ['of 10 MB', `{"a":"${'x'.repeat(10_000_000)}"}`, 413],
    ['that is a bomb of gzip', gzipSync(Buffer.alloc(50_000_000)), 415, { 'content-encoding': 'gzip' }],
    ['of 100,000 members', `{${Array.from({ length: 75_000 }, (_, n) => `"k${n}":1`).join(',')}}`, 400],
    ['with a list of 450,000 entries', `{"a":[${'1,'.repeat(449_999)}1]}`, 400],
    ['10,000 levels deep', `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 400],
    ['33 levels deep', `{"a":${'['.repeat(33)}${']'.repeat(33)}}`, 400],
    ['with a member that stands twice', '{"a":1,"a":2}', 400],
    ['with half a character', '{"a":"\\ud800"}', 400],
    ['with a NUL', '{"a":"\\u0000"}', 400],
    ['with NaN', '{"a":NaN}', 400],
    ['with 1e400', '{"a":1e400}', 400],
    ['that is not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 400],
    ['that begins with a byte order mark', '\ufeff{"a":1}', 400],
    ['in UTF-16', Buffer.from('{"a":1}', 'utf16le'), 400],
  ])('S7: %s is refused at once', async (_name, body, status, headers = {}) => {
    const begun = performance.now();
    const answer = await write(body, headers);

    expect(answer).toMatchObject(PROBLEM(status));
    // Generous, because others use this machine too.
    expect(performance.now() - begun).toBeLessThan(3_000);
    expect(written).toEqual([]);
  });

  it.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
  ])('S8: of the type %s is refused', async (type) => {
    expect(await write('{"a":1}', { 'content-type': type })).toMatchObject(PROBLEM(415));
  });

  it.each(['__proto__', 'constructor', 'prototype'])('S6: that says %s pollutes nothing', async (name) => {
    for (const body of [
      `{"${name}":{"polluted":1}}`,
      `{"a":[{"${name}":{"prototype":{"polluted":1}}}]}`,
      `{"\\u005f_proto__":1}`,
    ]) {
      expect(await write(body)).toMatchObject(PROBLEM(400));
    }
    for (const query of [`${name}[polluted]=1`, `${name}.polluted=1`, `${name}=1`]) {
      expect(
        await write('{"a":1}').then(() => world.send({ method: 'PUT', path: `/v1/things/t1?${query}`, body: {} })),
      ).toMatchObject(PROBLEM(400));
    }
    written = [];

    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('HTTP', () => {
  const head = (lines: readonly string[]): string =>
    [...lines, 'host: a', `authorization: Bearer ${world.key}`, '', ''].join('\r\n');

  it.each([
    ['a length and chunks', ['content-length: 5', 'transfer-encoding: chunked'], '0\r\n\r\nGET /v1/smuggled HTTP/1.1\r\n\r\n'],
    ['chunks and a length', ['transfer-encoding: chunked', 'content-length: 5'], '0\r\n\r\nGET /v1/smuggled HTTP/1.1\r\n\r\n'],
    ['two lengths', ['content-length: 2', 'content-length: 40'], '{}GET /v1/smuggled HTTP/1.1\r\n\r\n'],
    ['an odd encoding', ['transfer-encoding: xchunked'], '2\r\n{}\r\n0\r\n\r\n'],
    ['chunks that are not last', ['transfer-encoding: chunked, identity'], '2\r\n{}\r\n0\r\n\r\n'],
    ['a blank before the colon', ['content-length : 2'], '{}'],
    ['a folded header', ['x-a: b', ' transfer-encoding: chunked'], '0\r\n\r\n'],
    ['a negative length', ['content-length: -1'], '{}'],
    ['a chunk of an absurd size', ['transfer-encoding: chunked'], 'fffffffffffffffff\r\n{}\r\n0\r\n\r\n'],
  ])('S8: with %s is refused, and nothing is smuggled', async (_name, lines, body) => {
    const text = await talk(head(['POST /v1/things HTTP/1.1', 'content-type: application/json', ...lines]) + body);

    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(text.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
    expect(written).toEqual([]);
  });

  it.each([
    ['authorization: Bearer a\rb'],
    ['idempotency-key: a\x00b'],
    ['idempotency-key: a\nx-injected: 1'],
    ['x-request-id: a\x0bb'],
  ])('S13: a header with a control character (%j) is refused and sent back by nobody', async (line) => {
    const text = await talk(
      head(['POST /v1/things HTTP/1.1', 'content-type: application/json', 'content-length: 2', line]) + '{}',
    );

    // A lone line feed ends a header for some: then it is two headers, and neither comes back.
    expect(text).toMatch(/^HTTP\/1\.1 (4\d\d|200) /);
    expect(text.split('\r\n\r\n')[0]).not.toMatch(/injected|\x0b|\x00/);
    written = [];
  });

  it.each(['TRACE', 'PROPFIND', 'PATCH', 'OPTIONS'])('S8: %s is no method of any path', async (method) => {
    const answer = await world.send({ method, path: '/v1/things' });

    expect([404, 405]).toContain(answer.status);
    expect(answer.text).not.toContain(world.key);
  });

  it('S8: takes no method, host or address from a header', async () => {
    const headers = {
      'x-http-method-override': 'DELETE',
      'x-method-override': 'PUT',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'evil.example',
      'x-original-url': '/v1/admin/api-keys',
      'x-rewrite-url': '/v1/admin/api-keys',
    };
    const answer = await world.send({ path: '/v1/things', headers });

    expect(answer).toMatchObject({ status: 200, body: { results: [] } });
    expect(answer.text + JSON.stringify(answer.headers)).not.toContain('evil.example');
  });

  it('S37: shows nothing that is not for customers, and says no version', async () => {
    const inside = ['/metrics', '/health', '/healthz', '/readyz', '/docs', '/.git/config', '/.env', '/package.json', '/v1', '/'];
    const up = ['/v1/../metrics', '/v1/%2e%2e/metrics', '/v1/..%2fmetrics', '//metrics', '/v1//things'];
    for (const path of [...inside, ...up]) {
      for (const key of [null, world.key]) {
        const answer = await world.send({ path, key });
        expect({ path, status: answer.status }).toEqual({ path, status: expect.any(Number) });
        expect([401, 404]).toContain(answer.status);
        expect(answer.text).not.toMatch(/node_modules|\.[jt]s:\d|fastify|nest/i);
        expect(Object.keys(answer.headers)).not.toEqual(expect.arrayContaining(['server']));
        expect(Object.keys(answer.headers)).not.toEqual(expect.arrayContaining(['x-powered-by']));
      }
    }
  });
});

describe('a name in a path', () => {
  const ODD = ['*', '>', 'a.b', 'a b', 'a\r\nPUB x 1\r\n', '\0', '..', '$JS.API', 'é', 'x'.repeat(150), '_INBOX.a', "' or 1=1--"];

  it('S27: never becomes a part of a subject', async () => {
    const known = new Set(subjects);
    const places = [
      (odd: string) => ['GET', `/v1/${odd}`],
      (odd: string) => ['GET', `/v1/things/${odd}`],
      (odd: string) => ['PUT', `/v1/things/${odd}`],
      (odd: string) => ['POST', `/v1/things/${odd}`],
      (odd: string) => ['POST', `/v1/things/acme/t1/${odd}`],
      (odd: string) => ['GET', `/v1/admin/write-status/${odd}`],
      (odd: string) => ['GET', `/v1/admin/write-status/${odd}/events`],
      (odd: string) => ['POST', `/v1/admin/retry-write/${odd}`],
      (odd: string) => ['GET', `/v1/admin/integrations/${odd}`],
      (odd: string) => ['GET', `/v1/capabilities/${odd}/${odd}/create`],
    ] as const;
    for (const odd of ODD) {
      for (const place of places) {
        const [method = '', path = ''] = place(encodeURIComponent(odd));
        const answer = await world.send({ method, path, ...(method === 'GET' ? {} : { body: {} }) });
        expect({ path, server: answer.status >= 500 }).toEqual({ path, server: false });
      }
    }
    await world.bus.connection.flush();
    written = [];

    const fresh = [...subjects].filter((subject) => !known.has(subject) && !subject.startsWith('_INBOX.'));
    expect(fresh.filter((subject) => !/^latchkey\.(directory|records|ledger)\.[a-z-]+$/.test(subject))).toEqual([]);
    expect(subjects.size).toBeGreaterThan(0);
  });
});

describe('slow senders', () => {
  it('R34: are cut off in time, 500 at once, while others are served', async () => {
    const sockets = Array.from({ length: 500 }, (_, n) => {
      const head = `POST /v1/things HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${world.key}\r\ncontent-type: application/json\r\n`;
      // Half of them never end their headers, the others never their body.
      return talk(n % 2 === 0 ? head : `${head}content-length: 100\r\n\r\n{`);
    });
    const begun = performance.now();
    const served: number[] = [];
    for (let count = 0; count < 20; count += 1) served.push((await world.send({ path: '/v1/things' })).status);

    expect(served).toEqual(Array.from({ length: 20 }, () => 200));
    const ends = await Promise.all(sockets);
    expect(performance.now() - begun).toBeLessThan(15_000);
    expect(ends.filter((text) => text !== '' && !/^HTTP\/1\.1 408 /.test(text))).toEqual([]);
    expect(written).toEqual([]);
  }, 30_000);
});

describe('a flood', () => {
  it('S36, R35: is refused quickly with the time to come back, and by whose it is', async () => {
    const small = await startWorld({ rateLimitPerMinute: 50 });
    try {
      small.play(listRecords, () => EMPTY_LIST);
      const spoof = (n: number) => ({ 'x-forwarded-for': `10.0.0.${n % 250}` });
      const flood = await Promise.all(
        Array.from({ length: 500 }, (_, n) => small.send({ path: '/v1/things', headers: spoof(n) })),
      );
      const refused = flood.filter(({ status }) => status === 429);
      const begun = performance.now();
      const late = await small.send({ path: '/v1/things' });
      const tookMs = performance.now() - begun;
      const neighbour = await small.send({ path: '/v1/things', key: small.newKey(['read']) });

      expect(flood.filter(({ status }) => status === 200)).toHaveLength(50);
      expect(refused).toHaveLength(450);
      for (const { headers } of refused) expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(late.status).toBe(429);
      expect(tookMs).toBeLessThan(1_000);
      expect(neighbour.status).toBe(200);
    } finally {
      await small.close();
    }
  }, 30_000);
});

/** Sends bytes and reads until the other side closes, or for two seconds after its last word. */
function talk(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ port: world.port, host: '127.0.0.1' }, () => socket.write(bytes, 'latin1'));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      socket.setTimeout(2_000, () => socket.destroy());
    });
    socket.on('close', () => resolve(text));
    socket.on('error', () => resolve(text));
  });
}
