import { raw, type EntityManager, type FilterQuery } from '@mikro-orm/postgresql';
import type { ListRecords, RecordList, Principal } from '#messaging';
import type { ModelSpec } from '#models';
import { Problem } from '#problem';
import { locate, resolve } from '../store/identities.ts';
import { RecordSchema, type CopyRow, type RecordRow } from '../store/record.entity.ts';
import { namedBy, renderRecord } from './render.ts';
import { parseRecordQuery, SORTABLE_COLUMNS, type Ordering, type RecordQuery } from './record-query.ts';

/** Room for the envelope around an answer. */
const ENVELOPE_BYTES = 64 * 1_024;

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
    const { rows, total } = where ? await this.page(where, query) : { rows: [], total: 0 };
    const results = await this.render(model, rows);
    refuseTooLarge(results, this.maxMessageBytes);
    return {
      meta: { offset, limit, orderBy, hasMore: offset + rows.length < total, total },
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

  private async page(
    where: FilterQuery<RecordRow>,
    { offset, limit, orderBy }: RecordQuery,
  ): Promise<{ rows: CopyRow[]; total: number }> {
    try {
      const found = await this.em
        .fork()
        .find(RecordSchema, where, { offset, limit, orderBy: sqlOrder(orderBy), disableIdentityMap: true });
      const rows = found.filter(isCopy);
      // A page that is not full tells the total by itself; counting millions of rows is the dearer half of a list.
      const isLast = found.length < limit && (found.length > 0 || offset === 0);
      return { rows, total: isLast ? offset + found.length : await this.em.fork().count(RecordSchema, where) };
    } catch (error) {
      if (!isTooSlow(error)) throw error;
      throw Problem.unavailable('This list takes too long. Narrow it with filters, or leave out order-by.', 5, error);
    }
  }

  private async render(model: ModelSpec, rows: readonly CopyRow[]): Promise<Readonly<Record<string, unknown>>[]> {
    const named = new Map(rows.flatMap((row) => namedBy(model, row)).map((name) => [keyOf(name), name]));
    const known = await resolve(this.em.fork(), [...named.values()]);
    const ids = new Map(known.map((record) => [keyOf(record), record.id]));
    return rows.map((row) => renderRecord(model, row, (name) => ids.get(keyOf(name))));
  }
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
