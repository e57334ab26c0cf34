/**
 * Values at random for a schema of the API's description: those that it allows, with a liking for the very ends of what it allows, and those that
 * break it in one place. The same seed gives the same values. A keyword that is not known here fails at the first schema that has it.
 */
import fc from 'fast-check';
import type { Conformance, Schema } from '../../support/conformance.ts';

/** Ids of what exists and can be named: by the kind that `x-refers-to` says. */
export type Ids = (kind: string) => readonly string[];

type Fields = Readonly<Record<string, Schema>>;
type Mutable = Record<string, unknown>;

const REFERS_TO = 'x-refers-to';
const UNDERSTOOD = new Set([
  ...['$ref', 'anyOf', 'type', 'enum', 'pattern', 'format', 'minLength', 'maxLength', 'minimum', 'maximum', 'properties'],
  ...[
    'required',
    'additionalProperties',
    'minProperties',
    'items',
    'minItems',
    'maxItems',
    'allOf',
    'description',
    'examples',
    'default',
  ],
  ...['deprecated', REFERS_TO],
]);
/** Longer texts are legal for many fields, but some of them together are more than a body may hold. */
const LONG = 1_000;
const MAX_INTEGER = 2 ** 31;

export class Values {
  constructor(
    private readonly description: Conformance,
    private readonly ids: Ids,
  ) {}

  /** Any value that the schema allows. */
  fitting(schema: Schema): fc.Arbitrary<unknown> {
    const it = this.followed(schema);
    if (it.anyOf) return fc.oneof(...it.anyOf.map((one) => this.fitting(one)));
    if (it.enum) return fc.constantFrom(...it.enum);
    const types = [it.type ?? 'object'].flat();
    const [first, ...others] = types.filter((type) => type !== 'null').map((type) => this.ofType(type, it));
    const value = first ? fc.oneof(first, ...others) : fc.constant(null);
    return types.includes('null')
      ? fc.oneof({ weight: 7, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) })
      : value;
  }

  /** A value that the schema would allow but for one place; now and then one that it allows after all. */
  broken(schema: Schema, base: fc.Arbitrary<unknown> = this.fitting(schema)): fc.Arbitrary<unknown> {
    return fc.tuple(base, fc.nat(), fc.nat()).map(([value, where, how]) => {
      const places = [...this.placesIn(schema, value)];
      const place = places[where % places.length];
      const breaches = place ? this.breachesOf(this.followed(place.schema), place.value) : [];
      const breach = breaches[how % breaches.length];
      return place && breach ? replaced(value, place.path, breach()) : value;
    });
  }

  /** The same value with ids of what exists in the places of ids. */
  named(schema: Schema, value: unknown): unknown {
    const places = [...this.placesIn(schema, value)];
    return places.reduce((whole, { schema: at, path, value: old }) => {
      const kind = this.followed(at)[REFERS_TO];
      const [id] = kind === undefined || old === null ? [] : this.ids(kind);
      return id === undefined ? whole : replaced(whole, path, id);
    }, value);
  }

  private ofType(type: string, schema: Known): fc.Arbitrary<unknown> {
    const made: Readonly<Record<string, () => fc.Arbitrary<unknown>>> = {
      string: () => this.text(schema),
      boolean: () => fc.boolean(),
      integer: () => number(schema),
      number: () =>
        fc.oneof(
          number(schema),
          number(schema).map((whole) => inside(schema, whole + 0.25)),
        ),
      array: () =>
        fc.array(this.fitting(schema.items ?? {}), {
          minLength: schema.minItems ?? 0,
          maxLength: Math.min(schema.maxItems ?? 3, 3),
        }),
      object: () => this.object(schema),
    };
    const make = made[type];
    if (!make) throw new Error(`Nothing is known of the type ${type}.`);
    return make();
  }

  private text(schema: Known): fc.Arbitrary<string> {
    const { minLength = 0, maxLength = LONG, pattern, format, examples = [] } = schema;
    const known = this.ids(schema[REFERS_TO] ?? '');
    if (known.length > 0) return fc.constantFrom(...known);
    const examined = examples.filter((example) => typeof example === 'string');
    const given = examined.length > 0 ? [fc.constantFrom(...examined)] : [];
    if (format !== undefined) return fc.oneof(...given, formatted(format));
    const short = { minLength, maxLength: Math.max(minLength, Math.min(maxLength, 20)) };
    // Of several forms none makes texts that have them all.
    if (schema.allOf && given[0]) return given[0];
    if (pattern !== undefined)
      return fc.oneof(
        ...given,
        fc.stringMatching(new RegExp(pattern)).filter((it) => it.length <= maxLength),
      );
    const longest = Math.min(maxLength, LONG);
    return fc.oneof(
      ...given,
      fc.string({ ...short, unit: 'grapheme-ascii' }),
      fc.string({ ...short, unit: 'binary' }).map(storable),
      fc.constantFrom('x', 'é', '\u{1f600}').map((letter) => letter.repeat(longest)),
    );
  }

  private object(schema: Known): fc.Arbitrary<unknown> {
    const { properties = {}, required = [], minProperties = 0 } = schema;
    const optional = Object.keys(properties).filter((name) => !required.includes(name));
    const of = (names: readonly string[]): fc.Arbitrary<unknown> =>
      fc.record(Object.fromEntries(names.map((name) => [name, this.fitting(properties[name] ?? {})])));
    const some = (maxLength: number) =>
      fc
        .shuffledSubarray(optional, {
          minLength: Math.min(minProperties, optional.length),
          maxLength: Math.min(maxLength, optional.length),
        })
        .chain((names) => of([...required, ...names]));
    return fc.oneof(some(Math.max(minProperties, 1)), some(5), of(Object.keys(properties)));
  }

  private *placesIn(schema: Schema, value: unknown, path: Path = []): Generator<Place> {
    yield { schema, value, path };
    const it = this.followed(schema);
    if (Array.isArray(value) && it.items) {
      for (const [index, entry] of value.entries()) yield* this.placesIn(it.items, entry, [...path, index]);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        const field = (it.properties ?? {})[name];
        if (field) yield* this.placesIn(field, member, [...path, name]);
      }
    }
  }

  private breachesOf(schema: Known, value: unknown): readonly (() => unknown)[] {
    const { enum: values, maxLength, minLength, pattern, format, minimum, maximum, maxItems, properties, required = [] } = schema;
    const object = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mutable) : undefined;
    return [
      ...[7, 1.5, -1, 'nothing like it', '', true, [], [[]], {}, { a: 1 }, null].map((other) => () => other),
      ...(values ? [() => 'NOT_ONE_OF_THEM'] : []),
      ...(maxLength === undefined ? [] : [() => 'x'.repeat(maxLength + 1)]),
      ...(minLength === undefined ? [] : [() => 'x'.repeat(minLength - 1)]),
      ...(pattern === undefined ? [] : [() => '\u{1f600} !', () => `${String(value)}\n`]),
      ...(format === undefined ? [] : [() => '2026-02-30', () => '2026-13-01T25:61:00Z']),
      ...(minimum === undefined ? [] : [() => minimum - 1]),
      ...(maximum === undefined ? [] : [() => maximum + 1]),
      ...(maxItems === undefined ? [] : [() => Array.from({ length: maxItems + 1 }, () => (value as unknown[])[0])]),
      ...(object ? required.map((name) => () => without(object, name)) : []),
      ...(object && properties ? [() => ({ ...object, not_a_field: 1 }), () => ({ ...object, id: 'x', created_at: 'x' })] : []),
    ];
  }

  private followed(schema: Schema): Known {
    const it = this.description.followed<Known>(schema);
    const odd = Object.keys(it).filter((keyword) => !UNDERSTOOD.has(keyword));
    if (odd.length > 0) throw new Error(`Nothing is known of the keywords ${odd.join(', ')}.`);
    const [whole, none] = it.anyOf ?? [];
    // Null or a named schema, as the description says that a field may be empty.
    return whole && none?.['type'] === 'null'
      ? { ...this.followed(whole), ...without(it, 'anyOf'), type: ['object', 'null'] }
      : it;
  }
}

type Path = readonly (string | number)[];
interface Place {
  readonly schema: Schema;
  readonly value: unknown;
  readonly path: Path;
}

/** The keywords of a schema that are understood here. */
interface Known extends Schema {
  readonly anyOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Fields;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly allOf?: readonly Schema[];
  readonly examples?: readonly unknown[];
  readonly [REFERS_TO]?: string;
}

function replaced(whole: unknown, [step, ...rest]: Path, part: unknown): unknown {
  if (step === undefined) return part;
  if (Array.isArray(whole)) return whole.map((entry: unknown, at) => (at === step ? replaced(entry, rest, part) : entry));
  const object = whole as Mutable;
  return { ...object, [step]: replaced(object[step], rest, part) };
}

const without = <T extends object>(object: T, name: string): T =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name)) as T;

const inside = ({ maximum = MAX_INTEGER }: Known, value: number): number => Math.min(value, maximum);

function number({ minimum, maximum }: Known): fc.Arbitrary<number> {
  const [min, max] = [Math.max(minimum ?? -MAX_INTEGER, -MAX_INTEGER), Math.min(maximum ?? MAX_INTEGER, MAX_INTEGER)];
  return fc.oneof(fc.integer({ min, max }), fc.constantFrom(minimum ?? min, maximum ?? max));
}

const days = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2100-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const FORMATS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  date: fc.oneof(
    days.map((moment) => moment.slice(0, 10)),
    fc.constantFrom('2024-02-29', '0001-01-01', '9999-12-31'),
  ),
  'date-time': fc.oneof(
    days,
    fc.constantFrom('2026-05-01T14:30:00+05:45', '2026-05-01T14:30:00.123456Z', '1999-12-31T23:59:59Z'),
  ),
  email: fc.constantFrom('a@b.example', 'ann+tag@sub.domain.example', "o'neil@example.com"),
};

function formatted(format: string): fc.Arbitrary<string> {
  const known = FORMATS[format];
  if (!known) throw new Error(`Nothing is known of the format ${format}.`);
  return known;
}

/** The description says of all texts that they hold neither. */
const storable = (text: string): string => text.replaceAll('\0', ' ').toWellFormed();
