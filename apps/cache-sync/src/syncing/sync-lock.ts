import type { MikroORM } from '@mikro-orm/postgresql';

/** What the lock needs of a connection that it keeps for itself. */
interface OwnConnection {
  query(statement: string, parameters: readonly unknown[]): Promise<{ rows: { locked: boolean }[] }>;
  release(broken?: boolean): void;
}

/** Keeps these locks apart from others in the same database. */
const SYNC = 4_600_101;

/**
 * Sees to it that one process at a time syncs an integration. The lock belongs to a database session, so it is free again the moment its
 * holder dies, and whoever comes next goes on at once. Each holder keeps one connection of the pool.
 *
 * Should the session be lost while its holder lives, two syncs may overlap for a while: that costs requests, never a wrong copy.
 */
export class SyncLock {
  constructor(private readonly orm: MikroORM) {}

  /** Does the work while holding the lock; false, and no work done, when another process holds it. */
  async whileHeld(integrationId: string, work: () => Promise<void>): Promise<boolean> {
    const pool: { connect(): Promise<OwnConnection> } = await this.orm.em.getConnection().getNativeClient();
    const connection = await pool.connect();
    let broken = true;
    try {
      const held = await ask(connection, 'pg_try_advisory_lock', integrationId);
      if (held) {
        try {
          await work();
        } finally {
          await ask(connection, 'pg_advisory_unlock', integrationId);
        }
      }
      broken = false;
      return held;
    } finally {
      // A session whose unlocking failed must end, or the lock would live on in the pool.
      connection.release(broken);
    }
  }

  /** Whether somebody, here or elsewhere, syncs the integration at this moment. */
  async isHeld(integrationId: string): Promise<boolean> {
    const [row] = await this.orm.em
      .getConnection()
      .execute<{ locked: boolean }[]>('select pg_try_advisory_xact_lock(?, hashtext(?)) as locked', [SYNC, integrationId]);
    return row?.locked !== true;
  }
}

async function ask(connection: OwnConnection, lockFunction: string, integrationId: string): Promise<boolean> {
  const { rows } = await connection.query(`select ${lockFunction}($1, hashtext($2)) as locked`, [SYNC, integrationId]);
  return rows[0]?.locked === true;
}
