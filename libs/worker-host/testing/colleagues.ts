import type { NatsConnection, Subscription } from '@nats-io/nats-core';
import {
  advanceJob,
  answer,
  attachWorker,
  blameJob,
  claimJob,
  connectionOf,
  ensureConsumer,
  ensureStreams,
  jobConsumer,
  settleJob,
  STREAMS,
  type Advance,
  type ClaimedJob,
  type MessageBus,
  type SealedConnection,
  type Settle,
} from '#messaging';
import { PMS } from './pms.ts';

/** The parts of Latchkey that a worker speaks to, as far as their contracts go. Tests decide what they say. */
export class Colleagues {
  /** What they were told, in its order: `claim`, `sending make`, `finished make`, `renewed`, `settled succeeded`, `blamed exit 1`. */
  readonly told: string[] = [];
  readonly settled: Settle[] = [];
  readonly blamed: { readonly job_id: string; readonly token: number; readonly how: string }[] = [];
  /** Under which names jobs were claimed. */
  readonly claimants: string[] = [];
  connection: SealedConnection | null = null;
  jobs = new Map<string, ClaimedJob>();
  /** Throws a Problem in place of the answer to a claim. */
  onClaim: () => void = () => {};
  /** Throws a Problem to refuse a note. */
  onAdvance: (note: Advance) => void = () => {};
  onConnection: () => void = () => {};
  private subscriptions: Subscription[] = [];

  constructor(private readonly nats: NatsConnection) {}

  /** Answers again, and from now on. */
  listen(): void {
    const { nats } = this;
    this.subscriptions = [
      answer(nats, claimJob, ({ job_id, worker }) => this.claim(job_id, worker), PMS.slug),
      answer(nats, advanceJob, (note) => this.advance(note), PMS.slug),
      answer(nats, blameJob, (ask) => this.blame(ask), PMS.slug),
      answer(nats, settleJob, (result) => this.settle(result), PMS.slug),
      answer(
        nats,
        connectionOf,
        () => {
          this.onConnection();
          return this.connection;
        },
        PMS.slug,
      ),
      answer(nats, attachWorker, () => ({ stream: STREAMS.jobs.name, durable: jobConsumer(PMS.slug, 8).durable_name }), PMS.slug),
    ];
  }

  /** Nobody answers any more. */
  async fallSilent(): Promise<void> {
    for (const subscription of this.subscriptions.splice(0)) subscription.unsubscribe();
    await this.nats.flush();
  }

  /** A job that a worker may claim. */
  offer(job: Partial<ClaimedJob> = {}): ClaimedJob {
    const offered: ClaimedJob = {
      job_id: 'job1',
      token: 1,
      lease_ms: 30_000,
      mode: 'perform',
      organization_id: 'org',
      integration_id: 'int',
      model: 'gears',
      operation: 'create',
      record_id: 'our-record',
      x_id: null,
      payload: { name: 'cog' },
      references: {},
      done: {},
      in_doubt: null,
      resends: 0,
      ...job,
    };
    this.jobs.set(offered.job_id, offered);
    return offered;
  }

  private claim(jobId: string, worker: string): ClaimedJob | null {
    this.told.push('claim');
    this.claimants.push(worker);
    const job = this.jobs.get(jobId) ?? null;
    this.jobs.delete(jobId);
    this.onClaim();
    return job;
  }

  private advance(note: Advance): { lease_ms: number } {
    const what = note.sending ? `sending ${note.sending.step}` : note.finished ? `finished ${note.finished.step}` : 'renewed';
    this.told.push(what);
    this.onAdvance(note);
    return { lease_ms: 30_000 };
  }

  private blame(ask: { readonly job_id: string; readonly token: number; readonly how: string }): { state: 'RELEASED' } {
    this.told.push(`blamed ${ask.how}`);
    this.blamed.push(ask);
    return { state: 'RELEASED' };
  }

  private settle(result: Settle): { state: 'SUCCEEDED' } {
    this.told.push(`settled ${result.outcome.kind}`);
    this.settled.push(result);
    return { state: 'SUCCEEDED' };
  }
}

/** Makes the stream and the worker's consumer, as the ledger does. */
export async function prepareJobs(bus: MessageBus): Promise<void> {
  await ensureStreams(bus);
  await ensureConsumer(bus, STREAMS.jobs.name, jobConsumer(PMS.slug, 8));
}
