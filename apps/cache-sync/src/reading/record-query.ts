import { companionOf, isScalar, type FieldSpec, type ModelSpec, type ScalarKind } from '#models';
import { Problem, type Issue, type IssueCode } from '#problem';
import { storableText } from '../store/storable.ts';
import { readCursor, type Cursor } from './cursor.ts';

/** What a list request asks for, understood and checked. Nothing here touches the database. */
export interface RecordQuery {
  readonly offset: number;
  readonly limit: number;
  readonly orderBy: readonly Ordering[];
  /** Columns of every record that must equal a text. */
  readonly columns: Readonly<Partial<Record<(typeof COLUMNS)[number], string>>>;
  /** What the stored fields must contain. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Records that must be named, by our ids. */
  readonly references: readonly ReferenceFilter[];
  readonly updatedAfter?: Date;
  readonly updatedBefore?: Date;
  /** Only what comes behind this record; its order is that of the query. */
  readonly after?: Cursor;
}

export interface Ordering {
  readonly field: string;
  readonly direction: 'asc' | 'desc';
}

export interface ReferenceFilter {
  readonly refersTo: string;
  /** Our id, as it was sent. */
  readonly id: string;
  /** The stored fields that name a record by its PMS id. */
  readonly named: (xId: string) => Readonly<Record<string, unknown>>;
}

const MAX_LIMIT = 250;
const DEFAULT_LIMIT = 100;
const MAX_OFFSET = 10_000_000;
const MAX_ORDERINGS = 5;
const DEFAULT_ORDER: readonly Ordering[] = [{ field: 'created_at', direction: 'desc' }];

const COLUMNS = ['x_id', 'integration_id', 'integration_vendor'] as const;
/** The standard fields are columns, so that ordering by them needs no look into the fields. */
export const SORTABLE_COLUMNS: ReadonlySet<string> = new Set([...COLUMNS, 'id', 'created_at', 'updated_at', 'last_seen']);

/** Reads the value of a filter in the form that the field is stored in; undefined when no record could have it. */
type ReadValue = (text: string, spec: FieldSpec) => unknown;
const asText: ReadValue = (text) => storableText(text);
const asNumber: ReadValue = (text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined);
const asInteger: ReadValue = (text) => (/^-?\d+$/.test(text) ? Number(text) : undefined);

const SCALARS: Readonly<Record<ScalarKind, { readonly read: ReadValue; readonly form: string }>> = {
  text: { read: asText, form: 'a text' },
  email: { read: asText, form: 'a text' },
  phone: { read: asText, form: 'a text' },
  date: { read: asText, form: 'a date' },
  instant: { read: asText, form: 'a date-time' },
  integer: { read: asInteger, form: 'an integer' },
  number: { read: asNumber, form: 'a number' },
  money: { read: asInteger, form: 'an integer of cents' },
  boolean: { read: (text) => ({ true: true, false: false })[text], form: 'true or false' },
  enum: { read: (text, { values }) => (values?.includes(text) ? text : undefined), form: 'one of the listed values' },
};

/** Understands the parameters of a list. Throws Problem `invalid_request` with one issue for each parameter that can't be used. */
export function parseRecordQuery(model: ModelSpec, parameters: Readonly<Record<string, string>>): RecordQuery {
  const draft: Draft = {
    offset: 0,
    limit: DEFAULT_LIMIT,
    orderBy: DEFAULT_ORDER,
    columns: {},
    fields: {},
    references: [],
    issues: [],
  };
  for (const [name, value] of Object.entries(parameters)) {
    const read = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
    if (read) read(draft, value, model, name);
    else readFilter(draft, value, model, name);
  }
  followCursor(draft, parameters);
  const { issues, ...query } = draft;
  if (issues.length > 0) throw Problem.invalid(issues);
  return query;
}

type Draft = { -readonly [Part in keyof RecordQuery]: RecordQuery[Part] } & { readonly issues: Issue[] };
type ReadParameter = (draft: Draft, value: string, model: ModelSpec, name: string) => void;

const PARAMETERS: Readonly<Record<string, ReadParameter>> = {
  offset: (draft, value) => {
    const offset = wholeNumber(value, 0, MAX_OFFSET);
    if (offset === undefined) refuse(draft, 'offset', 'invalid_value', `offset must be an integer from 0 to ${MAX_OFFSET}.`);
    else draft.offset = offset;
  },
  limit: (draft, value) => {
    const limit = wholeNumber(value, 1, MAX_LIMIT);
    if (limit === undefined) refuse(draft, 'limit', 'invalid_value', `limit must be an integer from 1 to ${MAX_LIMIT}.`);
    else draft.limit = limit;
  },
  'order-by': (draft, value, model) => {
    const parts = value.split(',');
    if (parts.length > MAX_ORDERINGS) refuse(draft, 'order-by', 'too_long', `order-by takes at most ${MAX_ORDERINGS} fields.`);
    draft.orderBy = parts.flatMap((part) => readOrdering(draft, part, model) ?? []);
  },
  cursor: (draft, value) => {
    const cursor = readCursor(value);
    if (cursor) draft.after = cursor;
    else refuse(draft, 'cursor', 'invalid_value', 'cursor must be the nextCursor of an earlier page.');
  },
  updated_after: (draft, value) => {
    const moment = instantOf(value);
    if (moment) draft.updatedAfter = moment;
    else refuse(draft, 'updated_after', 'invalid_format', 'updated_after must be an ISO 8601 date-time.');
  },
  updated_before: (draft, value) => {
    const moment = instantOf(value);
    if (moment) draft.updatedBefore = moment;
    else refuse(draft, 'updated_before', 'invalid_format', 'updated_before must be an ISO 8601 date-time.');
  },
  ...Object.fromEntries(
    COLUMNS.map((column): [string, ReadParameter] => [
      column,
      (draft, value) => {
        draft.columns = { ...draft.columns, [column]: storableText(value) };
      },
    ]),
  ),
};

/** A cursor says the order and the place by itself: parameters that say something else would make pages overlap or leave gaps. */
function followCursor(draft: Draft, parameters: Readonly<Record<string, string>>): void {
  if (!draft.after) return;
  const { field, direction } = draft.after;
  const [asked, ...further] = draft.orderBy;
  const differs = asked?.field !== field || asked.direction !== direction || further.length > 0;
  if (parameters['order-by'] !== undefined && differs) {
    refuse(draft, 'order-by', 'conflict', `order-by must be left out or stay ${field}:${direction}, the order of the cursor.`);
  }
  if (draft.offset > 0) refuse(draft, 'offset', 'conflict', 'offset must be left out when there is a cursor.');
  draft.orderBy = [{ field, direction }];
}

function readOrdering(draft: Draft, part: string, model: ModelSpec): Ordering | undefined {
  const [, field, direction = 'asc'] = /^([a-z0-9_]+)(?::(asc|desc))?$/.exec(part) ?? [];
  if (field === undefined) {
    const detail = `order-by must be a list of field, field:asc or field:desc, which "${part.slice(0, 80)}" is not.`;
    refuse(draft, 'order-by', 'invalid_format', detail);
    return undefined;
  }
  const spec = model.fields.get(field);
  if (!SORTABLE_COLUMNS.has(field) && !(spec && isScalar(spec.kind))) {
    refuse(draft, 'order-by', 'unknown_field', `order-by names ${field}, by which ${model.title} records can't be ordered.`);
    return undefined;
  }
  return { field, direction: direction === 'asc' ? 'asc' : 'desc' };
}

/** Published filters, with their model, that have another name than the field that they compare. */
const FIELD_OF_FILTER: ReadonlyMap<string, string> = new Map([['units unit_number', 'number']]);

/** Published filters that no record of any model has a field for, and what to use instead. */
const NOT_KEPT: Readonly<Record<string, string>> = {
  location_id:
    'Latchkey does not keep the locations that some PMSs group properties by; filter by property_id or integration_id.',
};

function readFilter(draft: Draft, value: string, model: ModelSpec, parameter: string): void {
  const name = FIELD_OF_FILTER.get(`${model.path} ${parameter}`) ?? parameter;
  const spec = model.fields.get(name);
  if (spec?.refersTo !== undefined) {
    const companion = companionOf(name);
    const named = (xId: string) => ({ [companion]: spec.kind === 'list' ? [xId] : xId });
    draft.references = [...draft.references, { refersTo: spec.refersTo, id: storableText(value), named }];
    return;
  }
  if (spec?.kind === 'list' && !spec.element) {
    draft.fields = { ...draft.fields, [name]: [storableText(value)] };
    return;
  }
  const scalar = spec && isScalar(spec.kind) ? SCALARS[spec.kind] : undefined;
  if (!spec || !scalar) {
    const shown = parameter.slice(0, 80);
    const why = Object.hasOwn(NOT_KEPT, parameter) ? ` ${NOT_KEPT[parameter]}` : '';
    refuse(draft, shown, 'unknown_field', `${shown} is no parameter of lists of ${model.title} records.${why}`);
    return;
  }
  const wanted = scalar.read(value, spec);
  if (wanted === undefined) refuse(draft, parameter, 'invalid_value', `${parameter} must be ${scalar.form}${listed(spec)}.`);
  else draft.fields = { ...draft.fields, [name]: wanted };
}

function refuse(draft: Draft, parameter: string, code: IssueCode, detail: string): void {
  draft.issues.push({ pointer: '', parameter, code, detail });
}

function listed({ values }: FieldSpec): string {
  return values ? `: ${values.join(', ')}` : '';
}

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  return value >= least && value <= most ? value : undefined;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** A moment; without an offset it counts as UTC, as everywhere in the API. */
function instantOf(text: string): Date | undefined {
  const [whole, time, , , offset] = INSTANT.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const moment = new Date(time !== undefined && offset === undefined ? `${whole}Z` : whole);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}
