/** What a careless or hostile caller sends: a clear 4xx with the published envelope inside, never a 500, and nothing stored. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, type Api, type Loose } from '../support/api.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld('bad-input');
const json = { 'content-type': 'application/json' };
let resident: Loose;
let stranger: Api;

beforeAll(async () => {
  resident = await world().find('residents', 'BUILDIUM');
  const provision = await promisify(execFile)(
    process.execPath,
    ['dist/apps/router/src/provision.js', '--organization', 'Stranger'],
    {
      env: { ...process.env, DATABASE_URL: world().stack.urls.database, NODE_ENV: 'development' },
    },
  );
  stranger = world().apiFor(JSON.parse(provision.stdout).admin_key);
}, 60_000);

function expectProblem(answer: Answer<Loose>, status: number): void {
  expect({ status: answer.status, body: answer.body }).toMatchObject({
    status,
    body: {
      status,
      type: expect.any(String),
      title: expect.any(String),
      error: { code: expect.any(String), message: expect.any(String) },
    },
  });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.headers.get('x-request-id')).toBeTruthy();
  expect(answer.headers.get('x-ratelimit-limit')).toBeTruthy();
  expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|at .*\.[jt]s:\d/);
}

async function writesStored(): Promise<number> {
  const { body } = await world().api.get('/v1/admin/logs/writes/?limit=100');
  return body.results.logs.length;
}

describe('a body', () => {
  const cases: [string, string | Uint8Array, number][] = [
    ['that is no JSON', '{"first_name":', 400],
    ['that is empty', '', 400],
    ['that is a list', '[]', 400],
    ['that is a text', '"x"', 400],
    ['that is null', 'null', 400],
    ['with a wrong type', '{"first_name": 7}', 400],
    ['with an unknown field', '{"first_nam": "Ann"}', 400],
    ['with a read-only field', '{"id": "x", "first_name": "Ann"}', 400],
    ['with nothing in it', '{}', 400],
    ['that pollutes prototypes', '{"__proto__": {"is_admin": true}, "first_name": "Ann"}', 400],
    ['that names a constructor', '{"constructor": {"prototype": {"x": 1}}}', 400],
    ['that is 10,000 levels deep', `{"custom_data":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`, 400],
    ['of 100,000 keys', `{${Array.from({ length: 100_000 }, (_, n) => `"k${n}":1`).join(',')}}`, 413],
    ['of 10 MB', `{"notes":"${'x'.repeat(10_000_000)}"}`, 413],
    ['with a NUL in a text', '{"first_name": "A\\u0000nn"}', 400],
    ['with half a character', '{"first_name": "A\\ud800nn"}', 400],
    ['that is not UTF-8', Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d]), 400],
  ];

  it.each(cases)('%s is refused', async (_, body, status) => {
    const before = await writesStored();

    const answer = await world().api.raw('PUT', `/v1/residents/${resident.id}`, body, json);

    if (status === 413) expect([400, 413]).toContain(answer.status);
    else expectProblem(answer, status);
    expect(await writesStored()).toBe(before);
  });

  it('of another content type is a 415', async () => {
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      expectProblem(
        await world().api.raw('PUT', `/v1/residents/${resident.id}`, '{"first_name":"Ann"}', { 'content-type': type }),
        415,
      );
    }
  });

  it('with many faults has all of them told at once', async () => {
    const answer = await world().api.put(`/v1/residents/${resident.id}`, {
      first_name: 7,
      email_1: 'nobody',
      zodiac: 'x',
      gender: 'MALE',
    });

    expectProblem(answer, 400);
    expect(answer.body.errors.map(({ pointer }: Loose) => pointer).sort()).toEqual([
      '/email_1',
      '/first_name',
      '/gender',
      '/zodiac',
    ]);
  });
});

describe('an id', () => {
  it('that does not exist and one of another organization look the same', async () => {
    const unknown = `${resident.id.slice(0, -4)}zzzz`;
    const shape = ({ status, body }: Answer<Loose>) => ({ status, body: { ...body, instance: null } });
    for (const [method, path, body] of [
      ['GET', '/v1/residents/ID', undefined],
      ['PUT', '/v1/residents/ID', { first_name: 'Ann' }],
      ['POST', '/v1/residents/ID/notes', { notes: 'x' }],
      ['GET', '/v1/admin/integrations/ID/', undefined],
      ['PUT', '/v1/admin/integrations/ID/', { name: 'x' }],
      ['GET', '/v1/admin/write-status/ID', undefined],
    ] as const) {
      const job = (await world().api.put(`/v1/residents/${resident.id}`, { first_name: 'Ann' })).body.job_id;
      const existing = path.includes('integrations')
        ? world().integration('BUILDIUM')
        : path.includes('status')
          ? job
          : resident.id;
      const send = (id: string) => stranger.raw(method, path.replace('ID', id), body && JSON.stringify(body), body ? json : {});
      const [foreign, missing] = [await send(existing), await send(unknown)];
      expectProblem(foreign, 404);
      expect(shape(foreign)).toEqual(shape(missing));
    }
  });

  it('of another organization inside a body is refused', async () => {
    const lease = await world().find('leases', 'BUILDIUM');
    const answer = await stranger.post('/v1/residents/', { integration_id: world().integration('BUILDIUM'), lease_id: lease.id });

    expectProblem(answer, 404);
  });

  it('of a record of another PMS is an unknown reference', async () => {
    const foreign = await world().find('units', 'RENTMANAGER');
    const applicant = await world().find('applicants', 'BUILDIUM');
    const answer = await world().api.put(`/v1/applicants/${applicant.id}`, { unit_id: foreign.id });

    expectProblem(answer, 400);
    expect(answer.body.errors).toEqual([expect.objectContaining({ pointer: '/unit_id', code: 'unknown_reference' })]);
  });

  it.each(['*', '%3E', 'a.b', '..%2F..%2Fadmin', '%00', "';drop table x--", 'x'.repeat(3_000), '%F0%9F%98%80'])(
    'like %s is a 4xx',
    async (id) => {
      const answer = await world().api.put(`/v1/residents/${id}`, { first_name: 'Ann' });

      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    },
  );
});

describe('a caller', () => {
  it('without a valid key is a 401', async () => {
    expectProblem(await world().anonymous.get('/v1/residents/'), 401);
    for (const authorization of [
      'Bearer',
      'Bearer x',
      'Basic abc',
      `Bearer lk_live_${'a'.repeat(33)}`,
      'Bearer lk_live_x\u00e9',
    ]) {
      const answer = await world()
        .anonymous.get('/v1/residents/', { authorization })
        .catch(() => undefined);
      if (answer) expectProblem(answer, 401);
    }
  });

  it('without the scope is a 403', async () => {
    expectProblem(await world().api.get('/v1/admin/api-keys/'), 403);
    expectProblem(await world().api.post('/v1/admin/integrations/', {}), 403);
  });
});

describe('an address', () => {
  it('with an unknown parameter is a 400 that names it', async () => {
    for (const path of ['/v1/residents/?colour=red', `/v1/residents/${resident.id}?dry=1`]) {
      const answer = await world().api.get(path);
      expectProblem(answer, 400);
      expect(JSON.stringify(answer.body.errors)).toMatch(/colour|dry/);
    }
  });

  it('that does not exist is a 404, and a wrong method a 405', async () => {
    expectProblem(await world().api.get('/v1/zebras/'), 404);
    expectProblem(await world().api.get('/nowhere'), 404);
    expectProblem(await world().api.delete('/v1/residents/'), 405);
  });

  it('of a system-specific write must fit the record', async () => {
    expect((await world().api.put(`/v1/residents/buildium/${resident.id}`, { first_name: 'Ann' })).status).toBe(200);
    expectProblem(await world().api.put(`/v1/residents/rentmanager/${resident.id}`, { first_name: 'Ann' }), 400);
    expectProblem(await world().api.put(`/v1/residents/zebra/${resident.id}`, { first_name: 'Ann' }), 404);
  });
});

describe('a dry run', () => {
  it('checks everything and stores nothing', async () => {
    const before = await writesStored();

    const good = await world().api.put(`/v1/residents/${resident.id}?dry_run=true`, { first_name: 'Ann' });
    const bad = await world().api.put(`/v1/residents/${resident.id}?dry_run=true`, { gender: 'MALE' });

    expect(good.status).toBe(200);
    expect(good.body.job_id).toBeUndefined();
    expectProblem(bad, 400);
    expect(await writesStored()).toBe(before);
  });
});
