/**
 * BENCH_PROFILE=1: every service writes a CPU profile when it ends, to `.latchkey/bench-profiles/<measurement>/<service>.cpuprofile` (open it in
 * any browser's developer tools). Afterwards the dearest packages and files of each are told.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { heading, row } from './print.ts';
import { SETTINGS } from './settings.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folderOf = (measurement: string): string => join(root, '.latchkey', 'bench-profiles', measurement);

type Environments = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The settings of each service, with those that make it write a profile if one is wanted. */
export function profiling(services: readonly string[], measurement: string, env: Environments): Environments {
  if (!SETTINGS.profile) return env;
  const folder = folderOf(measurement);
  mkdirSync(folder, { recursive: true });
  const options = (name: string) => `--cpu-prof --cpu-prof-dir=${folder} --cpu-prof-name=${name}.cpuprofile`;
  return Object.fromEntries(services.map((name) => [name, { NODE_OPTIONS: options(name), ...env[name] }]));
}

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const SHOWN = 12;

/** Tells where the time of each service went: its share by package, or by file for our own. Says nothing when there is no profile. */
export function sayProfiles(measurement: string): void {
  const folder = folderOf(measurement);
  if (!SETTINGS.profile || !existsSync(folder)) return;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) {
    const spent = [...byPlace(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile)];
    const busy = spent.filter(([place]) => place !== 'idle').reduce((sum, [, ms]) => sum + ms, 0);
    heading(`profile of ${basename(file, '.cpuprofile')}`, 'ms', 'of busy');
    for (const [place, ms] of spent.sort(([, one], [, other]) => other - one).slice(0, SHOWN)) {
      row(place, ms.toFixed(0), place === 'idle' ? '' : `${((100 * ms) / busy).toFixed(1)} %`);
    }
  }
}

function byPlace({ nodes, samples, timeDeltas }: Profile): ReadonlyMap<string, number> {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const spent = new Map<string, number>();
  samples.forEach((id, nth) => {
    const place = places.get(id) ?? 'unknown';
    spent.set(place, (spent.get(place) ?? 0) + (timeDeltas[nth] ?? 0) / 1_000);
  });
  return spent;
}

function placeOf({ functionName, url }: { functionName: string; url: string }): string {
  if (url === '') return functionName.replace(/[()]/g, '') || 'native';
  if (url.startsWith('node:')) return url;
  const [, inner] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  return inner ?? url.replace(/^.*\/dist\//, '').replace('/src/', '/');
}
