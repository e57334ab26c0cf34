/**
 * The words in which a Rent Manager resource is described. A resource is a table of members and relations; nothing
 * in routing, saving, filtering or rendering knows a resource by name.
 *
 * Source of member names and marks: the vendor's help portal (build of 2026-04), as transcribed by our research.
 * Which scalars are required, and what exactly a save checks, is not published: those marks are our inference.
 */
import type { Records } from './records.ts';

export type Scalar = string | number | boolean | null;

/** One record. Rows are never changed in place: an update replaces the row. */
export type Row = Readonly<Record<string, Scalar>>;

export type MemberType = 'Integer' | 'Decimal' | 'String' | 'Boolean' | 'DateTime';

export interface Member {
  readonly type: MemberType;
  /** Set by the vendor: a value sent for it is ignored. */
  readonly readOnly?: true;
  /** A create without it is refused. */
  readonly required?: true;
  /** Resource in which this id must exist. 0 means none. */
  readonly refersTo?: ResourceName;
  /** The accepted names of an enumeration; an enumeration nobody published is a plain String here. */
  readonly values?: readonly string[];
  /** Computed when read, from the row and its neighbours. Implies readOnly. */
  readonly computed?: (row: Row, records: Records) => Scalar;
  /** Shown as long as no value was saved. */
  readonly otherwise?: (row: Row, records: Records) => Scalar;
  /** Shown only when the embed of the same name is asked for. */
  readonly onEmbed?: true;
}

/** How one resource reaches another: as an embed, as a sub-resource to read, and often as a place to post to. */
export interface Relation {
  readonly resource: ResourceName;
  readonly many: boolean;
  readonly rows: (row: Row, records: Records) => readonly Row[];
  /** Members that tie a new row to this parent. Absent = nothing can be posted here. */
  readonly adopt?: (parentId: number) => Row;
  /** Index that `rows` reads. */
  readonly index?: { readonly resource: ResourceName; readonly members: readonly string[] };
  /** Deleted together with the parent. */
  readonly owned?: true;
}

/** A parent given by an id and the name of its kind, e.g. ParentID and ParentType. */
export interface PolymorphicParent {
  readonly id: string;
  readonly kind: string;
  readonly kinds: Readonly<Record<string, ResourceName>>;
}

/** What a save can see and do beyond its own row. */
export interface SaveContext {
  readonly records: Records;
  readonly now: Date;
  readonly saveOptions: string;
  /** Creates a further row that the save implies. */
  readonly create: (resource: ResourceName, members: Row) => Row;
  readonly replace: (resource: ResourceName, row: Row) => void;
}

export interface ResourceSpec {
  readonly key: string;
  /** top = has routes of its own; nested = reached through its parents only; fixed = can be read, not saved. */
  readonly reach: 'top' | 'nested' | 'fixed';
  readonly members: Readonly<Record<string, Member>>;
  readonly relations?: Readonly<Record<string, Relation>>;
  readonly parent?: PolymorphicParent;
  /** Sets of members whose values together may occur once. */
  readonly unique?: readonly (readonly string[])[];
  /** Resources that share their id sequence. @default its own */
  readonly sequence?: string;
  /** Members that a create starts from. */
  readonly defaults?: (sent: Row, context: SaveContext) => Row;
  /** Refuses a row by throwing a Refusal. */
  readonly check?: (row: Row, before: Row | undefined, context: SaveContext) => void;
  /** Consequences of a save for other rows. */
  readonly saved?: (row: Row, before: Row | undefined, context: SaveContext) => void;
  /** Nested models that are created with their parent, by member name; every other nested model is ignored. */
  readonly nestedCreates?: Readonly<Record<string, NestedCreate>>;
}

export interface NestedCreate {
  /** Relation of the parent to which the nested models are posted. */
  readonly relation: string;
  /** What is posted there for one nested model. */
  readonly model: (parent: Row, sent: JsonObject) => JsonObject;
}

/** A JSON object as it was received: nothing about its members is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface Resource extends ResourceSpec {
  readonly name: ResourceName;
  /** Every member and the nested models, by lower-case name: the vendor binds names whatever their case. */
  readonly canonical: ReadonlyMap<string, string>;
}

export const RESOURCE_NAMES = [
  'Addresses',
  'AddressTypes',
  'Allocations',
  'ChargeTypes',
  'Charges',
  'Contacts',
  'ContactTypes',
  'GLAccounts',
  'HistoryCategories',
  'HistoryNotes',
  'IssueLinks',
  'LeadSources',
  'LeaseRenewals',
  'Leases',
  'LeaseTerms',
  'Payments',
  'PhoneNumbers',
  'PhoneNumberTypes',
  'Preallocations',
  'Properties',
  'Prospects',
  'ServiceManagerCategories',
  'ServiceManagerIssues',
  'ServiceManagerPriorities',
  'ServiceManagerStatuses',
  'Tenants',
  'Units',
  'UnitTypes',
  'Users',
  'Vendors',
] as const;
export type ResourceName = (typeof RESOURCE_NAMES)[number];

// ---- members ------------------------------------------------------------------------------------------------------

type Members = Readonly<Record<string, Member>>;
type Marks = Omit<Member, 'type'>;

const membersOf =
  (type: MemberType) =>
  (...names: readonly string[]): Members =>
    Object.fromEntries(names.map((name) => [name, { type }]));

export const integers = membersOf('Integer');
export const decimals = membersOf('Decimal');
export const texts = membersOf('String');
export const flags = membersOf('Boolean');
export const dates = membersOf('DateTime');

export const integer = (marks: Marks = {}): Member => ({ type: 'Integer', ...marks });
export const decimal = (marks: Marks = {}): Member => ({ type: 'Decimal', ...marks });
export const text = (marks: Marks = {}): Member => ({ type: 'String', ...marks });
export const flag = (marks: Marks = {}): Member => ({ type: 'Boolean', ...marks });
export const date = (marks: Marks = {}): Member => ({ type: 'DateTime', ...marks });
export const oneOf = (values: readonly string[], marks: Marks = {}): Member => ({ type: 'String', values, ...marks });
export const id = (refersTo: ResourceName, marks: Marks = {}): Member => ({ type: 'Integer', refersTo, ...marks });

export const required = { required: true } as const;
export const readOnly = { readOnly: true } as const;

/** Who wrote a row and when; the server sets them on every save. */
export const stamps: Members = {
  CreateDate: date(readOnly),
  CreateUserID: integer(readOnly),
  UpdateDate: date(readOnly),
  UpdateUserID: integer(readOnly),
};

// ---- relations ----------------------------------------------------------------------------------------------------

/** The row whose id stands in `via`. */
export function one(resource: ResourceName, via: string): Relation {
  return { resource, many: false, rows: (row, records) => present(records.find(resource, row[via])) };
}

/** The rows of `resource` whose member `via` holds this row's id. */
export function many(resource: ResourceName, key: string, via: string, marks: Pick<Relation, 'owned'> = {}): Relation {
  return {
    resource,
    many: true,
    rows: (row, records) => records.where(resource, [via], [row[key] ?? null]),
    adopt: (parentId) => ({ [via]: parentId }),
    index: { resource, members: [via] },
    ...marks,
  };
}

/** The rows of `resource` that name this row as their parent by id and kind. Deleted with it. */
export function children(
  resource: ResourceName,
  key: string,
  kind: string,
  [idMember, kindMember] = ['ParentID', 'ParentType'],
): Relation {
  return {
    resource,
    many: true,
    rows: (row, records) => records.where(resource, [idMember, kindMember], [row[key] ?? null, kind]),
    adopt: (parentId) => ({ [idMember]: parentId, [kindMember]: kind }),
    index: { resource, members: [idMember, kindMember] },
    owned: true,
  };
}

/** The parent of a row, when it is of this kind. */
export function parentOfKind(
  resource: ResourceName,
  kind: string,
  [idMember, kindMember] = ['ParentID', 'ParentType'],
): Relation {
  const rows = (row: Row, records: Records): readonly Row[] =>
    row[kindMember] === kind ? present(records.find(resource, row[idMember])) : [];
  return { resource, many: false, rows };
}

/** The one row among many that a rule picks. */
export function picked(among: Relation, pick: (rows: readonly Row[]) => Row | undefined): Relation {
  return { resource: among.resource, many: false, rows: (row, records) => present(pick(among.rows(row, records))) };
}

function present(row: Row | undefined): readonly Row[] {
  return row === undefined ? [] : [row];
}
