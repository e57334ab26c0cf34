/**
 * Another organization's ids, on every route and in every place where an id can stand, as the running gateway's own description lists them: each
 * answer must be, byte for byte, the one to an id that nobody has. And every key does only what its scope allows, on every route.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { figure } from '../quality/figure.ts';
import type { Answer, Loose } from '../support/api.ts';
import type { Described, Parameter } from '../support/conformance.ts';
import { useWorld } from '../support/world.ts';
import { connectAll, everythingOf, inventory, nobodysId, strangersKey, type Neighbour } from './neighbours.ts';

const world = useWorld('bola');
const SCOPES = ['read', 'write', 'admin'];
/** The same for both of two requests that are compared, so that their answers can be equal to the byte. */
const REQUEST = { 'x-request-id': 'bola' };
/** These differ between any two answers. */
const MOVING = ['date', 'x-ratelimit-remaining', 'latchkey-data-age', 'traceparent'];
const REFERS_TO = 'x-refers-to';

let owner: Neighbour;
let intruder: Neighbour;
let slugs: string[];

beforeAll(async () => {
  slugs = ((await world().sandbox.get('/_demo')).body as Loose[]).map(({ slug }) => slug);
  const stranger = world().apiFor(await strangersKey(world(), 'Stranger'));
  await connectAll(world(), stranger);
  // A write of its own, so that there is one to look for.
  const resident = await world().find('residents', 'BUILDIUM');
  const { job_id } = (await world().api.put(`/v1/residents/${resident.id}`, { first_name: resident.first_name })).body;
  await world().settled(job_id);
  await world().quiet();
  owner = await inventory(world(), world().admin, slugs);
  intruder = await inventory(world(), stranger, slugs);
}, 240_000);

/** A place of an id, and what it names. */
interface Place {
  readonly operation: Described;
  readonly parameter: Parameter;
  readonly refersTo: string;
}
const operations = (): readonly Described[] => world().description.operations;
const placesIn = (where: Parameter['in']): readonly Place[] =>
  operations().flatMap((operation) =>
    operation.parameters.flatMap((parameter) => {
      const refersTo = parameter.schema[REFERS_TO];
      return parameter.in === where && typeof refersTo === 'string' ? [{ operation, parameter, refersTo }] : [];
    }),
  );

/** The owner's id of a kind; of a kind that it has none of, any other record's. */
const foreignId = (refersTo: string): string => owner.ids.get(refersTo) ?? owner.ids.get('residents') ?? '';

/** Everything of an answer that a caller can tell apart; `id` is what was asked for. */
function seen({ status, headers, body }: Answer<Loose>, id: string): string {
  const told = [...headers].filter(([name]) => !MOVING.includes(name));
  const { trace_id: _ours, ...rest } = Array.isArray(body) || body === undefined ? { body } : body;
  return JSON.stringify([status, told, rest]).replaceAll(id, 'ID');
}

/** A request with the owner's id and one with nobody's, as the intruder; what is different in the answers. */
async function compared(
  name: string,
  id: string,
  send: (id: string) => Promise<Answer<Loose>>,
): Promise<{ readonly status: number; readonly body: Loose; readonly difference?: string }> {
  const nobodys = nobodysId(id);
  const foreign = await send(id);
  const missing = await send(nobodys);
  const [one, other] = [seen(foreign, id), seen(missing, nobodys)];
  return { status: foreign.status, body: foreign.body, ...(one === other ? {} : { difference: `${name}: ${one} but ${other}` }) };
}

function sendTo(operation: Described, target: string, body: unknown): Promise<Answer<Loose>> {
  const text = operation.body ? JSON.stringify(body ?? operation.body.example ?? {}) : undefined;
  return intruder.api.raw(operation.method, target, text, {
    ...REQUEST,
    ...(text === undefined ? {} : { 'content-type': 'application/json' }),
  });
}

/** The intruder's own ids, for the other places of a path. */
const ownIds = ({ parameters }: Described): Record<string, string> =>
  Object.fromEntries(
    parameters.flatMap(({ in: where, name, schema }) => {
      const own = where === 'path' ? intruder.ids.get(String(schema[REFERS_TO])) : undefined;
      return own === undefined ? [] : [[name, own]];
    }),
  );

const at = (path: string, values: Readonly<Record<string, string>>): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');

describe('the description', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(world().description.document) as Loose);

    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  });

  it('says of every id in a path what it names', () => {
    const ids = operations().flatMap(({ method, path, parameters }) =>
      parameters
        .filter(({ in: where, name, schema }) => where === 'path' && /(^|_)id$/.test(name) && schema[REFERS_TO] === undefined)
        .map(({ name }) => `${method} ${path} ${name}`),
    );

    expect(ids).toEqual([]);
    expect(placesIn('path').length).toBeGreaterThan(60);
  });
});

describe("another organization's ids", () => {
  it('S1: in a path of any route are exactly as if nobody had them, and change nothing', async () => {
    const before = await everythingOf(world(), owner);
    const since = await world().now();
    const differences: (string | undefined)[] = [];
    const odd: string[] = [];
    for (const { operation, parameter, refersTo } of placesIn('path')) {
      const name = `${operation.method} ${operation.path}`;
      const { status, difference } = await compared(name, foreignId(refersTo), (id) =>
        sendTo(operation, at(operation.path, { ...ownIds(operation), [parameter.name]: id }), undefined),
      );
      if (status !== 404) odd.push(`${name} is ${status}`);
      differences.push(difference);
    }

    expect(odd).toEqual([]);
    expect(differences.filter(Boolean)).toEqual([]);
    expect(await everythingOf(world(), owner)).toEqual(before);
    expect(await world().calls(since)).toEqual([]);
    figure('S1', `0 of ${differences.length} ids in paths answered otherwise than an unknown id; nothing changed`);
  }, 120_000);

  it('S1: in a query narrow a list to nothing, as an unknown id does', async () => {
    const places = placesIn('query');
    const differences: (string | undefined)[] = [];
    const filled: string[] = [];
    for (const { operation, parameter, refersTo } of places) {
      const { difference } = await compared(operation.path, foreignId(refersTo), async (id) => {
        const answer = await sendTo(operation, `${operation.path}?${parameter.name}=${id}`, undefined);
        const { results } = answer.body;
        if (answer.status !== 200 || (results.logs ?? results).length > 0) filled.push(`${operation.path} ${parameter.name}`);
        return answer;
      });
      differences.push(difference);
    }

    expect(filled).toEqual([]);
    expect(differences.filter(Boolean)).toEqual([]);
    expect(places.length).toBeGreaterThan(40);
    figure('S1', `0 of ${places.length} ids in queries showed anything`);
  }, 120_000);

  it('S2: in a body are refused as unknown ones are, and nothing is queued', async () => {
    const before = (await intruder.api.get('/v1/admin/logs/writes/')).body;
    const since = await world().now();
    const differences: (string | undefined)[] = [];
    const accepted: string[] = [];
    let onlyById = 0;
    let nested = 0;
    for (const operation of operations().filter(({ method, body, path }) => body && method !== 'GET' && isWrite(path))) {
      const payload = ownPayload(operation);
      if (!payload) continue;
      for (const field of referencesIn(operation)) {
        const name = `${operation.method} ${operation.path} ${JSON.stringify({ [field.name]: field.put('') })}`;
        const { status, body, difference } = await compared(name, foreignId(field.refersTo), (id) =>
          sendTo(operation, payload.target, { ...payload.body, [field.name]: field.put(id) }),
        );
        if (field.isNested) nested += 1;
        if (status === 404 || body.errors.every(({ pointer }: Loose) => pointer.startsWith(`/${field.name}`))) onlyById += 1;
        if (status !== 400 && status !== 404) accepted.push(`${name} is ${status}`);
        differences.push(difference);
      }
    }

    expect(accepted).toEqual([]);
    expect(differences.filter(Boolean)).toEqual([]);
    // Most payloads are right but for the id: it is the id that is refused.
    expect(onlyById).toBeGreaterThan(60);
    expect(nested).toBeGreaterThan(20);
    expect((await intruder.api.get('/v1/admin/logs/writes/')).body).toEqual(before);
    expect((await world().calls(since)).filter(({ method }) => method !== 'GET')).toEqual([]);
    figure(
      'S2',
      `0 of ${differences.length} ids in bodies were taken (${onlyById} in payloads that were right but for them, ${nested} in parts of records); nothing queued`,
    );
  }, 180_000);

  it('S3: can not be found by trying their neighbours', async () => {
    const differences: (string | undefined)[] = [];
    for (const [kind, id] of owner.ids) {
      const path = { integrations: '/v1/admin/integrations/', writes: '/v1/admin/write-status/' }[kind] ?? `/v1/${kind}/`;
      if (kind === 'api-keys' || kind === 'webhook-deliveries') continue;
      for (const neighbour of neighboursOf(id)) {
        const { status, difference } = await compared(path, neighbour, (it) => intruder.api.get(`${path}${it}`, REQUEST));
        differences.push(difference);
        if (status !== 404) differences.push(`${path} is ${status}`);
      }
    }

    expect(differences.filter(Boolean)).toEqual([]);
    figure('S3', `0 of ${differences.length} neighbours of ids answered otherwise than an id at random`);
  }, 60_000);

  it('S3: are denied in the time that an unknown one takes', async () => {
    for (const kind of ['residents', 'integrations', 'writes']) {
      const path = { integrations: '/v1/admin/integrations/', writes: '/v1/admin/write-status/' }[kind] ?? `/v1/${kind}/`;
      const id = foreignId(kind);
      const times: { foreign: number[]; unknown: number[] } = { foreign: [], unknown: [] };
      // In turns, so that whatever else the machine does falls on both.
      for (let nth = 0; nth < 2 * SAMPLES; nth += 1) {
        const which = nth % 2 === 0 ? 'foreign' : 'unknown';
        const asked = `${path}${which === 'foreign' ? id : nobodysId(id)}`;
        const since = performance.now();
        await intruder.api.get(asked, REQUEST);
        times[which].push(performance.now() - since);
      }
      const [foreign, unknown] = [medianOf(times.foreign), medianOf(times.unknown)];

      expect(Math.abs(foreign - unknown)).toBeLessThan(Math.max(0.3 * unknown, 0.5));
      figure(
        'S3',
        `${kind}: 404 after ${foreign.toFixed(2)} ms for others' ids, ${unknown.toFixed(2)} ms for unknown ones (medians of ${SAMPLES})`,
      );
    }
  }, 60_000);

  it('S1: leave a trail: each denied request, with its key and route and none of the ids', async () => {
    const [key] = (await intruder.api.get('/v1/admin/api-keys/?order-by=created_at:desc')).body.results;
    const log = readFileSync(join(world().stack.directory, 'logs/gateway.log'), 'utf8').split('\n');
    const denied = log.filter((line) => line.includes('request denied')).map((line) => JSON.parse(line));

    expect(denied.filter(({ keyId }) => keyId === key.id).length).toBeGreaterThan(100);
    expect(denied[0]).toMatchObject({
      requestId: expect.any(String),
      route: expect.stringContaining('/'),
      status: expect.any(Number),
    });
    for (const id of owner.ids.values()) expect(JSON.stringify(denied)).not.toContain(id);
  });
});

const SAMPLES = 150;
const medianOf = (times: readonly number[]): number => [...times].sort((one, other) => one - other)[times.length >> 1] ?? 0;

/** Ids that differ from one in their last character, or in their first. */
function neighboursOf(id: string): readonly string[] {
  const other = (letter: string | undefined): string => (letter === 'a' ? 'b' : 'a');
  return [`${id.slice(0, -1)}${other(id.at(-1))}`, `${other(id[0])}${id.slice(1)}`];
}

const isWrite = (path: string): boolean => path.startsWith('/v1/') && !/^\/v1\/(admin|capabilities)\//.test(path);

/** What the intruder may send here about its own records; undefined where it has no record to write to. */
function ownPayload(operation: Described): { readonly target: string; readonly body: Loose } | undefined {
  const slug = slugs.find((it) => operation.path.includes(`/${it}/`)) ?? slugs.find((it) => writesAt(operation, it));
  const own = (kind: string): string => intruder.records.get(`${kind} ${slug}`)?.id ?? intruder.ids.get(kind) ?? 'none';
  const values: Record<string, string> = {};
  for (const { name, in: where, schema } of operation.parameters) {
    if (where === 'path') values[name] = own(String(schema[REFERS_TO]));
  }
  if (Object.values(values).includes('none')) return undefined;
  const example = { ...(operation.body?.example as Loose) };
  for (const { name, put, refersTo } of referencesIn(operation))
    if (example[name] !== undefined) example[name] = put(own(refersTo));
  return { target: at(operation.path, values), body: example };
}

/** Whether a PMS offers what a route for any PMS offers: then it has a route of its own. */
const writesAt = ({ path, method }: Described, slug: string): boolean =>
  operations().some((it) => it.method === method && it.path.replace(`/${slug}/`, '/') === path && it.path !== path);

/** A field in which an id can stand: itself, in a list, or in a part of the record. */
interface Field {
  readonly name: string;
  readonly isNested: boolean;
  readonly refersTo: string;
  /** The value of the field with the id in its place. */
  put(id: string): unknown;
}
/** Parts of parts; a part may hold parts of its own kind. */
const DEEPEST = 3;

function referencesIn({ body }: Described): readonly Field[] {
  const { properties = {} } = world().description.followed<Loose>(body?.schema as Loose);
  return Object.entries(properties as Record<string, Loose>).flatMap(([name, schema]) =>
    placesOfIds(schema, 0).map((place) => ({ name, ...place })),
  );
}

function placesOfIds(schema: Loose, depth: number): readonly Omit<Field, 'name'>[] {
  const {
    [REFERS_TO]: refersTo,
    items,
    properties = {},
    required = [],
  } = world().description.followed<Loose>(schema.anyOf?.[0] ?? schema);
  if (typeof refersTo === 'string') return [{ refersTo, isNested: false, put: (id) => id }];
  if (items) return placesOfIds(items, depth).map((place) => ({ ...place, put: (id) => [place.put(id)] }));
  if (depth === DEEPEST) return [];
  const others = Object.fromEntries(required.map((name: string) => [name, properties[name]?.examples?.[0]]));
  return Object.entries(properties as Record<string, Loose>).flatMap(([name, inner]) =>
    placesOfIds(inner, depth + 1).map((place) => ({
      ...place,
      isNested: true,
      put: (id: string) => ({ ...others, [name]: place.put(id) }),
    })),
  );
}

describe('a key', () => {
  it('S26: does on every route what its scope allows, and nothing else', async () => {
    const wrong: string[] = [];
    let tried = 0;
    for (const scope of SCOPES) {
      const made = await world().admin.post('/v1/admin/api-keys/', { name: `only ${scope}`, scopes: [scope] });
      const api = world().apiFor(made.body.result.key);
      for (const { method, path, scope: needed, body } of operations()) {
        const unknown = at(path, new Proxy({}, { get: () => nobodysId('an-id-that-nobody-has-ever') }));
        const { status } = await api.raw(
          method,
          unknown,
          body ? '{}' : undefined,
          body ? { 'content-type': 'application/json' } : {},
        );
        tried += 1;
        if ((status === 403) !== (needed !== scope)) wrong.push(`${scope}: ${method} ${path} is ${status}`);
      }
    }

    expect(
      operations()
        .filter(({ scope }) => !SCOPES.includes(scope))
        .map(({ path }) => path),
    ).toEqual([]);
    expect(wrong).toEqual([]);
    figure('S26', `0 of ${tried} route and scope pairs answered wrongly`);
  }, 120_000);

  it('S26: and a credential are shown once', async () => {
    const keys = JSON.stringify((await world().admin.get('/v1/admin/api-keys/')).body);
    const integrations = JSON.stringify((await world().admin.get('/v1/admin/integrations/')).body);
    const [{ credentials }] = (await world().sandbox.get('/_demo')).body as Loose;

    expect(keys).not.toContain(world().stack.keys.admin);
    expect(keys).not.toContain('"key":');
    for (const secret of Object.values(credentials as Record<string, string>)) expect(integrations).not.toContain(secret);
  });
});
