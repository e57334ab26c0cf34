import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkConnection, jobSubject, readableModels, readPage, type CheckResult } from '#messaging';
import { createLogger, readSettings, type RunningService } from '#service-kit';
import { unseal } from '#adapter-kit';
import { prepareJobs } from '../testing/colleagues.ts';
import { PMS } from '../testing/pms.ts';
import { ACCOUNT, openWorld, until, type World } from '../testing/world.ts';
import { startWorker } from './worker.ts';

let world: World;
let worker: RunningService;
beforeAll(async () => {
  world = await openWorld(process.env['TEST_NATS_URL']);
  await prepareJobs(world.bus);
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const start = async (): Promise<void> => {
  const settings = readSettings({
    NODE_ENV: 'test',
    NATS_URL: world.natsUrl,
    LATCHKEY_KEYRING: world.keyringFile,
    LATCHKEY_EGRESS_ALLOW: world.vendor.host,
    LATCHKEY_PMS_TIMEOUT_MS: '2000',
  });
  worker = await startWorker(PMS, settings, createLogger('worker-acme', 'silent'));
};
const stop = async (): Promise<void> => {
  await worker.stop?.();
  await worker.app?.close();
};
const release = (job_id: string): Promise<unknown> =>
  world.bus.jetstream.publish(jobSubject(PMS.slug), JSON.stringify({ version: 1, job_id, release: 1 }));

describe(startWorker, () => {
  it('works on the jobs that are released', async () => {
    await start();
    try {
      for (const job_id of ['a', 'b', 'c']) world.colleagues.offer({ job_id });
      for (const job_id of ['a', 'b', 'c']) await release(job_id);

      await until(() => world.colleagues.settled.length === 3);
      expect(world.colleagues.settled.every(({ outcome }) => outcome.kind === 'succeeded')).toBe(true);
    } finally {
      await stop();
    }
  });

  it('finishes what is under way when it is stopped, and takes no more', async () => {
    await start();
    const { colleagues, vendor } = world;
    let answer = (): void => {};
    vendor.reply = (_, response) => void (answer = () => response.end(JSON.stringify({ Id: 5 })));
    colleagues.offer({ job_id: 'slow', done: { polish: { x_id: null, memo: {} } } });
    await release('slow');
    await until(() => vendor.seen.length === 1);

    const stopped = stop();
    await new Promise((resolve) => setTimeout(resolve, 100));
    colleagues.offer({ job_id: 'late' });
    await release('late');
    await new Promise((resolve) => setTimeout(resolve, 100));
    answer();
    await stopped;

    expect(colleagues.settled.map(({ job_id, outcome }) => [job_id, outcome.kind])).toEqual([['slow', 'succeeded']]);
    expect(vendor.seen).toEqual(['POST /gears']);
  });

  it('waits for a ledger that starts after it', async () => {
    await world.colleagues.fallSilent();
    const starting = start();
    await new Promise((resolve) => setTimeout(resolve, 300));
    world.colleagues.listen();
    await starting;
    try {
      // What was released while it was away is still there.
      await until(() => world.colleagues.told.includes('claim'));
    } finally {
      await stop();
    }
  });
});

describe('what a worker answers', () => {
  const check = (changes: object = {}): Promise<CheckResult> => {
    const request = {
      organization_id: 'org',
      integration_id: 'int',
      base_url: world.vendor.origin,
      credentials: { key: 'new-key' },
      version: 3,
    };
    return world.bus.request(checkConnection, { ...request, ...changes }, { pms: PMS.slug });
  };
  const read = (request: object) =>
    world.bus.request(readPage, { integration_id: 'int', model: 'gears', ...request }, { pms: PMS.slug });
  beforeAll(start);
  afterAll(stop);

  it('seals credentials that the PMS accepts, for their place only', async () => {
    const result = await check();

    expect(world.vendor.seen).toEqual(['GET /me']);
    const sealed = result.ok ? (result.sealed?.fields['key'] ?? '') : '';
    expect(unseal(world.keyring, { ...ACCOUNT, field: 'key', version: 3 }, sealed)).toBe('new-key');
    expect(() => unseal(world.keyring, { ...ACCOUNT, field: 'key', version: 4 }, sealed)).toThrow();
  });

  it.each([
    ['refused', 401],
    ['refused', 403],
    ['unreachable', 500],
    ['unreachable', 429],
  ] as const)('says that credentials are %s at %d', async (reason, status) => {
    world.vendor.reply = (_, response) => void response.writeHead(status).end();

    expect(await check()).toMatchObject({ ok: false, reason });
  });

  it('calls no address that is not public, and no credentials that can not be sent', async () => {
    expect(await check({ base_url: 'https://127.0.0.1:1' })).toMatchObject({ ok: false, reason: 'unreachable' });
    expect(await check({ credentials: { key: 'a\r\nb' } })).toMatchObject({ ok: false, reason: 'invalid' });
    expect(world.vendor.seen).toEqual([]);
  });

  it('checks the stored credentials', async () => {
    expect(await check({ credentials: null })).toEqual({ ok: true, sealed: null });
    world.colleagues.connection = null;
    expect(await check({ credentials: null })).toMatchObject({ ok: false, reason: 'invalid' });
  });

  it('reads pages and single records', async () => {
    world.vendor.reply = ({ url }, response) =>
      void response.end(JSON.stringify(url === '/gears/5' ? { Id: 5, Name: 'cog' } : [{ Id: 5, Name: 'cog' }]));
    const records = [{ x_id: '5', fields: { name: 'cog' } }];

    expect(await read({})).toMatchObject({ records, next: null });
    expect(await read({ x_id: '5' })).toMatchObject({ records, next: null, total: 1 });
    await expect(read({ model: 'wheels' })).rejects.toMatchObject({ code: 'operation_not_supported' });
  });

  it('lists the models that it can read', async () => {
    expect(await world.bus.request(readableModels, {}, { pms: PMS.slug })).toEqual([{ model: 'gears', by_change: false }]);
  });
});
