/**
 * Requests at random for an operation of the API's description: as it says they should be, at the ends of what it allows, and wrong in one place
 * or odd in several. What a request deserves is judged by the description alone, not by how it came about.
 */
import fc from 'fast-check';
import type { Conformance, Described, Parameter, Schema } from '../../support/conformance.ts';
import { Values, type Ids } from './values.ts';

/** A request before it is written down. */
export interface Asked {
  readonly path: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  /** Left out: the request has no body. A `Raw` one is sent as it is. */
  readonly body?: unknown;
}

/** The text of a body that is not what it should be before anybody looks for fields. */
export class Raw {
  constructor(
    readonly text: string,
    readonly type = 'application/json',
  ) {}
}

/** Values for parameters about whose texts the description can't say everything. */
export type Texts = (operation: Described, parameter: Parameter) => readonly string[] | undefined;

export interface Deserved {
  /** What the description says against it. Whatever it is, the request must be refused. */
  readonly faults: readonly string[];
  /** Parts of which the description can't tell: they may be refused or not, but not by crashing. */
  readonly odd: readonly string[];
}

const ODD_IDS = [
  '*',
  '>',
  'a.b',
  ' ',
  '%',
  '../x',
  '\u0000',
  "';--",
  'x'.repeat(65),
  'x'.repeat(3_000),
  '\u{1f600}',
  '{id}',
  'null',
];
const ODD_TEXTS = [
  '',
  ' ',
  '-1',
  '0',
  '1e3',
  '99999999999999999999',
  'true',
  'null',
  '\u0000',
  '\u{1f600}',
  "' or 1=1--",
  'a:b:c',
  'x'.repeat(5_000),
];
const ODD_NAMES = ['colour', '__proto__', 'constructor', 'limit[]', '$where', 'x'.repeat(300), '\u{1f600}'];
const ODD_HEADERS: readonly Readonly<Record<string, string>>[] = [
  { accept: 'text/html' },
  { 'accept-language': '*;q=0', 'x-http-method-override': 'DELETE' },
  { 'x-forwarded-for': '127.0.0.1', forwarded: 'for=127.0.0.1' },
  { 'if-none-match': '*', range: 'bytes=0-1' },
  { 'x-request-id': 'x'.repeat(4_000) },
  { traceparent: '00-zz-zz-zz', cookie: 'a=b' },
  { 'idempotency-key': 'x'.repeat(256) },
  { 'idempotency-key': 'two words' },
  { prefer: 'wait=0, respond-async;q="' },
];
const RAW: readonly Raw[] = [
  new Raw(''),
  new Raw('{'),
  new Raw('{"a":1,"a":2}'),
  new Raw('[]'),
  new Raw('"text"'),
  new Raw('null'),
  new Raw('7'),
  new Raw('{"__proto__":{"a":1}}'),
  new Raw(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`),
  new Raw('{"a":"\\u0000"}'),
  new Raw('{"a":1e400}'),
  new Raw('{}', 'text/plain'),
  new Raw('a=b', 'application/x-www-form-urlencoded'),
];

/** Requests for one operation. @param ids what can be named; @param texts see Texts */
export function requestsFor(description: Conformance, operation: Described, ids: Ids, texts: Texts): fc.Arbitrary<Asked> {
  const values = new Values(description, ids);
  const right = rightRequests(values, operation, texts);
  const { body } = operation;
  const wrong: fc.Arbitrary<Asked>[] = [
    fc.tuple(right, oddPath(operation)).map(([asked, path]) => ({ ...asked, path: { ...asked.path, ...path } })),
    fc.tuple(right, oddQuery(operation)).map(([asked, query]) => ({ ...asked, query: [...asked.query, ...query] })),
    fc
      .tuple(right, fc.constantFrom(...ODD_HEADERS))
      .map(([asked, headers]) => ({ ...asked, headers: { ...asked.headers, ...headers } })),
    ...(body
      ? [
          fc.tuple(right, values.broken(body.schema)).map(([asked, broken]) => ({ ...asked, body: broken })),
          right.chain((asked) =>
            values.broken(body.schema, fc.constant(asked.body)).map((broken) => ({ ...asked, body: broken })),
          ),
          fc.tuple(right, fc.constantFrom(...RAW)).map(([asked, raw]) => ({ ...asked, body: raw })),
        ]
      : []),
  ];
  return fc.oneof({ weight: wrong.length, arbitrary: right }, ...wrong.map((arbitrary) => ({ weight: 1, arbitrary })));
}

function rightRequests(
  values: Values,
  { parameters, body, path, method, ...rest }: Described,
  texts: Texts,
): fc.Arbitrary<Asked> {
  const operation: Described = { parameters, path, method, ...rest, ...(body ? { body } : {}) };
  const written = (parameter: Parameter): fc.Arbitrary<string> => {
    const given = texts(operation, parameter);
    return given ? fc.constantFrom(...given) : values.fitting(parameter.schema).map(String);
  };
  const of = (where: Parameter['in']): readonly Parameter[] => parameters.filter((parameter) => parameter.in === where);
  const inPath = fc.record(Object.fromEntries(of('path').map((parameter) => [parameter.name, written(parameter)])));
  const some = (all: readonly Parameter[]) =>
    fc
      .subarray([...all], { maxLength: Math.min(4, all.length) })
      .chain((chosen) =>
        fc.tuple(...chosen.map((parameter) => written(parameter).map((text) => [parameter.name, text] as const))),
      );
  // Most writes are tried and not stored: the PMSs behind are not what is tested.
  const dry = of('query').some(({ name }) => name === 'dry_run')
    ? fc.constantFrom<readonly (readonly [string, string])[]>(
        [['dry_run', 'true']],
        [['dry_run', 'true']],
        [['dry_run', 'true']],
        [],
      )
    : fc.constant([]);
  const bodies = body
    ? fc.oneof(
        ...(body.example === undefined ? [] : [fc.constant(values.named(body.schema, body.example))]),
        values.fitting(body.schema),
      )
    : fc.constant(undefined);
  return fc
    .tuple(inPath, some(of('query').filter(({ name }) => name !== 'dry_run')), dry, some(of('header')), bodies)
    .map(([params, query, dryRun, headers, sent]) => ({
      path: params,
      query: [...query, ...dryRun],
      headers: Object.fromEntries(headers),
      ...(body ? { body: sent } : {}),
    }));
}

function oddPath({ parameters }: Described): fc.Arbitrary<Readonly<Record<string, string>>> {
  const names = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  if (names.length === 0) return fc.constant({});
  return fc
    .tuple(fc.constantFrom(...names), fc.oneof(fc.constantFrom(...ODD_IDS), fc.string({ minLength: 3, maxLength: 64 })))
    .map(([name, id]) => ({ [name]: id }));
}

function oddQuery({ parameters }: Described): fc.Arbitrary<readonly (readonly [string, string])[]> {
  const known = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const name = fc.constantFrom(...known, ...ODD_NAMES);
  const text = fc.oneof(fc.constantFrom(...ODD_TEXTS), fc.string({ maxLength: 20 }));
  return fc.array(fc.tuple(name, text), { minLength: 1, maxLength: 3 });
}

/** What the description says of a request. */
export function deserved(description: Conformance, operation: Described, asked: Asked, texts: Texts): Deserved {
  const faults: string[] = [];
  const odd: string[] = [];
  const isLenient = asked.query.some(([name, text]) => name === 'ignore_unknown_fields' && text === 'true');
  const judge = (where: string, schema: Schema, value: unknown): void => {
    for (const fault of description.breaches(schema, value)) {
      const isOdd = OF_A_FORMAT.test(fault) || (isLenient && OF_A_NAME.test(fault));
      (isOdd ? odd : faults).push(`${where} ${fault}`);
    }
  };
  const judgeText = (parameter: Parameter, text: string): void => {
    const where = `${parameter.in} ${parameter.name}`;
    judge(where, parameter.schema, meant(parameter.schema, text));
    if (text.includes('\0') || texts(operation, parameter)?.includes(text) === false) odd.push(where);
  };
  const seen = new Set<string>();
  for (const [name, text] of asked.query) {
    const parameter = operation.parameters.find((it) => it.in === 'query' && it.name === name);
    if (parameter) judgeText(parameter, text);
    else faults.push(`query ${name} is not described`);
    if (seen.has(name)) faults.push(`query ${name} stands twice`);
    seen.add(name);
  }
  for (const parameter of operation.parameters) {
    const text = parameter.in === 'path' ? asked.path[parameter.name] : asked.headers[parameter.name.toLowerCase()];
    if (parameter.in !== 'query' && text !== undefined) judgeText(parameter, text);
  }
  const { body } = operation;
  if (body && asked.body instanceof Raw) {
    if (!isRight(asked.body, body.schema, body.required, description)) faults.push('body as a whole');
  } else if (body) judge('body', body.schema, asked.body);
  return { faults, odd };
}

/** A format is a hint: we take a date-time where a date is asked for, and say so, where a schema could not. */
const OF_A_FORMAT = /must match format/;
/** What a client may ask us to leave out. */
const OF_A_NAME = /must NOT have additional properties/;

function isRight({ text, type }: Raw, schema: Schema, required: boolean, description: Conformance): boolean {
  if (text === '') return !required;
  return type === 'application/json' && text === '{}' && description.breaches(schema, {}).length === 0;
}

/** The value that a text stands for in a path, a query or a header. */
function meant({ type }: Schema, text: string): unknown {
  if (type === 'integer' && /^-?\d+$/.test(text)) return Number(text);
  if (type === 'number' && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

/** The address of a request. Names that would be steps of the path are written so that they are none. */
export function addressOf({ path }: Described, asked: Asked): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(asked.path[name] ?? ''));
  const query = asked.query.map(([name, text]) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`).join('&');
  return query === '' ? filled : `${filled}?${query}`;
}
