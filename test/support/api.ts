/** The public API as a customer's program calls it. */
import type { Conformance } from './conformance.ts';

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of every shape and assert what they expect
export type Loose = any;

export interface Api {
  get(path: string, headers?: Record<string, string>): Promise<Answer<Loose>>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<Loose>>;
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<Loose>>;
  delete(path: string): Promise<Answer<Loose>>;
  /** Sends exactly these bytes. */
  raw(
    method: string,
    path: string,
    body: string | Uint8Array | undefined,
    headers: Record<string, string>,
  ): Promise<Answer<Loose>>;
}

/** @param conformance the description that every answer is held against; a breach of it fails the test @default none is */
export function apiAt(baseUrl: string, key: string | undefined, conformance?: Conformance): Api {
  const raw: Api['raw'] = async (method, path, body, headers) => {
    const answer = await fetch(baseUrl + path, {
      method,
      headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers },
      ...(body === undefined ? {} : { body: body as string }),
    });
    const text = await answer.text();
    const type = answer.headers.get('content-type') ?? '';
    const parsed = text === '' ? undefined : type.startsWith('text/event-stream') ? text : JSON.parse(text);
    const faults = conformance?.faultsOf(method, path, answer.status, type, parsed) ?? [];
    if (faults.length > 0) {
      const shown = faults.slice(0, 5).join('\n');
      throw new Error(
        `${method} ${path} answers ${answer.status} otherwise than /openapi.json says:\n${shown}\n${text.slice(0, 500)}`,
      );
    }
    return { status: answer.status, headers: answer.headers, body: parsed };
  };
  const json =
    (method: string) =>
    (path: string, body?: unknown, headers: Record<string, string> = {}) =>
      raw(method, path, body === undefined ? undefined : JSON.stringify(body), {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      });
  const get = json('GET');
  return {
    get: (path, headers) => get(path, undefined, headers),
    post: json('POST'),
    put: json('PUT'),
    delete: (path) => json('DELETE')(path),
    raw,
  };
}

/** Polls until `look` returns something; fails with `what` after the deadline. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>, withinMs = 20_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
