/** The customer's list of writes, newest first, in the published shape. */
import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import { Problem, type Issue } from '#problem';
import { MEANING, statesWhere } from './states.ts';
import { Operation, type OperationRow } from './store/entities.ts';

const HOUR_MS = 3_600_000;
const RANGES_MS: Readonly<Record<string, number>> = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
};
/** A partial success is listed as a failure: somebody has to look at it, and the published words know nothing between. */
const STATUSES = {
  SUCCESS: statesWhere(({ status }) => status === 'SUCCESS'),
  FAILURE: statesWhere(({ status }) => status === 'FAILURE' || status === 'PARTIAL_SUCCESS'),
  PENDING: statesWhere(({ status }) => status === 'PENDING'),
} as const;
type Status = keyof typeof STATUSES;

const isStatus = (word: string): word is Status => Object.hasOwn(STATUSES, word);
const MAX_LIMIT = 100;

interface Asked {
  readonly where: FilterQuery<OperationRow>;
  readonly limit: number;
  readonly offset: number;
}

/** One filter: what it means, or what is wrong with its value. */
type Reading = { readonly where: FilterQuery<OperationRow> } | { readonly page: Partial<Asked> } | { readonly wrong: string };

const FILTERS: Readonly<Record<string, (value: string, now: number) => Reading>> = {
  time_range: (value, now) => {
    const range = Object.hasOwn(RANGES_MS, value) ? RANGES_MS[value] : undefined;
    return range === undefined
      ? { wrong: `Use one of ${Object.keys(RANGES_MS).join(', ')}.` }
      : { where: { accepted_at: { $gte: new Date(now - range) } } };
  },
  status: (value) =>
    isStatus(value)
      ? { where: { state: { $in: [...STATUSES[value]] } } }
      : { wrong: `Use one of ${Object.keys(STATUSES).join(', ')}.` },
  integration_id: (value) => ({ where: { integration_id: value } }),
  // The published categories are models in snake_case; their paths have hyphens.
  write_category: (value) => ({ where: { model: value.replaceAll('_', '-') } }),
  limit: (value) => {
    const limit = Number(value);
    return Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT
      ? { page: { limit } }
      : { wrong: `Use 1 to ${MAX_LIMIT}.` };
  },
  offset: (value) => {
    const offset = Number(value);
    return Number.isInteger(offset) && offset >= 0 && value !== '' ? { page: { offset } } : { wrong: 'Use 0 or more.' };
  },
};

/** @throws Problem `invalid_request` that names every unknown parameter and every wrong value. */
export function readQuery(query: Readonly<Record<string, string>>, now: number): Asked {
  const issues: Issue[] = [];
  const where: FilterQuery<OperationRow>[] = [];
  let page: { limit: number; offset: number } = { limit: MAX_LIMIT, offset: 0 };
  for (const [name, value] of Object.entries(query)) {
    const read = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
    const reading = read?.(value, now) ?? { wrong: 'There is no such parameter.' };
    if ('wrong' in reading) {
      const code = read ? 'invalid_value' : 'unknown_field';
      issues.push({ pointer: '', parameter: name, code, detail: `${name}: ${reading.wrong}` });
    } else if ('where' in reading) where.push(reading.where);
    else page = { ...page, ...reading.page };
  }
  if (issues.length > 0) throw Problem.invalid(issues);
  return { where: { $and: where }, ...page };
}

export async function logOf(em: EntityManager, organizationId: string, query: Readonly<Record<string, string>>) {
  const { where, limit, offset } = readQuery(query, Date.now());
  const rows = await em.find(
    Operation,
    { $and: [{ organization_id: organizationId }, where] },
    { orderBy: { seq: 'desc' }, limit: limit + 1, offset },
  );
  return {
    meta: { offset, limit, orderBy: [{ field: 'created_at', direction: 'desc' }], hasMore: rows.length > limit },
    results: { logs: rows.slice(0, limit).map(entryOf) },
  };
}

function entryOf(row: OperationRow) {
  const { status } = MEANING[row.state];
  return {
    id: row.id,
    created_at: row.accepted_at.toISOString(),
    job_id: row.id,
    job_log_id: row.id,
    status: status === 'PARTIAL_SUCCESS' ? 'FAILURE' : status,
    integration_id: row.integration_id,
    job_type: `${row.operation}:${row.model}`,
    parameters: row.payload,
    error: row.errors.length > 0 ? row.errors.join('\n') : null,
    name: `${row.operation} ${row.model}`,
    vendor: row.pms.replaceAll('-', '_').toUpperCase(),
    write_status: status,
    state: row.state,
    completed_at: row.completed_at?.toISOString() ?? null,
  };
}
