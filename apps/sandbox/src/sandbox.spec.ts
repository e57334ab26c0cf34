import { connect } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createSandbox } from './sandbox.ts';

interface Journal {
  effects: { seq: number; resource: string; action: string; id: string; sent: unknown; record: Record<string, unknown> }[];
  calls: { seq: number; method: string; path: string; status: number | null; fault: string | null }[];
}

const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
const journalFile = join(folder, 'journal.jsonl');
const NEW_TENANT = [{ PropertyID: 1, FirstName: 'Ida', LastName: 'Moss' }];

let app: NestFastifyApplication;
let url: string;
let token: string;

const post = (path: string, body?: unknown): Promise<Response> =>
  fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-rm12api-apitoken': token },
    body: body === undefined ? null : JSON.stringify(body),
  });
const get = (path: string): Promise<Response> => fetch(url + path, { headers: { 'x-rm12api-apitoken': token } });
const journal = async (query = ''): Promise<Journal> => (await (await get(`/_journal${query}`)).json()) as Journal;
const createTenant = (): Promise<Response> => post('/rentmanager/Tenants', NEW_TENANT);
const effectCount = async (): Promise<number> => (await journal('?vendor=RENTMANAGER')).effects.length;
const onTenants = { vendor: 'RENTMANAGER', method: 'POST', path: '^/Tenants$' };

beforeAll(async () => {
  app = await createSandbox({ journalFile });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});

beforeEach(async () => {
  token = '';
  await fetch(`${url}/_reset`, { method: 'POST' });
  const answer = await post('/rentmanager/Authentication/AuthorizeUser', { Username: 'latchkey', Password: 'sandbox' });
  token = (await answer.json()) as string;
});

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

describe('faults', () => {
  it('hang: never answers while the client waits, and acts only when told to fail after', async () => {
    await post('/_faults', { ...onTenants, when: 'after', kind: 'hang' });

    const waiting = fetch(`${url}/rentmanager/Tenants`, {
      method: 'POST',
      headers: { 'x-rm12api-apitoken': token },
      body: JSON.stringify(NEW_TENANT),
      signal: AbortSignal.timeout(150),
    });

    await expect(waiting).rejects.toThrow(/timeout/);
    expect(await effectCount()).toBe(1);
    expect((await journal()).calls.at(-1)).toMatchObject({ status: null, fault: 'hang' });
  });

  it('reset: cuts the connection without a byte', async () => {
    await post('/_faults', { ...onTenants, when: 'before', kind: 'reset' });

    await expect(createTenant()).rejects.toMatchObject({ cause: { code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/) } });

    expect(await effectCount()).toBe(0);
  });

  it('status: answers the status, headers and body of the rule', async () => {
    await post('/_faults', {
      ...onTenants,
      when: 'before',
      kind: 'status',
      status: 503,
      headers: { 'x-why': 'test' },
      body: { down: true },
    });

    const answer = await createTenant();

    expect([answer.status, answer.headers.get('x-why'), await answer.json()]).toEqual([503, 'test', { down: true }]);
    expect(await effectCount()).toBe(0);
  });

  it('truncate: announces a success longer than what it sends', async () => {
    await post('/_faults', { ...onTenants, when: 'after', kind: 'truncate' });

    const raw = await rawAnswer('/rentmanager/Tenants', NEW_TENANT);

    const [head = '', body = ''] = raw.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 201 /);
    expect(Number(/content-length: (\d+)/i.exec(head)?.[1])).toBeGreaterThan(Buffer.byteLength(body));
    expect(body.length).toBeGreaterThan(0);
    expect(await effectCount()).toBe(1);
  });

  it('garbage: 200 with a body that no JSON parser accepts', async () => {
    await post('/_faults', { ...onTenants, when: 'after', kind: 'garbage' });

    const answer = await createTenant();

    expect(answer.status).toBe(200);
    await expect(answer.json()).rejects.toThrow(/JSON/);
  });

  it('page: 200 with a page for people, although the effect happened', async () => {
    await post('/_faults', { ...onTenants, when: 'after', kind: 'page' });

    const answer = await createTenant();

    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(await effectCount()).toBe(1);
  });

  it('empty: 200 with no body, although the effect happened', async () => {
    await post('/_faults', { ...onTenants, when: 'after', kind: 'empty' });

    const answer = await createTenant();

    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(await effectCount()).toBe(1);
  });

  it('slow: the honest answer, late', async () => {
    await post('/_faults', { ...onTenants, when: 'after', kind: 'slow', delay_ms: 120 });
    const started = performance.now();

    const answer = await createTenant();

    expect(answer.status).toBe(201);
    expect(performance.now() - started).toBeGreaterThan(110);
  });

  it('slow before: nothing happens when the client has left meanwhile', async () => {
    await post('/_faults', { ...onTenants, when: 'before', kind: 'slow', delay_ms: 80 });
    await post('/_faults', { ...onTenants, when: 'before', kind: 'slow', delay_ms: 160 });

    const leaving = fetch(`${url}/rentmanager/Tenants`, {
      method: 'POST',
      headers: { 'x-rm12api-apitoken': token },
      body: JSON.stringify(NEW_TENANT),
      signal: AbortSignal.timeout(40),
    });
    await expect(leaving).rejects.toThrow(/timeout/);
    await createTenant();

    expect(await effectCount()).toBe(1);
  });

  it('rate_limit: 429 with Retry-After when the rule names seconds', async () => {
    await post('/_faults', { ...onTenants, when: 'before', kind: 'rate_limit', retry_after: 7 });

    const answer = await createTenant();

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
  });

  it('lets `skip` calls pass, hits `times` calls, then is spent', async () => {
    await post('/_faults', { ...onTenants, when: 'before', kind: 'status', status: 500, skip: 1, times: 2 });

    const statuses = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await createTenant()).status);

    expect(statuses).toEqual([201, 500, 500, 201]);
    expect(await (await get('/_faults')).json()).toMatchObject([{ kind: 'status', remaining: 0 }]);
  });

  it('hits only the calls that match', async () => {
    await post('/_faults', { ...onTenants, when: 'before', kind: 'status', status: 500, times: 0 });

    expect((await get('/rentmanager/Tenants')).status).toBe(200);
    expect((await post('/rentmanager/Tenants/101', { Comment: 'x' })).status).toBe(200);
    expect((await createTenant()).status).toBe(500);
  });

  it.each([
    ['an unknown kind', { when: 'before', kind: 'sulk' }, /kind must be one of/],
    ['a missing when', { kind: 'hang' }, /when must be one of/],
    ['a bad pattern', { when: 'before', kind: 'hang', path: '(' }, /path must be a valid regular expression/],
    ['an unknown member', { when: 'before', kind: 'hang', colour: 'red' }, /colour should not exist/],
    ['a status fault without a status', { when: 'before', kind: 'status' }, /status must be an integer/],
    ['a slow fault without a delay', { when: 'after', kind: 'slow' }, /delay_ms must be an integer/],
    ['an unknown vendor', { when: 'before', kind: 'hang', vendor: 'ACME' }, /vendor must be one of/],
  ])('refuses %s and says why', async (_what, rule, reason) => {
    const answer = await post('/_faults', rule);

    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(reason);
    expect(await (await get('/_faults')).json()).toEqual([]);
  });
});

describe('journal', () => {
  it('numbers calls and effects together, reads on from `since`, and writes each effect to the file', async () => {
    await createTenant();
    const { effects, calls } = await journal();
    const last = Math.max(...effects.map(({ seq }) => seq), ...calls.map(({ seq }) => seq));

    await post('/rentmanager/Tenants/101', { Comment: 'seen' });
    const later = await journal(`?since=${last}`);

    expect(later.effects).toMatchObject([{ resource: 'Tenants', action: 'update', id: '101', sent: { Comment: 'seen' } }]);
    expect(later.calls).toMatchObject([{ method: 'POST', path: '/Tenants/101', status: 200, fault: null }]);
    const lines = readFileSync(journalFile, 'utf8').trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual(later.effects[0]);
  });

  it('keeps no credentials: only the content type of a request', async () => {
    await createTenant();

    expect(JSON.stringify(await journal())).not.toContain(token);
  });
});

describe('settings', () => {
  it('hides young records from lists for the search delay, but not from a direct read', async () => {
    await post('/_settings', { search_delay_ms: 60_000 });
    const [created] = (await (await createTenant()).json()) as { TenantID: number }[];

    const found = await get('/rentmanager/Tenants?filters=LastName,eq,Moss');
    const read = await get(`/rentmanager/Tenants/${created?.TenantID}`);

    expect([found.status, read.status]).toEqual([204, 200]);
    await post('/_settings', { search_delay_ms: 0 });
    expect((await get('/rentmanager/Tenants?filters=LastName,eq,Moss')).status).toBe(200);
  });

  it('refuses a body that is no JSON', async () => {
    const answer = await fetch(`${url}/_settings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });

    expect(answer.status).toBe(400);
  });

  it('refuses an unknown setting', async () => {
    expect((await post('/_settings', { speed: 1 })).status).toBe(400);
  });
});

describe('reset', () => {
  it('returns to the demo records without faults, settings and journal', async () => {
    await createTenant();
    await post('/_faults', { when: 'before', kind: 'hang', times: 0 });
    await post('/_settings', { latency_ms: 5 });

    await post('/_reset');

    expect(await journal()).toEqual({ effects: [], calls: [] });
    expect(await (await get('/_faults')).json()).toEqual([]);
    expect(await (await get('/_settings')).json()).toMatchObject({ latency_ms: 0 });
    expect((await get('/rentmanager/Tenants')).status).toBe(401);
  });
});

describe('the front', () => {
  it('names every vendor with the credentials of its demo account', async () => {
    expect(await (await get('/_demo')).json()).toMatchObject([
      { vendor: 'BUILDIUM', slug: 'buildium' },
      { vendor: 'RENTMANAGER', slug: 'rentmanager', credentials: { Username: 'latchkey', Password: 'sandbox' } },
    ]);
  });

  it('answers an unknown vendor with 404', async () => {
    expect((await get('/acme/v1/things')).status).toBe(404);
  });
});

/** Every byte of one answer, for what an HTTP client would hide. */
function rawAnswer(path: string, body: unknown): Promise<string> {
  const text = JSON.stringify(body);
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(Number(port), hostname);
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: sandbox\r\nx-rm12api-apitoken: ${token}\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
    );
  });
}
