import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { startWatchdog } from './watchdog.ts';

const MODULE = new URL('watchdog.ts', import.meta.url).href;

/** A process with a watchdog of 300 ms that does something after its first beats. */
async function watched(deed: string): Promise<{ signal: unknown; said: string }> {
  const code = `const { startWatchdog } = await import('${MODULE}'); startWatchdog('spec', 300, 50); setTimeout(() => { ${deed} }, 200);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 15_000,
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [, signal] = (await once(child, 'exit')) as [unknown, unknown];
  return { signal, said };
}

describe(startWatchdog, () => {
  it('kills a process whose event loop never comes back, and says so', async () => {
    const { signal, said } = await watched('for (;;);');

    expect(signal).toBe('SIGKILL');
    expect(JSON.parse(said)).toMatchObject({
      level: 'fatal',
      service: 'spec',
      msg: 'event loop stands still, process is killed',
    });
  }, 20_000);

  it('leaves a busy process alone, and one that ends', async () => {
    const busy = 'const end = Date.now() + 900; const turn = () => Date.now() < end && setImmediate(turn); turn();';

    expect(await watched(busy)).toEqual({ signal: null, said: '' });
  }, 20_000);
});
