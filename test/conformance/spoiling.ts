/**
 * Ways in which an answer of a PMS can be spoiled, as data, so that a counterexample can be read and shrinks: other statuses, cut or changed bytes,
 * other values in a record, other shapes, texts that are meant to hurt, headers, and what is no HTTP at all.
 */
import fc from 'fast-check';
import type { Answer } from './replay.ts';

const MEGABYTE = 1_048_576;
/** Bodies that cost time or memory, or reach for what every object has. By name, as nobody wants to read them. */
export const HOSTILE = {
  'deep arrays': () => '['.repeat(200_000),
  'deep arrays that end': () => '['.repeat(100_000) + ']'.repeat(100_000),
  'deep objects': () => '{"Id":'.repeat(100_000) + '1' + '}'.repeat(100_000),
  'many numbers': () => `[${'0,'.repeat(MEGABYTE / 2)}0]`,
  'many objects': () => `[${'{},'.repeat(120_000)}{}]`,
  'many keys': () => `{${Array.from({ length: 60_000 }, (_, index) => `"k${index}":1`).join()}}`,
  'a long text': () => `{"Id":5,"Name":"${'a'.repeat(MEGABYTE)}"}`,
  'a long error': () => `{"UserMessage":"${'a@'.repeat(100_000)}","Errors":[${'{"Key":"a","Value":"b"},'.repeat(9_000)}{}]}`,
  'more than is read': () => `"${'a'.repeat(11 * MEGABYTE)}"`,
  'its own prototype': () => '{"__proto__":{"Id":5,"TenantID":5},"constructor":{"prototype":{"Id":5}}}',
  'a web page': () => '<!DOCTYPE html><html><body><h1>200 OK</h1>{"Id":5}</body></html>',
  'nothing at all': () => '',
  'only blanks': () => ' \r\n\t ',
} as const satisfies Readonly<Record<string, () => string>>;
const made = new Map<string, Buffer>();
function hostile(name: keyof typeof HOSTILE): Buffer {
  const body = made.get(name) ?? Buffer.from(HOSTILE[name]());
  made.set(name, body);
  return body;
}

const RAW = {
  nothing: '',
  'another protocol': 'SSH-2.0-OpenSSH_9.9\r\n',
  'no status': 'HTTP/1.1\r\n\r\n',
  'a status of four digits': 'HTTP/1.1 2000 OK\r\ncontent-length: 8\r\n\r\n{"Id":5}',
  'two lengths': 'HTTP/1.1 200 OK\r\ncontent-length: 8\r\ncontent-length: 2\r\n\r\n{"Id":5}',
  'a chunk of no size': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{"Id":5}\r\n0\r\n\r\n',
  'chunks without end': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\n{"Id":5}\r\n',
  'an announcement only': 'HTTP/1.1 103 Early Hints\r\n\r\n',
  'a change of protocol': 'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
  'headers without end': `HTTP/1.1 200 OK\r\n${'x-more: and more\r\n'.repeat(4_000)}`,
} as const satisfies Readonly<Record<string, string>>;

/** Values that no declaration expects somewhere, as JSON. */
const VALUES = [
  'null',
  'true',
  '0',
  '-1',
  '1e400',
  '9007199254740993',
  '"0"',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"constructor"',
  '"__proto__"',
  '"toString"',
  '"0001-01-01"',
  '"../../1"',
  '[]',
  '[null]',
  '[[]]',
  '{}',
  '{"__proto__":{"Id":7}}',
  '{"length":1e9}',
  `"${'x'.repeat(2_000)}"`,
  `${'['.repeat(150)}${']'.repeat(150)}`,
] as const;

const HEADERS = [
  ['content-type', 'text/html; charset=utf-7'],
  ['content-type', 'application/xml'],
  ['content-type', ''],
  ['content-encoding', 'gzip'],
  ['retry-after', '-1'],
  ['retry-after', '99999999999999999999'],
  ['retry-after', 'Fri, 31 Dec 9999 23:59:59 GMT'],
  ['x-total-count', 'NaN'],
  ['x-total-count', '0'],
  ['x-total-results', '99999999999999999999'],
  ['x-total-results', '0'],
  ['x-ratelimit-remaining', '-7'],
  ['location', 'http://127.0.0.1:1/'],
] as const;

const STATUSES = [
  200, 201, 202, 204, 206, 207, 226, 301, 302, 304, 400, 401, 403, 404, 408, 409, 410, 412, 418, 422, 425, 429, 451, 500, 501,
  502, 503, 504, 511, 520, 599,
];

/** One way. `nth` counts the values of a JSON document, `at` is a share of the body. */
export type Spoiling =
  | { readonly kind: 'cut'; readonly at: number; readonly isAnnounced: boolean }
  | { readonly kind: 'bytes'; readonly at: number; readonly bytes: readonly number[] }
  | { readonly kind: 'body'; readonly text: string }
  | { readonly kind: 'hostile'; readonly name: keyof typeof HOSTILE }
  | { readonly kind: 'raw'; readonly name: keyof typeof RAW }
  | { readonly kind: 'value'; readonly nth: number; readonly json: string }
  | { readonly kind: 'key'; readonly nth: number; readonly name: string }
  | { readonly kind: 'drop'; readonly nth: number }
  | { readonly kind: 'shape'; readonly as: 'list' | 'first' | 'text' | 'member' | 'lines' }
  | { readonly kind: 'header'; readonly index: number }
  | { readonly kind: 'none' };

const share = fc.double({ min: 0, max: 1, noNaN: true });
const nth = fc.nat(400);
const ways: fc.Arbitrary<Spoiling> = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant('cut' as const), at: share, isAnnounced: fc.boolean() }), weight: 3 },
  {
    arbitrary: fc.record({
      kind: fc.constant('bytes' as const),
      at: share,
      bytes: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 4 }),
    }),
    weight: 3,
  },
  { arbitrary: fc.record({ kind: fc.constant('body' as const), text: fc.oneof(fc.json(), fc.string()) }), weight: 3 },
  {
    arbitrary: fc.record({
      kind: fc.constant('hostile' as const),
      name: fc.constantFrom(...(Object.keys(HOSTILE) as (keyof typeof HOSTILE)[])),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('raw' as const),
      name: fc.constantFrom(...(Object.keys(RAW) as (keyof typeof RAW)[])),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('value' as const),
      nth,
      json: fc.oneof(fc.constantFrom(...VALUES), fc.json({ maxDepth: 2 })),
    }),
    weight: 9,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('key' as const),
      nth,
      name: fc.constantFrom('__proto__', 'constructor', 'hasOwnProperty', 'toJSON', 'then', 'length'),
    }),
    weight: 2,
  },
  { arbitrary: fc.record({ kind: fc.constant('drop' as const), nth }), weight: 4 },
  {
    arbitrary: fc.record({
      kind: fc.constant('shape' as const),
      as: fc.constantFrom('list' as const, 'first' as const, 'text' as const, 'member' as const, 'lines' as const),
    }),
    weight: 2,
  },
  { arbitrary: fc.record({ kind: fc.constant('header' as const), index: fc.nat(HEADERS.length - 1) }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant('none' as const) }), weight: 1 },
);

/** One or two ways, and perhaps another status. */
export const spoilings = fc.record({
  ways: fc.array(ways, { minLength: 1, maxLength: 2 }),
  status: fc.option(fc.constantFrom(...STATUSES), { freq: 2 }),
});
export type Spoilings = typeof spoilings extends fc.Arbitrary<infer Value> ? Value : never;

export function spoiled(answer: Answer, { ways: chosen, status }: Spoilings): Answer {
  const changed = chosen.reduce(inOneWay, answer);
  return status === null ? changed : { ...changed, status };
}

function inOneWay(answer: Answer, way: Spoiling): Answer {
  const { body } = answer;
  switch (way.kind) {
    case 'cut': {
      const kept = body.subarray(0, Math.floor(body.length * way.at));
      return way.isAnnounced ? { ...answer, body: kept, isCut: true } : { ...answer, body: kept };
    }
    case 'bytes': {
      const at = Math.floor(body.length * way.at);
      return {
        ...answer,
        body: Buffer.concat([body.subarray(0, at), Buffer.from(way.bytes), body.subarray(at + way.bytes.length)]),
      };
    }
    case 'body':
      return { ...answer, body: Buffer.from(way.text) };
    case 'hostile':
      return { ...answer, body: hostile(way.name) };
    case 'raw':
      return { ...answer, raw: Buffer.from(RAW[way.name]) };
    case 'header': {
      const [name, value] = HEADERS[way.index] ?? HEADERS[0];
      return { ...answer, headers: { ...answer.headers, [name]: value } };
    }
    case 'none':
      return answer;
    default:
      return { ...answer, body: Buffer.from(reshaped(body.toString('utf8'), way)) };
  }
}

/** What is longer is meant to hurt already. */
const MOST_RESHAPED = 150_000;
type Reshaping = Extract<Spoiling, { kind: 'value' | 'key' | 'drop' | 'shape' }>;
/** Stands for what is put in; JSON.stringify would lose a `__proto__`, or a number that JavaScript does not have. */
const MARK = '@put-in-here@';

function reshaped(text: string, way: Reshaping): string {
  const document = text.length > MOST_RESHAPED ? undefined : parsed(text);
  if (document === undefined) return text;
  if (way.kind === 'shape') return inShape(document, way.as);
  const holder: unknown[] = [document];
  const spots = [...spotsIn(holder)];
  const spot = spots[way.nth % spots.length];
  if (!spot) return text;
  const { parent, key } = spot;
  if (way.kind === 'drop') {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
    return holder.length === 0 ? '' : JSON.stringify(holder[0]);
  }
  const former = parent[key as never] as unknown;
  const isObject = typeof former === 'object' && former !== null && !Array.isArray(former);
  if (way.kind === 'key' && !isObject) return text;
  (parent as Record<string, unknown>)[key] = MARK;
  const json =
    way.kind === 'value' ? way.json : JSON.stringify(former).replace('{', `{"${way.name}":{"Id":7},`).replace(',}', '}');
  return JSON.stringify(holder[0]).replace(`"${MARK}"`, () => json);
}

interface Spot {
  readonly parent: Record<string, unknown> | unknown[];
  readonly key: string;
}

function* spotsIn(value: unknown): Generator<Spot> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield { parent: value as Record<string, unknown>, key };
    yield* spotsIn(inner);
  }
}

function inShape(document: unknown, as: Extract<Spoiling, { kind: 'shape' }>['as']): string {
  switch (as) {
    case 'list':
      return JSON.stringify([document]);
    case 'first':
      return JSON.stringify((Array.isArray(document) ? document : Object.values((document ?? {}) as object))[0] ?? null);
    case 'text':
      return JSON.stringify(JSON.stringify(document));
    case 'member':
      return JSON.stringify({ data: document });
    case 'lines':
      return `${JSON.stringify(document)}\n${JSON.stringify(document)}`;
  }
}

/** What a body says, by the book: undefined for what is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
