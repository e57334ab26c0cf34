import { PassThrough, type Readable } from 'node:stream';
import type { WriteStatus } from '#messaging';

/** How often a comment is sent so that nobody between takes the connection for dead, in milliseconds. */
const HEARTBEAT_MS = 15_000;

/** States of a write as server-sent events: one `write-status` event each, its data the whole status. Ends with the last state. */
export function eventStream(states: AsyncIterable<WriteStatus>, signal: AbortSignal): Readable {
  const stream = new PassThrough();
  const heartbeat = setInterval(() => stream.write(': still here\n\n'), HEARTBEAT_MS);
  const pump = async (): Promise<void> => {
    let sequence = 0;
    for await (const status of states) {
      sequence += 1;
      stream.write(`id: ${sequence}\nevent: write-status\ndata: ${JSON.stringify(status)}\n\n`);
      if (signal.aborted) return;
    }
  };
  void pump()
    // The client's library connects again, and gets a proper answer then.
    .catch(() => undefined)
    .finally(() => {
      clearInterval(heartbeat);
      stream.end();
    });
  return stream;
}
