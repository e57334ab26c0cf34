/**
 * What the vendor demands of values in prose only, so that no schema carries it.
 *
 * Promises: each rule answers its issues, none when the value is acceptable or absent.
 */
import type { SaveAddressMessage } from '#pms/buildium/wire';
import type { Issue } from './api.ts';
import { isRegionOf } from './regions.ts';
import type { Store, Stored, Table } from './store.ts';

export const when = (wrong: boolean, Key: string, Value: string): Issue[] => (wrong ? [{ Key, Value }] : []);

export function addressIssues(key: string, address: SaveAddressMessage | null | undefined): Issue[] {
  if (!address) return [];
  const known = isRegionOf(address.Country, address.State);
  return when(!known, `${key}.State`, `Name a state or province of ${address.Country}, or its abbreviation.`);
}

/** A reference to a record that exists but is not a parent: an unknown id is a wrong value, not a missing resource. */
export function referenceIssues<T extends Stored>(key: string, table: Table<T>, id: number | null | undefined): Issue[] {
  if (id === null || id === undefined) return [];
  return when(!table.has(id), key, `No record has the id ${id}.`);
}

export function eachReferenceIssues<T extends Stored>(
  key: string,
  table: Table<T>,
  ids: readonly number[] | null | undefined,
): Issue[] {
  return (ids ?? []).flatMap((id, index) => referenceIssues(`${key}[${index}]`, table, id));
}

export function staffIssues(key: string, store: Store, id: number | null | undefined): Issue[] {
  if (id === null || id === undefined) return [];
  const isStaff = store.users.get(id)?.message.UserTypes?.includes('Staff') ?? false;
  return when(!isStaff, key, `No staff user has the id ${id}.`);
}

/** Money lines of charges and payments name their account. */
export function lineIssues(store: Store, lines: readonly { readonly GLAccountId: number }[] | null | undefined): Issue[] {
  if (!lines || lines.length === 0) return when(true, 'Lines', 'At least 1 entry.');
  return lines.flatMap(({ GLAccountId }, index) => referenceIssues(`Lines[${index}].GLAccountId`, store.glAccounts, GLAccountId));
}
