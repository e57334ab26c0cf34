/**
 * The records of one location: tables in memory with the indexes that relations need.
 *
 * Promises: finding by id or by an indexed set of members does not depend on how many rows there are;
 * `atomically` undoes every change when its work throws. Fails: asking for a set of members that has no index throws.
 */
import type { Resource, ResourceName, Row, Scalar } from './schema.ts';

interface Stored {
  row: Row;
  /** Server time of the create in ms; 0 for demo records, so that they are always old enough to be found. */
  readonly createdMs: number;
}

interface Index {
  readonly members: readonly string[];
  readonly ids: Map<string, Set<number>>;
}

interface Table {
  readonly resource: Resource;
  readonly rows: Map<number, Stored>;
  readonly indexes: Map<string, Index>;
}

/** New ids start here; demo records lie below. */
const FIRST_NEW_ID = 1001;

export class Records {
  private readonly tables: ReadonlyMap<ResourceName, Table>;
  private readonly sequences = new Map<string, number>();
  private undo: (() => void)[] | undefined;

  constructor(catalog: Iterable<Resource>) {
    const resources = [...catalog];
    this.tables = new Map(resources.map((resource) => [resource.name, { resource, rows: new Map(), indexes: new Map() }]));
    for (const resource of resources) {
      for (const members of resource.unique ?? []) this.addIndex(resource.name, members);
      for (const { index } of Object.values(resource.relations ?? {})) {
        if (index !== undefined) this.addIndex(index.resource, index.members);
      }
    }
  }

  find(name: ResourceName, id: Scalar | undefined): Row | undefined {
    return typeof id === 'number' ? this.table(name).rows.get(id)?.row : undefined;
  }

  /** Rows whose `members` hold `values`; the members must be indexed. */
  where(name: ResourceName, members: readonly string[], values: readonly Scalar[]): readonly Row[] {
    const table = this.table(name);
    const index = table.indexes.get(nameOf(members));
    if (index === undefined) throw new Error(`${name} has no index on ${nameOf(members)}: declare a relation or a unique set`);
    const ids = index.ids.get(keyOf(values));
    if (ids === undefined) return [];
    return this.findEach(name, ids);
  }

  /** The rows behind these ids, as far as they exist. */
  findEach(name: ResourceName, ids: Iterable<Scalar | undefined>): readonly Row[] {
    const rows: Row[] = [];
    for (const id of ids) {
      const row = this.find(name, id);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  /** All rows in the order of their creation. */
  *all(name: ResourceName): Iterable<Row> {
    for (const { row } of this.table(name).rows.values()) yield row;
  }

  createdMs(name: ResourceName, id: number): number {
    return this.table(name).rows.get(id)?.createdMs ?? 0;
  }

  nextId({ name, sequence = name }: Resource): number {
    const next = this.sequences.get(sequence) ?? FIRST_NEW_ID;
    this.sequences.set(sequence, next + 1);
    return next;
  }

  insert(name: ResourceName, row: Row, createdMs: number): void {
    const table = this.table(name);
    const id = idOf(table.resource, row);
    table.rows.set(id, { row, createdMs });
    this.reindex(table, id, undefined, row);
    this.undo?.push(() => {
      table.rows.delete(id);
      this.reindex(table, id, row, undefined);
    });
  }

  replace(name: ResourceName, row: Row): void {
    const table = this.table(name);
    const id = idOf(table.resource, row);
    const stored = table.rows.get(id);
    if (stored === undefined) throw new Error(`${name} ${id} does not exist`);
    const before = stored.row;
    stored.row = row;
    this.reindex(table, id, before, row);
    this.undo?.push(() => {
      stored.row = before;
      this.reindex(table, id, row, before);
    });
  }

  remove(name: ResourceName, id: number): void {
    const table = this.table(name);
    const stored = table.rows.get(id);
    if (stored === undefined) return;
    table.rows.delete(id);
    this.reindex(table, id, stored.row, undefined);
    this.undo?.push(() => {
      table.rows.set(id, stored);
      this.reindex(table, id, undefined, stored.row);
    });
  }

  /** Does the work, or nothing of it when it throws. */
  atomically<Result>(work: () => Result): Result {
    const undo: (() => void)[] = [];
    this.undo = undo;
    try {
      return work();
    } catch (error) {
      this.undo = undefined;
      for (const step of undo.reverse()) step();
      throw error;
    } finally {
      this.undo = undefined;
    }
  }

  private table(name: ResourceName): Table {
    const table = this.tables.get(name);
    if (table === undefined) throw new Error(`no resource ${name} in the catalog`);
    return table;
  }

  private addIndex(name: ResourceName, members: readonly string[]): void {
    this.table(name).indexes.set(nameOf(members), { members, ids: new Map() });
  }

  private reindex(table: Table, id: number, before: Row | undefined, after: Row | undefined): void {
    for (const { members, ids } of table.indexes.values()) {
      const old = before && keyOf(members.map((member) => before[member] ?? null));
      const fresh = after && keyOf(members.map((member) => after[member] ?? null));
      if (old === fresh) continue;
      if (old !== undefined) {
        const bucket = ids.get(old);
        bucket?.delete(id);
        if (bucket?.size === 0) ids.delete(old);
      }
      if (fresh === undefined) continue;
      const bucket = ids.get(fresh);
      if (bucket === undefined) ids.set(fresh, new Set([id]));
      else bucket.add(id);
    }
  }
}

/** The row's own id. */
export function idOf(resource: Resource, row: Row): number {
  const id = row[resource.key];
  if (typeof id !== 'number') throw new Error(`a ${resource.name} row has no ${resource.key}`);
  return id;
}

function nameOf(members: readonly string[]): string {
  return members.join('+');
}

/** Text compares without case, as the vendor's database does. */
function keyOf(values: readonly Scalar[]): string {
  return values.map((value) => (typeof value === 'string' ? value.toLowerCase() : String(value))).join('\u0000');
}
