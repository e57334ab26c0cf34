/**
 * Failpoints: `failpoint('worker.after-sending')` stands where a crash would hurt most, and does nothing. While nothing is armed, passing one
 * reads one variable and returns. Everything that happens at one is synchronous, so no promise is delayed by a point that is not armed.
 *
 * Only tests arm them: by the setting LATCHKEY_FAILPOINTS and the internal port, both of which production refuses.
 */
import { parseFailpoints, type Action, type Failpoint } from './plan.ts';
import type { PointName } from './points.ts';

interface Armed extends Failpoint {
  hits: number;
}

interface Plan {
  readonly points: ReadonlyMap<PointName, Armed>;
  readonly random: () => number;
}

let plan: Plan | undefined;
const reached = new Map<PointName, number>();

/** Arms exactly what the text says, and disarms everything else; see plan.ts. @throws UnreadableFailpoints; then nothing has changed */
export function armFailpoints(text: string): void {
  const { points, seed } = parseFailpoints(text);
  reached.clear();
  plan =
    points.length === 0
      ? undefined
      : { points: new Map(points.map((point) => [point.name, { ...point, hits: 0 }])), random: draws(seed) };
}

/** How often each armed point did its harm, since it was armed. */
export const failpointsReached = (): Readonly<Record<string, number>> => Object.fromEntries(reached);

/** Passes a point. @throws Error when it is armed to throw */
export function failpoint(name: PointName): void {
  if (plan !== undefined) pass(plan, name);
}

/** The same once the current turn of the event loop is over: what was written in it has left by then. */
export function failpointLater(name: PointName): void {
  if (plan !== undefined) setImmediate(failpoint, name);
}

function pass({ points, random }: Plan, name: PointName): void {
  const point = points.get(name);
  if (!point) return;
  point.hits += 1;
  if (point.nth !== undefined && point.nth !== point.hits) return;
  if (point.probability < 1 && random() >= point.probability) return;
  reached.set(name, (reached.get(name) ?? 0) + 1);
  harm(point.action, name);
}

/** A signal to oneself may take effect a moment later; until then nothing may go on. */
const TAKES_EFFECT_MS = 1_000;

function harm(action: Action, name: PointName): void {
  switch (action.kind) {
    case 'crash':
      process.kill(process.pid, 'SIGKILL');
      return block(TAKES_EFFECT_MS);
    case 'stop':
      process.kill(process.pid, 'SIGSTOP');
      // Short: this goes on after SIGCONT.
      return block(5);
    case 'delay':
      return block(action.ms);
    case 'throw':
      throw new Error(`failpoint ${name}`);
  }
}

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Numbers from 0 up to 1, a multiplicative sequence: good enough to decide by. */
function draws(seed: number): () => number {
  const MODULUS = 2_147_483_647;
  let state = (seed % (MODULUS - 1)) + 1;
  return () => {
    state = (state * 48_271) % MODULUS;
    return state / MODULUS;
  };
}
