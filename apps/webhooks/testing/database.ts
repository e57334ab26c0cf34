import { randomBytes } from 'node:crypto';
import { MikroORM } from '@mikro-orm/postgresql';
import { migrate, ownerOptions } from '#persistence';
import { HOOKS } from '../src/store/schema.ts';

/** A database of one test file's own, migrated; `drop` removes it. */
export interface OwnDatabase {
  readonly orm: MikroORM;
  /** Connections of their own, as another process has them. */
  another(): Promise<MikroORM>;
  run<Row>(statement: string, parameters?: readonly unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** Makes it on the given Postgres server, which tests take from TEST_DATABASE_URL. */
export async function ownDatabase(server: string | undefined): Promise<OwnDatabase> {
  if (!server) throw new Error('TEST_DATABASE_URL must name a Postgres server on which databases may be made.');
  const name = `webhooks_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database "${name}"`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).toString();
  await migrate(url, HOOKS);
  const connect = (): Promise<MikroORM> => MikroORM.init(ownerOptions(url, HOOKS));
  const orm = await connect();
  const others: MikroORM[] = [];
  return {
    orm,
    another: async () => {
      const other = await connect();
      others.push(other);
      return other;
    },
    run: (statement, parameters = []) => orm.em.fork().execute(statement, [...parameters]),
    drop: async () => {
      for (const each of [orm, ...others]) await each.close(true);
      await onServer(server, `drop database "${name}" with (force)`);
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const orm = await MikroORM.init({ ...ownerOptions(url, { ...HOOKS, entities: [], migrations: [] }) });
  await orm.em.getConnection().execute(statement);
  await orm.close(true);
}
