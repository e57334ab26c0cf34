/**
 * Requests that come more than once under one Idempotency-Key: at the same moment, with something else in them, and from another customer, who
 * knows nothing of the first. LATCHKEY_KEYS says how many keys are tried.
 */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { figure } from '../quality/figure.ts';
import { strangersKey } from '../security/neighbours.ts';
import { eventually, type Answer, type Api, type Loose } from '../support/api.ts';
import { useWorld } from '../support/world.ts';

const KEYS = Number(process.env['LATCHKEY_KEYS'] ?? 4);
const AT_ONCE = 50;
const VENDOR = 'BUILDIUM';

const world = useWorld('repeated');
let stranger: Api;
let lease: Loose;
let strangersLease: Loose;

beforeAll(async () => {
  stranger = world().apiFor(await strangersKey(world(), 'Stranger'));
  const [{ slug, credentials }] = ((await world().sandbox.get('/_demo')).body as Loose[]).filter(
    ({ vendor }) => vendor === VENDOR,
  );
  const base_url = `${world().stack.urls.sandbox}/${slug}`;
  await stranger.post('/v1/admin/integrations/', { integration_vendor: VENDOR, credentials, base_url });
  strangersLease = await eventually('a lease of the other organization', async () => {
    return (await stranger.get('/v1/leases/?limit=1')).body.results[0];
  });
  lease = await world().find('leases', VENDOR);
  await world().quiet();
}, 120_000);

/** A resident of a name of its own, by which the PMS's record is found. */
const residentOf = ({ id, integration_id }: Loose, last_name: string): Loose => ({
  integration_id,
  lease_id: id,
  first_name: 'Ann',
  last_name,
  address_1: '12 Elm Street',
  city: 'Cincinnati',
  state: 'OH',
  zip: '45202',
  country: 'US',
});
const uniqueName = (): string => `T${randomUUID().replaceAll('-', '')}`;
const send = (api: Api, body: Loose, key: string): Promise<Answer<Loose>> =>
  api.post('/v1/residents/', body, { 'idempotency-key': key });

/** How many records of the name the PMS has. */
async function effectsOf(lastName: string): Promise<number> {
  const effects = await world().effects();
  return effects.filter(
    ({ resource, action, record }) => resource === 'LeaseTenant' && action === 'create' && record.LastName === lastName,
  ).length;
}

describe('an Idempotency-Key', () => {
  it('R29: sent fifty times at once makes one write, and fifty equal answers', async () => {
    const jobs = new Map<string, string>();
    let replayed = 0;
    for (let nth = 0; nth < KEYS; nth += 1) {
      const name = uniqueName();
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => send(world().api, residentOf(lease, name), name)));

      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
      replayed += answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true').length;
      jobs.set(name, answers[0]?.body.job_id);
    }

    expect(replayed).toBe(KEYS * (AT_ONCE - 1));
    expect(new Set(jobs.values()).size).toBe(KEYS);
    for (const [name, job] of jobs) {
      await world().settled(job, undefined, 60_000);
      expect({ name, effects: await effectsOf(name) }).toEqual({ name, effects: 1 });
    }
    figure('R29', `${KEYS} keys sent ${AT_ONCE} times at once: ${KEYS} writes, ${KEYS} effects, 0 answers that differ`);
  }, 180_000);

  it('R30: with another body is refused and nothing is done', async () => {
    const refused: number[] = [];
    for (let nth = 0; nth < KEYS; nth += 1) {
      const [key, other] = [uniqueName(), uniqueName()];
      const first = await send(world().api, residentOf(lease, key), key);
      const rival = await Promise.all([
        send(world().api, residentOf(lease, other), key),
        send(world().api, { ...residentOf(lease, key), first_name: 'Ben' }, key),
        send(world().api, { ...residentOf(lease, key), city: 'Dayton' }, key),
      ]);
      refused.push(...rival.map(({ status }) => status));

      const again = await send(world().api, residentOf(lease, key), key);
      expect([again.status, again.body.job_id]).toEqual([200, first.body.job_id]);
      await world().settled(first.body.job_id, undefined, 60_000);
      expect([await effectsOf(key), await effectsOf(other)]).toEqual([1, 0]);
    }

    expect(refused).toEqual(refused.map(() => 422));
    figure('R30', `${refused.length} of ${refused.length} repetitions with another body refused with 422, 0 effects of theirs`);
  }, 180_000);

  it('R30: of two rivals at once carries out one, and refuses the other', async () => {
    let winners = 0;
    for (let nth = 0; nth < KEYS; nth += 1) {
      const [key, names] = [uniqueName(), [uniqueName(), uniqueName()]];
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, at) => send(world().api, residentOf(lease, names[at % 2] ?? ''), key)),
      );
      expect(answers.filter(({ status }) => status !== 200 && status !== 422)).toEqual([]);
      const taken = answers.filter(({ status }) => status === 200);
      expect(new Set(taken.map(({ body }) => body.job_id)).size).toBe(1);
      await world().settled(taken[0]?.body.job_id, undefined, 60_000);
      winners += (await effectsOf(names[0] ?? '')) + (await effectsOf(names[1] ?? ''));
    }

    expect(winners).toBe(KEYS);
  }, 180_000);

  it('R30: of another customer is another key', async () => {
    for (let nth = 0; nth < KEYS; nth += 1) {
      const [key, theirs] = [uniqueName(), uniqueName()];
      const [ours, their] = await Promise.all([
        send(world().api, residentOf(lease, key), key),
        send(stranger, residentOf(strangersLease, theirs), key),
      ]);

      expect([ours.status, their.status]).toEqual([200, 200]);
      expect(their.headers.get('idempotent-replayed')).toBeNull();
      expect(their.body.job_id).not.toBe(ours.body.job_id);
      await world().settled(ours.body.job_id, undefined, 60_000);
      await eventually('their effect', async () => ((await effectsOf(theirs)) > 0 ? true : undefined), 60_000);
      expect([await effectsOf(key), await effectsOf(theirs)]).toEqual([1, 1]);
    }
    figure('R30', `${KEYS} of ${KEYS} keys that two customers used at once: two writes of their own`);
  }, 180_000);
});
