/** A database of one's own on a disk of one's own, so that the disk can be taken from under it. */
import { chmodSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type Daemon, type Postgres } from '#local-stack';
import type { Disk } from './stores.ts';

export interface Cellar<D extends Disk> {
  readonly disk: D;
  readonly url: string;
  /** Ends the server at once; its children follow within moments. */
  kill(): Promise<void>;
  /** Starts the server; it recovers first. Does nothing when it runs. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** `make` mounts a disk at the folder that it is given. @throws what `make` throws */
export async function digCellar<D extends Disk>(make: (folder: string) => D): Promise<Cellar<D>> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-disk-'));
  chmodSync(folder, 0o755);
  const opened: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const remove = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const disk = make(join(folder, 'disk'));
    opened.push(() => disk.remove());
    const postgres = await settle(folder, disk);
    opened.push(() => postgres.stop());
    const daemon = postgres.daemon as Daemon;
    return {
      disk,
      url: postgres.url,
      kill: () => daemon.kill('SIGKILL'),
      start: () => daemon.start(),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The log and the process record must not be on that disk, so only the data move there. */
async function settle(folder: string, disk: Disk): Promise<Postgres> {
  const first = await startPostgres({ directory: folder, url: '' });
  await first.stop();
  const name = readdirSync(folder).find((entry) => /^postgres-\d+$/.test(entry)) ?? '';
  const [from, to] = [join(folder, name), join(disk.folder, name)];
  execFileSync('cp', ['-a', from, to]);
  // A cluster that was just made may be in memory only: what is tested is what the server does from here on.
  execFileSync('sync', ['-f', disk.folder]);
  rmSync(from, { recursive: true });
  symlinkSync(to, from);
  return startPostgres({ directory: folder, url: '' });
}
