import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { armFailpoints, failpoint, failpointLater, failpointsReached } from './failpoint.ts';
import { parseFailpoints } from './plan.ts';

const SOURCE = new URL('./failpoint.ts', import.meta.url).href;

afterEach(() => armFailpoints(''));

/** A process that passes a point and then says so. */
const passing = (text: string) =>
  spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { armFailpoints, failpoint } from '${SOURCE}'; armFailpoints('${text}'); failpoint('claim.after-commit'); console.log('passed');`,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'], env: { PATH: process.env.PATH } },
  );

describe(parseFailpoints.name, () => {
  it('reads what is written', () => {
    expect(
      parseFailpoints(' worker.after-sending=crash@0.25 ; relay.before-delete=delay:300#3;seed=7;claim.after-commit=stop'),
    ).toEqual({
      seed: 7,
      points: [
        { name: 'worker.after-sending', action: { kind: 'crash' }, probability: 0.25 },
        { name: 'relay.before-delete', action: { kind: 'delay', ms: 300 }, probability: 1, nth: 3 },
        { name: 'claim.after-commit', action: { kind: 'stop' }, probability: 1 },
      ],
    });
    expect(parseFailpoints('').points).toEqual([]);
  });

  it.each(['nowhere=crash', 'claim.after-commit', 'claim.after-commit=explode', 'claim.after-commit=crash@2', 'toString=crash'])(
    'refuses %j',
    (text) => {
      expect(() => parseFailpoints(text)).toThrow(text);
    },
  );
});

describe(failpoint.name, () => {
  it('does nothing where nothing is armed', () => {
    armFailpoints('claim.before-commit=throw');

    expect(() => failpoint('claim.after-commit')).not.toThrow();
    armFailpoints('');
    expect(() => failpoint('claim.before-commit')).not.toThrow();
  });

  it('harms at the hit that was named, once', () => {
    armFailpoints('claim.after-commit=throw#2');
    const harmed = Array.from({ length: 4 }, () => {
      try {
        failpoint('claim.after-commit');
        return false;
      } catch {
        return true;
      }
    });

    expect(harmed).toEqual([false, true, false, false]);
    expect(failpointsReached()).toEqual({ 'claim.after-commit': 1 });
  });

  it('decides by its seed', () => {
    const decisions = (seed: number): string => {
      armFailpoints(`claim.after-commit=throw@0.3;seed=${seed}`);
      return Array.from({ length: 200 }, () => {
        try {
          failpoint('claim.after-commit');
          return '.';
        } catch {
          return 'x';
        }
      }).join('');
    };

    expect(decisions(5)).toBe(decisions(5));
    expect(decisions(5)).not.toBe(decisions(6));
    expect(decisions(5).replaceAll('.', '').length).toBeGreaterThan(30);
    expect(decisions(5).replaceAll('.', '').length).toBeLessThan(90);
  });

  it('stands still for as long as it was told', () => {
    armFailpoints('claim.after-commit=delay:60');
    const began = performance.now();
    failpoint('claim.after-commit');

    expect(performance.now() - began).toBeGreaterThanOrEqual(55);
  });

  it('ends the process on the spot', async () => {
    const child = passing('claim.after-commit=crash');
    let said = '';
    child.stdout.on('data', (text) => (said += String(text)));
    const [, signal] = await once(child, 'close');

    expect([signal, said]).toEqual(['SIGKILL', '']);
  });

  it('stops the process until it is told to go on', async () => {
    const child = passing('claim.after-commit=stop');
    let said = '';
    child.stdout.on('data', (text) => (said += String(text)));
    const stopped = (): boolean => readFileSync(`/proc/${child.pid}/stat`, 'utf8').includes(') T ');
    while (!stopped()) await sleep(20);
    expect(said).toBe('');

    child.kill('SIGCONT');
    await once(child, 'close');
    expect(said).toBe('passed\n');
  }, 15_000);
});

describe(failpointLater.name, () => {
  it('leaves what is going on alone', async () => {
    armFailpoints('worker.after-first-byte=delay:1');
    failpointLater('worker.after-first-byte');
    expect(failpointsReached()).toEqual({});
    await new Promise((resolve) => setImmediate(resolve));

    expect(failpointsReached()).toEqual({ 'worker.after-first-byte': 1 });
  });
});
