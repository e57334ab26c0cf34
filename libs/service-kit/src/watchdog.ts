/**
 * Ends a process whose event loop stands still, so that its supervisor starts it again: a loop that never ends answers no probe, sends no
 * heartbeat and would hold its claims until their leases end. A second thread counts the beats of the first; when there was none for the given
 * time it says so and kills the process. A process that was stopped and goes on (SIGSTOP, a sleeping machine) has missed no beat, because the
 * counting stopped as well.
 */
import { url as debugger_ } from 'node:inspector';
import { Worker } from 'node:worker_threads';

const BEAT_MS = 1_000;

const COUNTING = `
  const { workerData } = require('node:worker_threads');
  const { writeSync } = require('node:fs');
  const { beats, beatMs, misses: limit, service } = workerData;
  let seen = -1;
  let misses = 0;
  setInterval(() => {
    const now = Atomics.load(beats, 0);
    misses = now === seen ? misses + 1 : 0;
    seen = now;
    if (misses < limit) return;
    const time = new Date().toISOString();
    try {
      writeSync(1, JSON.stringify({ level: 'fatal', time, service, msg: 'event loop stands still, process is killed' }) + '\\n');
    } finally {
      process.kill(process.pid, 'SIGKILL');
    }
  }, beatMs);
`;

/** Starts watching. `limitMs` 0 and a debugger, which stops the loop on purpose, leave it off. */
export function startWatchdog(service: string, limitMs: number, beatMs = BEAT_MS): void {
  if (limitMs === 0 || debugger_() !== undefined) return;
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const misses = Math.ceil(limitMs / beatMs);
  // Options of this process may say that code is a module; the code above is none.
  new Worker(COUNTING, { eval: true, execArgv: [], workerData: { beats, beatMs, misses, service } }).unref();
  setInterval(() => Atomics.add(beats, 0, 1), beatMs).unref();
}
