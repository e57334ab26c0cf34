import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { ownerOptions } from '#persistence';
import { ownDatabase, type OwnDatabase } from '../../testing/database.ts';
import { RECORDS } from '../store/schema.ts';
import { SyncLock } from './sync-lock.ts';

describe(SyncLock.name, () => {
  let database: OwnDatabase;
  let elsewhere: MikroORM;

  beforeAll(async () => {
    database = await ownDatabase(process.env.TEST_DATABASE_URL);
    elsewhere = await MikroORM.init(ownerOptions(database.url, RECORDS));
  });
  afterAll(async () => {
    await elsewhere?.close(true);
    await database?.drop();
  });

  it('lets one process at a time in, for each integration', async () => {
    const here = new SyncLock(database.orm);
    const there = new SyncLock(elsewhere);
    const seen: unknown[] = [];

    await here.whileHeld('integration-a', async () => {
      seen.push(await there.whileHeld('integration-a', async () => void seen.push('never')));
      seen.push(await there.whileHeld('integration-b', async () => void seen.push('b')));
      seen.push(await there.isHeld('integration-a'), await there.isHeld('integration-b'));
    });

    expect(seen).toEqual([false, 'b', true, true, false]);
  });

  it('is free again after work that failed', async () => {
    const lock = new SyncLock(database.orm);

    await expect(lock.whileHeld('integration-a', () => Promise.reject(new Error('work failed')))).rejects.toThrow('work failed');

    expect(await lock.isHeld('integration-a')).toBe(false);
    expect(await new SyncLock(elsewhere).whileHeld('integration-a', async () => undefined)).toBe(true);
  });

  it('is free again when its holder dies', async () => {
    const dying = await MikroORM.init(ownerOptions(database.url, RECORDS));
    const other = new SyncLock(database.orm);
    let died: unknown;

    await new SyncLock(dying)
      .whileHeld('integration-a', async () => {
        await database.orm.em.getConnection().execute(`
          select pg_terminate_backend(pid) from pg_locks
           where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`);
        for (let tries = 0; tries < 100 && (await other.isHeld('integration-a')); tries++);
      })
      .catch((error: unknown) => (died = error));

    expect(died).toBeDefined();
    expect(await other.isHeld('integration-a')).toBe(false);
    await dying.close(true);
  });
});
