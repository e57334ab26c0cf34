import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { acceptWrite, cancelWrite, resolveWrite, writeEventSubject, writeStatus, type State, type WriteStatus } from '#messaging';
import { Problem } from '#problem';
import { PROBLEM } from '../../testing/problem.ts';
import { startWorld, type World } from '../../testing/world.ts';

let world: World;
let state: State = 'ACCEPTED';
let looks = 0;

const TERMINAL: Partial<Record<State, WriteStatus['write_status']>> = { SUCCEEDED: 'SUCCESS', FAILED: 'FAILURE' };

beforeAll(async () => {
  world = await startWorld();
  world.play(acceptWrite, ({ dry_run }) => ({
    ...(dry_run ? {} : { job_id: 'job-1' }),
    data: {},
    ignored_fields: [],
    replayed: false,
  }));
  world.play(writeStatus, ({ job_id }) => {
    looks += 1;
    if (job_id !== 'job-1') throw Problem.notFound('write');
    return {
      job_id,
      state,
      write_status: TERMINAL[state] ?? 'PENDING',
      errors: [],
      created_record_id: null,
    } as unknown as WriteStatus;
  });
}, 30_000);
beforeEach(() => {
  state = 'ACCEPTED';
  looks = 0;
});
afterAll(() => world?.close());

/** The write goes on, and the news of it goes round. */
function move(to: State): void {
  state = to;
  world.bus.connection.publish(writeEventSubject('integration-1', 'job-1'), '{}');
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 3_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const post = (prefer: string, query = '') =>
  world.send({ method: 'POST', path: `/v1/things${query}`, headers: { prefer }, body: {} });

describe('Prefer: wait', () => {
  it('answers as soon as the write has ended', async () => {
    const answer = post('wait=20');
    await until(() => looks > 0);
    move('SENDING');
    move('SUCCEEDED');

    expect(await answer).toMatchObject({
      status: 200,
      headers: { 'preference-applied': 'wait=20' },
      body: { job_id: 'job-1', meta: { job_id: 'job-1' }, write_status: { state: 'SUCCEEDED', write_status: 'SUCCESS' } },
    });
  });

  it('answers as without it when the time is over', async () => {
    const started = Date.now();

    const answer = await post('wait=1');

    expect(Date.now() - started).toBeGreaterThanOrEqual(950);
    expect(answer.headers['preference-applied']).toBe('wait=1');
    expect(answer.body).toEqual({ job_id: 'job-1', data: {}, meta: { job_id: 'job-1', ignored_fields: [] } });
  });

  it('does not wait for a dry run', async () => {
    const answer = await post('wait=20', '?dry_run=true');

    expect(answer.headers['preference-applied']).toBeUndefined();
    expect(answer.body).toEqual({ data: {}, meta: { ignored_fields: [] } });
  });

  it('answers with the write even when its status can not be read', async () => {
    world.play(acceptWrite, () => ({ job_id: 'job-2', data: {}, ignored_fields: [], replayed: false }));

    expect(await post('wait=20')).toMatchObject({ status: 200, body: { job_id: 'job-2' } });
  });
});

describe('the event stream of a write', () => {
  const path = '/v1/admin/write-status/job-1/events';

  it('tells each state once, up to the last, and ends', async () => {
    const { headers, text, ended } = await listen(path);
    await until(() => text().includes('ACCEPTED'));
    move('SENDING');
    await until(() => text().includes('SENDING'));
    move('SENDING');
    move('FAILED');
    await ended;

    const states = [...text().matchAll(/^event: write-status\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? '').state);
    expect(headers).toMatchObject({ 'content-type': 'text/event-stream', 'x-request-id': expect.any(String) });
    expect(states).toEqual(['ACCEPTED', 'SENDING', 'FAILED']);
  });

  it('is a plain 404 for a write that does not exist', async () => {
    expect(await world.send({ path: '/v1/admin/write-status/job-9/events' })).toMatchObject(PROBLEM(404));
    expect(await world.send({ path: '/v1/admin/write-status/a.b/events' })).toMatchObject(PROBLEM(404));
    expect(await world.send({ path: '/v1/admin/write-status/*' })).toMatchObject(PROBLEM(404));
  });

  it('stops listening when the client goes away', async () => {
    const { text, leave } = await listen(path);
    await until(() => text().includes('ACCEPTED'));
    leave();
    const before = looks;
    move('SENDING');

    // A second client's stream shows that the news has gone round.
    const second = await listen(path);
    await until(() => second.text().includes('SENDING'));
    expect(looks - before).toBeLessThanOrEqual(3);
    move('SUCCEEDED');
    await second.ended;
  });
});

describe('what a person may do', () => {
  it.each([
    [1_000, 200],
    [1_001, 400],
  ])('counts %d characters of a reason as the description does', async (length, status) => {
    world.play(resolveWrite, () => ({}) as WriteStatus);
    const body = { outcome: 'succeeded', reason: '\u{1f600}'.repeat(length) };

    expect(await world.send({ method: 'POST', path: '/v1/admin/resolve-write/job-1', body })).toMatchObject({ status });
  });

  it('hands the resolution on, and refuses one without a reason', async () => {
    let resolved: unknown;
    world.play(resolveWrite, (request) => {
      resolved = request;
      return {} as WriteStatus;
    });
    const resolve = (body: unknown) => world.send({ method: 'POST', path: '/v1/admin/resolve-write/job-1', body });

    await resolve({ outcome: 'succeeded', reason: 'seen in the PMS', x_id: '42' });
    const refused = await resolve({ outcome: 'perhaps', x_id: 42, is_admin: true });

    expect(resolved).toMatchObject({ job_id: 'job-1', outcome: 'succeeded', reason: 'seen in the PMS', x_id: '42' });
    expect(refused).toMatchObject(PROBLEM(400));
    expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/is_admin',
      '/outcome',
      '/reason',
      '/x_id',
    ]);
  });

  it('needs no body to cancel', async () => {
    world.play(cancelWrite, ({ job_id }) => ({ success: true, job_id }));

    const answer = await world.send({ method: 'POST', path: '/v1/admin/cancel-write/job-1' });

    expect(answer).toMatchObject({ status: 200, body: { success: true, job_id: 'job-1' } });
  });
});

interface Heard {
  readonly headers: IncomingMessage['headers'];
  readonly text: () => string;
  readonly ended: Promise<void>;
  readonly leave: () => void;
}

function listen(path: string): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${world.key}` };
    const request = get({ port: world.port, path, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('error', () => undefined);
      const ended = new Promise<void>((done) => response.once('close', done));
      resolve({ headers: response.headers, text: () => text, ended, leave: () => void request.destroy() });
    });
    request.on('error', reject);
  });
}
