import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newApiKey } from '#api-key';
import { administer, listRecords, type AdminRequest } from '#messaging';
import { PROBLEM } from '../testing/problem.ts';
import { startWorld, type World } from '../testing/world.ts';

let world: World;
const asked: AdminRequest[] = [];

const emptyList = () => ({
  meta: { offset: 0, limit: 100, orderBy: [], hasMore: false, total: 0, nextCursor: null },
  results: [],
  age_seconds: null,
});

beforeAll(async () => {
  world = await startWorld();
  world.play(listRecords, emptyList);
  world.play(administer, (request) => {
    asked.push(request);
    return { status: 200, body: {} };
  });
}, 30_000);
afterAll(() => world?.close());

describe('keys', () => {
  it.each([
    ['none', null, {}],
    ['another scheme', null, { authorization: 'Basic abc' }],
    ['a mistyped key', 'lk_live_mistyped', {}],
    ['an unknown key', newApiKey(), {}],
  ])('%s is a 401', async (_name, key, headers) => {
    const answer = await world.send({ path: '/v1/things', key, headers });

    expect(answer).toMatchObject(PROBLEM(401));
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it('takes the scheme in any case', async () => {
    const headers = { authorization: `bEaReR ${world.key}` };

    expect(await world.send({ path: '/v1/things', key: null, headers })).toMatchObject({ status: 200 });
  });

  it.each([
    ['read', 'POST', '/v1/things'],
    ['read', 'PUT', '/v1/things/t1'],
    ['write', 'GET', '/v1/things'],
    ['write', 'GET', '/v1/admin/integrations'],
    ['write', 'POST', '/v1/admin/retry-write/j1'],
    ['write', 'POST', '/v1/admin/cancel-write/j1'],
    ['write', 'POST', '/v1/admin/resolve-write/j1'],
    ['read', 'POST', '/v1/admin/api-keys'],
  ] as const)('a key for %s can not %s %s', async (scope, method, path) => {
    const answer = await world.send({ method, path, key: world.newKey([scope]), ...(method === 'GET' ? {} : { body: {} }) });

    expect(answer).toMatchObject(PROBLEM(403));
  });
});

describe('HTTP', () => {
  it('knows its paths and their methods', async () => {
    expect(await world.send({ path: '/nothing' })).toMatchObject(PROBLEM(404));
    expect(await world.send({ path: '/.git/config', key: null })).toMatchObject(PROBLEM(404));
    const wrong = await world.send({ method: 'DELETE', path: '/v1/things/t1' });
    expect(wrong).toMatchObject(PROBLEM(405));
    expect(wrong.headers.allow).toBe('GET, HEAD, POST, PUT');
    const admin = await world.send({ method: 'DELETE', path: '/v1/admin/write-status/j1' });
    expect(admin.headers.allow).toBe('GET, HEAD');
    expect(await world.send({ method: 'TRACE', path: '/v1/things' })).toMatchObject({ status: 405 });
    expect(await world.send({ path: '/v1/%E0%A4%A' })).toMatchObject({ status: 400 });
    expect(await world.send({ path: `/v1/things/${'x'.repeat(10_000)}` })).toMatchObject({ status: 404 });
  });

  it('does not take a method from a header', async () => {
    const headers = { 'x-http-method-override': 'DELETE' };
    const before = asked.length;

    await world.send({ path: '/v1/admin/integrations/i1', headers });

    expect(asked.slice(before).map(({ action }) => action)).toEqual(['integrations.read']);
  });

  it('keeps a sane request id and replaces any other', async () => {
    const id = async (given: string) =>
      (await world.send({ path: '/v1/things', headers: { 'x-request-id': given } })).headers['x-request-id'];

    expect(await id('my-id.1')).toBe('my-id.1');
    expect(await id('x'.repeat(65))).not.toContain('xxx');
    expect(await id('"quoted"')).not.toContain('"');
  });

  it('gives no version away', async () => {
    const { headers } = await world.send({ path: '/v1/things' });

    expect(Object.keys(headers)).not.toContain('x-powered-by');
    expect(Object.keys(headers)).not.toContain('server');
  });

  it.each([
    ['too large headers', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    [
      'length and chunks at once',
      'POST /v1/a HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['no HTTP', 'hello\r\n\r\n', 400],
  ])('answers %s in its own form and closes', async (_name, bytes, status) => {
    const text = await talk(world.port, bytes);

    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toMatchObject({ status, instance: expect.any(String) });
  });
});

describe('without the services behind it', () => {
  it('is a 503 that says when to come back', async () => {
    const alone = await startWorld();
    try {
      const answer = await alone.send({ path: '/v1/things' });

      expect(answer).toMatchObject(PROBLEM(503));
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    } finally {
      await alone.close();
    }
  }, 20_000);
});

describe('the rate limit', () => {
  it('counts per key, and per address for whoever has none', async () => {
    const small = await startWorld({ rateLimitPerMinute: 5 });
    try {
      small.play(listRecords, emptyList);
      const statuses = async (sent: { key?: string | null; headers?: Record<string, string> }) => {
        const seen: number[] = [];
        for (let count = 0; count < 7; count += 1) seen.push((await small.send({ path: '/v1/things', ...sent })).status);
        return seen;
      };

      const mine = await statuses({});
      const limited = await small.send({ path: '/v1/things' });
      const others = await small.send({ path: '/v1/things', key: small.newKey(['read']) });

      expect(mine).toEqual([200, 200, 200, 200, 200, 429, 429]);
      expect(limited).toMatchObject({ status: 429, headers: { 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '0' } });
      expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
      expect(others).toMatchObject({ status: 200, headers: { 'x-ratelimit-remaining': '4' } });
      // Two looked-up keys count for the address, and a forged address does not make it another one.
      expect(await statuses({ key: null, headers: { 'x-forwarded-for': '9.9.9.9' } })).toEqual([
        401, 401, 401, 429, 429, 429, 429,
      ]);
    } finally {
      await small.close();
    }
  }, 20_000);
});

/** Sends bytes and reads until the other side closes. */
function talk(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(bytes));
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}
