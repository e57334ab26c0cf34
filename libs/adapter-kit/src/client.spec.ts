import { afterEach, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { CREDENTIALS, LOGIN } from '../testing/acme.ts';
import { closeAll, speakingTo } from '../testing/client.ts';
import { json, until, type Answer } from '../testing/vendor.ts';
import { systemClock, type Clock } from './clock.ts';

afterEach(closeAll);

const READ = { method: 'GET', target: '/things', template: '/things' } as const;
const WRITE = { method: 'POST', target: '/things', template: '/things' } as const;

/** A vendor that wants a login: tokens t1, t2, …; `isValid` says which it still knows. */
function withLogins(isValid: (token: string) => boolean = () => true): { answer: Answer; logins: () => number } {
  let logins = 0;
  return {
    logins: () => logins,
    answer: ({ target, headers }, response) => {
      if (target === '/login') return json(response, { token: `t${(logins += 1)}` });
      return isValid(String(headers['x-token'])) ? json(response, { ok: true }) : json(response, { message: 'who?' }, 401);
    },
  };
}

/** Time that stands still until it is moved. */
class HandClock implements Clock {
  private ms = 0;
  readonly now = (): number => systemClock.now() + this.ms;
  readonly elapsed = (): number => systemClock.elapsed() + this.ms;
  move(ms: number): void {
    this.ms += ms;
  }
}

describe('a call', () => {
  it('carries the key of the account and the body as JSON', async () => {
    const { vendor, client } = await speakingTo({ answer: (_, response) => json(response, { Id: 1 }) });

    const result = await client.call(WRITE, { a: 'ü', gone: undefined });

    expect(result).toMatchObject({ verdict: 'done', evidence: 'B', status: 200, answer: { Id: 1 }, reason: null });
    expect(vendor.seen[0]).toMatchObject({
      body: '{"a":"ü"}',
      headers: { 'x-key': CREDENTIALS.key, 'content-type': 'application/json', accept: 'application/json' },
    });
  });

  it('has no body and no content type when nothing is sent', async () => {
    const { vendor, client } = await speakingTo({ answer: (_, response) => json(response, []) });

    await client.call(READ);

    expect(vendor.seen[0]?.body).toBe('');
    expect(vendor.seen[0]?.headers['content-type']).toBeUndefined();
  });

  it('keeps the path of the address', async () => {
    const { vendor, client } = await speakingTo({ answer: (_, response) => json(response, {}), path: '/api/v2/' });

    await client.call(READ);

    expect(vendor.seen[0]?.target).toBe('/api/v2/things');
  });

  it.each([
    [200, '', 'done', 'B'],
    [204, '', 'done', 'B'],
    [201, '{"Id":1}', 'done', 'B'],
    [200, '<html>login</html>', 'unclear', 'C'],
    [200, '{"Id":', 'unclear', 'C'],
    [302, '', 'refused', 'B'],
    [400, '{}', 'refused', 'B'],
    [404, 'no json', 'refused', 'B'],
    [408, '', 'unclear', 'C'],
    [422, '{}', 'refused', 'B'],
    [429, '', 'slow_down', 'B'],
    [500, '{}', 'unclear', 'C'],
    [502, '', 'unclear', 'C'],
    [503, '{}', 'later', 'B'],
    [504, '', 'unclear', 'C'],
    [599, '', 'unclear', 'C'],
  ] as const)('that is answered %d with %j is %s', async (status, body, verdict, evidence) => {
    const { client } = await speakingTo({ answer: (_, response) => void response.writeHead(status).end(body) });

    expect(await client.call(WRITE, {})).toMatchObject({ verdict, evidence, status });
  });

  it('that reached nobody is not sent, and that was lost is unclear', async () => {
    const { vendor, client } = await speakingTo({ answer: (_, response) => void response.destroy() });

    expect(await client.call(WRITE, {})).toMatchObject({ verdict: 'unclear', evidence: 'C', status: null });
    await vendor.close();
    expect(await client.call(WRITE, {})).toMatchObject({ verdict: 'not_sent', evidence: 'A', status: null });
  });

  it('sends nothing when what comes before it throws, and leaves its place', async () => {
    const { vendor, client } = await speakingTo({
      answer: (_, response) => json(response, {}),
      pms: { limits: { concurrent: 1 } },
    });

    await expect(client.call(WRITE, {}, () => Promise.reject(new Error('no ledger')))).rejects.toThrow('no ledger');
    expect(vendor.seen).toHaveLength(0);
    expect(await client.call(WRITE, {})).toMatchObject({ verdict: 'done' });
  });

  it('sends nothing after the moment that what comes before it names', async () => {
    const { vendor, client } = await speakingTo({ answer: (_, response) => json(response, {}) });

    const result = await client.call(WRITE, {}, () => Promise.resolve(performance.now() - 1));

    expect(result).toMatchObject({ verdict: 'not_sent', evidence: 'A' });
    expect(vendor.seen).toHaveLength(0);
  });

  it('hears what the PMS says about an error, without secrets', async () => {
    const { client } = await speakingTo({
      answer: (_, response) =>
        json(response, { message: `key ${CREDENTIALS.key} of jo is bad`, field: CREDENTIALS.key.toUpperCase() }, 422),
    });

    expect((await client.call(WRITE, {})).error).toEqual({
      message: 'key [redacted] of jo is bad',
      fields: [{ remote: '[redacted]', message: 'is wrong' }],
    });
  });

  it('survives an error that is not told as documented', async () => {
    const readError = () => {
      throw new TypeError('not a string');
    };
    const { client } = await speakingTo({ answer: (_, response) => json(response, 5, 422), pms: { readError } });

    expect(await client.call(WRITE, {})).toMatchObject({ verdict: 'refused', error: { message: null, fields: [] } });
  });
});

describe('an account that was refused', () => {
  it('is not tried again at once: many refusals lock an account', async () => {
    const clock = new HandClock();
    const { vendor, client } = await speakingTo({ answer: (_, response) => json(response, {}, 401), clock });

    const first = await client.call(READ);
    const others = await Promise.all(Array.from({ length: 20 }, () => client.call(READ)));

    expect(first).toMatchObject({ verdict: 'unauthorized', evidence: 'B', status: 401 });
    expect(others.every(({ verdict, evidence }) => verdict === 'unauthorized' && evidence === 'A')).toBe(true);
    expect(vendor.seen).toHaveLength(1);

    clock.move(11_000);
    await client.call(READ);
    expect(vendor.seen).toHaveLength(2);
  });
});

describe('an account with a login', () => {
  it('logs in once for many calls at once', async () => {
    const { answer, logins } = withLogins();
    const { vendor, client } = await speakingTo({ answer, pms: { auth: LOGIN } });

    const results = await Promise.all(Array.from({ length: 50 }, () => client.call(READ)));

    expect(results.every(({ verdict }) => verdict === 'done')).toBe(true);
    expect(logins()).toBe(1);
    expect(vendor.seen[0]).toMatchObject({ target: '/login', body: '{"user":"jo","password":"pa55-of-acme"}' });
    expect(new Set(vendor.seen.slice(1).map(({ headers }) => headers['x-token']))).toEqual(new Set(['t1']));
  });

  it('renews a token that lay idle too long or is too old, and no other', async () => {
    const clock = new HandClock();
    const { answer, logins } = withLogins();
    const auth = { ...LOGIN, idleMs: 10 * 60_000, lifetimeMs: 60 * 60_000 };
    const { client } = await speakingTo({ answer, pms: { auth }, clock });
    const callAfter = async (minutes: number): Promise<number> => {
      clock.move(minutes * 60_000);
      await client.call(READ);
      return logins();
    };

    expect(await callAfter(0)).toBe(1);
    expect(await callAfter(9)).toBe(1);
    expect(await callAfter(9.6)).toBe(2);
    for (let count = 0; count < 6; count += 1) expect(await callAfter(9)).toBe(2);
    expect(await callAfter(9)).toBe(3);
  });

  it('renews a forgotten token once and tries again, noting the sending each time', async () => {
    const { answer, logins } = withLogins((token) => token !== 't1');
    const { vendor, client } = await speakingTo({ answer, pms: { auth: LOGIN } });
    let notes = 0;

    const result = await client.call(WRITE, { a: 1 }, async () => void (notes += 1));

    expect(result).toMatchObject({ verdict: 'done' });
    expect([logins(), notes]).toEqual([2, 2]);
    expect(vendor.seen.map(({ target }) => target)).toEqual(['/login', '/things', '/login', '/things']);
  });

  it('sends nothing more when the job became somebody else’s during the new login', async () => {
    const { answer } = withLogins(() => false);
    const { vendor, client } = await speakingTo({ answer, pms: { auth: LOGIN } });
    let notes = 0;
    const beforeSend = async (): Promise<void> => {
      notes += 1;
      if (notes === 2) throw new Error('claim lost');
    };

    await expect(client.call(WRITE, {}, beforeSend)).rejects.toThrow('claim lost');
    expect(vendor.seen.filter(({ target }) => target === '/things')).toHaveLength(1);
  });

  it('gives up after the second refusal', async () => {
    const { answer, logins } = withLogins(() => false);
    const { vendor, client } = await speakingTo({ answer, pms: { auth: LOGIN } });

    expect(await client.call(WRITE, {})).toMatchObject({ verdict: 'unauthorized', evidence: 'B', status: 401 });
    expect(logins()).toBe(2);
    expect(vendor.seen).toHaveLength(4);
  });

  it('renews a token that died under many calls once', async () => {
    let dead = 'none';
    const { answer, logins } = withLogins((token) => token !== dead);
    const { client } = await speakingTo({ answer, pms: { auth: LOGIN } });
    await client.call(READ);
    dead = 't1';

    const results = await Promise.all(Array.from({ length: 30 }, () => client.call(READ)));

    expect(results.every(({ verdict }) => verdict === 'done')).toBe(true);
    expect(logins()).toBe(2);
  });

  it.each([400, 401, 403])('is unauthorized when the login is answered %d, after one try', async (status) => {
    const { vendor, client } = await speakingTo({ answer: (_, response) => json(response, {}, status), pms: { auth: LOGIN } });

    const results = await Promise.all([client.call(WRITE, {}), client.call(WRITE, {})]);

    expect(results.map(({ verdict }) => verdict)).toEqual(['unauthorized', 'unauthorized']);
    expect(vendor.seen.map(({ target }) => target)).toEqual(['/login']);
  });

  it.each([
    ['no answer', (response: Parameters<Answer>[1]) => void response.destroy()],
    ['a server error', (response: Parameters<Answer>[1]) => json(response, {}, 500)],
    ['a page', (response: Parameters<Answer>[1]) => void response.end('<html>')],
    ['no token', (response: Parameters<Answer>[1]) => json(response, {})],
    ['null', (response: Parameters<Answer>[1]) => json(response, null)],
    ['a token that would break a header', (response: Parameters<Answer>[1]) => json(response, { token: 'a\r\nx-evil: 1' })],
    ['a token that is none', (response: Parameters<Answer>[1]) => json(response, { token: { a: 1 } })],
  ])('has sent nothing when the login brings %s', async (_, reply) => {
    const { vendor, client } = await speakingTo({ answer: (__, response) => reply(response), pms: { auth: LOGIN } });
    let notes = 0;

    expect(await client.call(WRITE, {}, async () => void (notes += 1))).toMatchObject({ verdict: 'not_sent', evidence: 'A' });
    expect(notes).toBe(0);
    expect(vendor.seen.every(({ target }) => target === '/login')).toBe(true);
  });

  it('waits when the PMS has no session left for it: its credentials are right', async () => {
    const auth = { ...LOGIN, crowded: { is: () => true, retryAfterMs: 60_000 } };
    const { client } = await speakingTo({ answer: (_, response) => json(response, {}, 401), pms: { auth } });

    expect(await client.call(WRITE, {})).toMatchObject({ verdict: 'slow_down', evidence: 'A', retryAfterMs: 60_000 });
  });

  it('never logs in with a token of its own, and takes its refusal as final', async () => {
    const auth = { ...LOGIN, headers: { 'x-user': 'user' }, unless: { credential: 'key', header: 'x-partner' } };
    const { vendor, client } = await speakingTo({ answer: (_, response) => json(response, {}, 401), pms: { auth } });

    expect(await client.call(WRITE, {})).toMatchObject({ verdict: 'unauthorized' });
    expect(vendor.seen).toHaveLength(1);
    expect(vendor.seen[0]?.headers).toMatchObject({ 'x-partner': CREDENTIALS.key, 'x-user': 'jo' });
    expect(vendor.seen[0]?.headers['x-token']).toBeUndefined();
  });

  it('shows its token to nobody who only looks', async () => {
    const { client } = await speakingTo({
      answer: ({ target }, response) =>
        json(
          response,
          target === '/login' ? { token: 'very-secret-token' } : { message: 'very-secret-token' },
          target === '/login' ? 200 : 422,
        ),
      pms: { auth: LOGIN },
    });
    const result = await client.call(READ);

    expect(result.error.message).toBe('[redacted]');
    for (const shown of [inspect(client, { depth: 5, showHidden: true, getters: true }), JSON.stringify(result)])
      for (const secret of ['very-secret-token', CREDENTIALS.password]) expect(shown).not.toContain(secret);
  });
});

describe('a PMS that asks for patience', () => {
  it('is not called inside the time that it named, by any job of the account', async () => {
    const { vendor, client } = await speakingTo({
      answer: (_, response, count) => (count === 1 ? json(response, {}, 429, { 'retry-after': '1' }) : json(response, {})),
    });

    const first = await client.call(READ);
    const refusedAt = performance.now();
    const others = await Promise.all(Array.from({ length: 10 }, () => client.call(READ)));

    expect(first).toMatchObject({ verdict: 'slow_down', evidence: 'B', retryAfterMs: 1_000 });
    expect(others.every(({ verdict }) => verdict === 'done')).toBe(true);
    expect(performance.now() - refusedAt).toBeGreaterThanOrEqual(990);
    expect(vendor.seen).toHaveLength(11);
  });

  it('gets its jobs back to the ledger when it names a long time', async () => {
    const { vendor, client } = await speakingTo({
      answer: (_, response) => json(response, {}, 429, { 'retry-after': '315360000' }),
    });

    const first = await client.call(READ);
    const others = await Promise.all(Array.from({ length: 10 }, () => client.call(READ)));

    expect(first.retryAfterMs).toBe(3_600_000);
    for (const other of others)
      expect(other).toMatchObject({ verdict: 'slow_down', evidence: 'A', retryAfterMs: expect.closeTo(3_600_000, -5) });
    expect(vendor.seen).toHaveLength(1);
  });

  it('is not called by a call that was admitted before and noted since', async () => {
    const { vendor, client } = await speakingTo({ answer: (_, response) => json(response, {}, 429, { 'retry-after': '60' }) });
    let goOn = (): void => {};
    const noting = new Promise<void>((resolve) => (goOn = resolve));

    const admitted = client.call(WRITE, {}, () => noting);
    await client.call(READ);
    goOn();

    expect(await admitted).toMatchObject({ verdict: 'slow_down', evidence: 'A' });
    expect(vendor.seen).toHaveLength(1);
  });

  it('is believed when it says that nothing is left', async () => {
    const { vendor, client } = await speakingTo({
      answer: (_, response) =>
        json(response, {}, 200, { 'x-remaining': '0', 'x-reset': String(Math.ceil(Date.now() / 1_000) + 3_000) }),
    });

    expect(await client.call(READ)).toMatchObject({ verdict: 'done' });
    expect(await client.call(READ)).toMatchObject({ verdict: 'slow_down', evidence: 'A' });
    expect(vendor.seen).toHaveLength(1);
  });

  it('never has more calls under way than it allows', async () => {
    let [under, most] = [0, 0];
    const { vendor, client } = await speakingTo({
      answer: (_, response) => {
        most = Math.max(most, (under += 1));
        setTimeout(() => {
          under -= 1;
          json(response, {});
        }, 5);
      },
      pms: { limits: { concurrent: 3 } },
    });

    await Promise.all(Array.from({ length: 30 }, () => client.call(READ)));

    expect(most).toBe(3);
    await until(() => vendor.seen.length === 30);
  });
});
