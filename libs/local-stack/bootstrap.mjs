/**
 * The way in for every npm script that needs more than one program: `node bootstrap.mjs <command> [arguments]`.
 *
 * Promises that the command runs with the locked dependencies installed, on a Node that the services accept, and on a fresh build.
 * Plain JavaScript without a single dependency, because it runs before there are any; it must parse on Node 20.
 *
 * Fails with exit code 1 and one sentence when npm, the build or the Node version stands in the way, and with 2 for an unknown command.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const inRoot = (...parts) => join(root, ...parts);

/**
 * Command → the compiled module that runs it. `asIs` takes an older build and older dependencies, if there are any: what runs must be
 * stoppable after a pull that changed the lock or does not compile.
 */
const commands = {
  start: { program: 'libs/local-stack/src/start.js' },
  stop: { program: 'libs/local-stack/src/stop.js', asIs: true },
  test: { program: 'libs/local-stack/src/test.js' },
  'keys:rotate': { program: 'libs/local-stack/src/rotate.js', asIs: true },
  bench: { program: 'test/bench/bench.js' },
  torture: { program: 'test/torture/torture.js' },
};

/** The services are written for `wanted`; `floor` is the oldest that their dependencies accept. */
const nodeMajor = { wanted: 24, floor: 22 };

const stamp = inRoot('node_modules', '.latchkey-lock');

const say = (line) => process.stderr.write(`${line}\n`);
const giveUp = (line, code = 1) => {
  say(line);
  process.exit(code);
};

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(inRoot('package-lock.json')))
    .digest('hex');

/**
 * Someone may have run `npm ci` by hand. npm leaves a list of what it installed; when that list holds every package of the lock that
 * is not optional, in the locked version, there is nothing to do, and we must not pull the folder from under a running program.
 */
function installedByHand() {
  const record = inRoot('node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages;
  return Object.entries(locked).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    return found ? found.version === entry.version && found.integrity === entry.integrity : Boolean(entry.optional);
  });
}

function install() {
  const wanted = lockHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (!installedByHand()) {
    say('Installing the locked dependencies with npm ci (about half a minute) ...');
    // npm puts node_modules/.bin in front of the PATH. It must not run on a Node that it is about to delete.
    const path = process.env.PATH.split(delimiter).filter((folder) => !`${folder}${sep}`.startsWith(`${root}${sep}`));
    const npm = spawnSync('npm', ['ci', '--ignore-scripts'], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, PATH: path.join(delimiter) },
    });
    if (npm.error) giveUp(`npm cannot be run (${npm.error.message}). Install Node with npm, then try again.`);
    if (npm.status !== 0) giveUp('npm ci failed, see above. Nothing was started.');
  }
  writeFileSync(stamp, wanted);
}

/** The Node to go on with: `undefined` when the one that runs this file is good enough. */
function otherNode() {
  const own = Number(process.versions.node.split('.')[0]);
  if (own >= nodeMajor.wanted) return undefined;
  const packaged = inRoot('node_modules', '.bin', 'node');
  if (existsSync(packaged) && spawnSync(packaged, ['--version']).status === 0) return packaged;
  if (own >= nodeMajor.floor) return undefined;
  return giveUp(
    `Latchkey needs Node ${nodeMajor.floor} or newer and this is ${process.version}. ` +
      `npm has no packaged Node for ${process.platform}-${process.arch}, so install Node ${nodeMajor.wanted} yourself and try again.`,
  );
}

/** Runs this file again under another Node, passes signals on, and ends as that one ends. */
function handOver(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => giveUp(`${node} cannot be run: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
}

function build() {
  const compiler = [inRoot('node_modules', 'ts7', 'bin', 'tsc'), '-p', inRoot('tsconfig.build.json')];
  const { status } = spawnSync(process.execPath, compiler, { cwd: root, stdio: 'inherit' });
  if (status !== 0) giveUp('The build failed, see above. Nothing was started.');
}

const [command, ...rest] = process.argv.slice(2);
if (!Object.hasOwn(commands, command ?? '')) giveUp(`Say one of: ${Object.keys(commands).join(', ')}`, 2);

const { program, asIs = false } = commands[command];
const compiled = inRoot('dist', program);
const isPrepared = asIs && existsSync(compiled);

if (!isPrepared) install();
const node = otherNode();
if (node) {
  handOver(node);
} else {
  if (!isPrepared) build();
  if (!existsSync(compiled)) giveUp(`There is no ${program.replace(/\.js$/, '.ts')} in this repository yet.`);
  process.setSourceMapsEnabled(true);
  process.chdir(root);
  process.argv = [process.execPath, compiled, ...rest];
  await import(pathToFileURL(compiled).href);
}
