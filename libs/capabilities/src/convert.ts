import { companionOf } from '#models';
import { documentsOf, operationOf, type Capability } from './capability.ts';
import type { OperationName } from './mapping.ts';
import { entryOf } from './plan.ts';
import { putAt, valueAt } from './paths.ts';
import type { Values } from './rules.ts';

/** What a write sends: for each document the paths that the caller's fields set. Constants and carried values are not among them. */
export type EncodedDocuments = ReadonlyMap<string, ReadonlyMap<string, unknown>>;

/**
 * Turns accepted values into the PMS's own. `references` gives the PMS's id for each field that names a record (each entry of a list). Documents in which no field
 * landed are missing from the result.
 */
export function encodeFields(
  capability: Capability,
  name: OperationName,
  values: Values,
  references: Readonly<Record<string, string>>,
): EncodedDocuments {
  const operation = operationOf(capability, name);
  const encoded = new Map<string, Map<string, unknown>>();
  if (!operation) return encoded;
  const used = documentsOf(operation);
  const land = (documents: readonly string[], path: string, value: unknown): void => {
    for (const document of documents) {
      if (!used.has(document)) continue;
      const paths = encoded.get(document) ?? new Map<string, unknown>();
      encoded.set(document, paths.set(path, value));
    }
  };
  const folds = new Set<object>();
  for (const [field, value] of Object.entries(values)) {
    const mapping = capability.fields[field];
    if (mapping?.kind === 'write') {
      const own = mapping.reference ? namedBy(field, value, references) : value;
      land(mapping.documents, mapping.path, value === null ? null : mapping.codec.encode(own));
    }
    if (mapping?.kind !== 'shared' || folds.has(mapping.fold)) continue;
    folds.add(mapping.fold);
    const { fold } = mapping;
    const inputs = fold.fields
      .filter((member) => values[member] !== undefined)
      .map((member) => [
        member,
        fold.references.includes(member) && values[member] !== null
          ? namedBy(member, values[member], references)
          : values[member],
      ]);
    for (const [path, remote] of Object.entries(fold.encode(Object.fromEntries(inputs)))) land(fold.documents, path, remote);
  }
  return encoded;
}

function namedBy(field: string, value: unknown, references: Readonly<Record<string, string>>): unknown {
  return Array.isArray(value) ? value.map((_, index) => references[entryOf(field, index)]) : references[field];
}

/**
 * The body of a document: what is carried over from the current record, then the PMS's constants, then the caller's fields. A group of
 * optional members that ends up empty (`AlternateAddress: { AddressLine1: null }`) is sent as null.
 */
export function assemble(
  capability: Capability,
  document: string,
  encoded: EncodedDocuments,
  carried: object = {},
): Record<string, unknown> {
  const body = structuredClone(carried) as Record<string, unknown>;
  for (const [path, value] of Object.entries(capability.documents[document]?.constants ?? {})) putAt(body, path, value);
  for (const [path, value] of encoded.get(document) ?? []) putAt(body, path, value);
  for (const group of capability.documents[document]?.schema?.optionalGroups.keys() ?? []) {
    const members = valueAt(body, group);
    if (typeof members === 'object' && members !== null && Object.values(members).every((member) => member === null))
      putAt(body, group, null);
  }
  return body;
}

/** An answer as the fields of a capability read it. */
export function viewed(capability: Capability, answer: unknown): unknown {
  return capability.view ? capability.view(answer as never) : answer;
}

/** A PMS's record in the unified model's fields; references as the PMS's ids, under their companion names. Fields without a value are left out. */
export function decodeRecord(capability: Capability, answer: unknown): Record<string, unknown> {
  const remote = viewed(capability, answer);
  const fields: Record<string, unknown> = {};
  const keep = (name: string, value: unknown): void => {
    // A codec that was shown something else than a number makes none of it.
    if (typeof value === 'number' && !Number.isFinite(value)) return;
    if (value !== null && value !== undefined) fields[isReference(capability, name) ? companionOf(name) : name] = value;
  };
  const folds = new Map<object, Readonly<Record<string, unknown>>>();
  for (const [name, mapping] of Object.entries(capability.fields)) {
    if (mapping.kind === 'read' || ((mapping.kind === 'write' || mapping.kind === 'route') && mapping.from !== null)) {
      const found = valueAt(remote, mapping.from as string);
      if (found !== undefined && found !== null) keep(name, mapping.codec.decode(found));
    }
    if (mapping.kind === 'derived') keep(name, mapping.decode(remote as never));
    if (mapping.kind === 'shared') {
      const decoded = folds.get(mapping.fold) ?? mapping.fold.decode(remote as never);
      folds.set(mapping.fold, decoded);
      keep(name, decoded[name]);
    }
  }
  return fields;
}

function isReference(capability: Capability, name: string): boolean {
  return capability.model.fields.get(name)?.refersTo !== undefined;
}
