import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { KeyringFile } from './keyring-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

let file = '';
const opened: KeyringFile[] = [];
const troubles: unknown[] = [];
afterEach(() => {
  for (const keys of opened.splice(0)) keys.close();
  troubles.length = 0;
});

const put = (active: string, ...ids: readonly string[]): void =>
  writeFileSync(
    file,
    JSON.stringify({ active, keys: Object.fromEntries(ids.map((id) => [id, randomBytes(32).toString('base64')])) }),
  );
const open = async (): Promise<KeyringFile> => {
  const keys = await KeyringFile.open(file, (error) => troubles.push(error));
  opened.push(keys);
  return keys;
};

describe(KeyringFile.name, () => {
  it('sees a change by itself, and at once when it is asked to look', async () => {
    file = join(folder, 'changed.json');
    put('k1', 'k1');
    const keys = await open();

    put('k2', 'k1', 'k2');
    await keys.reread();
    expect([keys.ring.active, [...keys.ring.keys.keys()]]).toEqual(['k2', ['k1', 'k2']]);

    put('k2', 'k2');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect([...keys.ring.keys.keys()]).toEqual(['k2']);
  });

  it.each([
    ['is away', () => rmSync(file)],
    ['is broken', () => writeFileSync(file, '{"active":"k1"')],
  ])('goes on with the ring that it has when the file %s, and says so', async (_, harm) => {
    file = join(folder, 'harmed.json');
    put('k1', 'k1');
    const keys = await open();

    harm();
    await keys.reread();

    expect(keys.ring.active).toBe('k1');
    expect(troubles).toHaveLength(1);
    put('k2', 'k2');
    await keys.reread();
    expect(keys.ring.active).toBe('k2');
  });

  it('waits for a first ring', async () => {
    file = join(folder, 'late.json');
    const opening = open();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(troubles).toHaveLength(1);

    put('k1', 'k1');
    expect((await opening).ring.active).toBe('k1');
  });
});
