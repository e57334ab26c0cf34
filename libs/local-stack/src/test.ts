/**
 * `npm test`: types, lint, unit tests, end-to-end tests; stops at the first that fails, with its exit code.
 *
 * `npm test -- <path> ...` runs only the tests below those paths. Either way specs find a real Postgres in TEST_DATABASE_URL and a real
 * NATS in TEST_NATS_URL, started for this run and deleted with their content afterwards.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startNats } from './nats.ts';
import { startPostgres } from './postgres.ts';
import { endOrphans } from './processes.ts';
import { defaultDirectory, inRoot, root } from './repository.ts';
import { findLauncher } from './state.ts';

interface Step {
  readonly title: string;
  /** A script under node_modules, and its arguments. */
  readonly program: readonly [string, ...string[]];
}

const directory = join(defaultDirectory, 'test');
const paths = process.argv.slice(2);

const jest = (title: string, files: string, ...more: readonly string[]): Step => ({
  title,
  program: ['jest/bin/jest.js', `--testPathPatterns=${files}`, ...more],
});

/** Jest takes one pattern: a file below one of the paths (all of them, when none is given) that ends like this. */
const below = (ending: string): string => `${paths.length > 0 ? `(${paths.join('|')}).*` : ''}\\.${ending}\\.ts$`;

/** A path may hold only one kind of test, the repository must hold both. */
const lenient = paths.length > 0 ? ['--passWithNoTests'] : [];

const CHECKS: readonly Step[] = [
  { title: 'types', program: ['ts7/bin/tsc', '-p', 'tsconfig.json'] },
  { title: 'lint', program: ['eslint/bin/eslint.js', 'apps', 'libs', 'test'] },
];
const TESTS: readonly Step[] = [
  jest('unit tests', below('spec'), ...lenient),
  jest('end-to-end tests', below('e2e-spec'), '--runInBand', ...lenient),
];

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The running step is told; we live on to delete what was started, also when the terminal and npm both send the signal. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
for (const signal of SIGNALS) process.on(signal, () => undefined);

function runStep({ title, program: [script, ...args] }: Step, env: NodeJS.ProcessEnv): Promise<number> {
  const started = Date.now();
  say(`\n== ${title}`);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [inRoot('node_modules', script), ...args], { cwd: root, env, stdio: 'inherit' });
    const passOn = (signal: NodeJS.Signals) => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, passOn);
    child.on('exit', (code) => {
      for (const signal of SIGNALS) process.off(signal, passOn);
      const result = code ?? 1;
      say(
        `== ${title}: ${result === 0 ? 'passed' : `failed with exit code ${result}`} after ${((Date.now() - started) / 1000).toFixed(1)} s`,
      );
      resolve(result);
    });
  });
}

async function runAll(steps: readonly Step[], env: NodeJS.ProcessEnv): Promise<number> {
  for (const step of steps) {
    const code = await runStep(step, env);
    if (code !== 0) return code;
  }
  return 0;
}

/** A test run that was killed leaves stacks behind: those in state folders whose launcher is gone. */
async function endLeftovers(): Promise<void> {
  const folders = readdirSync(defaultDirectory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const states = folders.map(({ name }) => join(defaultDirectory, name)).filter((folder) => !findLauncher(folder));
  await Promise.all(states.map(endOrphans));
}

async function main(): Promise<number> {
  // The daemon of Nx, which the lint rule would start, outlives the command.
  const env = { ...process.env, NX_DAEMON: 'false' };
  const checked = paths.length > 0 ? 0 : await runAll(CHECKS, env);
  if (checked !== 0) return checked;

  await endOrphans(directory);
  const options = { directory, log: say, url: '' };
  const servers = await Promise.all([startPostgres(options), startNats(options)]);
  const [postgres, nats] = servers;
  try {
    return await runAll(TESTS, {
      ...env,
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules`.trim(),
      TEST_DATABASE_URL: postgres.url,
      TEST_NATS_URL: nats.url,
    });
  } finally {
    await Promise.all(servers.map((server) => server.discard()));
    await endLeftovers();
  }
}

process.exit(
  await main().catch((error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    return 1;
  }),
);
