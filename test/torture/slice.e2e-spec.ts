/**
 * The short run of every `npm test`: processes die at the moments that matter most, with a fixed seed. The long ones are `npm run torture`.
 *
 * TORTURE_SEED and TORTURE_SECONDS change it.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { figure } from '../quality/figure.ts';
import { factsOf } from './facts.ts';
import { Ground } from './ground.ts';
import { crashAt, DECISIVE, inTurn } from './kills.ts';
import { seeded } from './random.ts';
import { run, summary, type Report } from './run.ts';
import { inShort, Tally } from './scenario.ts';

const SEED = Number(process.env.TORTURE_SEED ?? 46);
const SECONDS = Number(process.env.TORTURE_SECONDS ?? 45);
const DRAIN_SECONDS = 90;
const START_MS = 240_000;

const lines: string[] = [];
const say = (line: string): void => void lines.push(line);

describe(`a short run, seed ${SEED}`, () => {
  let ground: Ground | undefined;
  let report: Report;
  const tally = new Tally();

  beforeAll(
    async () => {
      ground = await Ground.prepare({ name: 'torture-slice' }, say);
      report = await run(ground, seeded(SEED), {
        seconds: SECONDS,
        drainSeconds: DRAIN_SECONDS,
        shares: 2,
        writers: 1,
        mix: { creates: 0.5, charges: 0.2, changes: 2 },
        harm: (scene) =>
          inTurn(
            scene,
            DECISIVE.map((aim) => crashAt(scene, aim, tally)),
          ),
      });
    },
    START_MS + (SECONDS + 2 * DRAIN_SECONDS) * 1_000,
  );
  afterAll(() => ground?.leave(), START_MS);

  const told = (): string => [...lines, `harm: ${tally}`, ...summary(report)].join('\n');

  it('R2, R3, R5: loses and doubles nothing when processes die on either side of a commit, a sending or an answer', async () => {
    const { orphanKeys, untold } = await factsOf(ground?.stack.urls.database ?? '');

    expect({ orphanKeys, untold, counters: report.counters, unended: report.unended, about: told() }).toEqual({
      orphanKeys: 0,
      untold: 0,
      counters: expect.objectContaining({ lost: 0, doubled: 0, 'out of order': 0 }),
      unended: 0,
      about: expect.any(String),
    });
    // Few on a machine that is busy with other things.
    expect([report.accepted > 5, tally.total > 0, told()]).toEqual([true, true, expect.any(String)]);
    for (const code of ['R2', 'R3', 'R5'] as const) figure(code, `npm test: ${inShort(report)}; ${tally.total} crashes`);
  });

  it('R45: reports success exactly where there is an effect, and every record can be read', () => {
    const { counters, unreadable, crude } = report;

    expect({ counters, unreadable, crude, about: told() }).toMatchObject({
      counters: { 'false success': 0, 'false failure': 0, 'cross-tenant': 0 },
      unreadable: 0,
      crude: 0,
    });
  });

  it('R6: sends no create of money twice, and claims nothing about it that it does not know', () => {
    const states = new Map(report.told.map(({ job, state }) => [job, state]));
    const charges = report.asked.filter(({ resource, jobs }) => resource === 'Charges' && jobs.length > 0);
    const effects = (mark: string): number =>
      report.effects.filter(({ sent }) => JSON.stringify(sent ?? null).includes(mark)).length;
    const least = { succeeded: 1, in_review: 0, failed: 0 } as Readonly<Record<string, number>>;
    const most = { succeeded: 1, in_review: 1, failed: 0 } as Readonly<Record<string, number>>;
    const wrong = charges.filter(({ mark, jobs: [job = ''] }) => {
      const state = states.get(job) ?? 'unknown';
      return !(effects(mark) >= (least[state] ?? 0) && effects(mark) <= (most[state] ?? -1));
    });

    expect({ wrong, about: told() }).toMatchObject({ wrong: [] });
  });
});
