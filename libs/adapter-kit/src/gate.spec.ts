import { describe, expect, it } from '@jest/globals';
import { AccountGate, type Admission } from './gate.ts';

const leave = (admission: Admission): void => {
  if (!admission.admitted) throw new Error('not admitted');
  admission.leave();
};
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe(AccountGate, () => {
  it('admits no more at a time than it may, in the order of their coming', async () => {
    const gate = new AccountGate({ concurrent: 2 });
    const order: number[] = [];
    const admissions = Array.from({ length: 5 }, (_, index) =>
      gate.enter(1_000).then((admission) => {
        order.push(index);
        return admission;
      }),
    );
    await tick();
    expect(order).toEqual([0, 1]);

    for (const [index, admission] of admissions.entries()) {
      leave(await admission);
      await tick();
      expect(order).toEqual([0, 1, 2, 3, 4].slice(0, Math.min(5, index + 3)));
    }
  });

  it('lets writes go before reads, and keeps a place for them', async () => {
    const gate = new AccountGate({ concurrent: 2 });
    const order: string[] = [];
    const enter = (name: string, rank: 'read' | 'write') =>
      gate.enter(1_000, rank).then((admission) => {
        order.push(name);
        return admission;
      });
    const first = enter('read 1', 'read');
    const others = [enter('read 2', 'read'), enter('write 1', 'write'), enter('write 2', 'write')];
    await tick();
    expect(order).toEqual(['read 1', 'write 1']);

    leave(await first);
    await tick();
    expect(order).toEqual(['read 1', 'write 1', 'write 2']);
    leave(await (others[1] as Promise<Admission>));
    await tick();
    expect(order).toEqual(['read 1', 'write 1', 'write 2', 'read 2']);
  });

  it('lets reads and writes take turns where a PMS takes one call at a time', async () => {
    const gate = new AccountGate({ concurrent: 1 });
    const order: string[] = [];
    const turn = async (name: string, rank: 'read' | 'write') => {
      const admission = await gate.enter(1_000, rank);
      order.push(name);
      await tick();
      leave(admission);
    };
    await Promise.all([turn('read 1', 'read'), turn('read 2', 'read'), turn('write', 'write')]);

    expect(order).toEqual(['read 1', 'write', 'read 2']);
  });

  it('leaves an account that takes one call at a time to one of several processes', async () => {
    const [owner, other] = [0, 1].map((index) => {
      const gate = new AccountGate({ concurrent: 1 });
      gate.divide({ index, of: 2 });
      return gate;
    });
    const began = performance.now();

    // The others do not wait for what never comes: the work is handed out again, and may come to the owner.
    expect(await other?.enter(10_000)).toEqual({ admitted: false, closed: false, retryAfterMs: 1_000 });
    expect(await other?.enter(10_000, 'read')).toMatchObject({ admitted: false });
    expect(performance.now() - began).toBeLessThan(1_000);
    leave((await owner?.enter(10_000)) as Admission);

    other?.divide({ index: 0, of: 1 });
    leave((await other?.enter(10_000)) as Admission);
  });

  it('frees a place once, however often it is told', async () => {
    const gate = new AccountGate({ concurrent: 1 });
    const first = await gate.enter(1_000);
    leave(first);
    leave(first);
    leave(await gate.enter(1_000));
    const held = await gate.enter(1_000);

    expect(held.admitted).toBe(true);
    expect(await gate.enter(20)).toMatchObject({ admitted: false, closed: false });
  });

  it('starts no more calls in any window than it may', async () => {
    const gate = new AccountGate({ concurrent: 100, rate: { calls: 3, perMs: 100 } });
    const starts = await Promise.all(
      Array.from({ length: 10 }, async () => {
        leave(await gate.enter(5_000));
        return performance.now();
      }),
    );

    // A timer may be up to a millisecond early.
    starts.forEach((start, index) => index >= 3 && expect(start - (starts[index - 3] as number)).toBeGreaterThanOrEqual(98));
    expect((starts.at(-1) as number) - (starts[0] as number)).toBeLessThan(600);
  });

  it('admits nobody before a time that the PMS named', async () => {
    const gate = new AccountGate({ concurrent: 10 });
    const began = performance.now();
    gate.closeFor(80);

    const admissions = await Promise.all([gate.enter(1_000), gate.enter(1_000)]);

    expect(performance.now() - began).toBeGreaterThanOrEqual(79);
    expect(admissions.map(({ admitted }) => admitted)).toEqual([true, true]);
  });

  it('keeps the longest of several times', async () => {
    const gate = new AccountGate({ concurrent: 10 });
    gate.closeFor(80);
    gate.closeFor(10);

    expect(gate.closedForMs).toBeGreaterThan(60);
  });

  it('refuses at once whoever can not wait so long, also those who wait already', async () => {
    const gate = new AccountGate({ concurrent: 1 });
    const running = await gate.enter(1_000);
    const waiting = gate.enter(1_000);
    const began = performance.now();

    gate.closeFor(60_000);

    const refused = { admitted: false, closed: true };
    expect(await waiting).toMatchObject(refused);
    expect(await gate.enter(1_000)).toMatchObject(refused);
    expect((await gate.enter(1_000)) as { retryAfterMs: number }).toMatchObject({ retryAfterMs: expect.closeTo(60_000, -3) });
    expect(performance.now() - began).toBeLessThan(500);
    leave(running);
  });

  it('lets nobody wait beyond his patience, and keeps the order of the others', async () => {
    const gate = new AccountGate({ concurrent: 1 });
    const running = await gate.enter(1_000);
    const impatient = gate.enter(30);
    const patient = gate.enter(1_000);

    expect(await impatient).toEqual({ admitted: false, closed: false, retryAfterMs: 1_000 });
    leave(running);
    expect((await patient).admitted).toBe(true);
  });

  it('leaves no timer behind', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    const gate = new AccountGate({ concurrent: 1, rate: { calls: 1, perMs: 60_000 } });
    leave(await gate.enter(60_000));

    const refused = gate.enter(20);
    await pause(1);
    gate.closeFor(120_000);

    expect(await refused).toMatchObject({ admitted: false });
    expect(timers()).toBe(before);
  });
});
