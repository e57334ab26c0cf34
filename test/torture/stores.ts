/**
 * Disks of a test's own: a small one that fills up, and one whose power can be cut. Both are mounts, which only root may make, and only on Linux:
 * where that is so, {@link Impossible} says it.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** This machine does not allow it. */
export class Impossible extends Error {
  override readonly name = 'Impossible';
}

export interface Disk {
  readonly folder: string;
  /** Whoever wrote to it must be gone. */
  remove(): void;
}

export interface PoweredDisk extends Disk {
  /** What was not flushed is lost at this moment, and nothing can be written any more. */
  cut(): void;
  /** Power is back: the disk as it was found. Waits until whoever used it is gone. */
  restore(): Promise<void>;
}

const run = (command: string, ...args: readonly string[]): void =>
  void execFileSync(command, [...args], { stdio: ['ignore', 'ignore', 'pipe'] });

function attempt(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new Impossible(`${what} cannot be made here: ${String(error).split('\n')[0]}`);
  }
}

const PATIENCE_MS = 20_000;

/** The children of a killed server hold its disk for a moment longer. */
async function untilDone(work: () => void): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

/** A file system in memory of so many bytes. */
export function smallDisk(folder: string, bytes: number): Disk {
  mkdirSync(folder, { recursive: true });
  attempt('a small disk', () => run('mount', '-t', 'tmpfs', '-o', `size=${bytes},mode=755`, 'tmpfs', folder));
  return { folder, remove: () => run('umount', '-l', folder) };
}

/** EXT4_IOC_SHUTDOWN, without a flush of the journal: what a power cut leaves. Node has no ioctl; perl is part of every Debian. */
const CUT = 'open(my $f, "<", $ARGV[0]) or die; my $how = pack("I", 2); ioctl($f, 0x8004587D, $how) or die "$!"';

/** An ext4 file system in a file beside the folder. */
export function poweredDisk(folder: string, bytes: number): PoweredDisk {
  const image = `${folder}.img`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(image, '');
  truncateSync(image, bytes);
  const mount = (): void => run('mount', '-o', 'loop', image, folder);
  attempt('a disk with a power switch', () => {
    run('mkfs.ext4', '-q', '-F', image);
    mount();
    run('perl', '-e', '1');
  });
  chmodSync(folder, 0o755);
  return {
    folder,
    cut: () => run('perl', '-e', CUT, folder),
    restore: async () => {
      await untilDone(() => run('umount', folder));
      mount();
    },
    remove: () => {
      run('umount', '-l', folder);
      rmSync(image, { force: true });
    },
  };
}

/** A file that takes what is left of a disk. */
export function fill(folder: string): () => void {
  const file = join(folder, 'filler');
  try {
    run('dd', 'if=/dev/zero', `of=${file}`, 'bs=64k');
  } catch {
    // dd ends with an error when the disk is full: that is what it is for.
  }
  return () => rmSync(file, { force: true });
}
