import type { Limits } from './codec.ts';

/** A vendor's JSON schema, as much of it as we use. */
export interface WireSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly nullable?: boolean;
  readonly items?: WireSchema;
  readonly minItems?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, WireSchema>>;
}

/** Answers questions about one of the vendor's schemas by the paths that declarations use. */
export interface SchemaLookup {
  readonly name: string;
  /** Length, range and enum limits of the value at a path. */
  limits(path: string): Limits;
  /** Whether the document is refused without the path, given that the objects around it are there. */
  requires(path: string): boolean;
  /** Whether null may stand at the path. */
  nullable(path: string): boolean;
  /** The required paths of the document itself: `['FirstName', 'Address.AddressLine1']`, following required objects only. */
  readonly requiredPaths: readonly string[];
  /** The members of a received record that the document has too, with their types; everything else is left out. */
  keep(remote: unknown): Record<string, unknown>;
  /** Paths of optional objects that need something once they are there: `AlternateAddress` -> its required members. */
  readonly optionalGroups: ReadonlyMap<string, readonly string[]>;
}

/** Binds a vendor's schemas, so that a declaration names one: `documents: { create: { schema: wire('LeasePostMessage') } }`. */
export function wireOf<Schemas extends Readonly<Record<string, WireSchema>>>(schemas: Schemas) {
  const resolve = (schema: WireSchema | undefined): WireSchema | undefined => {
    const name = schema?.$ref?.split('/').at(-1);
    return name === undefined ? schema : { ...schemas[name], nullable: schema?.nullable ?? schemas[name]?.nullable ?? false };
  };
  const child = (schema: WireSchema | undefined, step: string): WireSchema | undefined => {
    const here = resolve(schema);
    return resolve(/^\d+$/.test(step) ? here?.items : here?.properties?.[step]);
  };

  return (name: keyof Schemas & string): SchemaLookup => {
    const root = resolve(schemas[name]);
    const at = (path: string): WireSchema | undefined => path.split('.').reduce(child, root);
    return {
      name,
      limits: (path) => {
        const found = at(path);
        // Enums belong to codecs, which translate them.
        return pick(found, ['minLength', 'maxLength', 'minimum', 'maximum']);
      },
      requires: (path) => {
        const steps = path.split('.');
        const last = steps.pop() as string;
        const around = steps.reduce(child, root);
        return around?.required?.includes(last) ?? /^\d+$/.test(last);
      },
      nullable: (path) => at(path)?.nullable === true || at(path)?.type === undefined,
      keep: (remote) => (keepOf(remote, root, child) ?? {}) as Record<string, unknown>,
      requiredPaths: root ? requiredPathsOf(root, '', child) : [],
      optionalGroups: root ? optionalGroupsOf(root, child) : new Map(),
    };
  };
}

type Child = (schema: WireSchema | undefined, step: string) => WireSchema | undefined;

/** A value pruned to a schema; undefined when it is of another type (a list where an object is wanted). */
function keepOf(value: unknown, schema: WireSchema | undefined, child: Child): unknown {
  if (value === null || value === undefined) return value;
  if (schema?.type === 'array')
    return Array.isArray(value) ? value.map((entry) => keepOf(entry, child(schema, '0'), child)) : undefined;
  // Some PMSs answer a date-time and take back a date.
  if (schema?.format === 'date' && typeof value === 'string') return value.slice(0, 10);
  if (!schema?.properties) return typeof value === 'object' ? undefined : value;
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const kept = Object.keys(schema.properties).map((name) => [
    name,
    keepOf((value as Record<string, unknown>)[name], child(schema, name), child),
  ]);
  return Object.fromEntries(kept.filter(([, inner]) => inner !== undefined));
}

function requiredPathsOf(schema: WireSchema, prefix: string, child: Child): string[] {
  return (schema.required ?? []).flatMap((name) => {
    const inner = child(schema, name);
    const path = `${prefix}${name}`;
    if (inner?.properties) return requiredPathsOf(inner, `${path}.`, child);
    const element = inner?.type === 'array' ? child(inner, '0') : undefined;
    return element?.properties ? requiredPathsOf(element, `${path}.0.`, child) : [path];
  });
}

/** Inner groups come before those around them. */
function optionalGroupsOf(schema: WireSchema, child: Child, around = ''): Map<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const name of Object.keys(schema.properties ?? {})) {
    const inner = child(schema, name);
    const element = inner?.type === 'array' ? child(inner, '0') : inner;
    if (!element?.properties) continue;
    const path = `${around}${name}${inner?.type === 'array' ? '.0' : ''}`;
    for (const [group, paths] of optionalGroupsOf(element, child, `${path}.`)) groups.set(group, paths);
    if (!schema.required?.includes(name) && element.required?.length)
      groups.set(path, requiredPathsOf(element, `${path}.`, child));
  }
  return groups;
}

function pick<T extends object, K extends keyof T>(from: T | undefined, keys: readonly K[]): Partial<Pick<T, K>> {
  return Object.fromEntries(keys.filter((key) => from?.[key] !== undefined).map((key) => [key, from?.[key]])) as Partial<
    Pick<T, K>
  >;
}
