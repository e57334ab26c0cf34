import { env } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answer, connectionOf, resealCredentials, type Reseal } from '#messaging';
import { Problem } from '#problem';
import { startWorld, type World } from '../testing/world.ts';
import { resealAll } from './resealing.ts';
import { IntegrationsRepository } from './store/integrations.repository.ts';

let world: World;
/** What happens while the worker is asked. */
let meanwhile: () => Promise<unknown> = async () => {};
const unreadable = new Set<string>();
const asked: Reseal[] = [];
beforeAll(async () => {
  world = await startWorld(env.TEST_DATABASE_URL);
  answer(
    world.bus.connection,
    resealCredentials,
    async (ask) => {
      asked.push(ask);
      await meanwhile();
      return ask.items.map(({ integration_id, fields }) =>
        unreadable.has(integration_id)
          ? null
          : Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, `${ask.key}:${value.split(':').at(-1)}`])),
      );
    },
    'acme-one',
  );
});
afterAll(() => world.close());

const sealOf = async (id: string): Promise<unknown> =>
  (await world.bus.request(connectionOf, { integration_id: id }, { pms: 'acme-one' }))?.sealed;
const reseal = (key: string) => resealAll(new IntegrationsRepository(world.orm.em), world.bus, 'acme-one', key);

describe(resealAll.name, () => {
  it('puts every credential of the PMS under the key, leaves the version as it is, and changes nothing when repeated', async () => {
    const owner = await world.organization();
    const ids = [await world.integration(owner), await world.integration(owner)];

    expect(await reseal('k2')).toEqual({ resealed: 2, unreadable: 0 });

    for (const id of ids) expect(await sealOf(id)).toMatchObject({ version: 1, fields: { apiKey: 'k2:sealed.1.apiKey' } });
    expect(await reseal('k2')).toEqual({ resealed: 0, unreadable: 0 });
  });

  it('counts what no key opens, and leaves it alone', async () => {
    const id = await world.integration(await world.organization());
    unreadable.add(id);

    expect(await reseal('k3')).toMatchObject({ unreadable: 1 });
    expect(await sealOf(id)).toMatchObject({ fields: { apiKey: 'sealed.1.apiKey' } });
    unreadable.clear();
  });

  it('takes nothing back that a customer changes meanwhile', async () => {
    const owner = await world.organization();
    const id = await world.integration(owner);
    let changed = false;
    meanwhile = async () => {
      if (changed) return;
      changed = true;
      const body = { credentials: { apiKey: 'newer' } };
      await world.admin(owner, 'integrations.update', { params: { id, integration_id: id }, body });
    };

    await reseal('k4');

    meanwhile = async () => {};
    expect(await sealOf(id)).toMatchObject({ version: 2, fields: { apiKey: 'k4:sealed.2.apiKey' } });
  });

  it('waits for a worker that does not answer yet, and says so when it does not come back', async () => {
    await world.integration(await world.organization());
    let absences = 2;
    meanwhile = async () => {
      if ((absences -= 1) >= 0) throw Problem.unavailable('It has another key yet.');
    };
    expect(await reseal('k5')).toMatchObject({ unreadable: 0 });

    absences = Infinity;
    const impatient = resealAll(new IntegrationsRepository(world.orm.em), world.bus, 'acme-one', 'k6', 600);
    await expect(impatient).rejects.toMatchObject({ code: 'unavailable' });
    meanwhile = async () => {};
  });

  it('asks in parts that fit into a message', () => {
    expect(Math.max(...asked.map(({ items }) => items.length))).toBeLessThanOrEqual(100);
  });
});
