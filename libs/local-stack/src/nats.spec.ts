import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { isSupported } from './nats-program.ts';
import { startNats } from './nats.ts';
import { inRoot } from './repository.ts';

mkdirSync(inRoot('.latchkey'), { recursive: true });
// The space is deliberate: the path stands in the server's settings file.
const directory = mkdtempSync(inRoot('.latchkey', 'nats spec '));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe(isSupported.name, () => {
  it.each([
    ['nats-server: v2.9.10', true],
    ['2.10.0', true],
    ['v2.11.2-dev', true],
    ['3.0.0', true],
    ['2.9.9', false],
    ['2.8.20', false],
    ['1.99.99', false],
    ['unknown', false],
  ])('judges %s: %s', (version, supported) => {
    expect(isSupported(version)).toBe(supported);
  });
});

describe(startNats.name, () => {
  it('starts a server with JetStream that passes the check of a given server, and refuses it once it is stopped', async () => {
    const nats = await startNats({ directory, url: '' });

    const given = await startNats({ directory, url: nats.url });
    expect(given.pid).toBeUndefined();
    expect(nats.pid).toBeDefined();

    await nats.discard();
    expect(nats.pid).toBeUndefined();
    await expect(startNats({ directory, url: nats.url })).rejects.toThrow('does not answer');
  }, 60_000);
});
