import { perform, reconcile, type Ending, type Job, type Journal, type PmsClient } from '#adapter-kit';
import type { PmsDefinition } from '#capabilities';
import {
  advanceJob,
  again,
  claimJob,
  done,
  settleJob,
  type Advance,
  type ClaimedJob,
  type Decision,
  type JobMessage,
  type MessageBus,
} from '#messaging';
import { Problem } from '#problem';
import { errorFields, type Logger } from '#service-kit';
import type { Accounts } from './accounts.ts';

/** How long a result that the ledger can't take just now is kept and offered again. */
const SETTLE_RETRY_MS = 500;
/** The result of a call is not given up before the lease is surely over: until then it is the only proof there is. */
const SETTLE_MARGIN_MS = 30_000;
/** A claim with less time left than this starts no further call. */
const LEASE_MARGIN_MS = 5_000;

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
  ) {}

  async handle({ job_id, release }: JobMessage): Promise<Decision> {
    const { slug } = this.pms;
    const claim = await this.bus.request(claimJob, { job_id, release, worker: this.worker }, { pms: slug });
    if (!claim) return done;
    const startedAt = performance.now();
    const lease = new Lease(claim.lease_ms, this.callTimeoutMs);
    try {
      const ending = await this.work(claim, lease);
      const state = await this.settle(claim, ending, lease);
      this.log.info(
        {
          jobId: job_id,
          model: claim.model,
          operation: claim.operation,
          state,
          durationMs: Math.round(performance.now() - startedAt),
        },
        'job settled',
      );
      return done;
    } catch (error) {
      if (error instanceof Problem && error.code === 'conflict') {
        this.log.warn({ jobId: job_id }, 'claim lost');
        return done;
      }
      if (error instanceof LeaseTooShort) return again(1_000);
      throw error;
    }
  }

  private async work(claim: ClaimedJob, lease: Lease): Promise<Ending> {
    const capability = this.pms.capabilities.get(claim.model);
    if (!capability) return failed(`${this.pms.title} does not know ${claim.model}.`);
    const client = await this.accounts.clientOf(claim.integration_id);
    if (!client) return { outcome: { kind: 'hold', reason: 'The integration is not active.' } };
    const job: Job = {
      capability,
      operation: claim.operation,
      values: claim.payload,
      references: claim.references,
      recordId: claim.x_id,
      done: claim.done,
    };
    const ending =
      claim.mode === 'reconcile' && claim.in_doubt
        ? await reconcile(
            client,
            job,
            { step: claim.in_doubt.step, sentAt: new Date(claim.in_doubt.sent_at), memo: claim.in_doubt.memo },
            claim.reconciliations,
          )
        : await this.perform(client, job, claim, lease);
    return this.unlessRotated(claim, ending);
  }

  private async perform(client: PmsClient, job: Job, claim: ClaimedJob, lease: Lease): Promise<Ending> {
    const { job_id, token } = claim;
    const advance = async (step: Omit<Advance, 'job_id' | 'token'>): Promise<void> => {
      const note = { job_id, token, ...step };
      const { lease_ms } = await persist(lease, () => this.bus.request(advanceJob, note, { pms: this.pms.slug }));
      lease.renew(lease_ms);
    };
    const journal: Journal = {
      sending: async (step, memo) => {
        await advance({ sending: { step, memo } });
        lease.assertTimeForACall();
      },
      finished: (step, result, attempt) => advance({ finished: { step, result, attempt } }),
    };
    try {
      return await perform(client, job, journal);
    } catch (error) {
      // Bugs of an adapter must not look like trouble of the network: the ledger counts them as crashes of the claim.
      if (!(error instanceof Problem) && !(error instanceof LeaseTooShort))
        this.log.error({ jobId: job_id, model: claim.model, ...errorFields(error) }, 'adapter failed');
      throw error;
    }
  }

  private async settle(claim: ClaimedJob, ending: Ending, lease: Lease): Promise<string> {
    const { job_id, token } = claim;
    const { state } = await persist(lease, () =>
      this.bus.request(settleJob, { job_id, token, ...ending }, { pms: this.pms.slug }),
    );
    return state;
  }

  /** Credentials that were refused may have been replaced in the meantime: then the write is simply tried with the new ones. */
  private async unlessRotated(claim: ClaimedJob, ending: Ending): Promise<Ending> {
    if (ending.outcome.kind !== 'hold' || !(await this.accounts.hasNewer(claim.integration_id))) return ending;
    return { ...ending, outcome: { kind: 'retry', errors: [ending.outcome.reason], after_ms: 0 } };
  }
}

/** There is not enough of the lease left to make a call in; nothing was sent. */
class LeaseTooShort extends Error {
  override readonly name = 'LeaseTooShort';
}

/** How long the claim is surely ours, by a clock that can't be set. */
class Lease {
  private endsAt: number;

  constructor(
    leaseMs: number,
    private readonly callTimeoutMs: number,
  ) {
    this.endsAt = performance.now() + leaseMs;
  }

  renew(leaseMs: number): void {
    this.endsAt = performance.now() + leaseMs;
  }

  /** A process that was stopped and went on must not send with a claim that has become somebody else's. @throws LeaseTooShort */
  assertTimeForACall(): void {
    if (this.endsAt - performance.now() < this.callTimeoutMs + LEASE_MARGIN_MS) throw new LeaseTooShort();
  }

  get isOver(): boolean {
    return performance.now() > this.endsAt + SETTLE_MARGIN_MS;
  }
}

/** Offers a message to the ledger until it answers or the lease is over: what happened at the PMS must not be forgotten for a short outage. */
async function persist<T>(lease: Lease, send: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await send();
    } catch (error) {
      if (Problem.from(error).code !== 'unavailable' || lease.isOver) throw error;
      await new Promise((resolve) => setTimeout(resolve, SETTLE_RETRY_MS));
    }
  }
}

const failed = (error: string): Ending => ({ outcome: { kind: 'failed', errors: [error], retriable: false } });
