import { MikroORM } from '@mikro-orm/postgresql';
import { ownerOptions, type OwnedSchema } from './schema.ts';

/** Keyed by name; two migrate steps at once wait for each other instead of racing. */
const LOCK = 4_600_001;

/** Brings one owner's schema up to date. Running it again does nothing; an explicit step, never part of a service's start. */
export async function migrate(url: string, schema: OwnedSchema): Promise<{ applied: readonly string[] }> {
  const orm = await MikroORM.init(ownerOptions(url, schema, { max: 3, patient: true }));
  try {
    return await orm.em.fork().transactional(async (em) => {
      await em.getConnection().execute('select pg_advisory_xact_lock(?)', [LOCK], 'all', em.getTransactionContext());
      await orm.em.getConnection().execute(`create schema if not exists "${schema.name}"`);
      const applied = await orm.migrator.up();
      return { applied: applied.map((migration) => migration.name) };
    });
  } finally {
    await orm.close(true);
  }
}
