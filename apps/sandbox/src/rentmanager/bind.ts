/**
 * Binds a received JSON object to the members of a resource.
 *
 * Promises: unknown, read-only and computed members are dropped; names match whatever their case; dates are stored in
 * one form. Fails: a value of the wrong JSON type, an unreadable date or an unknown name of an enumeration is a Refusal
 * (400) naming the member. Being strict about types is our choice: it finds a careless client early.
 */
import { invalid } from './answers.ts';
import { storedDate } from './instants.ts';
import type { JsonObject, Member, MemberType, Resource, Row, Scalar } from './schema.ts';

export interface Bound {
  /** The members to store, without the key. */
  readonly members: Row;
  /** The key that was sent; undefined when none, or 0, which also means new. */
  readonly id: number | undefined;
  /** Nested models that are created with this one, in the order sent. */
  readonly nested: readonly { readonly name: string; readonly models: readonly JsonObject[] }[];
  /** UpdateDate and ConcurrencyID as sent: not stored, only compared. */
  readonly version: { readonly UpdateDate?: string; readonly ConcurrencyID?: number };
}

export function bind(resource: Resource, sent: JsonObject): Bound {
  const members: Record<string, Scalar> = {};
  const nested: { name: string; models: readonly JsonObject[] }[] = [];
  let id: number | undefined;
  let version: Bound['version'] = {};

  for (const [sentName, value] of Object.entries(sent)) {
    const name = resource.canonical.get(sentName.toLowerCase());
    if (name === undefined) continue;
    if (resource.nestedCreates?.[name] !== undefined) {
      nested.push({ name, models: (Array.isArray(value) ? value : [value]).filter(isJsonObject) });
      continue;
    }
    const member = resource.members[name];
    if (member === undefined) continue;
    if (name === 'UpdateDate' && typeof value === 'string') version = { ...version, UpdateDate: value };
    if (name === 'ConcurrencyID' && typeof value === 'number') version = { ...version, ConcurrencyID: value };
    if (name === resource.key) id = Number(scalar(name, member, value)) || undefined;
    else if (!member.readOnly && !member.computed && name !== 'ConcurrencyID') members[name] = scalar(name, member, value);
  }
  return { members, id, nested, version };
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const READERS: Readonly<Record<MemberType, (value: unknown) => Scalar | undefined>> = {
  Integer: (value) => (typeof value === 'number' && Number.isInteger(value) ? value : undefined),
  Decimal: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  String: (value) => (typeof value === 'string' ? value : undefined),
  DateTime: (value) => (typeof value === 'string' ? storedDate(value) : undefined),
};

function scalar(name: string, member: Member, value: unknown): Scalar {
  if (value === null) return null;
  const read = READERS[member.type](value);
  if (read === undefined) throw invalid(`${name} must be a ${member.type}.`);
  if (member.values === undefined) return read;
  const known = member.values.find((word) => word.toLowerCase() === String(read).toLowerCase());
  if (known === undefined) throw invalid(`${name} must be one of ${member.values.join(', ')}.`);
  return known;
}
