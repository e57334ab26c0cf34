/** Where a new write stands: its record's lane, what it has to wait for, and which PMS ids are known already. */
import { newId, type Opened, type OpenWrite } from '#messaging';
import { Problem } from '#problem';
import type { Session } from './database.ts';
import { holdsLane, laneOf, lockSurroundings, type Anchor, type Surroundings } from './lanes.ts';

/** A request of a batch. */
export interface Entry {
  readonly request: OpenWrite;
  readonly position: number;
}

/** It came before, and its write is stored: only the answer was lost. */
export const STORED = Symbol('stored');

/** A write as it will be stored. */
export interface Draft {
  readonly request: OpenWrite;
  readonly id: string;
  readonly record_id: string;
  readonly lane: string;
  readonly x_id: string | null;
  readonly references: Readonly<Record<string, string>>;
  readonly blocked_by: string | null;
  readonly depends_on: readonly string[];
  /** Field -> the create that it waits for. */
  readonly awaits: Readonly<Record<string, string>>;
}

/**
 * Places each request, in order, so that two writes of one record in one batch follow each other. A create stands alone: its record is new.
 * A Problem stands for a request that can never be carried out.
 */
export async function place(session: Session, entries: readonly Entry[]): Promise<readonly (Draft | Problem | typeof STORED)[]> {
  const updates = entries.filter(({ request }) => request.operation === 'update');
  const named = entries.flatMap(({ request }) => Object.values(request.awaits ?? {}));
  const around =
    updates.length + named.length > 0
      ? await lockSurroundings(session, {
          lanes: updates.map(({ request }) => laneOf(request.integration_id, request.record_id ?? '')),
          records: [
            ...updates.filter(({ request }) => request.x_id === null).map(({ request }) => request.record_id ?? ''),
            ...named,
          ],
        })
      : NOTHING_AROUND;
  // Under the locks of their lanes: an update that is stored must not become the end of its lane once more. A create has a lane of its own.
  const stored = new Set(updates.length > 0 ? await storedAmong(session, updates) : []);
  const ends = new Map([...around.ends].map(([lane, { id }]) => [lane, id]));
  return entries.map((entry) => {
    if (stored.has(entry.request.job_id)) return STORED;
    const draft = draftOf(entry, around, ends);
    if (!(draft instanceof Problem)) ends.set(draft.lane, draft.id);
    return draft;
  });
}

async function storedAmong(session: Session, entries: readonly Entry[]): Promise<string[]> {
  const ids = entries.map(({ request }) => request.job_id);
  const rows = await session.run<{ id: string }>('select id from ledger.operation where id = any($1::text[])', ids);
  return rows.map(({ id }) => id);
}

const NOTHING_AROUND: Surroundings = { ends: new Map(), creates: new Map(), byId: new Map() };

function draftOf({ request }: Entry, around: Surroundings, ends: ReadonlyMap<string, string>): Draft | Problem {
  const record_id = request.operation === 'create' ? (request.record_id ?? newId()) : request.record_id;
  if (record_id === null) return Problem.notFound('record');
  const lane = laneOf(request.integration_id, record_id);
  const createOf = (record: string): Anchor | undefined => {
    const create = around.creates.get(record);
    return create?.organization_id === request.organization_id ? create : undefined;
  };

  const own = request.operation === 'update' && request.x_id === null ? createOf(record_id) : undefined;
  if (request.operation === 'update' && request.x_id === null && !own) return Problem.notFound('record');
  const awaited = Object.entries(request.awaits ?? {}).map(([field, record]) => ({ field, create: createOf(record) }));
  const missing = awaited.find(({ create }) => !create);
  if (missing) return unknownReference(missing.field);
  const creates = [own, ...awaited.map(({ create }) => create)].filter((create) => create !== undefined);
  const dead = creates.find((create) => create.x_id === null && !holdsLane(create));
  if (dead)
    return new Problem('conflict', `The record was never created: write ${dead.id} is ${dead.state}. Retry that one first.`);

  const there = awaited.flatMap(({ field, create }) => (create?.x_id ? [[field, create.x_id] as const] : []));
  const open = awaited.flatMap(({ field, create }) => (create && create.x_id === null ? [[field, create.id] as const] : []));
  return {
    request,
    id: request.job_id,
    record_id,
    lane,
    x_id: request.x_id ?? own?.x_id ?? null,
    references: { ...request.references, ...Object.fromEntries(there) },
    blocked_by: ends.get(lane) ?? null,
    depends_on: [...new Set(open.map(([, job]) => job))],
    awaits: Object.fromEntries(open),
  };
}

const unknownReference = (field: string): Problem =>
  Problem.invalid([
    { pointer: `/${field}`, code: 'unknown_reference', detail: `The record that "${field}" names does not exist.` },
  ]);

const PRIORITY = { interactive: 0, bulk: 1 } as const satisfies Record<OpenWrite['priority'], number>;

/** Returns the ids that are new. */
export const INSERT = `
  insert into ledger.operation (id, organization_id, integration_id, pms, model, operation, record_id, x_id, lane, payload, "references",
    ignored_fields, priority, refresh, traceparent, blocked_by, depends_on, awaits, state, accepted_at, deadline_at)
  select d.id, d.organization_id, d.integration_id, d.pms, d.model, d.operation, d.record_id, d.x_id, d.lane, d.payload, d."references",
    d.ignored_fields, d.priority, d.refresh, d.traceparent, d.blocked_by, d.depends_on, d.awaits, 'ACCEPTED', now(), now() + make_interval(hours => $2)
  from rows from (jsonb_to_recordset($1::jsonb) as (id text, organization_id text, integration_id text, pms text, model text,
    operation text, record_id text, x_id text, lane text, payload jsonb, "references" jsonb, ignored_fields jsonb, priority smallint,
    refresh boolean, traceparent text, blocked_by text, depends_on text[], awaits jsonb)) with ordinality as d
  order by d.ordinality
  on conflict (id) do nothing
  returning id`;

/** The columns that `INSERT` reads. */
export const rowOf = ({ request, ...draft }: Draft): Record<string, unknown> => ({
  organization_id: request.organization_id,
  integration_id: request.integration_id,
  pms: request.pms,
  model: request.model,
  operation: request.operation,
  payload: request.payload,
  ignored_fields: request.ignored_fields,
  refresh: request.refresh,
  traceparent: request.traceparent ?? null,
  priority: PRIORITY[request.priority],
  ...draft,
});

export const openedFrom = ({ request, id, record_id }: Draft): Opened => ({
  job_id: id,
  record_id,
  payload: request.payload,
  ignored_fields: request.ignored_fields,
  replayed: false,
});
