import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describeApi, describeModel, type DescribedModel, type DescribedWrite } from '#messaging';
import { Problem } from '#problem';
import { startWorld, type Json, type World } from '../../testing/world.ts';
import { RouteTable } from '../http/route-table.ts';
import { documentOf } from './document.ts';
import { FORMS } from './model-operations.ts';
import { OPERATIONS } from './operations.ts';

const closed = { type: 'object', additionalProperties: false };
const write = (operation: DescribedWrite['operation'], vendor: DescribedWrite['vendor']): DescribedWrite => ({
  operation,
  vendor,
  description: '',
  payload: 'ThingInput',
  example: {},
});
const acme = { slug: 'acme', title: 'Acme' };
const THING: DescribedModel = {
  path: 'things',
  title: 'thing',
  description: 'A thing.',
  parent: { path: 'boxes', title: 'box', child: 'things', field: 'box_id' },
  schemas: { Thing: closed, ThingAsked: closed, ThingInput: { ...closed, required: ['integration_id', 'box_id', 'name'] } },
  record: 'Thing',
  asked: 'ThingAsked',
  filters: [{ name: 'box_id', description: 'Its box.', schema: { type: 'string' } }],
  writes: [write('create', null), write('create', acme), write('update', null), write('update', acme)],
};
const NAMES = [...JSON.stringify(OPERATIONS).matchAll(/schemas\/(\w+)/g)].map(([, name = '']) => name);
const API = { models: ['things'], schemas: Object.fromEntries(NAMES.map((name) => [name, closed])) };

let world: World;
let document: Json;
beforeAll(async () => {
  world = await startWorld();
  world.play(describeApi, () => API);
  world.play(describeModel, ({ model }) => {
    if (model !== 'things') throw Problem.notFound('model');
    return THING;
  });
  document = (await world.send({ path: '/openapi.json' })).body;
}, 30_000);
afterAll(() => world?.close());

describe('GET /openapi.json', () => {
  it('is an OpenAPI document', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));

    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  });

  it('needs a key, and no parameters', async () => {
    expect(await world.send({ path: '/openapi.json', key: null })).toMatchObject({ status: 401 });
    expect(await world.send({ path: '/openapi.json', key: world.newKey(['write']) })).toMatchObject({ status: 403 });
    expect(await world.send({ path: '/openapi.json?a=1' })).toMatchObject({ status: 400 });
  });

  it('tells routes of models under their names, with what the path says left out of the body', () => {
    expect(
      Object.keys(document.paths)
        .filter((path) => /things|boxes/.test(path))
        .sort(),
    ).toEqual([
      '/v1/boxes/acme/{id}/things',
      '/v1/boxes/{id}/things',
      '/v1/things/',
      '/v1/things/acme/',
      '/v1/things/acme/{id}',
      '/v1/things/{id}',
    ]);
    expect(document.components.schemas.ThingInputUnder.required).toEqual(['name']);
    expect(document.paths['/v1/things/{id}'].put.security).toEqual([{ apiKey: ['write'] }]);
  });
});

describe('the descriptions', () => {
  it('are of every route that exists, and of no other', () => {
    const described = new Set(
      Object.values(document.paths).flatMap((path) => Object.values(path as Json).map((it: Json) => it.operationId)),
    );

    // A path that exists is right for its methods; a route without a description would have failed the request above.
    for (const key of [...Object.keys(OPERATIONS), ...Object.keys(FORMS)]) {
      const [method = '', pattern = ''] = key.split(' ');
      expect({
        key,
        methods: world.routes
          .described()
          .filter((it) => it.pattern === pattern)
          .map((it) => it.method),
      }).toEqual({
        key,
        methods: expect.arrayContaining([method]),
      });
    }
    expect(world.routes.described()).toHaveLength(Object.keys(OPERATIONS).length + Object.keys(FORMS).length);
    expect(described.size).toBe(Object.keys(OPERATIONS).length + 8);
  });

  it('are refused for a route that has none', () => {
    const routes = new RouteTable();
    routes.add('/v1/new', 'GET', 'read');

    expect(() => documentOf(routes.described(), API, [])).toThrow('GET /v1/new is not described');
  });
});
