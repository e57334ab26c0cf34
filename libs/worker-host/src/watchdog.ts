/**
 * Ends a process that does nothing any more: a declaration that loops for ever keeps every job of the process, and its leases run out in vain.
 *
 * Promises: a process whose event loop stands still for `stuckMs` is killed, so that whoever runs it starts it anew; one that was merely stopped and
 * goes on (a debugger, a suspended machine) is not, since the watcher was stopped with it.
 */
import { Worker } from 'node:worker_threads';

const BEAT_MS = 1_000;

// Runs in a thread of its own, and counts its own seconds without a beat, not the clock's.
const WATCH = `
  const { workerData: { beats, most, beatMs } } = require('node:worker_threads');
  let last = -1;
  let missed = 0;
  setInterval(() => {
    const now = Atomics.load(beats, 0);
    missed = now === last ? missed + 1 : 0;
    last = now;
    if (missed >= most) process.kill(process.pid, 'SIGKILL');
  }, beatMs);`;

/** @returns what ends the watch */
export function watchEventLoop(stuckMs = 30_000, beatMs = BEAT_MS): () => Promise<void> {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(WATCH, { eval: true, workerData: { beats, most: Math.ceil(stuckMs / beatMs), beatMs } });
  thread.unref();
  const timer = setInterval(() => Atomics.add(beats, 0, 1), beatMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await thread.terminate();
  };
}
