import { randomUUID } from 'node:crypto';
import {
  perform,
  reconcile,
  SealBroken,
  UnusableAccount,
  type Ending,
  type Job,
  type NotNow,
  type PmsClient,
} from '#adapter-kit';
import type { PmsDefinition } from '#capabilities';
import { failpoint } from '#failpoints';
import { done, type ClaimedJob, type Decision, type JobMessage, type MessageBus } from '#messaging';
import { Problem } from '#problem';
import { errorFields, type Logger } from '#service-kit';
import { describeActivity } from '#tracing';
import type { Accounts } from './accounts.ts';
import { Claim } from './claim.ts';
import type { Died, SideRoom, Step } from './side-room.ts';

/** How long until a write is tried again whose account could not be opened because a part of Latchkey does not answer. */
const DIRECTORY_RETRY_MS = 2_000;

/**
 * Works on one released job: claim -> open the account -> perform or reconcile -> settle.
 *
 * Idempotent by the ledger's claim: a message that comes twice or too late finds nothing to claim. When this process dies in between, the lease
 * ends and the ledger decides from what was noted; when it is only slow, its token is outdated and every message of it is refused.
 */
export class JobHandler {
  constructor(
    private readonly pms: PmsDefinition,
    private readonly bus: MessageBus,
    private readonly accounts: Accounts,
    private readonly log: Logger,
    private readonly worker: string,
    /** Whole time of one call to the PMS, in milliseconds. */
    private readonly callTimeoutMs: number,
    /** Where suspects are worked on. @default among the others */
    private readonly room?: SideRoom,
  ) {}

  /** Resolves when the ledger has taken the result, or when the job is not ours. @throws whatever makes a redelivery worth while */
  async handle({ job_id, release }: JobMessage): Promise<Decision> {
    const { slug } = this.pms;
    const askedAt = performance.now();
    // A message that comes twice is two tries: only one of them gets the claim.
    const worker = `${this.worker}-${randomUUID()}`;
    failpoint('worker.before-claim');
    const claim = await Claim.ask({ job_id, release, worker }, this.bus, slug, this.callTimeoutMs);
    if (!claim) return done;
    const { job } = claim;
    describeActivity({
      'latchkey.job_id': job_id,
      'latchkey.pms': slug,
      'latchkey.model': job.model,
      'latchkey.operation': job.operation,
    });
    try {
      failpoint('worker.after-claim');
      const ending = await this.work(claim);
      if ('died' in ending) {
        const blamed = await claim.blame(ending.died);
        this.log.error({ jobId: job_id, model: job.model, state: blamed, reason: ending.died }, 'job ended its process');
        return done;
      }
      failpoint('worker.after-answer');
      if (ending.fault !== undefined)
        this.log.error({ jobId: job_id, model: job.model, ...errorFields(ending.fault) }, 'adapter failed');
      const state = await claim.settle(ending);
      failpoint('worker.after-settle');
      describeActivity({ 'latchkey.state': state });
      const durationMs = Math.round(performance.now() - askedAt);
      this.log.info({ jobId: job_id, model: job.model, operation: job.operation, state, durationMs }, 'job settled');
      return done;
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'conflict') throw error;
      this.log.warn({ jobId: job_id }, 'claim lost');
      return done;
    } finally {
      claim.letGo();
    }
  }

  /** A suspect is worked on elsewhere, where it can't harm the others. */
  private work(claim: Claim): Promise<Ending | Died> {
    const { job } = claim;
    const note = (step: Step) => claim.advance(step);
    return job.is_suspect && this.room ? this.room.work({ job, note }) : this.carryOut(job, note);
  }

  /** Does the work of a claim; `note` is told of each step. @throws what `note` throws */
  async carryOut(job: ClaimedJob, note: (step: Step) => Promise<number | NotNow>): Promise<Ending> {
    const capability = this.pms.capabilities.get(job.model);
    if (!capability) return failed(`${this.pms.title} does not know ${job.model}.`);
    const client = await this.open(job.integration_id);
    if ('outcome' in client) return client;
    const work: Job = {
      capability,
      operation: job.operation,
      values: job.payload,
      references: job.references,
      recordId: job.x_id,
      done: job.done,
    };
    const ending = job.mode === 'reconcile' ? await this.settleDoubt(client, work, job) : await this.perform(client, work, note);
    return this.unlessRotated(client, job, ending);
  }

  /** The client, or how the work ends without one. */
  private async open(integrationId: string): Promise<PmsClient | Ending> {
    try {
      const client = await this.accounts.clientOf(integrationId);
      return client ?? { outcome: { kind: 'hold', reason: 'The integration is not active.' } };
    } catch (error) {
      if (error instanceof UnusableAccount || error instanceof SealBroken)
        return { outcome: { kind: 'hold', reason: error.message }, fault: error };
      if (!(error instanceof Problem)) throw error;
      // A part of Latchkey that is down must not look like a crash of the adapter.
      const errors = ["The integration's credentials could not be fetched. Nothing was sent."];
      return { outcome: { kind: 'retry', errors, after_ms: DIRECTORY_RETRY_MS } };
    }
  }

  private async settleDoubt(client: PmsClient, work: Job, { in_doubt }: ClaimedJob): Promise<Ending> {
    if (!in_doubt) return { outcome: { kind: 'review', errors: ['The step in doubt is not known.'] } };
    const { step, sent_at, memo, empty_looks } = in_doubt;
    return reconcile(client, work, { step, sentAt: new Date(sent_at), memo }, empty_looks);
  }

  private perform(client: PmsClient, work: Job, note: (step: Step) => Promise<number | NotNow>): Promise<Ending> {
    return perform(client, work, {
      sending: (step, memo) => note({ sending: { step, memo } }),
      finished: async (step, result, attempt) => void (await note({ finished: { step, result, attempt } })),
    });
  }

  /** Credentials that were refused may have been replaced in the meantime: then the write is simply tried with the new ones. */
  private async unlessRotated(client: PmsClient, { integration_id }: ClaimedJob, ending: Ending): Promise<Ending> {
    const { outcome } = ending;
    if (outcome.kind !== 'hold') return ending;
    // What the PMS said is known whether or not the directory answers now.
    const isRotated = await this.accounts.hasNewer(integration_id, client).catch(() => false);
    return isRotated ? { ...ending, outcome: { kind: 'retry', errors: [outcome.reason], after_ms: 0 } } : ending;
  }
}

const failed = (error: string): Ending => ({ outcome: { kind: 'failed', errors: [error], retriable: false } });
