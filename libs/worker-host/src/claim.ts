import type { Ending, NotNow } from '#adapter-kit';
import {
  advanceJob,
  blameJob,
  claimJob,
  settleJob,
  type Advance,
  type Advanced,
  type ClaimedJob,
  type MessageBus,
  type State,
} from '#messaging';
import { Problem } from '#problem';
import { Lease } from './lease.ts';

/** How long until a note that the ledger could not take is offered again. */
const OFFER_AGAIN_MS = 500;
/** How long a claim is asked for whose answer may have been lost: one answer that never comes, and a little more. */
const CLAIM_PATIENCE_MS = 6_000;
/** A result is the only proof of what happened at the PMS; the ledger takes it even after the lease, as a late one. */
const SETTLE_PATIENCE_MS = 15 * 60_000;
/** The lease is renewed when a third of it is over. */
const RENEW_AT = 1 / 3;

/**
 * A job of the ledger in our hands: what is noted about it carries its token, and its lease is kept up while we work.
 * Every method throws Problem `conflict` when the job has become somebody else's: then stop at once, and send nothing.
 */
export class Claim {
  private readonly lease: Lease;
  private readonly leaseMs: number;
  private renewal: NodeJS.Timeout | undefined;

  /** Undefined when the job is not ours to work on. @throws Problem `unavailable` when the ledger does not answer */
  static async ask(
    ask: { readonly job_id: string; readonly release: number; readonly worker: string },
    bus: MessageBus,
    pms: string,
    callTimeoutMs: number,
  ): Promise<Claim | undefined> {
    const giveUpAt = performance.now() + CLAIM_PATIENCE_MS;
    return offer(
      () => performance.now() < giveUpAt,
      async () => {
        const askedAt = performance.now();
        const job = await bus.request(claimJob, ask, { pms });
        return job ? new Claim(job, askedAt, bus, pms, callTimeoutMs) : undefined;
      },
    );
  }

  private constructor(
    readonly job: ClaimedJob,
    askedAt: number,
    private readonly bus: MessageBus,
    private readonly pms: string,
    callTimeoutMs: number,
  ) {
    this.lease = new Lease(askedAt, job.lease_ms, callTimeoutMs);
    this.leaseMs = job.lease_ms;
    this.keepUp();
  }

  /** Notes a step that is done or about to be sent. Resolves to the moment after which that must not be begun any more, or to why not now. */
  async advance(step: Omit<Advance, 'job_id' | 'token'>): Promise<number | NotNow> {
    const patience = (): boolean => !this.lease.isOver;
    const { paused_ms: pausedMs, held } = await offer(patience, () => this.note(step));
    if (held !== undefined) return { held };
    return pausedMs === undefined ? this.lease.startBefore : { pausedMs };
  }

  /** Says how the work ended. Resolves to the state that the job is in now. */
  async settle({ outcome, finished, attempt }: Ending): Promise<State> {
    this.letGo();
    const { job_id, token } = this.job;
    const giveUpAt = performance.now() + SETTLE_PATIENCE_MS;
    const result = { job_id, token, outcome, ...(finished && { finished }), ...(attempt && { attempt }) };
    const { state } = await offer(
      () => performance.now() < giveUpAt,
      () => this.bus.request(settleJob, result, { pms: this.pms }),
    );
    return state;
  }

  /** Says that the work ended the process that did nothing else. Resolves to the state that the job is in now. */
  async blame(how: string): Promise<State> {
    this.letGo();
    const { job_id, token } = this.job;
    const { state } = await offer(
      () => !this.lease.isOver,
      () => this.bus.request(blameJob, { job_id, token, how }, { pms: this.pms }),
    );
    return state;
  }

  /** Stops keeping the lease up. */
  letGo(): void {
    clearTimeout(this.renewal);
    this.renewal = undefined;
  }

  private async note(step: Omit<Advance, 'job_id' | 'token'>): Promise<Advanced> {
    const askedAt = performance.now();
    const { job_id, token } = this.job;
    const advanced = await this.bus.request(advanceJob, { job_id, token, ...step }, { pms: this.pms });
    this.lease.renew(askedAt, advanced.lease_ms);
    return advanced;
  }

  /** A PMS that takes its time must not cost the claim: as long as this process works, it says so. */
  private keepUp(): void {
    this.renewal = setTimeout(() => {
      void this.note({}).then(
        () => this.renewal && this.keepUp(),
        (error: unknown) => {
          if (Problem.from(error).code === 'conflict') this.lease.lose();
          else if (this.renewal) this.keepUp();
        },
      );
    }, this.leaseMs * RENEW_AT);
  }
}

/** Offers a message to the ledger until it answers or patience ends. A refusal is an answer. */
async function offer<T>(hasPatience: () => boolean, send: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await send();
    } catch (error) {
      const { code } = Problem.from(error);
      if ((code !== 'unavailable' && code !== 'internal') || !hasPatience()) throw error;
      await new Promise((resolve) => setTimeout(resolve, OFFER_AGAIN_MS));
    }
  }
}
