/**
 * The tables of the ledger, for reading through MikroORM. They hold columns and no logic; what changes a row is `ledger.repository.ts`
 * and `accept.ts`, in statements that handle hundreds of rows at once. A spec proves that these definitions equal the migrations.
 */
import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { FieldDifference, State, WriteEvent } from '#messaging';
import type { Step } from '../job.ts';

const instant = () => p.datetime(6);

/** One write of one customer, from its acceptance to its end. */
export const Operation = defineEntity({
  name: 'Operation',
  tableName: 'operation',
  properties: {
    /** Accept order. A write that is retried by a person is accepted anew and takes a new number. */
    seq: p.bigint('number').autoincrement().unique('operation_seq'),
    id: p.text().primary(),
    organization_id: p.text(),
    integration_id: p.text(),
    pms: p.text(),
    model: p.text(),
    operation: p.text().$type<'create' | 'update'>(),
    /** Latchkey's id of the record; a create's was made when it was accepted. */
    record_id: p.text(),
    /** The PMS's id of it. */
    x_id: p.text().nullable(),
    /** Integration and record: the writes of one lane happen one after the other, in accept order. */
    lane: p.text(),
    payload: p.json<Readonly<Record<string, unknown>>>(),
    references: p.json<Readonly<Record<string, string>>>(),
    ignored_fields: p.json<readonly string[]>(),
    /** 0 interactive, 1 bulk: a number, because the dispatcher sorts by it. */
    priority: p.smallint(),
    refresh: p.boolean(),
    accepted_at: instant(),
    /** Where in a trace it was asked for; null when there was none. */
    traceparent: p.text().nullable(),

    state: p.text().$type<State>(),
    /** Counts releases; a message of an older release is dropped. */
    release_no: p.integer().default(0),
    /** How often this release was published without anybody claiming it. */
    unclaimed: p.smallint().default(0),
    released_at: instant().nullable(),
    /** Fencing token: rises with every claim, and is good for as long as that claim's lease stands here. */
    token: p.integer().default(0),
    worker: p.text().nullable(),
    lease_until: instant().nullable(),
    /** RETRY_WAIT: when to try again, null once that time has come. UNKNOWN: when to look. */
    due_at: instant().nullable(),
    /** A write that could not be sent by then fails. */
    deadline_at: instant(),
    /** When the first byte may have left. */
    sent_at: instant().nullable(),
    completed_at: instant().nullable(),
    steps: p.json<readonly Step[]>().defaultRaw(`'[]'`),
    errors: p.json<readonly string[]>().defaultRaw(`'[]'`),
    retriable: p.boolean().default(false),
    resolution: p.text().nullable(),
    /** How a doubt is to be settled; null while only the worker that will look knows. */
    doubt_policy: p.text().nullable(),
    settle_by: instant().nullable(),
    /** The claim whose sending is in doubt: its late answer still counts. */
    doubt_token: p.integer().nullable(),
    /** The claim that was settled last: its repeated settle gets the same answer. */
    settled_token: p.integer().nullable(),
    retries: p.smallint().default(0),
    reconciliations: p.smallint().default(0),
    resends: p.smallint().default(0),
    crashes: p.smallint().default(0),
    attempts: p.integer().default(0),
    event_sequence: p.integer().default(0),
    /** The write of the same record that must end first. */
    blocked_by: p.text().nullable(),
    /** Creates whose ids this write needs. */
    depends_on: p.array().defaultRaw(`'{}'`),
    /** Field of the payload -> the create that makes the record which it names. */
    awaits: p.json<Readonly<Record<string, string>>>().defaultRaw(`'{}'`),
    refreshed_at: instant().nullable(),
    verified: p.boolean().nullable(),
    differences: p.json<readonly FieldDifference[]>().defaultRaw(`'[]'`),

    /** It occupies its lane. */
    active: p.boolean().generated(`(state in ('RELEASED', 'SENDING', 'UNKNOWN', 'RECONCILING')) stored`),
    /** It occupies a worker, or is on its way to one. */
    in_flight: p.boolean().generated(`(state in ('RELEASED', 'SENDING', 'RECONCILING')) stored`),
    /** Later writes of the record wait for it. A create in review still does: nobody knows whether there is a record to write to. */
    holds_lane: p
      .boolean()
      .generated(
        `(state in ('ACCEPTED', 'RELEASED', 'SENDING', 'RETRY_WAIT', 'HELD', 'UNKNOWN', 'RECONCILING') or (state = 'NEEDS_REVIEW' and operation = 'create')) stored`,
      ),
    /** The dispatcher may release it as far as the write itself is concerned. */
    ready: p
      .boolean()
      .generated(
        `(state in ('ACCEPTED', 'RETRY_WAIT') and blocked_by is null and due_at is null and depends_on = '{}'::text[]) stored`,
      ),
  },
});
export type OperationRow = InferEntity<typeof Operation>;

/** One call to the PMS, or one try that never reached it. Never changed once written. */
export const Attempt = defineEntity({
  name: 'Attempt',
  tableName: 'attempt',
  properties: {
    operation_id: p.text().primary(),
    number: p.integer().primary(),
    step: p.text(),
    started_at: instant(),
    ended_at: instant(),
    evidence: p.text().$type<'A' | 'B' | 'C'>(),
    pms_status: p.integer().nullable(),
    message: p.text().nullable(),
    /** Told by a claim that was no longer current: evidence only. */
    late: p.boolean(),
  },
});

/** What a customer's Idempotency-Key stands for. */
export const IdempotencyKey = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_key',
  properties: {
    organization_id: p.text().primary(),
    route: p.text().primary(),
    key: p.text().primary(),
    fingerprint: p.text(),
    operation_id: p.text(),
    expires_at: instant(),
  },
});

/** The outbox: events that are true but not yet told. A row goes when JetStream has it. */
export const OutboxEvent = defineEntity({
  name: 'OutboxEvent',
  tableName: 'event',
  properties: {
    id: p.bigint('number').primary(),
    operation_id: p.text(),
    sequence: p.integer(),
    body: p.json<WriteEvent>(),
  },
});

/** What the dispatcher must know of an integration. One that was never served, paused or held has no row. */
export const Gate = defineEntity({
  name: 'Gate',
  tableName: 'gate',
  properties: {
    integration_id: p.text().primary(),
    /** Set while the integration can't be used; nothing of it is released. */
    held_reason: p.text().nullable(),
    /** Set while the PMS asked us to wait. */
    paused_until: instant().nullable(),
    last_served_at: instant().nullable(),
    /** Null until the dispatcher or a worker has met the integration. */
    pms: p.text().nullable(),
    organization_id: p.text().nullable(),
    /** Origin of the address that its calls go to; null until a worker has told it. */
    host: p.text().nullable(),
    /** It may have interactive writes that are ready. Set too often rather than too rarely: a look costs little. */
    waiting_interactive: p.boolean().default(false),
    waiting_bulk: p.boolean().default(false),
  },
});

/** A host, or one integration's use of it, that gave trouble lately. What works has no row. */
export const Circuit = defineEntity({
  name: 'Circuit',
  tableName: 'circuit',
  properties: {
    pms: p.text().primary(),
    host: p.text().primary(),
    /** Empty: the whole host. */
    integration_id: p.text().primary(),
    /** While set, nothing is released and nothing is called but probes. */
    open_since: instant().nullable(),
    /** In a row. */
    troubles: p.integer(),
    /** Integrations that had trouble in this row, a few of them. */
    troubled: p.array(),
    reason: p.text().nullable(),
    /** Writes that may be on their way at once, after an outage; null: as many as ever. */
    room: p.float().nullable(),
    /** Room still doubles, since nothing went wrong after the outage. */
    is_eager: p.boolean(),
    probed_at: instant().nullable(),
    changed_at: instant(),
  },
});

/** A worker process that was heard of lately: an account's limits are shared among them. */
export const Replica = defineEntity({
  name: 'Replica',
  tableName: 'replica',
  properties: {
    pms: p.text().primary(),
    name: p.text().primary(),
    seen_at: instant(),
  },
});

/** Workers that have asked for their consumer: JetStream may forget it, the ledger makes it again. */
export const Worker = defineEntity({
  name: 'Worker',
  tableName: 'worker',
  properties: {
    pms: p.text().primary(),
    max_in_flight: p.integer(),
    /** Calls that the PMS takes from one account at once; null: not told yet. */
    concurrent: p.integer().nullable(),
  },
});
