import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { identify, waitUntilGone } from './identity.ts';
import { canReach, postgresAccount, reachableFolder, sharedFolder } from './postgres-programs.ts';
import { startPostgres, type Postgres } from './postgres.ts';
import { inRoot } from './repository.ts';

mkdirSync(inRoot('.latchkey'), { recursive: true });
const directory = mkdtempSync(inRoot('.latchkey', 'postgres spec '));
const running: Postgres[] = [];

const start = async (): Promise<Postgres> => {
  const postgres = await startPostgres({ directory, url: '' });
  running.push(postgres);
  return postgres;
};

async function execute(url: string, ...statements: readonly string[]): Promise<unknown> {
  const orm = await MikroORM.init({ clientUrl: url, entities: [], discovery: { warnWhenNoEntities: false } });
  try {
    let last: unknown;
    for (const statement of statements) last = await orm.em.getConnection().execute(statement);
    return last;
  } finally {
    await orm.close(true);
  }
}

afterEach(() => Promise.all(running.splice(0).map((postgres) => postgres.stop())));
afterAll(async () => {
  await (await startPostgres({ directory, url: '' })).discard();
  rmSync(directory, { recursive: true, force: true });
});

describe(startPostgres.name, () => {
  it('keeps committed data through a kill of the server, under the same identity', async () => {
    const first = await start();
    await execute(first.url, 'drop table if exists kept', 'create table kept (id int)', 'insert into kept values (7)');

    await first.daemon?.kill('SIGKILL');
    const second = await start();

    expect(await execute(second.url, 'select id from kept')).toEqual([{ id: 7 }]);
    expect(second.identity).toBe(first.identity);
  }, 60_000);

  it('ends a server that outlived its launcher, and takes over its data', async () => {
    const orphan = await start();
    // What is left of a launcher that was killed: the server, and no record but its own.
    rmSync(join(directory, 'run'), { recursive: true });
    const identity = identify(orphan.pid ?? 0);

    const next = await start();

    expect(identity && (await waitUntilGone(identity, 0))).toBe(true);
    expect(await execute(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  }, 60_000);

  it('starts in spite of a stale process file whose number belongs to a stranger now', async () => {
    const first = await start();
    const data = first.daemon?.plan.args[1] ?? '';
    await first.stop();
    // Postgres itself sees through numbers of other users and of its own ancestors: it takes a stranger of the same user.
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore', ...postgresAccount() });
    writeFileSync(join(data, 'postmaster.pid'), `${stranger.pid}\n${data}\n`);

    await expect(start()).resolves.toBeDefined();
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill();
  }, 60_000);

  it('commits durably, asks for a password, and hides it from others', async () => {
    const { url } = await start();

    expect(await execute(url, 'show synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
    expect(await execute(url, 'show fsync')).toEqual([{ fsync: 'on' }]);
    await expect(execute(url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(/password/);
    expect(statSync(join(directory, 'postgres.json')).mode & 0o777).toBe(0o600);
  }, 60_000);

  it('uses a server that is given, and refuses one that is read-only', async () => {
    const { url } = await start();

    const given = await startPostgres({ directory, url });
    await execute(url, 'alter database latchkey set default_transaction_read_only = on');

    expect(given.pid).toBeUndefined();
    await expect(startPostgres({ directory, url })).rejects.toThrow('read-only');
    await execute(url, 'set transaction_read_only = off; alter database latchkey reset default_transaction_read_only');
  }, 60_000);
});

describe(canReach.name, () => {
  const folder = mkdtempSync(inRoot('.latchkey', 'reach-'));
  const stranger = { name: 'stranger', uid: 54_321, gid: 54_321 };

  afterAll(() => rmSync(folder, { recursive: true }));

  it('is false below a folder that is closed to the account, and true for its owner', () => {
    expect(existsSync(folder)).toBe(true);
    expect(canReach(join(folder, 'later'), stranger, 1)).toBe(false);
    expect(canReach(folder, { ...stranger, uid: statSync(folder).uid }, 7)).toBe(true);
  });

  it('sends data that the account could not reach to the shared folder, and leaves other data where they are', () => {
    expect(reachableFolder(join(folder, 'later'), stranger)).toMatch(new RegExp(`^${sharedFolder}/[0-9a-f]{16}$`));
    expect(reachableFolder(join(folder, 'later'), undefined)).toBe(join(folder, 'later'));
  });
});
