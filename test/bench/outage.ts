/**
 * Whether callers notice that a PMS is down: accepting at a steady rate while it answers, while it cuts every connection, and while it lets every
 * call hang. Then how long the writes that piled up take once it is back.
 */
import { steady, type Outcome } from './load.ts';
import type { Measurement } from './measurement.ts';
import { heading, ratio, row, say, shown } from './print.ts';
import { SETTINGS } from './settings.ts';
import type { Stage } from './stage.ts';

const { rate, seconds } = SETTINGS;
/** Until deleted, whatever is called. */
const ALWAYS = { when: 'before', times: 0 };
const OUTAGES = [
  ['the PMS cuts every connection', { ...ALWAYS, kind: 'reset' }],
  ['the PMS lets every call hang', { ...ALWAYS, kind: 'hang' }],
] as const;
const DRAIN_WITHIN_MS = 900_000;

export const outage: Measurement = { measure };

async function measure(stage: Stage): Promise<void> {
  await stage.refreshAfterWrite(false);
  await steady(stage.creates(), rate, 2);
  const normal = await phase(stage);
  heading(`accept at ${rate} a second`, 'p50 ms', 'p99 ms', 'not 2xx', 'p99 of normal', 'calls to it');
  tell('the PMS answers', normal, normal);
  for (const [name, rule] of OUTAGES) {
    await stage.drained();
    const { status } = await stage.sandbox.post('/_faults', rule);
    if (status >= 300) throw new Error(`The fault was refused with ${status}`);
    tell(name, await phase(stage), normal);
    await stage.sandbox.delete('/_faults');
    const back = performance.now();
    await stage.drained(DRAIN_WITHIN_MS);
    say(`  back: all writes are settled after ${((performance.now() - back) / 1_000).toFixed(1)} s; ${await endings(stage)}`);
  }
}

type Phase = Outcome & { readonly calls: number };

async function phase(stage: Stage): Promise<Phase> {
  const before = (await stage.effects()).calls;
  const outcome = await steady(stage.creates(), rate, seconds * 2);
  return { ...outcome, calls: (await stage.effects()).calls - before };
}

const tell = (name: string, { p50, p99, failed, calls }: Phase, normal: Phase): void =>
  row(name, shown(p50), shown(p99), String(failed), ratio(p99, normal.p99), String(calls));

async function endings(stage: Stage): Promise<string> {
  const rows = await stage.sql<{ state: string; count: number }>(
    'select state, count(*)::integer as count from ledger.operation group by state order by state',
  );
  return rows.map(({ state, count }) => `${count} ${state}`).join(', ');
}
