/** Invariants of the generated files: the vendor's document is not in the repository, so they can't be compared with it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { operations, schemas, type WireOperation, type WireSchema } from './index.ts';

const allSchemas: [string, WireSchema][] = Object.entries(schemas);
const allOperations: [string, WireOperation][] = Object.entries(operations);
const typesText = readFileSync(new URL('./types.generated.ts', import.meta.url), 'utf8');

function* nodesOf(schema: WireSchema): Generator<WireSchema> {
  yield schema;
  if (schema.items) yield* nodesOf(schema.items);
  for (const property of Object.values(schema.properties ?? {})) yield* nodesOf(property);
}

const refsOf = (schema: WireSchema) => [...nodesOf(schema)].flatMap(({ $ref }) => ($ref ? [$ref.slice('#/$defs/'.length)] : []));

const keywords = [
  '$ref type enum format minLength maxLength minimum maximum pattern minItems maxItems',
  'nullable items required properties additionalProperties',
].flatMap((line) => line.split(' '));

describe('schemas', () => {
  it.each(allSchemas)('%s refers only to schemas that exist', (_name, schema) => {
    expect(refsOf(schema).filter((name) => !(name in schemas))).toEqual([]);
  });

  it.each(allSchemas)('%s carries keywords and no prose', (_name, schema) => {
    const found = [...nodesOf(schema)].flatMap((node) => Object.keys(node));

    expect(found.filter((keyword) => !keywords.includes(keyword))).toEqual([]);
  });

  it.each(allSchemas)('%s requires only members that it has', (_name, { required = [], properties = {} }) => {
    expect(required.filter((member) => !(member in properties))).toEqual([]);
  });

  it('are exactly those that the calls reach', () => {
    const reached = new Set<string>(['ApiErrorResponse']);
    const reach = (name: string) => {
      reached.add(name);
      const schema: WireSchema = schemas[name as keyof typeof schemas];
      for (const next of refsOf(schema)) if (!reached.has(next)) reach(next);
    };

    reach('ApiErrorResponse');
    for (const [, { body, answer }] of allOperations) for (const name of body ? [body, answer] : [answer]) reach(name);

    expect([...reached].sort()).toEqual(Object.keys(schemas));
  });

  it('carry the limits that the vendor states in prose', () => {
    expect(schemas.RentalTenantPutMessage.properties.FirstName).toMatchObject({ minLength: 1, maxLength: 127 });
    expect(schemas.RentalTenantPutMessage.properties.Comment).toMatchObject({ maxLength: 65_535 });
    expect(schemas.PhoneNumbersMessage.properties.Mobile).toMatchObject({ minLength: 10, maxLength: 20 });
    expect(schemas.SaveAddressMessage.properties.AddressLine1).toMatchObject({ maxLength: 100 });
    expect(schemas.LeasePostMessage.properties.TenantIds).toMatchObject({ maxItems: 5 });
    expect(schemas.LeaseChargePutMessage.properties.Lines).toMatchObject({ minItems: 1 });
    const taxId = new RegExp(schemas.RentalTenantPutMessage.properties.TaxId.pattern);
    expect(['12-1234567', '123-12-1234', '123456789', '1234'].map((text) => taxId.test(text))).toEqual([true, true, true, false]);
  });
});

describe('Paths', () => {
  it('names every call, and no other', () => {
    const named = [...typesText.matchAll(/^ {2}'([A-Z]+ \/v1\/[^']+)':/gm)].map(([, key]) => key);

    expect(named.sort()).toEqual(Object.keys(operations).sort());
  });

  it('has an interface for every schema', () => {
    const declared = [...typesText.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name]) => name);

    expect(declared.filter((name) => name !== 'Paths').sort()).toEqual(Object.keys(schemas).sort());
  });
});
