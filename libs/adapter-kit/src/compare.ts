import { createHash } from 'node:crypto';
import { companionOf } from '#models';
import { decodeRecord, type Capability } from '#capabilities';

/** The fields of a record that a step is about to change, by the names under which a decoded record has them. */
export function fieldsChangedBy(capability: Capability, document: string, values: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(values).filter((name) => {
    const mapping = capability.fields[name];
    if (mapping?.kind === 'write') return mapping.documents.includes(document) && mapping.from !== null;
    return mapping?.kind === 'shared' && mapping.fold.documents.includes(document);
  });
}

/** A fingerprint of some fields of a record, so that "as it was before" can be recognised without keeping what it was. */
export function fingerprint(capability: Capability, remote: unknown, names: readonly string[]): string {
  const decoded = decodeRecord(capability, remote);
  const picked = names.map((name) => [name, comparable(readUnder(capability, decoded, name))]);
  return createHash('sha256').update(JSON.stringify(picked)).digest('base64url');
}

/** Whether a record has the wanted values, as far as the PMS shows them. */
export function matches(
  capability: Capability,
  remote: unknown,
  names: readonly string[],
  values: Readonly<Record<string, unknown>>,
  references: Readonly<Record<string, string>>,
): boolean {
  const decoded = decodeRecord(capability, remote);
  return names.every((name) => {
    const found = comparable(readUnder(capability, decoded, name));
    return found === comparable(asRead(capability, name, values[name], references));
  });
}

/** A wanted value in the form in which it would come back: a time part dropped, an alias translated. */
function asRead(capability: Capability, name: string, value: unknown, references: Readonly<Record<string, string>>): unknown {
  if (references[name] !== undefined) return references[name];
  const mapping = capability.fields[name];
  if (mapping?.kind !== 'write' || value === null || value === undefined) return value;
  return mapping.codec.decode(mapping.codec.encode(value));
}

function readUnder(capability: Capability, decoded: Readonly<Record<string, unknown>>, name: string): unknown {
  return decoded[capability.model.fields.get(name)?.kind === 'reference' ? companionOf(name) : name];
}

/** PMSs trim texts and answer an empty one as null; telephone numbers come back in the PMS's own punctuation. */
function comparable(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'null';
  if (typeof value !== 'string') return JSON.stringify(value);
  const text = value.trim();
  const digits = text.replace(/[\s().+-]/g, '');
  return JSON.stringify(/^\d{7,}$/.test(digits) ? digits : text);
}
