/** What was found new or changed, as published: newest first unless asked otherwise. */
import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import { aMoment, anyText, listAnswer, parseListQuery } from '#administration';
import type { AnsweredList, AskedList } from '#messaging';
import { DataDiffSchema, type DataDiffRow } from '../store/data-diff.entity.ts';

const FILTERS = { integration_id: anyText, integration_vendor: anyText, before: aMoment, after: aMoment };

export async function listDiffs(em: EntityManager, { principal, query }: AskedList): Promise<AnsweredList> {
  const asked = parseListQuery(query, { filters: FILTERS, orderable: ['created_at'] });
  const { page, orderBy: order, filters } = asked;
  const { integration_id, integration_vendor, before, after } = filters;
  const where: FilterQuery<DataDiffRow> = {
    organization_id: principal.organization_id,
    ...(integration_id === undefined ? {} : { integration_id }),
    ...(integration_vendor === undefined ? {} : { integration_vendor }),
    ...(before === undefined && after === undefined
      ? {}
      : {
          created_at: {
            ...(before === undefined ? {} : { $lt: new Date(before) }),
            ...(after === undefined ? {} : { $gt: new Date(after) }),
          },
        }),
  };
  const orderBy = { created_at: order.direction, id: order.direction };
  const [rows, total] = await em.findAndCount(DataDiffSchema, where, { ...page, orderBy });
  return listAnswer(asked, rows.map(viewOf), total);
}

function viewOf(row: DataDiffRow): Readonly<Record<string, unknown>> {
  const { id, model, event_type, data_diff, job_id, integration_id, integration_vendor } = row;
  return {
    id,
    model,
    model_record_id: row.record_id,
    event_type,
    data_diff,
    created_at: row.created_at.toISOString(),
    job_id: job_id ?? null,
    integration_id,
    integration_vendor,
  };
}
