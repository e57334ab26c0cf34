import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  acceptWrite,
  administer,
  getRecord,
  listDataDiffs,
  listRecords,
  listSyncLogs,
  readSyncLog,
  writeStatus,
  type AdminRequest,
  type WriteRequest,
} from '#messaging';
import { Problem } from '#problem';
import { PROBLEM } from '../testing/problem.ts';
import { startWorld, type World } from '../testing/world.ts';

let world: World;
const writes: WriteRequest[] = [];
const asked: AdminRequest[] = [];

beforeAll(async () => {
  world = await startWorld();
  world.play(acceptWrite, (request) => {
    writes.push(request);
    return {
      job_id: 'job-1',
      data: { id: 'r1', name: null },
      ignored_fields: ['x'],
      replayed: request.idempotency_key === 'again',
    };
  });
  world.play(administer, (request) => {
    asked.push(request);
    return { status: 200, body: { action: request.action } };
  });
  world.play(listRecords, () => ({
    meta: { offset: 0, limit: 100, orderBy: [], hasMore: false, total: 0, nextCursor: null },
    results: [],
    age_seconds: 7,
  }));
  world.play(getRecord, ({ id }) => {
    if (id !== 'r1') throw Problem.notFound('record');
    return { result: { id }, age_seconds: 3 };
  });
}, 30_000);
afterAll(() => world?.close());

describe('writes', () => {
  it.each([
    ['POST', '/v1/things', { operation: 'create', model: 'things' }],
    ['POST', '/v1/things/', { operation: 'create', model: 'things' }],
    ['POST', '/v1/things/acme/', { operation: 'create', model: 'things', vendor: 'acme' }],
    ['POST', '/v1/things/t1/notes', { operation: 'create', model: 'things', id: 't1', child: 'notes' }],
    ['POST', '/v1/things/acme/t1/notes/', { operation: 'create', model: 'things', vendor: 'acme', id: 't1', child: 'notes' }],
    ['PUT', '/v1/things/t1', { operation: 'update', model: 'things', id: 't1' }],
    ['PUT', '/v1/things/acme/t1/', { operation: 'update', model: 'things', vendor: 'acme', id: 't1' }],
  ])('%s %s goes to the router as it is meant', async (method, path, target) => {
    const answer = await world.send({ method, path, body: { a: 1 } });

    const { job_id, principal, payload, ignore_unknown_fields, dry_run, ...sent } = writes.at(-1) as WriteRequest;
    expect(sent).toEqual(target);
    expect({ payload, ignore_unknown_fields, dry_run }).toEqual({
      payload: { a: 1 },
      ignore_unknown_fields: false,
      dry_run: false,
    });
    expect(job_id).toMatch(/^[a-z0-9]{25}$/);
    expect(principal.organization_id).toBe('org-a');
    expect(answer).toMatchObject({
      status: 200,
      body: { job_id: 'job-1', data: { id: 'r1', name: null }, meta: { job_id: 'job-1', ignored_fields: ['x'] } },
    });
  });

  it('passes flags and key on, and says when an answer is a repeated one', async () => {
    const headers = { 'idempotency-key': 'again' };

    const answer = await world.send({
      method: 'POST',
      path: '/v1/things?dry_run=true&ignore_unknown_fields=true',
      headers,
      body: {},
    });

    expect(writes.at(-1)).toMatchObject({ dry_run: true, ignore_unknown_fields: true, idempotency_key: 'again' });
    expect(answer.headers['idempotent-replayed']).toBe('true');
  });

  it.each([
    ['/v1/things?dry_run=yes', {}, 'dry_run'],
    ['/v1/things?limit=5', {}, 'limit'],
    ['/v1/things?dry_run=true&dry_run=true', {}, 'dry_run'],
    ['/v1/things?__proto__=1', {}, '__proto__'],
    ['/v1/things', { 'idempotency-key': 'with blank' }, 'Idempotency-Key'],
    ['/v1/things', { 'idempotency-key': 'x'.repeat(256) }, 'Idempotency-Key'],
  ])('refuses %s %j, naming what is wrong', async (path, headers, name) => {
    const answer = await world.send({ method: 'POST', path, headers, body: {} });

    expect(answer).toMatchObject(PROBLEM(400));
    expect(answer.body.detail).toContain(name);
  });

  it.each<[string, unknown, number]>([
    ['a list', [1], 400],
    ['a text', '"x"', 400],
    ['null', 'null', 400],
    ['nothing', undefined, 400],
    ['broken JSON', '{"a":', 400],
    ['__proto__', '{"__proto__":{"polluted":true}}', 400],
    ['constructor', '{"a":{"constructor":{"prototype":{"polluted":true}}}}', 400],
    ['NUL', '{"a":"\\u0000"}', 400],
    ['half a surrogate pair', '{"a":"\\ud800"}', 400],
    ['1e400', '{"a":1e400}', 400],
    ['an integer beyond 2^53', '{"a":9007199254740993}', 400],
    ['deep nesting', `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 400],
    ['too many values', { a: Array.from({ length: 10_001 }, () => 1) }, 400],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400],
    ['a big body', `{"a":"${'x'.repeat(1_100_000)}"}`, 413],
  ])('refuses %s', async (_name, body, status) => {
    const before = writes.length;

    const answer = await world.send({ method: 'POST', path: '/v1/things', body });

    expect(answer).toMatchObject(PROBLEM(status));
    expect(writes).toHaveLength(before);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'refuses a body of type %s',
    async (type) => {
      const answer = await world.send({ method: 'POST', path: '/v1/things', headers: { 'content-type': type }, body: 'a=1' });

      expect(answer).toMatchObject(PROBLEM(415));
    },
  );

  it('hands problems on with their words, issues and published envelope', async () => {
    const issue = { pointer: '/size', code: 'unknown_field', detail: 'size is not a field.' } as const;
    world.play(acceptWrite, () => {
      throw Problem.invalid([issue]);
    });

    const answer = await world.send({ method: 'PUT', path: '/v1/things/t1', body: { size: 1 } });

    expect(answer).toMatchObject(PROBLEM(400));
    expect(answer.body).toMatchObject({
      detail: issue.detail,
      errors: [issue],
      error: { code: 'invalid_request', details: { issues: [{ code: 'unrecognized_keys', keys: ['size'] }] } },
    });
  });

  it('is a 405 with the other methods where the PMS lacks the operation', async () => {
    world.play(acceptWrite, () => {
      throw new Problem('operation_not_supported', 'Acme never changes a thing.');
    });

    const answer = await world.send({ method: 'PUT', path: '/v1/things/t1', body: {} });

    expect(answer).toMatchObject(PROBLEM(405));
    expect(answer.headers.allow).toBe('GET, HEAD, POST');
  });

  it('says nothing about an error that is a bug', async () => {
    world.play(acceptWrite, () => {
      throw new Error('secret of the house');
    });

    const answer = await world.send({ method: 'POST', path: '/v1/things', body: {} });

    expect(answer).toMatchObject(PROBLEM(500));
    expect(answer.text).not.toMatch(/secret|at .*\.ts|Error/);
  });
});

describe('reads', () => {
  it('lists and reads any model, with the age of the copy', async () => {
    const list = await world.send({ path: '/v1/things/?name=a' });
    const one = await world.send({ path: '/v1/things/r1/' });
    const head = await world.send({ method: 'HEAD', path: '/v1/things/r1' });

    expect(list).toMatchObject({ status: 200, headers: { 'latchkey-data-age': '7' }, body: { meta: { total: 0 }, results: [] } });
    expect(one).toMatchObject({
      status: 200,
      headers: { 'latchkey-data-age': '3' },
      body: { meta: { total: 1 }, results: { id: 'r1' } },
    });
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(await world.send({ path: '/v1/things/r2' })).toMatchObject(PROBLEM(404));
  });

  it('takes the parameters of lists for one record too, as published, and no others', async () => {
    const paged = await world.send({ path: '/v1/things/r1/?order-by=created_at:desc&offset=0&limit=100' });
    const other = await world.send({ path: '/v1/things/r1?limit=1&name=a' });

    expect(paged.status).toBe(200);
    expect(other).toMatchObject(PROBLEM(400));
    expect(other.body).toMatchObject({
      errors: [{ pointer: '', parameter: 'name', code: 'unknown_field' }],
      error: { details: { issues: [{ code: 'unrecognized_keys', keys: ['name'], path: [] }] } },
    });
  });
});

describe('administration', () => {
  it.each([
    ['GET', '/v1/admin/integrations/?limit=5', 'integrations.list'],
    ['POST', '/v1/admin/integrations', 'integrations.create'],
    ['GET', '/v1/admin/integrations/i1/', 'integrations.read'],
    ['PUT', '/v1/admin/integrations/i1', 'integrations.update'],
    ['DELETE', '/v1/admin/integrations/i1/', 'integrations.delete'],
    ['POST', '/v1/admin/integrations/i1/data-access', 'integrations.start-data-access'],
    ['GET', '/v1/admin/integrations/i1/data-access', 'integrations.read-data-access'],
    ['POST', '/v1/admin/integrations/i1/manual-sync', 'integrations.manual-sync'],
    ['POST', '/v1/admin/integrations/i1/back-sync', 'integrations.back-sync'],
    ['GET', '/v1/admin/integrations/i1/job-schedules/', 'integrations.list-job-schedules'],
    ['GET', '/v1/admin/integrations/i1/job-schedules/s1/', 'integrations.read-job-schedule'],
    ['GET', '/v1/admin/api-keys/', 'api-keys.list'],
    ['POST', '/v1/admin/api-keys', 'api-keys.create'],
    ['DELETE', '/v1/admin/api-keys/k1', 'api-keys.delete'],
    ['GET', '/v1/capabilities/', 'capabilities.list'],
    ['GET', '/v1/capabilities/acme/things', 'capabilities.list'],
    ['GET', '/v1/capabilities/acme/things/create?format=json-schema', 'capabilities.read'],
    ['POST', '/v1/capabilities/acme/things/create/validate', 'capabilities.validate'],
  ])('%s %s is the action %s', async (method, path, action) => {
    const answer = await world.send({ method, path, ...(method === 'POST' || method === 'PUT' ? { body: {} } : {}) });

    expect(answer).toMatchObject({ status: 200, body: { action } });
    expect(asked.at(-1)?.action).toBe(action);
  });
});

describe('reports about syncs', () => {
  const page = { meta: { offset: 0, limit: 100, orderBy: [], hasMore: false, total: 0 }, results: [] };
  beforeAll(() => {
    world.play(listSyncLogs, ({ query }) => ({ ...page, results: [query] }));
    world.play(listDataDiffs, ({ query }) => ({ ...page, results: [query] }));
    world.play(readSyncLog, ({ id }) => {
      if (id !== 'run-1') throw Problem.notFound('job');
      return { id, job_type: 'sync:things' };
    });
    world.play(writeStatus, ({ job_id }) => {
      if (job_id !== 'job-1') throw Problem.notFound('write');
      return { job_id, operation: 'create', model: 'things', write_status: 'PARTIAL_SUCCESS', errors: ['One.'] } as never;
    });
  });

  it.each(['/v1/admin/logs/jobs/?status=SUCCESS', '/v1/admin/data-diffs/?status=SUCCESS'])(
    '%s hands filters on',
    async (path) => {
      expect(await world.send({ path })).toMatchObject({ status: 200, body: { results: [{ status: 'SUCCESS' }] } });
      expect(await world.send({ path, key: world.newKey(['read', 'write']) })).toMatchObject(PROBLEM(403));
    },
  );

  it('finds the entries of syncs and of writes by their ids', async () => {
    const sync = await world.send({ path: '/v1/admin/job-logs/run-1/?limit=5' });
    const write = await world.send({ path: '/v1/admin/logs/jobs/job-1?include_all_jobs=true' });

    expect(sync.body).toMatchObject({ meta: { total: 1 }, results: { id: 'run-1', job_type: 'sync:things' } });
    expect(write.body.results).toMatchObject([{ id: 'job-1', job_type: 'create:things', status: 'FAILURE', error: 'One.' }]);
    expect(await world.send({ path: '/v1/admin/job-logs/nobodys' })).toMatchObject(PROBLEM(404));
    expect(await world.send({ path: '/v1/admin/logs/jobs/job-1?include_all_jobs=maybe' })).toMatchObject(PROBLEM(400));
  });
});
