import { describe, expect, it } from '@jest/globals';
import { Conformance, type OpenApi } from './conformance.ts';

const json = (schema: object) => ({ description: 'x', content: { 'application/json': { schema } } });
const operation = (schema: object) => ({ operationId: 'x', security: [{ apiKey: ['read'] }], responses: { 200: json(schema) } });
const api = new Conformance({
  paths: {
    '/v1/things/{id}': { get: operation({ $ref: '#/components/schemas/Thing' }) },
    '/v1/things/first': { get: operation({ type: 'object' }) },
  },
  components: {
    schemas: { Thing: { type: 'object', properties: { day: { type: 'string', format: 'date' } }, additionalProperties: false } },
  },
} as unknown as OpenApi);
const faults = (target: string, status: number, body: unknown, type = 'application/json; charset=utf-8') =>
  api.faultsOf('GET', target, status, type, body);

describe(Conformance.name, () => {
  it('finds nothing in an answer as it is described, nor in one of a route that is not', () => {
    expect(faults('/v1/things/t1/?a=1', 200, { day: '2026-11-24' })).toEqual([]);
    expect(faults('/v1/things/first', 200, { anything: 1 })).toEqual([]);
    expect(faults('/nowhere', 500, null)).toEqual([]);
  });

  it.each<[string, number, unknown, string]>([
    ['additional properties', 200, { more: 1 }, 'application/json'],
    ['must match format', 200, { day: 'yesterday' }, 'application/json'],
    ['409 is not described', 409, {}, 'application/json'],
    ['text/html is not described', 200, '<b>', 'text/html'],
  ])('finds that %s', (words, status, body, type) => {
    expect(faults('/v1/things/t1', status, body, type)).toEqual([expect.stringContaining(words)]);
  });
});
