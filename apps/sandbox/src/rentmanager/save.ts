/**
 * Saving: one object becomes a new row or changes an old one.
 *
 * Promises: a create checks what is required, an update keeps what is left out; both stamp the row. Changes are made in
 * the order: checks, row, nested models, consequences. Fails: by throwing a Refusal; the caller undoes the batch
 * (`Records.atomically`), so a refused save leaves nothing behind.
 */
import { bind, type Bound } from './bind.ts';
import { resourceNamed } from './catalog.ts';
import { duplicate, invalid, missingKey, missingReference, stale } from './answers.ts';
import { sameInstant, stampOf } from './instants.ts';
import { idOf, type Records } from './records.ts';
import type { JsonObject, Resource, ResourceName, Row, SaveContext, Scalar } from './schema.ts';

/** One save as the client asked for it. */
export interface Save {
  readonly resource: Resource;
  readonly sent: JsonObject;
  /** Members that the path fixes: the key of an instance, or what ties a sub-resource to its parent. */
  readonly fixed?: Row;
}

export interface Saved {
  readonly action: 'create' | 'update';
  readonly id: number;
}

/** Who saves, when, and with which options. */
export interface Session {
  readonly records: Records;
  readonly now: Date;
  readonly userId: number;
  /** The `saveOptions` parameter as sent. @default '' */
  readonly saveOptions: string;
}

export function save({ resource, sent, fixed = {} }: Save, session: Session): Saved {
  const bound = bind(resource, sent);
  const id = integerAt(fixed, resource.key) ?? bound.id;
  return id === undefined ? create(resource, bound, fixed, session) : update(resource, id, bound, fixed, session);
}

function create(resource: Resource, bound: Bound, fixed: Row, session: Session): Saved {
  const { records, now } = session;
  const context = contextOf(session);
  const given = { ...bound.members, ...fixed };
  const id = records.nextId(resource);
  const row = stamped(resource, { ...resource.defaults?.(given, context), ...given, [resource.key]: id }, undefined, session);

  requireMembers(resource, row);
  check(resource, row, undefined, context);
  records.insert(resource.name, row, now.getTime());
  for (const { name, models } of bound.nested) {
    for (const model of models) saveNested(resource, row, name, model, session);
  }
  resource.saved?.(row, undefined, context);
  return { action: 'create', id };
}

function update(resource: Resource, id: number, bound: Bound, fixed: Row, session: Session): Saved {
  const context = contextOf(session);
  const before = session.records.find(resource.name, id);
  const elsewhere = Object.entries(fixed).some(([member, value]) => before?.[member] !== value);
  if (before === undefined || elsewhere) throw missingKey(`No ${resource.name} here with ${resource.key} ${id}.`);
  requireFresh(before, bound);

  const row = stamped(resource, { ...before, ...bound.members }, before, session);
  requireMembers(resource, row);
  check(resource, row, before, context);
  session.records.replace(resource.name, row);
  resource.saved?.(row, before, context);
  return { action: 'update', id };
}

function saveNested(resource: Resource, parent: Row, name: string, sent: JsonObject, session: Session): void {
  const nested = resource.nestedCreates?.[name];
  const relation = nested && resource.relations?.[nested.relation];
  if (nested === undefined || relation?.adopt === undefined)
    throw new Error(`${resource.name}.${name} names no relation that can be posted to`);
  const fixed = relation.adopt(idOf(resource, parent));
  save({ resource: resourceNamed(relation.resource), sent: nested.model(parent, sent), fixed }, session);
}

function contextOf(session: Session): SaveContext {
  const { records, now, saveOptions } = session;
  return {
    records,
    now,
    saveOptions,
    create: (name: ResourceName, members: Row) => {
      const { id } = create(resourceNamed(name), { members, id: undefined, nested: [], version: {} }, {}, session);
      return records.find(name, id) ?? members;
    },
    replace: (name, row) => records.replace(name, row),
  };
}

function stamped(resource: Resource, row: Row, before: Row | undefined, { now, userId }: Session): Row {
  const stamp = stampOf(now);
  const marks: Record<string, Scalar> = {};
  if (resource.members.UpdateDate) Object.assign(marks, { UpdateDate: stamp, UpdateUserID: userId });
  if (resource.members.CreateDate && before === undefined) Object.assign(marks, { CreateDate: stamp, CreateUserID: userId });
  if (resource.members.ConcurrencyID) marks.ConcurrencyID = Number(before?.ConcurrencyID ?? 0) + 1;
  return { ...row, ...marks };
}

/** A client that names the version it read is told when that version is gone; one that names none is not asked. */
function requireFresh(before: Row, { version }: Bound): void {
  const { UpdateDate, ConcurrencyID } = version;
  const changedSince =
    (UpdateDate !== undefined && typeof before.UpdateDate === 'string' && !sameInstant(UpdateDate, before.UpdateDate)) ||
    (ConcurrencyID !== undefined && before.ConcurrencyID !== undefined && ConcurrencyID !== before.ConcurrencyID);
  if (changedSince) throw stale('The record was changed since it was read; read it again and repeat the change.');
}

function requireMembers(resource: Resource, row: Row): void {
  for (const [name, member] of Object.entries(resource.members)) {
    if (member.required && (row[name] ?? '') === '') throw invalid(`${name} is required to save ${resource.name}.`);
  }
}

/** Checks only what changed, so that an old row with a broken neighbour can still be corrected. */
function check(resource: Resource, row: Row, before: Row | undefined, context: SaveContext): void {
  const changed = (name: string): boolean => row[name] !== before?.[name];
  for (const [name, { refersTo }] of Object.entries(resource.members)) {
    if (refersTo === undefined || !row[name] || !changed(name)) continue;
    if (context.records.find(refersTo, row[name]) === undefined) throw missingReference(`${name} ${row[name]} does not exist.`);
  }
  requireParent(resource, row, context.records);
  resource.check?.(row, before, context);
  for (const members of resource.unique ?? []) {
    if (!members.some(changed)) continue;
    const values = members.map((member) => row[member] ?? null);
    const [taken] = context.records.where(resource.name, members, values);
    if (taken !== undefined && taken[resource.key] !== row[resource.key]) {
      throw duplicate(`${members.join(' and ')} already belong to ${resource.key} ${taken[resource.key]}.`);
    }
  }
}

function requireParent({ parent }: Resource, row: Row, records: Records): void {
  if (parent === undefined) return;
  const kind = parent.kinds[String(row[parent.kind])];
  if (kind === undefined) throw invalid(`${parent.kind} must be one of ${Object.keys(parent.kinds).join(', ')}.`);
  if (records.find(kind, row[parent.id])) return;
  throw missingReference(`${parent.id} ${row[parent.id]} is no ${row[parent.kind]}.`);
}

function integerAt(row: Row, member: string): number | undefined {
  const value = row[member];
  return typeof value === 'number' ? value : undefined;
}
