/** A PMS does what it is asked, and then says something of which nobody can tell what it means. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Loose } from '../support/api.ts';
import type { Ground } from './ground.ts';
import { inTurn } from './kills.ts';
import { demand, inShort, scenario, type Scenario } from './scenario.ts';

/** By name, what the sandbox is told. */
const UNCLEAR = {
  hang: { kind: 'hang' },
  reset: { kind: 'reset' },
  'a 500': { kind: 'status', status: 500 },
  'a 502': { kind: 'status', status: 502 },
  'a 504': { kind: 'status', status: 504 },
  'truncated 200': { kind: 'truncate' },
  'invalid JSON': { kind: 'garbage' },
  'a page': { kind: 'page' },
  'empty 200': { kind: 'empty' },
} as const;
const KINDS = Object.keys(UNCLEAR) as (keyof typeof UNCLEAR)[];

/** Fewer in a row than it takes to think that the whole host is out of order: that is another scenario. */
const IN_A_ROW = 3;
const PLAYED_WITHIN_MS = 4_000;

/** Resolves when it was played, or nobody came. @returns how often it was played */
async function play(ground: Ground, fault: object): Promise<number> {
  const writes = ['POST', 'PUT'].map((method) => ({
    ...fault,
    method,
    path: '^/(?!Authentication)',
    when: 'after',
    times: IN_A_ROW,
  }));
  await ground.sandbox.post('/_faults', writes);
  const left = async (): Promise<number> => {
    const rules: readonly Loose[] = (await ground.sandbox.get('/_faults')).body;
    return rules.reduce((sum, { remaining }) => sum + remaining, 0);
  };
  const deadline = performance.now() + PLAYED_WITHIN_MS;
  while ((await left()) > 0 && performance.now() < deadline) await sleep(50);
  const played = writes.length * IN_A_ROW - (await left());
  await ground.sandbox.delete('/_faults');
  return played;
}

export const ANSWERS: Scenario = scenario({
  name: 'unclear-answers',
  titles: ['R8: the PMS acts and then hangs, resets, says 5xx, half of a 200, nonsense, a page or nothing'],
  mix: { creates: 0.5, charges: 0.2 },
  harm: (scene, tally) =>
    inTurn(
      scene,
      KINDS.map((kind) => async () => {
        tally.add(kind, await play(scene.ground, UNCLEAR[kind]));
        // A good word between them.
        await sleep(scene.random.between(200, 800));
      }),
    ),
  judge: async (report, tally) => ({
    failures: KINDS.flatMap((kind) => demand(tally.of(kind) > 0, `${kind} was never played`)),
    figures: [['R8', `${inShort(report)}; after acting the PMSs answered wrongly ${tally.total} times: ${tally}`]],
  }),
});
