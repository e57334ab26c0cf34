import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';
import { checkShape, fieldsOf, knownModels, type FieldSpec, type ModelSpec, type PartClass } from './index.ts';

/** Models that references name and that nobody has written yet. */
const NOT_YET = [
  'address-types',
  'application-templates',
  'applications',
  'concessions',
  'events',
  'floor-plans',
  'lead-relationships',
  'owners',
  'rentable-items',
  'service-request-locations',
  'service-request-problems',
];

/** Fields that are called ..._id and hold no Latchkey id of one certain model. */
const NO_REFERENCE = [
  'batch_id',
  'desired_floor_plan_id',
  'primary_contact_id',
  'student_id',
  'tax_id',
  'third_party_charge_id',
  'third_party_id',
  'transaction_batch_id',
];

const registered = new Map<string, string[]>();
for (const file of readdirSync(import.meta.dirname).filter((name) => name.endsWith('.model.ts'))) {
  const before = new Set(knownModels().keys());
  await import(`./${file}`);
  registered.set(
    file,
    [...knownModels().keys()].filter((path) => !before.has(path)),
  );
}

const models = [...knownModels().values()];
const classes = new Map<string, PartClass>(models.map(({ type }) => [type.name, type]));
for (const type of classes.values()) {
  for (const { element } of fieldsOf(type).values()) if (element) classes.set(element().name, element());
}

const exampleOf = (fields: Iterable<FieldSpec>) => Object.fromEntries([...fields].map(({ name, example }) => [name, example]));
const writable = (model: ModelSpec) => [...model.fields.values()].filter(({ readOnly }) => !readOnly);
const repeated = (texts: readonly string[]) => texts.filter((text, index) => texts.indexOf(text) !== index);

describe('the folder of models', () => {
  it('has at least the models that the service was launched with', () => {
    expect(models.length).toBeGreaterThanOrEqual(23);
    expect(models).toHaveLength(registered.size);
  });

  it.each([...registered])('%s registers one model, under the plural of its name', (file, paths) => {
    const singular = file.replace('.model.ts', '');

    expect(paths).toEqual([`${singular.replace(/(status)$/, '$1e').replace(/y$/, 'ie')}s`]);
    expect(
      knownModels()
        .get(paths[0] ?? '')
        ?.type.name.toLowerCase(),
    ).toBe(singular.replaceAll('-', ''));
  });

  it('refers only to models that exist or are known to be missing', () => {
    const named = [...classes.values()].flatMap((type) => [...fieldsOf(type).values()].flatMap(({ refersTo }) => refersTo ?? []));

    expect([...new Set(named)].filter((path) => !knownModels().has(path)).sort()).toEqual(NOT_YET);
  });
});

describe.each(models.map((model) => [model.path, model] as const))('%s', (_path, model) => {
  it('takes the examples of its writable fields', () => {
    const payload = exampleOf(writable(model));

    expect(checkShape(model, payload)).toMatchObject({ issues: [], unknown: [], values: payload });
  });

  it('has the reference that its parent is named by', () => {
    const { parent } = model;
    const field = parent && model.fields.get(parent.field);

    expect(field?.refersTo).toBe(parent?.path);
    expect(field?.readOnly ?? false).toBe(false);
  });

  it('demands no field: that is for each PMS to say', () => {
    expect([...model.fields.values()].filter(({ required }) => required)).toEqual([]);
  });

  it('has read-only companions of its references', () => {
    const references = [...model.fields.values()].filter(({ refersTo }) => refersTo);

    for (const { name, kind } of references) {
      expect(model.fields.get(`x_${name}`)).toMatchObject({ readOnly: true, kind: kind === 'list' ? 'list' : 'text' });
    }
  });
});

describe.each([...classes])('the fields of %s', (_name, type) => {
  const fields = [...fieldsOf(type).values()];

  it('have examples that class-validator accepts', () => {
    const instance = Object.assign(new type(), exampleOf(fields));

    expect(validateSync(instance, { forbidUnknownValues: false })).toEqual([]);
  });

  it('are each described in a sentence of their own', () => {
    for (const { description } of fields) expect(description).toMatch(/^[A-Z][^\n]{3,158}\.$/);
    expect(repeated(fields.map(({ description }) => description.toLowerCase()))).toEqual([]);
  });

  it('have kinds that their names promise', () => {
    for (const { name, kind, refersTo } of fields) {
      expect([name, kind === 'money']).toEqual([name, name.endsWith('_in_cents')]);
      if (name.startsWith('x_') || !/_ids?$/.test(name) || NO_REFERENCE.includes(name)) continue;
      expect([name, refersTo !== undefined]).toEqual([name, name !== 'tenant_ids']);
    }
  });

  it('have limits that make sense', () => {
    for (const { name, kind, values = [], minimum = -Infinity, maximum = Infinity, maxLength = 1, element } of fields) {
      expect([name, values.length > 1, repeated(values)]).toEqual([name, kind === 'enum', []]);
      expect([name, minimum < maximum, maxLength > 0]).toEqual([name, true, true]);
      if (kind === 'object') expect([name, element]).not.toEqual([name, undefined]);
    }
  });
});
