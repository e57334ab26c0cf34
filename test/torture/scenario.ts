/** What a scenario is, and how one is played: a ground, a run, and what it demands besides the counters. */
import type { Demand } from '../quality/codes.ts';
import { Ground, type GroundOptions, type Say } from './ground.ts';
import type { Random } from './random.ts';
import { run, type Report, type RunOptions, type Scene } from './run.ts';

export interface Call {
  readonly random: Random;
  readonly seconds: number;
  readonly drainSeconds: number;
  readonly say: Say;
  readonly signal?: AbortSignal;
}

export interface Outcome {
  readonly report: Report;
  /** What this scenario demands and did not get, in words. */
  readonly failures: readonly string[];
  readonly figures: readonly (readonly [Demand['code'], string])[];
}

export interface Scenario {
  readonly name: string;
  /** What it proves: 'R1: …'. */
  readonly titles: readonly string[];
  readonly play: (call: Call) => Promise<Outcome>;
}

/** What harm was done, by kind. */
export class Tally {
  private readonly counts = new Map<string, number>();

  add(kind: string, times = 1): void {
    this.counts.set(kind, this.of(kind) + times);
  }
  of(kind: string): number {
    return this.counts.get(kind) ?? 0;
  }
  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }
  toString(): string {
    return [...this.counts].map(([kind, times]) => `${kind} ${times}`).join(', ');
  }
}

export interface Recipe extends Pick<RunOptions, 'mix' | 'shares' | 'writers'> {
  readonly name: string;
  readonly titles: readonly string[];
  readonly ground?: Omit<GroundOptions, 'name'>;
  readonly harm: (scene: Scene, tally: Tally) => Promise<void>;
  /** May give the report back without what had to be. */
  readonly judge: (report: Report, tally: Tally, ground: Ground) => Promise<Omit<Outcome, 'report'> & Partial<Outcome>>;
}

export function scenario(recipe: Recipe): Scenario {
  const { name, titles } = recipe;
  return { name, titles, play: (call) => playOn(recipe, call) };
}

/** @param prepared More of the ground, made for this run. */
export async function playOn(
  recipe: Recipe,
  { random, seconds, drainSeconds, say, signal }: Call,
  prepared: Partial<GroundOptions> & { readonly before?: () => Promise<void> } = {},
): Promise<Outcome> {
  const { before, ...more } = prepared;
  const name = `torture-${recipe.name}`;
  const ground = await Ground.prepare({ name, ...recipe.ground, ...more, ...(signal === undefined ? {} : { signal }) }, say);
  const tally = new Tally();
  try {
    const report = await run(ground, random, {
      seconds,
      drainSeconds,
      ...recipe,
      harm: (scene) => recipe.harm(scene, tally),
    });
    say(`harm: ${tally}`);
    return { report, ...(await recipe.judge(report, tally, ground)) };
  } finally {
    await ground.leave(before);
  }
}

/** Whether it holds, else the words. */
export const demand = (holds: boolean, words: string): readonly string[] => (holds ? [] : [words]);

/** "0 lost, 0 doubled of 1,234 accepted": how every figure of a run begins. */
export const inShort = ({ counters, unended, accepted }: Report): string =>
  `${counters.lost} lost, ${counters.doubled} doubled, ${counters['false success'] + counters['false failure']} falsely reported, ` +
  `${unended} unended of ${accepted} accepted`;

/** The value below which this share of the numbers lies. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
