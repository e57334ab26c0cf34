import { raw, type EntityManager, type FilterQuery } from '@mikro-orm/postgresql';
import type { ListRecords, RecordList, Principal } from '#messaging';
import type { ModelSpec } from '#models';
import { Problem } from '#problem';
import { locate, resolve } from '../store/identities.ts';
import { RecordSchema, type CopyRow, type RecordRow } from '../store/record.entity.ts';
import { cursorBehind, type Cursor } from './cursor.ts';
import { namedBy, renderRecord } from './render.ts';
import { parseRecordQuery, SORTABLE_COLUMNS, type Ordering, type RecordQuery } from './record-query.ts';

/** Room for the envelope around an answer. */
const ENVELOPE_BYTES = 64 * 1_024;

interface Page {
  readonly rows: readonly CopyRow[];
  readonly hasMore: boolean;
  /** How many there are on all pages; not known behind a cursor. */
  readonly total?: number;
}

const NOTHING: Page = { rows: [], hasMore: false, total: 0 };

/** Answers reads from the cached copies, of the caller's organization only. */
export class RecordReader {
  constructor(
    private readonly em: EntityManager,
    private readonly models: ReadonlyMap<string, ModelSpec>,
    /** The largest message that NATS takes. */
    private readonly maxMessageBytes: number,
  ) {}

  /**
   * One page of a model's records.
   * @throws Problem `not_found` for an unknown model, `invalid_request` naming the parameters that can't be used, `unavailable` when the
   *   database would need longer than a request may take.
   */
  async list({ principal, model: path, query: parameters }: ListRecords): Promise<RecordList> {
    const model = this.modelAt(path);
    const query = parseRecordQuery(model, parameters);
    const { offset, limit, orderBy } = query;
    const where = await this.condition(principal, model, query);
    const { rows, hasMore, total } = where ? await this.page(where, query) : NOTHING;
    const last = rows.at(-1);
    const nextCursor = hasMore && last ? cursorBehind(last, orderBy) : null;
    const results = await this.render(model, rows);
    refuseTooLarge(results, this.maxMessageBytes);
    return {
      meta: { offset, limit, orderBy, hasMore, ...(total === undefined ? {} : { total }), nextCursor },
      results,
      age_seconds: ageOf(rows),
    };
  }

  /** One record, by its id or by a former one. @throws Problem `not_found`, in the same words for another organization's. */
  async get(
    principal: Principal,
    path: string,
    id: string,
  ): Promise<{ result: Readonly<Record<string, unknown>>; age_seconds: number }> {
    const model = this.modelAt(path);
    const [address] = await locate(this.em.fork(), principal.organization_id, [id]);
    const row =
      address?.model === path
        ? await this.em.fork().findOne(RecordSchema, { integration_id: address.integration_id, model: path, x_id: address.x_id })
        : null;
    if (!row || !isCopy(row)) throw Problem.notFound(model.title);
    const [result] = await this.render(model, [row]);
    return { result: result ?? {}, age_seconds: ageOf([row]) ?? 0 };
  }

  private modelAt(path: string): ModelSpec {
    const model = this.models.get(path);
    if (!model) throw Problem.notFound('model');
    return model;
  }

  /** Undefined when a filter names a record that is not there: then nothing can match. */
  private async condition(
    principal: Principal,
    model: ModelSpec,
    query: RecordQuery,
  ): Promise<FilterQuery<RecordRow> | undefined> {
    const { organization_id } = principal;
    const addresses = await locate(
      this.em.fork(),
      organization_id,
      query.references.map(({ id }) => id),
    );
    const named = query.references.map(({ id, refersTo, named }) => {
      const target = addresses.find((address) => address.id === id && address.model === refersTo);
      return target && { integration_id: target.integration_id, fields: { $contains: named(target.x_id) } };
    });
    if (named.includes(undefined)) return undefined;
    return {
      $and: [
        { organization_id, model: model.path, created_at: { $ne: null }, ...query.columns },
        ...(Object.keys(query.fields).length > 0 ? [{ fields: { $contains: query.fields } }] : []),
        ...(query.updatedAfter ? [{ updated_at: { $gt: query.updatedAfter } }] : []),
        ...(query.updatedBefore ? [{ updated_at: { $lt: query.updatedBefore } }] : []),
        ...named.filter((condition) => condition !== undefined),
      ],
    };
  }

  private async page(where: FilterQuery<RecordRow>, query: RecordQuery): Promise<Page> {
    const { offset, limit, orderBy, after } = query;
    try {
      if (after) return await this.pageBehind(after, where, query);
      const found = await this.em
        .fork()
        .find(RecordSchema, where, { offset, limit, orderBy: sqlOrder(orderBy), disableIdentityMap: true });
      const rows = found.filter(isCopy);
      // A page that is not full tells the total by itself; counting millions of rows is the dearer half of a list.
      const isLast = found.length < limit && (found.length > 0 || offset === 0);
      const total = isLast ? offset + found.length : await this.em.fork().count(RecordSchema, where);
      return { rows, total, hasMore: offset + found.length < total };
    } catch (error) {
      if (!isTooSlow(error)) throw error;
      throw Problem.unavailable('This list takes too long. Narrow it with filters, or leave out order-by.', 5, error);
    }
  }

  /** Nothing is counted here: that would take the longer, the more there is, which a cursor is there to avoid. */
  private async pageBehind(cursor: Cursor, where: FilterQuery<RecordRow>, { limit, orderBy }: RecordQuery): Promise<Page> {
    const behind = { $and: [where, conditionBehind(cursor)] };
    const found = await this.em
      .fork()
      .find(RecordSchema, behind, { limit: limit + 1, orderBy: sqlOrder(orderBy), disableIdentityMap: true });
    return { rows: found.slice(0, limit).filter(isCopy), hasMore: found.length > limit };
  }

  private async render(model: ModelSpec, rows: readonly CopyRow[]): Promise<Readonly<Record<string, unknown>>[]> {
    const named = new Map(rows.flatMap((row) => namedBy(model, row)).map((name) => [keyOf(name), name]));
    const known = await resolve(this.em.fork(), [...named.values()]);
    const ids = new Map(known.map((record) => [keyOf(record), record.id]));
    return rows.map((row) => renderRecord(model, row, (name) => ids.get(keyOf(name))));
  }
}

/** The first condition alone is what an index can begin at; the second leaves out what shares the moment and was already shown. */
function conditionBehind({ field, direction, at, id }: Cursor): FilterQuery<RecordRow> {
  const ties = { [field]: at, id: direction === 'asc' ? { $gt: id } : { $lt: id } };
  const beyond = { [field]: direction === 'asc' ? { $gt: at } : { $lt: at } };
  const from = { [field]: direction === 'asc' ? { $gte: at } : { $lte: at } };
  return { $and: [from, { $or: [beyond, ties] }] };
}

/** Ties are broken by id in the direction of the last field, so that the index of the default order serves both directions. */
function sqlOrder(orderBy: readonly Ordering[]) {
  const last = orderBy.at(-1)?.direction ?? 'desc';
  return [
    ...orderBy.map(({ field, direction }) =>
      SORTABLE_COLUMNS.has(field) ? { [field]: direction } : { [raw('"fields" -> ?', [field])]: `${direction} nulls last` },
    ),
    { id: last },
  ];
}

/** An answer that is too large would get lost on its way, and the caller would wait in vain. */
function refuseTooLarge(results: readonly object[], maxMessageBytes: number): void {
  if (Buffer.byteLength(JSON.stringify(results)) <= maxMessageBytes - ENVELOPE_BYTES) return;
  const detail = `limit must be smaller here: ${results.length} of these records are too large for one answer.`;
  throw Problem.invalid([{ pointer: '', code: 'too_big', detail }]);
}

function keyOf(record: { integration_id: string; model: string; x_id: string }): string {
  return JSON.stringify([record.integration_id, record.model, record.x_id]);
}

function ageOf(rows: readonly CopyRow[]): number | null {
  if (rows.length === 0) return null;
  const oldest = Math.min(...rows.map(({ fetched_at }) => fetched_at.getTime()));
  return Math.max(0, Math.floor((Date.now() - oldest) / 1_000));
}

function isCopy(row: RecordRow): row is CopyRow {
  return row.fetched_at !== null;
}

/** Postgres' query_canceled: the statement ran into its time limit. */
function isTooSlow(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === '57014';
}
