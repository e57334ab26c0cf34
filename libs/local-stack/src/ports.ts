/**
 * Free TCP ports on the loopback address.
 *
 * A port is only known to be free at the moment of asking. The range that is searched lies below the one from which the kernel takes
 * ports for outgoing connections, so that the gap until the service listens is not filled by chance.
 */
import { createServer } from 'node:net';

const SEARCHED = { from: 20_000, to: 30_000 } as const;
const ATTEMPTS = 200;

/** Whether 127.0.0.1:`port` can be listened on now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** What may be asked of {@link freePort}. */
export interface PortWish {
  /** Taken in this order, if free. @default none */
  readonly preferred?: readonly (number | undefined)[];
  /** Ports already promised to someone who does not listen yet. The answer is added to it. @default empty */
  readonly reserved?: Set<number>;
}

/**
 * The first preferred port that is free, else some other free one.
 * @throws Error when none was found in 200 tries.
 */
export async function freePort({ preferred = [], reserved = new Set() }: PortWish = {}): Promise<number> {
  const width = SEARCHED.to - SEARCHED.from;
  const others = Array.from({ length: ATTEMPTS }, () => SEARCHED.from + Math.floor(Math.random() * width));
  for (const port of [...preferred, ...others]) {
    if (port === undefined || reserved.has(port)) continue;
    // Promised before asked: two callers at once must not be given the same one.
    reserved.add(port);
    if (await isFree(port)) return port;
    reserved.delete(port);
  }
  throw new Error(`no free port found between ${SEARCHED.from} and ${SEARCHED.to} on 127.0.0.1`);
}
