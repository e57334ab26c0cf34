/**
 * The two kinds of load. `flood` asks "how many": so many connections, each sending its next request when the last one is answered.
 * `steady` asks "how long": so many requests a second whatever comes back, each timed from the moment at which it was due, so that a server
 * that stalls can't hide it by being asked less.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { Agent, request } from 'undici';
import { quantile } from './statistics.ts';

/** One request that is sent over and over. */
export interface Shot {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly key: string;
  readonly body?: object;
}

/** What came of a load. */
export interface Outcome {
  /** Answered with 2xx. */
  readonly answered: number;
  readonly failed: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
}

/** `until` is a number of seconds or a number of requests. Different shots are taken in turn. */
export async function flood(
  shots: readonly Shot[],
  connections: number,
  until: { readonly seconds: number } | { readonly requests: number },
): Promise<Outcome> {
  const { url } = first(shots);
  const started = performance.now();
  const { latency, errors, non2xx, ...result } = await autocannon({
    url,
    connections,
    ...('seconds' in until ? { duration: until.seconds } : { amount: until.requests }),
    requests: shots.map(({ method, path, key, body }) => ({
      method,
      path,
      headers: headersOf(key, body),
      ...(body && { body: JSON.stringify(body) }),
    })),
  });
  return {
    answered: result['2xx'],
    failed: non2xx + errors,
    seconds: (performance.now() - started) / 1_000,
    p50: latency.p50,
    p99: latency.p99,
  };
}

const TICK_MS = 2;

/** Sends `perSecond` requests a second for so many seconds and waits for the last answer. */
export async function steady(
  shots: readonly Shot[],
  perSecond: number,
  seconds: number,
): Promise<Outcome & { latencies: number[] }> {
  const agent = new Agent({ connections: 256 });
  const latencies: number[] = [];
  const open: Promise<void>[] = [];
  let failed = 0;
  const started = performance.now();
  const fire = async (nth: number, dueAt: number): Promise<void> => {
    const { url, method, path, key, body } = shots[nth % shots.length] ?? first(shots);
    try {
      const { statusCode, body: answer } = await request(url + path, {
        dispatcher: agent,
        method,
        headers: headersOf(key, body),
        ...(body && { body: JSON.stringify(body) }),
      });
      await answer.dump();
      if (statusCode >= 200 && statusCode < 300) latencies.push(performance.now() - dueAt);
      else failed += 1;
    } catch {
      failed += 1;
    }
  };
  for (let nth = 0; nth < perSecond * seconds;) {
    const due = Math.min(perSecond * seconds, ((performance.now() - started) / 1_000) * perSecond);
    for (; nth < due; nth += 1) open.push(fire(nth, started + (nth / perSecond) * 1_000));
    await sleep(TICK_MS);
  }
  await Promise.all(open);
  await agent.close();
  return {
    latencies,
    failed,
    answered: latencies.length,
    seconds: (performance.now() - started) / 1_000,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}

const headersOf = (key: string, body: object | undefined): Record<string, string> => ({
  ...(body && { 'content-type': 'application/json' }),
  ...(key && { authorization: `Bearer ${key}` }),
});

function first(shots: readonly Shot[]): Shot {
  const [shot] = shots;
  if (!shot) throw new Error('there is nothing to send');
  return shot;
}
