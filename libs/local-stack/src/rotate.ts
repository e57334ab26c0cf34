/**
 * `npm run keys:rotate`: a new key for the credentials of every PMS, while the stack of `npm start` runs and works.
 *
 *     npm run keys:rotate                      all PMSs
 *     npm run keys:rotate -- buildium          one
 *     npm run keys:rotate -- --retire          and then the former keys are destroyed
 *
 * For each PMS: add a key and make it active -> its worker reads the ring anew -> everything stored is sealed with it -> once more for what
 * was sealed in between -> retire. May be broken off anywhere and run again: it goes on with the key that was added.
 * Ends with 1 and a sentence when no stack runs, a PMS is unknown, or some credentials could not be sealed anew; nothing is retired then.
 */
import { parseArgs } from 'node:util';
import { members, text } from './files.ts';
import { rotateKeys, type Rotation } from './rotation.ts';
import { defaultDirectory } from './repository.ts';
import { findServices, pmsOf } from './services.ts';
import { findLauncher, readSummary } from './state.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { retire: { type: 'boolean', default: false } } });
  if (!findLauncher(defaultDirectory)) throw new Error('No stack runs: npm start, then try again.');
  const { nats_url, database_url, services } = readSummary(defaultDirectory);
  const ownNats = Array.isArray(services) && services.some((service) => members(service).name === 'nats');
  const workers = findServices().filter(({ role }) => role === 'worker');
  const unknown = positionals.filter((name) => !workers.some((worker) => pmsOf(worker) === name));
  if (unknown.length > 0) throw new Error(`There is no PMS ${unknown.join(', ')}; there are ${workers.map(pmsOf).join(', ')}.`);
  const rotation: Rotation = {
    directory: defaultDirectory,
    natsUrl: text(nats_url),
    databaseUrl: text(database_url),
    ownNats,
    ...values,
  };
  for (const worker of workers) {
    if (positionals.length > 0 && !positionals.includes(pmsOf(worker))) continue;
    const { key, resealed, retired } = await rotateKeys(worker, rotation);
    say(
      `${pmsOf(worker)}: ${resealed} credentials are under ${key} now${retired > 0 ? `, ${retired} former keys destroyed` : ''}.`,
    );
  }
  return 0;
}

process.exit(
  await main().catch((error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    return 1;
  }),
);
