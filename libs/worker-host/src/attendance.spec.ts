import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Subscription } from '@nats-io/nats-core';
import { answer, attachWorker, type Attach, type Attached } from '#messaging';
import { Problem } from '#problem';
import { PMS } from '../testing/pms.ts';
import { openWorld, until, type World } from '../testing/world.ts';
import { Attendance } from './attendance.ts';
import { Neighbourhood } from './neighbourhood.ts';

const ATTACHED: Attached = { stream: 'JOBS', durable: 'worker-acme', circumstances: { replicas: ['a', 'b'] } };

let world: World;
let neighbours: Neighbourhood;
let ledger: Subscription;
const signs: Attach[] = [];
let reply: () => Attached;
beforeAll(async () => {
  world = await openWorld();
  // In place of the colleagues' plain answer.
  await world.colleagues.fallSilent();
  ledger = answer(
    world.bus.connection,
    attachWorker,
    (sign) => {
      signs.push(sign);
      return reply();
    },
    PMS.slug,
  );
});
afterAll(async () => {
  ledger.unsubscribe();
  await world.close();
});
beforeEach(() => {
  signs.length = 0;
  reply = () => ATTACHED;
  neighbours = new Neighbourhood(PMS, world.bus, 'b');
});

describe(Attendance, () => {
  it('says who is there and what its PMS takes, and learns who else is', async () => {
    const learned: unknown[] = [];
    neighbours.learn = (circumstances) => void learned.push(circumstances);
    const attendance = new Attendance(PMS, world.bus, neighbours, 7);

    expect(await attendance.begin()).toEqual(ATTACHED);
    expect(signs).toEqual([{ max_in_flight: 7, concurrent: PMS.limits.concurrent, replica: 'b', leaving: false }]);
    expect(learned).toEqual([{ replicas: ['a', 'b'] }]);

    await attendance.end();
    expect(signs.at(-1)).toMatchObject({ replica: 'b', leaving: true });
    // What is learned on leaving is no longer its own.
    expect(learned).toHaveLength(1);
  });

  it('waits for a ledger that is not there yet', async () => {
    let asked = 0;
    reply = () => {
      asked += 1;
      if (asked < 3) throw Problem.unavailable('Not yet.');
      return ATTACHED;
    };
    const attendance = new Attendance(PMS, world.bus, neighbours, 7);

    await attendance.begin();
    await attendance.end();

    expect(asked).toBe(4);
  });

  it('does not wait for a ledger that refuses', async () => {
    reply = () => {
      throw new Problem('conflict', 'No.');
    };

    await expect(new Attendance(PMS, world.bus, neighbours, 7).begin()).rejects.toMatchObject({ code: 'conflict' });
  });

  it('leaves in peace when nobody hears of it', async () => {
    const attendance = new Attendance(PMS, world.bus, neighbours, 7);
    await attendance.begin();
    reply = () => {
      throw Problem.unavailable('Away.');
    };

    await attendance.end();
    await until(() => signs.length === 2);
  });
});
