/**
 * What is to happen at which point, as text and as values:
 *
 *   worker.after-sending=crash@0.1;claim.after-commit=delay:300;relay.before-delete=throw#3;seed=7
 *
 * `@p`: with that probability at each hit. `#n`: at the n-th hit, once. Neither: at each hit. The same seed gives the same decisions.
 */
import { isPointName, type PointName } from './points.ts';

/** `crash` and `stop` are SIGKILL and SIGSTOP; `delay` blocks the whole process, as a long garbage collection does. */
export type Action =
  | { readonly kind: 'crash' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'throw' }
  | { readonly kind: 'delay'; readonly ms: number };

export interface Failpoint {
  readonly name: PointName;
  readonly action: Action;
  /** @default 1 */
  readonly probability: number;
  /** Only at this hit, counted from 1. @default at any */
  readonly nth?: number;
}

export interface Failpoints {
  readonly points: readonly Failpoint[];
  readonly seed: number;
}

export class UnreadableFailpoints extends Error {
  override readonly name = 'UnreadableFailpoints';
}

const ENTRY =
  /^(?<name>[a-z.-]+)=(?<kind>crash|stop|throw|delay:(?<ms>\d{1,6}))(?:@(?<probability>[01](?:\.\d+)?)|#(?<nth>\d{1,9}))?$/;
const SEED = /^seed=(\d{1,10})$/;

/** An empty text is no point at all. @throws UnreadableFailpoints that names the entry */
export function parseFailpoints(text: string): Failpoints {
  const entries = text
    .split(';')
    .map((entry) => entry.trim())
    .filter(Boolean);
  const seeds = entries.flatMap((entry) => SEED.exec(entry)?.[1] ?? []);
  return {
    points: entries.filter((entry) => !SEED.test(entry)).map(parseEntry),
    seed: Number(seeds[0] ?? 1),
  };
}

function parseEntry(entry: string): Failpoint {
  const { name = '', kind = '', ms, probability, nth } = ENTRY.exec(entry)?.groups ?? {};
  if (!isPointName(name)) throw new UnreadableFailpoints(`no failpoint is written like this: ${entry}`);
  const action: Action = ms === undefined ? { kind: kind as 'crash' | 'stop' | 'throw' } : { kind: 'delay', ms: Number(ms) };
  return { name, action, probability: Number(probability ?? 1), ...(nth === undefined ? {} : { nth: Number(nth) }) };
}
