/**
 * The key ring of a process, and its changes: a rotation goes on while the process works, so the file is read again every second, and at once
 * when something turns up that the ring does not open.
 *
 * Promises: a file that is away or broken takes nothing from a process that runs; it goes on with the ring that it has. Without a first ring it
 * waits: there is no way round the keys.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseKeyring, type Keyring } from './sealing.ts';

/** Keys that may change. */
export interface Keys {
  readonly ring: Keyring;
  /** Never throws. */
  reread(): Promise<void>;
}

const READ_EVERY_MS = 1_000;
const TELL_EVERY_MS = 60_000;

export class KeyringFile implements Keys {
  private text = '';
  private current: Keyring | undefined;
  private tellAt = 0;
  private readonly clock = setInterval(() => void this.reread(), READ_EVERY_MS).unref();

  private constructor(
    private readonly file: string,
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  /** Resolves as soon as the file holds a ring. `onTrouble` hears why not: at once, then every minute. */
  static async open(file: string, onTrouble: (error: unknown) => void): Promise<KeyringFile> {
    const keys = new KeyringFile(file, onTrouble);
    for (;;) {
      await keys.reread();
      if (keys.current) return keys;
      await sleep(READ_EVERY_MS);
    }
  }

  get ring(): Keyring {
    if (!this.current) throw new Error('The key ring is not there yet.');
    return this.current;
  }

  async reread(): Promise<void> {
    try {
      const text = await readFile(this.file, 'utf8');
      if (text === this.text) return;
      this.current = parseKeyring(text);
      this.text = text;
    } catch (error) {
      if (performance.now() < this.tellAt) return;
      this.tellAt = performance.now() + TELL_EVERY_MS;
      this.onTrouble(error);
    }
  }

  /** Reads the file no more; the ring stays. */
  close(): void {
    clearInterval(this.clock);
  }
}
