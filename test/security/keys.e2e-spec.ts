/**
 * The keys that open customers' credentials: they can be replaced while everything works, a former one opens nothing afterwards, and without
 * them nothing is lost and nothing goes the wrong way. Also: services wait for servers that are not there yet.
 */
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { parseKeyring, SealBroken, unseal, type Keyring } from '#adapter-kit';
import { rotateKeys } from '#local-stack';
import { figure } from '../quality/figure.ts';
import { eventually } from '../support/api.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld('keys');

interface Sealed {
  readonly integration_id: string;
  readonly organization_id: string;
  readonly slug: string;
  readonly version: number;
  readonly fields: Readonly<Record<string, string>>;
}

async function sealedCredentials(): Promise<readonly Sealed[]> {
  const client = new Client({ connectionString: world().stack.urls.database });
  await client.connect();
  try {
    const { rows } = await client.query<Sealed>(
      `select integration_id, organization_id, slug, credential.version, fields
         from directory.credential join directory.integration on integration.id = integration_id`,
    );
    return rows;
  } finally {
    await client.end();
  }
}

const workers = () => world().stack.services.filter(({ name }) => name.startsWith('worker-'));
const ringFile = (worker: string): string => join(world().stack.directory, 'keys', `${worker.replace('worker-', '')}.json`);
const ringOf = (worker: string): Keyring => parseKeyring(readFileSync(ringFile(worker), 'utf8'));
/** How many of the sealed values a ring opens. */
const openedBy = (ring: Keyring, sealed: readonly Sealed[]): number =>
  sealed.flatMap(({ organization_id, integration_id, version, fields }) =>
    Object.entries(fields).filter(([field, value]) => {
      try {
        unseal(ring, { organizationId: organization_id, integrationId: integration_id, version, field }, value);
        return true;
      } catch (error) {
        if (!(error instanceof SealBroken)) throw error;
        return false;
      }
    }),
  ).length;
const readiness = async (name: string): Promise<number> =>
  (await fetch(`${world().stack.service(name).internalUrl}/readyz`)).status;
const liveness = async (name: string): Promise<number> =>
  (await fetch(`${world().stack.service(name).internalUrl}/healthz`)).status;

describe('a rotation', () => {
  it('S22: under writes, while a worker is restarted, fails no write; the former keys open nothing afterwards', async () => {
    const { api, stack, find, settled } = bound();
    const residents = await Promise.all(Object.keys(stack.integrations).map((vendor) => find('residents', vendor)));
    const former = workers().map(({ name }) => ringOf(name));
    const sealedBefore = await sealedCredentials();
    const [jobs, refused]: [string[], number[]] = [[], []];
    let rotating = true;
    const load = (async () => {
      for (let count = 0; rotating; count += 1) {
        for (const { id } of residents) {
          const { status, body } = await api.put(`/v1/residents/${id}`, { email_1: `n${count}@example.com` });
          if (status === 200) jobs.push(body.job_id);
          else refused.push(status);
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();

    const { directory, urls } = stack;
    const rotation = { directory, natsUrl: urls.nats, databaseUrl: urls.database, ownNats: true, retire: true };
    const rotate = async () => {
      const rotations = Promise.all(workers().map(({ name }) => rotateKeys({ name, role: 'worker' }, rotation)));
      await stack.restart(workers()[0]?.name ?? '');
      const rotated = await rotations;
      const afterwards = jobs.length;
      await eventually('writes after the rotation', async () => (jobs.length > afterwards + 4 ? true : undefined));
      return rotated;
    };
    const rotated = await rotate().finally(() => (rotating = false));
    await load;

    const ends = await Promise.all(jobs.map(async (job) => (await settled(job, undefined, 60_000)).write_status));
    expect(refused).toEqual([]);
    expect(ends.filter((end) => end !== 'SUCCESS')).toEqual([]);
    expect(rotated.map(({ key, retired }) => [key, retired])).toEqual(former.map(() => ['k2', 1]));
    const sealedAfter = await sealedCredentials();
    expect(sealedBefore.length).toBeGreaterThan(1);
    expect(sealedAfter.map(({ version }) => version)).toEqual(sealedBefore.map(({ version }) => version));
    const values = sealedAfter.flatMap(({ fields }) => Object.values(fields));
    expect(values.filter((value) => !value.startsWith('s1.k2.'))).toEqual([]);
    expect(former.map((ring) => openedBy(ring, sealedAfter))).toEqual(former.map(() => 0));
    const now = workers().map(({ name }) => ringOf(name));
    expect(now.map((ring) => openedBy(ring, sealedAfter)).reduce((sum, count) => sum + count)).toBe(values.length);
    figure(
      'S22',
      `keys of ${former.length} PMSs rotated and retired under ${jobs.length} writes, 1 worker restarted: 0 failed; former keys open 0 of ${values.length}`,
    );
  }, 120_000);
});

describe('a worker without its key ring', () => {
  it('S22: calls nobody and loses nothing; accepting goes on, and the write is done when the ring is back', async () => {
    const { api, stack, find, settled, calls, now } = bound();
    const worker = 'worker-buildium';
    const { id } = await find('residents', 'BUILDIUM');
    renameSync(ringFile(worker), `${ringFile(worker)}.away`);
    await stack.kill(worker, 'SIGKILL');
    const starting = stack.restart(worker);
    await eventually('the worker lives', () =>
      liveness(worker).then(
        (status) => (status === 200 ? true : undefined),
        () => undefined,
      ),
    );
    const since = await now();

    const { status, body } = await api.put(`/v1/residents/${id}`, { email_1: 'kept@example.com' });
    await new Promise((resolve) => setTimeout(resolve, 1_500));

    expect(status).toBe(200);
    expect(await readiness(worker)).toBe(503);
    expect((await api.get(`/v1/admin/write-status/${body.job_id}`)).body.write_status).toBe('PENDING');
    expect((await calls(since)).filter(({ vendor }) => vendor === 'BUILDIUM')).toEqual([]);

    renameSync(`${ringFile(worker)}.away`, ringFile(worker));
    await starting;
    expect(await settled(body.job_id)).toMatchObject({ write_status: 'SUCCESS' });
  }, 60_000);
});

describe('a service that starts before NATS', () => {
  it('waits for it alive and not ready, says so, and then works', async () => {
    const { api, stack, find } = bound();
    await stack.kill('nats', 'SIGKILL');
    const starting = Promise.all(['router', 'gateway'].map((name) => stack.restart(name)));
    for (const name of ['router', 'gateway']) {
      await eventually(`${name} says that it waits`, async () =>
        readFileSync(stack.service(name).logFile, 'utf8').includes('waiting for NATS') ? true : undefined,
      );
      expect([await liveness(name), await readiness(name)]).toEqual([200, 503]);
    }

    await stack.restart('nats');
    await starting;
    const { id } = await find('residents', 'BUILDIUM');
    expect((await api.get(`/v1/residents/${id}`)).status).toBe(200);
  }, 60_000);
});

function bound() {
  const it = world();
  return {
    api: it.api,
    stack: it.stack,
    find: it.find.bind(it),
    settled: it.settled.bind(it),
    calls: it.calls.bind(it),
    now: it.now.bind(it),
  };
}
