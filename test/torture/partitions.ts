/** The network falls silent between services, or between a worker and its PMS, while writes are on their way, and heals. */
import { setTimeout as sleep } from 'node:timers/promises';
import { onTheirWay } from './facts.ts';
import type { Ground, LineName } from './ground.ts';
import { inTurn } from './kills.ts';
import { demand, inShort, scenario, type Scenario } from './scenario.ts';

/** Longer than a lease. */
const SILENT_MS = 10_500;
/** So slow is each PMS meanwhile that a write can be met on its way. Below what a call may take. */
const PMS_TAKES_MS = 700;
const LOOK_FOR_MS = 8_000;

const CUT: readonly LineName[] = ['pms', 'workers', 'database'];

/** Cuts a line at a moment at which writes are on their way. @returns how many those were */
async function cutWhileSending({ network, stack }: Ground, line: LineName): Promise<number> {
  const deadline = performance.now() + LOOK_FOR_MS;
  let met = 0;
  while (met === 0 && performance.now() < deadline) {
    met = await onTheirWay(stack.urls.database);
    if (met === 0) await sleep(20);
  }
  network[line].poison({ blackhole: true });
  return met;
}

export const PARTITIONS: Scenario = scenario({
  name: 'partitions',
  titles: [
    'R41: the network falls silent while writes are on their way, between workers and PMSs, workers and NATS, the ledger and its database',
  ],
  harm: async (scene, tally) => {
    const { ground, random } = scene;
    await ground.sandbox.post('/_settings', { latency_ms: PMS_TAKES_MS });
    await inTurn(
      scene,
      CUT.map((line) => async () => {
        await sleep(random.between(500, 2_000));
        tally.add(line, await cutWhileSending(ground, line));
        await sleep(SILENT_MS);
        ground.network[line].heal();
      }),
    );
  },
  judge: async (report, tally) => ({
    failures: CUT.flatMap((line) => demand(tally.of(line) > 0, `no write was on its way when the line to ${line} was cut`)),
    figures: [
      ['R41', `${inShort(report)}; on their way when cut off: ${CUT.map((line) => `${tally.of(line)} from ${line}`).join(', ')}`],
    ],
  }),
});
