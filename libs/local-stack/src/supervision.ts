/** Starts a process again when it ends by itself: at once after a first accident, with growing pauses when it keeps failing. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Daemon, Log } from './processes.ts';

/** Milliseconds before the first, second, ... start in a row; the last one is repeated. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000] as const;

/** A process that ran this long has recovered: the pauses begin anew. */
const STABLE_AFTER_MS = 60_000;

/** How a process is kept running. */
export interface Supervision {
  readonly log: Log;
  /** Asked before each start: once it says true, nothing is started any more. */
  readonly isOver: () => boolean;
  readonly onBack: () => void;
}

/** Watches a process that runs. Never throws: a start that fails is one more accident. */
export function keepRunning(daemon: Daemon, { log, isOver, onBack }: Supervision): void {
  let accidents = 0;
  let startedAt = Date.now();

  const startAgain = async (how: string): Promise<void> => {
    const pause = PAUSES_MS[Math.min(accidents++, PAUSES_MS.length - 1)] ?? 0;
    log(`${daemon.name} ${how}; starting it again in ${pause / 1000} s (log: ${daemon.logFile})`);
    await sleep(pause);
    if (isOver()) return;
    try {
      await daemon.start();
    } catch {
      return isOver() ? undefined : startAgain('did not come up');
    }
    startedAt = Date.now();
    log(`${daemon.name} is back`);
    onBack();
  };

  daemon.onCrash((how) => {
    if (isOver()) return;
    if (Date.now() - startedAt > STABLE_AFTER_MS) accidents = 0;
    void startAgain(how);
  });
}
