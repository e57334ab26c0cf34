/**
 * Whether anything grows: a steady load for BENCH_MINUTES, with resident memory and open handles of each process told every minute. The slope is
 * that of the straight line through the last four fifths, because caches and compiled code fill up first.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { steady } from './load.ts';
import type { Measurement } from './measurement.ts';
import { heading, row, shown } from './print.ts';
import { SETTINGS } from './settings.ts';
import type { Stage } from './stage.ts';
import { slope } from './statistics.ts';

const { minutes, rate } = SETTINGS;
const MINUTE_SECONDS = 60;
/** The sandbox keeps everything it was ever told, so it is emptied now and then, and it is no part of what is judged. */
const EMPTY_EVERY_MINUTES = 5;

interface Sample {
  readonly minute: number;
  readonly mebibytes: number;
  readonly handles: number;
}

export const memory: Measurement = { byDefault: false, measure };

async function measure(stage: Stage): Promise<void> {
  const names = stage.stack.services.map(({ name }) => name).filter((name) => name !== 'sandbox' && name !== 'postgres');
  const samples = new Map<string, Sample[]>(names.map((name) => [name, []]));
  heading(`${rate} creates a second`, ...names.map((name) => name.replace('worker-', '')), 'p99 ms', 'not 2xx');
  for (let minute = 1; minute <= minutes; minute += 1) {
    const { p99, failed } = await steady(stage.creates(), rate, MINUTE_SECONDS);
    const cells = names.map((name) => {
      const sample = sampleOf(stage.stack.service(name).pid, minute);
      samples.get(name)?.push(sample);
      return `${sample.mebibytes.toFixed(0)} / ${sample.handles}`;
    });
    row(`minute ${minute}: MiB / handles`, ...cells, shown(p99), String(failed));
    if (minute % EMPTY_EVERY_MINUTES === 0) await emptied(stage);
  }
  heading('growth', 'MiB at the end', '% per 10 min', 'handles/10 min');
  for (const [name, all] of samples) {
    const settled = all.slice(Math.floor(all.length / 5));
    const last = settled.at(-1)?.mebibytes ?? NaN;
    const perTenMinutes = (of: 'mebibytes' | 'handles') => 10 * slope(settled.map((sample) => [sample.minute, sample[of]]));
    row(name, shown(last), ((100 * perTenMinutes('mebibytes')) / last).toFixed(2), perTenMinutes('handles').toFixed(2));
  }
}

async function emptied(stage: Stage): Promise<void> {
  await stage.drained();
  await stage.quiet();
  await stage.resetSandbox();
}

function sampleOf(pid: number | undefined, minute: number): Sample {
  if (pid === undefined) throw new Error('A service ended');
  const [, kibibytes = 'NaN'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return { minute, mebibytes: Number(kibibytes) / 1_024, handles: readdirSync(`/proc/${pid}/fd`).length };
}
