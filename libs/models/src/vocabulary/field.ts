/**
 * What the unified API says about one field, before any PMS is asked. The decorators of a model write it; validation,
 * OpenAPI and the reference pages read it.
 */
export interface FieldSpec {
  readonly name: string;
  readonly kind: FieldKind;
  /** One sentence for customers. */
  readonly description: string;
  /** A valid value in the API's own form; also the seed of generated test payloads. */
  readonly example: unknown;
  /** True when callers can never set it, whatever the PMS. @default false */
  readonly readOnly: boolean;
  /** The allowed values of kind `enum`. */
  readonly values?: readonly string[];
  /** The model that a kind `reference`, or each entry of a kind `list`, names by id; as its path ('leases'). */
  readonly refersTo?: string;
  /** The class of a kind `object`, or of the entries of a kind `list`. A list without one holds texts, or ids if it refers. */
  readonly element?: () => PartClass;
  /**
   * True when a part is worthless without it, whatever the PMS (a file without content). Fields of models never carry it:
   * what a record needs is each PMS's to say. @default false
   */
  readonly required?: boolean;
  /** What a kind `text` or `phone` must match, as an ECMAScript regular expression. */
  readonly pattern?: string;
  /** Another JSON type that published clients send the value in: what it spells is taken for the value. */
  readonly alsoAs?: 'text' | 'number';
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /** What to use instead, for a field kept for old callers only. */
  readonly deprecated?: string;
}

/**
 * The form that a value has in the API: `date` is `YYYY-MM-DD` (a time part is accepted and dropped), `instant` is an
 * ISO 8601 date-time (a bare date counts as its midnight in UTC), `money` is an integer of cents, `reference` is one of our ids.
 */
export type FieldKind =
  | 'text'
  | 'email'
  | 'phone'
  | 'date'
  | 'instant'
  | 'integer'
  | 'number'
  | 'money'
  | 'boolean'
  | 'enum'
  | 'reference'
  | 'object'
  | 'list'
  | 'json';

/** The texts that spell an integer of a field published as text, as a regular expression: none that its minimum forbids for their sign. */
export const integerInText = ({ minimum = -1 }: Pick<FieldSpec, 'minimum'>): string =>
  minimum < 0 ? '^-?\\d{1,15}$' : '^\\d{1,15}$';

// A class whose instances are parts of a record (a pet, a vehicle): decorated fields, no behaviour.
export type PartClass = new () => object;

const FIELDS = new WeakMap<object, Map<string, FieldSpec>>();

/** Registers a field of the class whose prototype is given; throws when a class declares a field twice. */
export function registerField(prototype: object, spec: FieldSpec): void {
  const own = FIELDS.get(prototype) ?? new Map<string, FieldSpec>();
  if (own.has(spec.name)) throw new Error(`${prototype.constructor.name}.${spec.name} is declared twice`);
  FIELDS.set(prototype, own.set(spec.name, spec));
}

const COMPLETE = new WeakMap<PartClass, ReadonlyMap<string, FieldSpec>>();

/** The fields of a class in the order of their declaration, inherited ones first. The class must be fully declared by then. */
export function fieldsOf(target: PartClass): ReadonlyMap<string, FieldSpec> {
  const known = COMPLETE.get(target);
  if (known) return known;
  const fields = collectFields(target);
  COMPLETE.set(target, fields);
  return fields;
}

function collectFields(target: PartClass): ReadonlyMap<string, FieldSpec> {
  const chain: object[] = [];
  for (let at: object | null = target.prototype; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) chain.unshift(at);
  return new Map(chain.flatMap((prototype) => [...(FIELDS.get(prototype) ?? [])]));
}
