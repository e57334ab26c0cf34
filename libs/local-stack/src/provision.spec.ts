import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { demoFor, forgetKeys } from './provision.ts';

const folder = mkdtempSync(join(tmpdir(), 'provision-'));

afterAll(() => rmSync(folder, { recursive: true }));

let issued = 0;
const issue = () => {
  issued += 1;
  return Promise.resolve(
    `a line of a library\n{"organization_id":"org","api_key":"key-${issued}","admin_key":"admin-${issued}"}\n`,
  );
};

describe(demoFor.name, () => {
  it('issues keys once per database, and again when the database is another', async () => {
    const file = join(folder, 'once.json');

    const first = await demoFor(file, 'database-1', issue);
    const again = await demoFor(file, 'database-1', issue);
    const other = await demoFor(file, 'database-2', issue);

    expect(again).toEqual(first);
    expect(other.api_key).not.toBe(first.api_key);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('issues keys again after they were refused', async () => {
    const file = join(folder, 'refused.json');
    const first = await demoFor(file, 'database-1', issue);

    forgetKeys(file, first);

    expect((await demoFor(file, 'database-1', issue)).api_key).not.toBe(first.api_key);
  });

  it('says so when no keys were printed', async () => {
    await expect(demoFor(join(folder, 'none.json'), 'database-1', () => Promise.resolve('oops'))).rejects.toThrow(
      'printed no keys',
    );
  });
});
