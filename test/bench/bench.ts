/**
 * `npm run bench -- [name ...]`: what Latchkey costs and how fast it is, beside others who do the same in the same run. Quote the ratios:
 * absolute figures are those of the machine and of the hour. What each name measures and what one may set: README.md in this folder.
 *
 * Fails with exit code 2 for an unknown name, and at the end with 1 when something could not be measured; it judges nothing.
 */
import { accept } from './accept.ts';
import { backlog } from './backlog.ts';
import { drain } from './drain.ts';
import { history } from './history.ts';
import type { Measurement } from './measurement.ts';
import { memory } from './memory.ts';
import { outage } from './outage.ts';
import { say } from './print.ts';
import { sayProfiles } from './profile.ts';
import { records } from './records.ts';
import { Stage } from './stage.ts';
import { validation } from './validation.ts';

const STAGED: Readonly<Record<string, Measurement>> = { accept, drain, backlog, history, records, outage, memory };
const NAMES = [...Object.keys(STAGED), 'validation'];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) {
  say(`There is no ${unknown.join(', ')}. Say any of: ${NAMES.join(', ')}.`);
  process.exit(2);
}
const isWanted = (name: string): boolean => (wanted.length > 0 ? wanted.includes(name) : (STAGED[name]?.byDefault ?? true));

let stage: Stage | undefined;
// Twice, because the terminal and npm both send it; what was started goes with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stage?.clear().finally(() => process.exit(1)));

for (const [name, { measure }] of Object.entries(STAGED)) {
  if (!isWanted(name)) continue;
  try {
    stage = await Stage.set(name);
    await measure(stage);
  } catch (error) {
    // The others can still be measured.
    say(`${name} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    await stage?.clear();
  }
  sayProfiles(name);
}
if (isWanted('validation')) await validation();
