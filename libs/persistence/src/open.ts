import { setTimeout as sleep } from 'node:timers/promises';
import { MikroORM } from '@mikro-orm/postgresql';
import { assertDurable } from './durability.ts';
import { outageAsProblem } from './outage.ts';
import { ownerOptions, type OwnedSchema, type PoolOptions } from './schema.ts';

const WAIT_MS = 60_000;
const TRY_EVERY_MS = 500;

/**
 * The database of a service that starts. Services and servers start in any order, on machines that are busy with just that, so a server that does
 * not answer is waited for.
 * @throws Error when its commits would not be durable, when it refuses us, or when it does not answer for a minute
 */
export async function openDurably(url: string, schema: OwnedSchema, pool?: PoolOptions): Promise<MikroORM> {
  const giveUpAt = performance.now() + WAIT_MS;
  for (;;) {
    try {
      return await open(url, schema, pool);
    } catch (error) {
      if (!outageAsProblem(error) || performance.now() > giveUpAt) throw error;
      await sleep(TRY_EVERY_MS);
    }
  }
}

async function open(url: string, schema: OwnedSchema, pool?: PoolOptions): Promise<MikroORM> {
  const orm = await MikroORM.init(ownerOptions(url, schema, pool));
  try {
    await assertDurable(orm.em.fork());
    return orm;
  } catch (error) {
    await orm.close(true);
    throw error;
  }
}
