import type { EntityManager } from '@mikro-orm/postgresql';
import {
  again,
  consume,
  dead,
  done,
  ensureConsumer,
  noteRefresh,
  STREAMS,
  writeEventConsumer,
  writtenValues,
  type Consumption,
  type Decision,
  type MessageBus,
  type PageOfCopies,
  type State,
  type WriteEvent,
} from '#messaging';
import { Problem, type ProblemCode } from '#problem';
import { errorFields, type Logger } from '#service-kit';
import type { SyncMetrics } from '../metrics.ts';
import { storeCopies, type CopyOrigin } from '../store/copies.ts';
import { keepPromises, type Promised } from '../store/identities.ts';
import type { VendorOf } from '../syncing/integration-sync.ts';
import type { PmsReader } from '../syncing/pms-reader.ts';
import { Together } from './together.ts';

/** How long after a write its record is looked for in the PMS. After that the next sync brings it. */
const PATIENCE_MS = 15 * 60_000;
const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const CONCURRENCY = 16;

/** Outcomes after which the PMS holds something of what was written. */
const EFFECTIVE: ReadonlySet<State> = new Set(['SUCCEEDED', 'PARTIAL']);

/** A record that is not shown yet, or a PMS that does not answer now. Any other problem stays. */
const PASSING: ReadonlySet<ProblemCode> = new Set(['not_found', 'unavailable', 'rate_limited', 'internal']);

/**
 * Follows the writes. A created record takes the id that its caller was promised; and where the integration refreshes after a write, the
 * record is read back from the PMS and the ledger is told. Handling an event again changes nothing.
 */
export class WriteEvents {
  private readonly stopping = new AbortController();
  private readonly promises = new Together((promises: readonly Promised[]) => keepPromises(this.em.fork(), promises));

  constructor(
    private readonly em: EntityManager,
    private readonly bus: MessageBus,
    private readonly reader: PmsReader,
    private readonly vendorOf: VendorOf,
    private readonly log: Logger,
    private readonly metrics: SyncMetrics,
  ) {}

  /** Starts following as soon as the stream is there, which the ledger's owner makes; and again whenever it was lost. */
  follow(): Consumption {
    const following = consume<WriteEvent>(this.bus, {
      stream: STREAMS.events.name,
      durable: writeEventConsumer('cache-sync').durable_name,
      prepare: () => ensureConsumer(this.bus, STREAMS.events.name, writeEventConsumer('cache-sync')),
      concurrency: CONCURRENCY,
      handle: (event) => this.handle(event),
      onTrouble: ({ reason, error, deliveries }) =>
        this.log.warn({ reason, deliveries, ...(error === undefined ? {} : errorFields(error)) }, 'write event not handled'),
    });
    return {
      stop: async () => {
        this.stopping.abort();
        await following.stop();
      },
    };
  }

  /** What becomes of one event. */
  async handle(event: WriteEvent, now = Date.now()): Promise<Decision> {
    const { x_id } = event;
    if (!EFFECTIVE.has(event.state) || x_id === null) return done;
    const vendor = this.vendorOf(event.pms);
    if (vendor === undefined) return dead('unknown PMS');
    const { organization_id, integration_id, pms, model } = event;
    const origin: CopyOrigin = { organization_id, integration_id, integration_vendor: vendor, pms, model };

    if (event.operation === 'create' && !(await this.promises.add({ origin, x_id, id: event.record_id }))) {
      return dead('the promised id is taken');
    }
    return event.refresh ? this.readBack(event, origin, x_id, now) : done;
  }

  private async readBack(event: WriteEvent, origin: CopyOrigin, x_id: string, now: number): Promise<Decision> {
    const page = await this.find(event.job_id, origin, x_id);
    this.metrics.countReadBack(event.pms, page instanceof Problem ? page.code : 'done');
    if (page instanceof Problem) return this.waitOrGiveUp(event, page, now);
    await storeCopies(this.em.fork(), origin, page.records, page.fetched_at, event.job_id);
    const { verified = null, differences = [] } = page.compared ?? {};
    await this.bus.request(noteRefresh, { job_id: event.job_id, refreshed_at: page.fetched_at, verified, differences });
    return done;
  }

  /** The record, compared with what the write wanted. */
  private async find(job_id: string, { integration_id, pms, model }: CopyOrigin, x_id: string): Promise<PageOfCopies | Problem> {
    try {
      const written = await this.bus.request(writtenValues, { job_id });
      const asked = { integration_id, model, x_id, ...(written === null ? {} : { written }) };
      const page = await this.reader.readOnce(pms, asked, this.stopping.signal);
      const records = page.records.filter((record) => record.x_id === x_id);
      return records.length > 0 ? { ...page, records } : Problem.notFound('record');
    } catch (error) {
      return Problem.from(error);
    }
  }

  /** The longer the write is past, the longer the pause: the age of the event counts the tries. */
  private waitOrGiveUp(event: WriteEvent, problem: Problem, now: number): Decision {
    const ageMs = now - Date.parse(event.at);
    if (PASSING.has(problem.code) && ageMs < PATIENCE_MS) {
      const askedMs = (problem.retryAfterSeconds ?? 0) * 1_000;
      return again(Math.min(Math.max(ageMs, SHORTEST_PAUSE_MS, askedMs), LONGEST_PAUSE_MS));
    }
    const { job_id, integration_id, pms, model } = event;
    this.log.warn(
      { jobId: job_id, integrationId: integration_id, pms, model, code: problem.code, ...errorFields(problem.cause ?? problem) },
      'record not read back, left to the next sync',
    );
    return done;
  }
}
