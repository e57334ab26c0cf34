import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { members, readJson, text } from './files.ts';
import { isRunning, type ProcessIdentity } from './identity.ts';
import { Daemon, endOrphans, run, type DaemonPlan } from './processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'processes-'));
const daemons: Daemon[] = [];
const launchers: ChildProcess[] = [];

const FOREVER = 'setInterval(() => {}, 1000)';

const daemonOf = (name: string, script: string, more: Partial<DaemonPlan> = {}): Daemon => {
  const daemon = new Daemon({ name, command: process.execPath, args: ['--eval', script], env: {}, directory: folder, ...more });
  daemons.push(daemon);
  return daemon;
};

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the condition did not become true within 10 s');
    await sleep(20);
  }
}

const recorded = (name: string): ProcessIdentity => {
  const { pid, started } = members(readJson(join(folder, 'run', `${name}.json`)));
  return { pid: Number(pid), started: text(started) ?? '' };
};

/** A launcher of its own, which starts one daemon and then does `last`. */
async function launch(name: string, last: string): Promise<{ launcher: ChildProcess; child: ProcessIdentity }> {
  const plan = { name, command: process.execPath, args: ['--eval', FOREVER], env: {}, directory: folder };
  const script = `
    const { Daemon } = await import(${JSON.stringify(new URL('./processes.ts', import.meta.url).href)});
    await new Daemon(${JSON.stringify(plan)}).start();
    ${last}`;
  const options = ['--experimental-transform-types', '--no-warnings', '--input-type=module', '--eval', script];
  const launcher = spawn(process.execPath, options, { stdio: 'ignore' });
  launchers.push(launcher);
  await until(() => {
    if (launcher.exitCode) throw new Error(`the launcher itself ended with exit code ${launcher.exitCode}`);
    return existsSync(join(folder, 'run', `${name}.json`));
  });
  return { launcher, child: recorded(name) };
}

afterEach(async () => {
  await Promise.all(daemons.splice(0).map((daemon) => daemon.stop()));
  launchers.splice(0).forEach((launcher) => launcher.kill('SIGKILL'));
  await endOrphans(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe(Daemon.name, () => {
  it('says how a process ended early, with the end of its log', async () => {
    const daemon = daemonOf('early', 'console.error("the disk is full"); process.exit(3)', {
      ready: () => Promise.resolve(false),
    });

    await expect(daemon.start()).rejects.toThrow(/early ended with exit code 3.*the disk is full/s);
  });

  it('names a program that cannot be run', async () => {
    const daemon = daemonOf('absent', '', { command: join(folder, 'no-such-program') });

    await expect(daemon.start()).rejects.toThrow(/absent cannot be run/);
  });

  it('gives up on a process that is not ready in time, and ends it', async () => {
    const daemon = daemonOf('slow', FOREVER, { ready: () => Promise.resolve(false), readyTimeoutMs: 200 });

    await expect(daemon.start()).rejects.toThrow('did not become ready in time');

    expect(daemon.pid).toBeUndefined();
  });

  it('reports an end that nobody asked for, and only that', async () => {
    const ends: string[] = [];
    const daemon = daemonOf('watched', FOREVER);
    daemon.onCrash((how) => ends.push(how));
    await daemon.start();

    await daemon.restart();
    expect(ends).toEqual([]);

    process.kill(daemon.pid ?? 0, 'SIGKILL');
    await until(() => ends.length > 0);
    expect(ends).toEqual(['was ended by SIGKILL']);
  });

  it('kills a process that does not stop when asked, even a suspended one', async () => {
    const deaf = 'process.on("SIGTERM", () => {}); console.log("deaf"); ' + FOREVER;
    const daemon = daemonOf('deaf', deaf, { graceMs: 200, ready: () => Promise.resolve(daemon.lastLines() === 'deaf') });
    await daemon.start();
    await daemon.kill('SIGSTOP');

    await daemon.stop();

    expect(daemon.pid).toBeUndefined();
  });

  it('refuses to start after it was stopped for good', async () => {
    const daemon = daemonOf('closed', FOREVER);
    await daemon.start();
    await daemon.stop();

    await expect(daemon.start()).rejects.toThrow('was stopped before it had started');
  });

  it('takes its process along when the launcher falls over an uncaught error', async () => {
    const { child } = await launch('crash', 'setTimeout(() => { throw new Error("unexpected"); }, 100);');

    await until(() => !isRunning(child));
  });
});

describe(endOrphans.name, () => {
  it('ends what a killed launcher left behind', async () => {
    const { launcher, child } = await launch('orphan', '');
    launcher.kill('SIGKILL');
    await until(() => launcher.signalCode !== null);
    expect(isRunning(child)).toBe(true);

    await endOrphans(folder);

    expect(isRunning(child)).toBe(false);
    expect(existsSync(join(folder, 'run', 'orphan.json'))).toBe(false);
  });
});

describe(run.name, () => {
  const errand = { name: 'errand', command: process.execPath, env: {} };

  it('returns what the program printed', async () => {
    const args = ['--eval', 'process.stdin.pipe(process.stdout); console.error("aside")'];

    expect(await run({ ...errand, args, input: 'given' })).toBe('given');
  });

  it('shows the end of its output when it fails', async () => {
    const args = ['--eval', 'console.error("relation does not exist"); process.exitCode = 4'];

    await expect(run({ ...errand, args })).rejects.toThrow(/errand ended with exit code 4:\nrelation does not exist/);
  });
});

describe('log files', () => {
  it('start empty with each new daemon, and go on through a restart', async () => {
    const first = daemonOf('logged', `console.log('one'); ${FOREVER}`, {
      ready: () => Promise.resolve(first.lastLines().endsWith('one')),
    });
    await first.start();
    await first.restart();
    await until(() => first.lastLines() === 'one\none');
    await first.stop();

    const second = daemonOf('logged', `console.log('two'); ${FOREVER}`, {
      ready: () => Promise.resolve(second.lastLines() === 'two'),
    });
    await second.start();

    expect(readFileSync(second.logFile, 'utf8')).toBe('two\n');
  });
});
