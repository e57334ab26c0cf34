/** Calls of the stack's own HTTP interfaces: JSON in and out, bounded in time, patient with a service that says "not yet". */
import { setTimeout as sleep } from 'node:timers/promises';
import { members, text } from './files.ts';

/** One call. */
export interface ApiCall {
  readonly url: string;
  readonly key?: string;
  /** @default 'GET' */
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly body?: unknown;
}

/** What came back: the members of the JSON body, none if it was something else. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

const CALL_TIMEOUT_MS = 30_000;
const PATIENCE_MS = 20_000;
const PAUSE_MS = 250;

/** Statuses that mean "ask again": the service, or one behind it, is still starting. */
const NOT_YET: readonly number[] = [429, 502, 503, 504];

/**
 * Makes the call, again and again for 20 seconds while the answer is "not yet".
 * @throws Error when nobody answers
 */
export async function callApi({ url, key, method = 'GET', body }: ApiCall): Promise<ApiAnswer> {
  const headers = {
    ...(key && { authorization: `Bearer ${key}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const signal = AbortSignal.timeout(CALL_TIMEOUT_MS);
    const answer = await fetch(url, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
    const content: unknown = await answer.json().catch(() => undefined);
    if (!NOT_YET.includes(answer.status) || Date.now() > deadline) return { status: answer.status, body: content };
    await sleep(PAUSE_MS);
  }
}

/** What a refusal says, for a line of progress: status and reason. */
export function reasonOf({ status, body }: ApiAnswer): string {
  const { detail, title } = members(body);
  return `${status} ${text(detail) ?? text(title) ?? ''}`.trim();
}

/** The members of each entry of a list answer. */
export function listed({ body }: ApiAnswer): readonly Readonly<Record<string, unknown>>[] {
  const { results } = members(body);
  return Array.isArray(results) ? results.map(members) : [];
}

/** Whether this address answers 200 now. */
export async function answersOk(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}
