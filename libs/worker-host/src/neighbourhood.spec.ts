import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { answer, observeCalls, subjectOf, tellCircumstances, type Circumstances, type Observation } from '#messaging';
import { PMS } from '../testing/pms.ts';
import { openWorld, until, type World } from '../testing/world.ts';
import { Neighbourhood } from './neighbourhood.ts';

const HOST = 'https://api.acme.example';
const observed: Observation[] = [];
let world: World;
let heard: Neighbourhood;
beforeAll(async () => {
  world = await openWorld(process.env['TEST_NATS_URL']);
  answer(world.bus.connection, observeCalls, (seen) => (observed.push(seen), { ok: true } as const), PMS.slug);
});
afterAll(() => world.close());
afterEach(() => heard.stop());
beforeEach(() => {
  observed.length = 0;
  heard = new Neighbourhood(PMS, world.bus, 'b');
});

/** An account's client, as far as neighbours have to do with it. */
function account(baseUrl = HOST) {
  const shares: unknown[] = [];
  const [pauses, holds]: [number[], boolean[]] = [[], []];
  const client = {
    account: { baseUrl },
    divide: (share: unknown) => void shares.push(share),
    pauseFor: (ms: number) => void pauses.push(ms),
    hold: (held: boolean) => void holds.push(held),
  };
  return { client: client as unknown as Parameters<Neighbourhood['adopt']>[1], shares, pauses, holds };
}

describe(Neighbourhood, () => {
  it('divides each account among the processes so that the parts make up the whole', () => {
    const replicas = ['a', 'b', 'c'];
    const ofInt = replicas.map((name) => {
      const one = new Neighbourhood(PMS, world.bus, name);
      one.stop();
      const { client, shares } = account();
      one.adopt('int', client);
      one.learn({ replicas });
      return shares.at(-1) as { index: number; of: number };
    });

    expect(ofInt.map(({ of }) => of)).toEqual([3, 3, 3]);
    expect(ofInt.map(({ index }) => index).sort()).toEqual([0, 1, 2]);
  });

  it('gives the first part of different accounts to different processes', () => {
    heard.stop();
    heard.learn({ replicas: ['a', 'b'] });
    const indexes = Array.from({ length: 40 }, (_, nth) => {
      const { client, shares } = account();
      heard.adopt(`integration${nth}`, client);
      return (shares.at(-1) as { index: number }).index;
    });

    expect(new Set(indexes)).toEqual(new Set([0, 1]));
  });

  it('has the whole while it is alone, or not counted itself', () => {
    heard.stop();
    const { client, shares } = account();
    heard.adopt('int', client);
    for (const replicas of [['b'], ['a', 'c']]) heard.learn({ replicas });

    expect(shares).toEqual(Array.from({ length: 3 }, () => ({ index: 0, of: 1 })));
  });

  it('passes on what all are told to the account that it is about, and to no other', async () => {
    heard.listen();
    const [ours, other] = [account(), account()];
    heard.adopt('int', ours.client);
    heard.adopt('other', other.client);
    const told: Circumstances = {
      pauses: [{ integration_id: 'int', for_ms: 900 }],
      gates: [{ integration_id: 'int', held: true }],
    };
    await world.bus.connection.flush();
    world.bus.connection.publish(subjectOf(tellCircumstances, PMS.slug), JSON.stringify(told));
    await until(() => ours.holds.length > 0);

    expect([ours.pauses, ours.holds, other.pauses, other.holds]).toEqual([[900], [true], [], []]);
  });

  it('makes no call to a host that is out of order, nor for an integration that alone is', () => {
    const [ours, other] = ['int', 'other'].map((id) => heard.outlookOf(id, HOST));
    const isOut = () => [ours, other].map((outlook) => outlook?.outOfOrder() !== undefined);
    const states = [
      [{ host: HOST, integration_id: '', open: true }],
      [{ host: HOST, integration_id: 'int', open: true }],
      [{ host: HOST, integration_id: '', open: false }],
      [{ host: 'https://elsewhere.example', integration_id: '', open: true }],
    ].map((troubles) => {
      heard.learn({ troubles });
      return isOut();
    });

    expect(states).toEqual([
      [true, true],
      [true, false],
      [false, false],
      [false, false],
    ]);
  });

  it('tells of troubles together, and of answers only where something was wrong', async () => {
    const outlook = heard.outlookOf('int', HOST);
    outlook.saw(undefined);
    outlook.saw('Acme could not be reached.');
    outlook.saw('Acme gave no clear answer.');
    outlook.saw(undefined);
    outlook.saw(undefined);
    await until(() => observed.length > 0);

    expect(observed).toEqual([
      { host: HOST, integration_id: 'int', answered: 1, troubles: 2, reason: 'Acme gave no clear answer.' },
    ]);
  });

  it('tells of a pause at once, and of nothing once it stops', async () => {
    heard.outlookOf('int', HOST).askedToWait(5_000);
    await until(() => observed.length > 0);
    heard.stop();
    heard.outlookOf('int', HOST).saw('Acme could not be reached.');
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect(observed).toMatchObject([{ pause_ms: 5_000 }]);
  });
});
