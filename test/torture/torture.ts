/**
 * `npm run torture`: the running system under everything that can go wrong. `npm run torture -- <scenario> ...` plays some of the scenarios of
 * scenarios.ts, `-- all` every one; without a name it is `everything`, all kinds of harm at once.
 *
 * Ends with 1 when a scenario is not clean: a counter, a write that never ended, a record that cannot be read, a 5xx that is not a 503, or what the
 * scenario itself demands. A scenario that this machine does not allow says so and is skipped.
 *
 * Options by environment: TORTURE_SEED (printed; the same seed repeats the same decisions), TORTURE_SECONDS of harm (60),
 * TORTURE_DRAIN_SECONDS that healing may take (300).
 */
import { randomInt } from 'node:crypto';
import { figure } from '../quality/figure.ts';
import { seeded } from './random.ts';
import { isClean, summary } from './run.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { Impossible } from './stores.ts';

const SEED = Number(process.env['TORTURE_SEED'] ?? randomInt(1, 2 ** 31));
const SECONDS = Number(process.env['TORTURE_SECONDS'] ?? 60);
const DRAIN_SECONDS = Number(process.env['TORTURE_DRAIN_SECONDS'] ?? 300);

const started = performance.now();
const say = (line: string): void => {
  process.stdout.write(`${((performance.now() - started) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`);
};

/** Whether everything was as it must be. */
async function play({ name, titles, play: carryOut }: Scenario, signal: AbortSignal): Promise<boolean> {
  say(`== ${name}: seed ${SEED}, ${SECONDS} s of harm`);
  for (const title of titles) say(title);
  try {
    const { report, failures, figures } = await carryOut({
      random: seeded(SEED),
      seconds: SECONDS,
      drainSeconds: DRAIN_SECONDS,
      say,
      signal,
    });
    summary(report).forEach(say);
    failures.forEach((failure) => say(`FAILED: ${failure}`));
    const isGood = isClean(report) && failures.length === 0;
    for (const [code, text] of figures) {
      say(`${code}: ${text}`);
      // A run that did not meet what it is for, or found a fault, measured nothing that may stand on a page.
      if (isGood) figure(code, text);
    }
    say(`== ${name}: ${isGood ? 'clean' : `NOT CLEAN, seed ${SEED}`}`);
    return isGood;
  } catch (error) {
    if (!(error instanceof Impossible)) throw error;
    say(`== ${name}: skipped, ${error.message}`);
    return true;
  }
}

const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());

const wanted = process.argv.slice(2);
const names = wanted.includes('all') ? SCENARIOS.map(({ name }) => name) : wanted.length > 0 ? wanted : ['everything'];
const unknown = names.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  say(`There is no ${unknown.join(', ')}. Say some of: ${SCENARIOS.map(({ name }) => name).join(', ')}, all`);
  process.exit(2);
}
for (const name of names) {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario && !stopped.signal.aborted && !(await play(scenario, stopped.signal))) process.exitCode = 1;
}
// Whatever a scenario left behind (a socket to a server that is gone, a timer) must not keep a run from ending.
process.exit();
