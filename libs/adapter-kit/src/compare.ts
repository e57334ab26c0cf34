import { createHash } from 'node:crypto';
import { companionOf } from '#models';
import {
  decodeRecord,
  entryOf,
  isWritable,
  operationOf,
  viewed,
  type Capability,
  type Comparison,
  type FieldDifference,
  type Fold,
  type Mapping,
  type OperationName,
} from '#capabilities';

/** A write whose effect is looked for. */
export interface Written extends Wanted {
  readonly operation: OperationName;
}

/** What a write wants: accepted values, and the PMS's ids of the records that they name. */
export interface Wanted {
  readonly values: Readonly<Record<string, unknown>>;
  readonly references: Readonly<Record<string, string>>;
}

/** The fields that a step is about to change: those that a record shows again, and those that it does not. */
export function fieldsChangedBy(
  capability: Capability,
  document: string,
  values: Readonly<Record<string, unknown>>,
): { readonly readable: string[]; readonly unreadable: string[] } {
  const changed = Object.keys(values).filter((name) => {
    const mapping = capability.fields[name];
    if (mapping?.kind === 'write') return mapping.documents.includes(document);
    return mapping?.kind === 'shared' && mapping.fold.documents.includes(document);
  });
  const isReadable = (name: string): boolean => {
    const mapping = capability.fields[name];
    if (mapping?.kind === 'shared') return !mapping.fold.unread.includes(name);
    return mapping?.kind !== 'write' || mapping.from !== null;
  };
  return { readable: changed.filter(isReadable), unreadable: changed.filter((name) => !isReadable(name)) };
}

/** A fingerprint of some fields of a record, so that "as it was before" can be recognised without keeping what it was. */
export function fingerprint(capability: Capability, remote: unknown, names: readonly string[]): string {
  const decoded = decodeRecord(capability, remote);
  const picked = names.map((name) => [name, comparable(decoded[readName(capability, name)])]);
  return createHash('sha256').update(JSON.stringify(picked)).digest('base64url');
}

/** Whether a record has the wanted values, as far as the PMS shows them. */
export function matches(capability: Capability, remote: unknown, names: readonly string[], wanted: Wanted): boolean {
  const decoded = decodeRecord(capability, remote);
  const seen = viewed(capability, remote);
  return names.every((name) => {
    const mapping = capability.fields[name];
    // Fields that travel together may know better than equality, field by field, whether they arrived.
    if (mapping?.kind === 'shared' && mapping.fold.shows)
      return mapping.fold.shows(membersOf(mapping.fold, wanted.values), seen as never);
    return comparable(decoded[readName(capability, name)]) === comparable(asRead(capability, name, wanted));
  });
}

/**
 * Compares a record with what a write wanted, field by field, as far as the PMS shows what it was sent.
 * Fields that the operation does not send, or whose value the PMS keeps to itself, are left out.
 */
export function compareWritten(capability: Capability, operation: OperationName, remote: unknown, wanted: Wanted): Comparison {
  const spec = operationOf(capability, operation);
  const decoded = decodeRecord(capability, remote);
  const names = Object.keys(wanted.values).filter((name) => {
    const mapping = capability.fields[name];
    return spec !== undefined && mapping !== undefined && isWritable(mapping, operation, spec) && isShown(mapping, name);
  });
  const differences = names.flatMap((name): FieldDifference[] => {
    const shown = readName(capability, name);
    const expected = asRead(capability, name, wanted);
    const written = shown === name ? wanted.values[name] : expected;
    const found = decoded[shown] ?? null;
    if (JSON.stringify(written ?? null) === JSON.stringify(found)) return [];
    const normalised =
      comparable(found).toLowerCase() === comparable(expected).toLowerCase() ||
      matches(capability, remote, [name], wanted) ||
      (operation === 'create' && shown !== name && contains(found, expected));
    return [{ field: shown, written: written ?? null, found, normalised }];
  });
  if (names.length === 0) return { verified: null, differences };
  return { verified: differences.every(({ normalised }) => normalised), differences };
}

/** A new record may name more than it was told to, such as people who were made along with it. */
function contains(found: unknown, wanted: unknown): boolean {
  return Array.isArray(found) && Array.isArray(wanted) && wanted.every((id) => found.includes(id));
}

function isShown(mapping: Mapping, name: string): boolean {
  if (mapping.kind === 'shared') return !mapping.fold.unread.includes(name);
  return mapping.kind === 'write' && mapping.from !== null;
}

/** The wanted values of the fields that travel together. */
const membersOf = ({ fields }: Fold, values: Wanted['values']): Wanted['values'] =>
  Object.fromEntries(fields.filter((field) => values[field] !== undefined).map((field) => [field, values[field]]));

/**
 * Tells whether a listed record is the one that was to be created, by fields as a decoded record names them (`x_lease_id`). A field that was not
 * wanted must be absent. Texts count as equal when they differ in case only, as PMSs that tidy names up make them.
 */
export function likeness(capability: Capability, names: readonly string[], wanted: Wanted): (remote: unknown) => boolean {
  const companions = new Map(
    Object.keys(capability.fields)
      .filter((name) => readName(capability, name) !== name)
      .map((name) => [readName(capability, name), name]),
  );
  const loosely = (value: unknown): string => comparable(value).toLowerCase();
  const expected = names.map((name) => [name, loosely(asRead(capability, companions.get(name) ?? name, wanted))] as const);
  return (remote) => {
    const decoded = decodeRecord(capability, remote);
    return expected.every(([name, value]) => loosely(decoded[name]) === value);
  };
}

/** A wanted value in the form in which it would come back: a time part dropped, an alias translated, a reference as the PMS's id. */
function asRead(capability: Capability, name: string, { values, references }: Wanted): unknown {
  const value = values[name];
  if (references[name] !== undefined) return references[name];
  if (Array.isArray(value) && references[entryOf(name, 0)] !== undefined)
    return value.map((_, index) => references[entryOf(name, index)]);
  const mapping = capability.fields[name];
  if (mapping?.kind !== 'write' || value === null || value === undefined) return value;
  return mapping.codec.decode(mapping.codec.encode(value));
}

/** The name under which a decoded record has a field. */
const readName = (capability: Capability, name: string): string =>
  capability.model.fields.get(name)?.refersTo === undefined ? name : companionOf(name);

/** PMSs trim texts, end lines in ways of their own and answer an empty text as null; telephone numbers come back in their own punctuation. */
function comparable(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'null';
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'null';
  const text = value.normalize('NFC').replace(/\r\n?/g, '\n').trim();
  if (text === '') return 'null';
  const digits = text.replace(/[\s().+-]/g, '');
  return JSON.stringify(/^\d{7,}$/.test(digits) ? digits : text);
}
