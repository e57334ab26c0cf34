/**
 * How a row looks on the wire: members with a value, computed members, the embeds that were asked for.
 *
 * Promises: a member without a value is left out, never null; with `fields` only the listed members appear, and an
 * embed must be listed too. Embeds that this simulator does not know are ignored, as are fields.
 */
import { resourceNamed } from './catalog.ts';
import type { Records } from './records.ts';
import type { Member, Relation, Resource, Row, Scalar } from './schema.ts';

/** What the query wants to see. */
export interface View {
  /** Lower-case names; undefined = everything. */
  readonly fields: ReadonlySet<string> | undefined;
  readonly embeds: EmbedTree;
}

/** Embeds by lower-case name, each with those inside it. */
export interface EmbedTree {
  readonly [name: string]: EmbedTree;
}

export const PLAIN: View = { fields: undefined, embeds: {} };

/** Reads `fields=A,B` and `embeds=X,Y.Z`. */
export function viewOf(fields: string | undefined, embeds: string | undefined): View {
  const names = list(fields);
  return { fields: names.length === 0 ? undefined : new Set(names), embeds: treeOf(list(embeds)) };
}

export function render(resource: Resource, row: Row, records: Records, view: View = PLAIN): object {
  const shown: Record<string, unknown> = {};
  const wanted = (name: string): boolean => view.fields === undefined || view.fields.has(name.toLowerCase());

  for (const [name, member] of Object.entries(resource.members)) {
    if (!wanted(name) || (member.onEmbed && view.embeds[name.toLowerCase()] === undefined)) continue;
    const value = valueOf(name, member, row, records);
    if (value !== null) shown[name] = value;
  }
  if (view.embeds === PLAIN.embeds) return shown;
  for (const [name, relation] of Object.entries(resource.relations ?? {})) {
    const inner = view.embeds[name.toLowerCase()];
    if (inner !== undefined && wanted(name)) embed(shown, name, relation, row, records, inner);
  }
  return shown;
}

/** What a member shows: computed, stored, or what stands in for a value that was never saved. */
export function valueOf(name: string, member: Member, row: Row, records: Records): Scalar {
  if (member.computed !== undefined) return member.computed(row, records);
  return row[name] ?? member.otherwise?.(row, records) ?? null;
}

function embed(
  shown: Record<string, unknown>,
  name: string,
  relation: Relation,
  row: Row,
  records: Records,
  inner: EmbedTree,
): void {
  const resource = resourceNamed(relation.resource);
  const rendered = relation
    .rows(row, records)
    .map((related) => render(resource, related, records, { fields: undefined, embeds: inner }));
  if (relation.many) shown[name] = rendered;
  else if (rendered[0] !== undefined) shown[name] = rendered[0];
}

function list(names: string | undefined): string[] {
  if (names === undefined) return [];
  return names
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}

function treeOf(paths: readonly string[]): EmbedTree {
  if (paths.length === 0) return PLAIN.embeds;
  const inner = new Map<string, string[]>();
  for (const path of paths) {
    const [name = '', ...rest] = path.split('.');
    const below = inner.get(name) ?? [];
    if (rest.length > 0) below.push(rest.join('.'));
    inner.set(name, below);
  }
  return Object.fromEntries([...inner].map(([name, below]) => [name, treeOf(below)]));
}
