/** A copy of a database that runs, and the way back to it. */
import { execFile } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { ask } from './facts.ts';

export interface Backup {
  /** Replaces the data of the server, which must be stopped. */
  restore(): Promise<void>;
  remove(): void;
}

const copy = (from: string, to: string): Promise<unknown> => promisify(execFile)('cp', ['-a', from, to]);

/** Copies the data folder while the server works, as the server's own manual describes it. */
export async function backUp(databaseUrl: string): Promise<Backup> {
  const [setting] = await ask<{ data_directory: string }>(databaseUrl, 'show data_directory');
  const data = setting?.data_directory ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-backup-'));
  const kept = join(folder, 'data');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("select pg_backup_start('torture', true)");
    // A file that goes while it is read is of no use in the copy either, but cp says that it failed.
    await copy(data, kept).catch(() => undefined);
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    const label = join(kept, 'backup_label');
    writeFileSync(label, rows[0]?.labelfile ?? '');
    const { uid, gid } = statSync(data);
    chownSync(label, uid, gid);
  } finally {
    await client.end();
  }
  // The log as far as the end of the copying, without which the copy is of no one moment.
  rmSync(join(kept, 'pg_wal'), { recursive: true });
  await copy(join(data, 'pg_wal'), join(kept, 'pg_wal'));
  rmSync(join(kept, 'postmaster.pid'), { force: true });
  return {
    restore: async () => {
      rmSync(data, { recursive: true });
      await copy(kept, data);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
