/**
 * Whatever a PMS answers, to whichever operation of whichever adapter: nothing dies, nothing is called a success, a refusal or an absence that the
 * answer does not prove, and nobody else has to wait. Each case is a sequence of requests that the simulators answered well once; then some of those
 * answers come back spoiled, over real HTTP. LATCHKEY_FUZZ_RUNS: cases per adapter, LATCHKEY_FUZZ_SEED: those of an earlier run.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import fc from 'fast-check';
import { Account, Egress, PmsClient } from '#adapter-kit';
import { figure } from '../quality/figure.ts';
import { ACCOUNTS, startSandbox, type DemoAccount } from './accounts.ts';
import { playsOf, type Play } from './plays.ts';
import { ReplayingVendor } from './replay.ts';
import { spoiled, spoilings } from './spoiling.ts';
import { seedOf } from '../support/seed.ts';

const RUNS = Number(process.env['LATCHKEY_FUZZ_RUNS'] ?? 300);
const SEED = seedOf({ runs: process.env['LATCHKEY_FUZZ_RUNS'], seed: process.env['LATCHKEY_FUZZ_SEED'] });
const BLOCKED_MS = 100;

let sandbox: NestFastifyApplication;
let vendor: ReplayingVendor;
let egress: Egress;
beforeAll(async () => {
  const { app, url } = await startSandbox();
  sandbox = app;
  vendor = await ReplayingVendor.start(url);
  egress = new Egress({ allow: [vendor.host], timeoutMs: 5_000 });
});
afterAll(async () => {
  await egress.close();
  await vendor.close();
  await sandbox.close();
});

/** A client that remembers nothing of the case before: no session, no pause. */
const newClient = ({ pms, credentials }: DemoAccount): PmsClient =>
  new PmsClient(new Account(pms, 'fuzz', credentials, `${vendor.origin}/${pms.slug}`), egress);

/**
 * How long the process did nothing else, in milliseconds: at most the longest delay of its loop, and at most the processor time that all of it took.
 * The second bound holds on a machine that others keep busy too.
 */
async function blockedBy(work: () => Promise<void>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const before = process.cpuUsage();
  delay.enable();
  await work();
  await new Promise((resolve) => setTimeout(resolve, 0));
  delay.disable();
  const { user, system } = process.cpuUsage(before);
  return Math.min(delay.max / 1e6 || 0, (user + system) / 1e3);
}

/** The least of up to six tries: the first also compiles. */
async function blockedAtLeast(work: () => Promise<void>): Promise<number> {
  let least = await blockedBy(work);
  for (let count = 0; count < 5 && least >= BLOCKED_MS / 2; count += 1) least = Math.min(least, await blockedBy(work));
  return least;
}

describe.each(ACCOUNTS)('the adapter of $pms.vendor', (account) => {
  const { pms } = account;
  let plays: readonly Play[];
  beforeAll(async () => {
    plays = await playsOf(account, vendor, newClient(account));
  }, 30_000);

  it('is played through in every operation', async () => {
    const operations = [...pms.capabilities.values()].flatMap(({ model, create, update, reads }) => [
      ...('lacks' in create ? [] : [`${model.path} create`]),
      ...('lacks' in update ? [] : [`${model.path} update`]),
      ...('lacks' in reads ? [] : [`${model.path} list`]),
    ]);

    expect(plays.map(({ name }) => name)).toEqual(expect.arrayContaining(operations));
    for (const play of plays) {
      vendor.replay(play.known, (answer) => answer);
      const { ended } = await play.act(newClient(account));
      expect(`${play.name}: ${ended}`).toBe(`${play.name}: ${play.ended}`);
    }
  });

  it(
    'R32: survives every answer, takes none for more than it proves, and holds nobody up',
    async () => {
      let [cases, longestMs, succeeded] = [0, 0, 0];
      const choice = fc.record({
        play: fc.nat(plays.length - 1),
        at: fc.nat(5),
        onwards: fc.boolean(),
        spoilings,
      });
      await fc.assert(
        fc.asyncProperty(choice, async ({ play: index, at, onwards, spoilings: how }) => {
          const play = plays[index] as Play;
          const first = at % play.known.length;
          let faults: readonly string[] = [];
          const blockedMs = await blockedAtLeast(async () => {
            const client = newClient(account);
            vendor.replay(play.known, (answer, nth) =>
              nth === first || (onwards && nth > first) ? spoiled(answer, how) : answer,
            );
            const result = await play.act(client);
            faults = result.faultsIn(vendor.exchanged);
            if (result.ended === play.ended) succeeded += 1;
          });
          cases += 1;
          longestMs = Math.max(longestMs, blockedMs);
          expect({ play: play.name, faults }).toEqual({ play: play.name, faults: [] });
          expect(blockedMs).toBeLessThan(BLOCKED_MS);
        }),
        { numRuns: RUNS, seed: SEED },
      );
      expect(({} as { Id?: number }).Id).toBeUndefined();
      // Spoiling that spoils nothing, or everything, would prove nothing.
      expect(succeeded / cases).toBeGreaterThan(0.02);
      expect(succeeded / cases).toBeLessThan(0.9);
      figure(
        'R32',
        `${pms.title}: 0 deaths and 0 false outcomes of ${cases} spoiled answers (seed ${SEED}), longest block ${Math.round(longestMs)} ms`,
      );
    },
    60_000 + RUNS * 100,
  );
});
