import { beforeEach, describe, expect, it } from '@jest/globals';
import { DemoClient, MINUTE_MS, one } from './demo-client.fixture.ts';

let client: DemoClient;

beforeEach(() => {
  client = new DemoClient();
});

describe('log-in', () => {
  it('answers a bare string', () => {
    expect(client.token).toMatch(/^[\w-]{108}$/);
  });

  it('refuses a wrong password with an ErrorModel', () => {
    const answer = client.logIn('wrong');

    expect(answer).toMatchObject({ status: 401, body: { ErrorCode: -2146233088, Exception: 'ApiAuthenticationException' } });
  });

  it.each([
    ['no token', '', /Missing ApiToken/],
    ['a strange token', 'abc', /could not be validated/],
  ])('refuses a call with %s', (_what, bad, text) => {
    client.token = bad;

    const answer = client.get('/Tenants');

    expect(answer.status).toBe(401);
    expect(one(answer).DeveloperMessage).toMatch(text);
  });

  it('forgets a token after 15 idle minutes, but not while it is used', () => {
    for (let step = 0; step < 3; step += 1) {
      client.nowMs += 14 * MINUTE_MS;
      expect(client.get('/Tenants/101').status).toBe(200);
    }

    client.nowMs += 15 * MINUTE_MS;

    expect(client.get('/Tenants/101').status).toBe(401);
  });

  it('forgets a token after 24 hours, however busy', () => {
    for (let minutes = 0; minutes < 24 * 60 - 10; minutes += 10) {
      client.nowMs += 10 * MINUTE_MS;
      expect(client.get('/Tenants/101').status).toBe(200);
    }

    client.nowMs += 10 * MINUTE_MS;

    expect(client.get('/Tenants/101').status).toBe(401);
  });

  it('refuses the eleventh token of a user until one is released', () => {
    for (let more = 0; more < 9; more += 1) expect(client.logIn().status).toBe(200);
    expect(client.logIn()).toMatchObject({
      status: 401,
      body: { DeveloperMessage: expect.stringContaining('maximum number of times') },
    });

    client.post(`/Authentication/DeAuthorize?token=${client.token}`);

    expect(client.logIn().status).toBe(200);
  });

  it('keeps the records of locations apart', () => {
    const north = { 'x-rm12api-locationid': '2' };

    expect(client.get('/Tenants/101', north).status).toBe(404);
    expect(client.get('/ChargeTypes', north).body).toHaveLength(3);
    expect(client.get('/Tenants', { 'x-rm12api-locationid': '9' }).status).toBe(403);
  });
});

describe('budget', () => {
  it('is told with every answer, counted and enforced only when asked', () => {
    for (let spent = 1; spent < 600; spent += 1) client.get('/Tenants/101');
    expect(client.get('/Tenants/101')).toMatchObject({ status: 200, headers: { 'x-ratelimit-remaining': '499' } });

    client.world = { ...client.world, rateLimits: true };
    for (let spent = 1; spent < 499; spent += 1) client.get('/Tenants/101');
    expect(client.get('/Tenants/101')).toMatchObject({
      status: 200,
      headers: { 'x-ratelimit-observed': '500', 'x-ratelimit-remaining': '0' },
    });
    expect(client.get('/Tenants/101').status).toBe(429);
    client.nowMs += MINUTE_MS;

    expect(client.get('/Tenants/101')).toMatchObject({ status: 200, headers: { 'x-ratelimit-observed': '1' } });
  });
});
