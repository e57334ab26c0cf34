import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, it } from '@jest/globals';
import { endProcess, identify, isRunning, signalProcess, waitUntilGone, type ProcessIdentity } from './identity.ts';

const children: ChildProcess[] = [];

afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

function sleeper(script = 'setInterval(() => {}, 1000)'): ProcessIdentity {
  const child = spawn(process.execPath, ['--eval', script], { stdio: 'ignore' });
  children.push(child);
  const identity = child.pid ? identify(child.pid) : undefined;
  if (!identity) throw new Error('the process did not start');
  return identity;
}

describe(identify.name, () => {
  it('knows a running process again, and sees when it is gone', async () => {
    const identity = sleeper();
    expect(isRunning(identity)).toBe(true);

    await endProcess(identity, 'SIGTERM', 5_000);

    expect(isRunning(identity)).toBe(false);
    expect(identify(identity.pid)).toBeUndefined();
  });
});

describe(signalProcess.name, () => {
  it('never signals another process that got the same number', async () => {
    const stranger = sleeper();
    const remembered = { pid: stranger.pid, started: '1' };

    expect(signalProcess(remembered, 'SIGKILL')).toBe(false);
    await endProcess(remembered, 'SIGKILL', 1_000);

    expect(await waitUntilGone(stranger, 200)).toBe(false);
  });
});

describe(endProcess.name, () => {
  it('kills a process that ignores the polite signal', async () => {
    const identity = sleeper('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)');
    // Give it the time to install its handler; without one SIGTERM would end it and this test would prove nothing, yet pass.
    await waitUntilGone(identity, 500);

    await endProcess(identity, 'SIGTERM', 300);

    expect(isRunning(identity)).toBe(false);
  });
});
