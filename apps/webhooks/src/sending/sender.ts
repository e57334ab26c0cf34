/**
 * Takes what is due and has it brought, many at a time.
 *
 *   waiting -> (bell, or its time) filling its slots -> waiting ... -> (stop) finishing what is under way -> stopped
 *
 * Half of the slots are for endpoints that answer quickly: however many others hang until their time is over, they never hold those. And of either
 * half one organization gets an eighth at the most, so that endpoints which were quick until now and hang all at once hold only that. A process that
 * dies leaves its claims to the end of their lease; what it had sent by then is sent again, under the same id.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { failpoint } from '#failpoints';
import { errorFields, type Logger } from '#service-kit';
import type { WebhookMetrics } from '../metrics.ts';
import { claimDue, postpone, tidy, type Claim } from '../store/queue.ts';
import { settle } from '../store/settle.ts';
import { Bell } from './bell.ts';
import type { Courier } from './courier.ts';
import type { Schedule } from './schedule.ts';
import { Turns } from './turns.ts';

export interface SenderOptions {
  readonly schedule: Schedule;
  /** More than a try takes at most; what is not settled by then is somebody else's. In milliseconds. */
  readonly leaseMs: number;
  /** How often it is looked without a bell: for retries, and for what other processes have queued. @default 250 */
  readonly lookEveryMs?: number;
  /** Tries under way at once in this process. @default 512 */
  readonly slots?: number;
}

/** So many at least share a half of the slots. */
const ORGANIZATIONS = 8;
const TIDY_EVERY_MS = 60_000;
const AFTER_TROUBLE_MS = 1_000;
/** When our own keys do not open a secret: until somebody has seen to it. */
const OUR_FAULT_MS = 60_000;
/** Of the ten connections to the database; the others are for claims, events and whoever asks. */
const SETTLING_AT_ONCE = 5;
/** A result is worth some patience: without it, the message is sent again. */
const SETTLING_PAUSES_MS = [200, 1_000, 3_000];

export class Sender {
  private readonly bell = new Bell();
  /** What is under way, and whose it is. */
  private readonly quick = new Map<Promise<void>, string>();
  private readonly others = new Map<Promise<void>, string>();
  private readonly turns = new Turns(SETTLING_AT_ONCE);
  private running: Promise<void> | undefined;
  private isStopping = false;
  private tidyAt = 0;

  constructor(
    private readonly em: EntityManager,
    private readonly courier: Courier,
    private readonly log: Logger,
    private readonly metrics: WebhookMetrics,
    private readonly options: SenderOptions,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Something may be due now. */
  wake(): void {
    this.bell.ring();
  }

  /** Claims no more and waits for what is under way: at most the whole time of a try. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.bell.ring();
    await this.running;
    await Promise.all([...this.quick.keys(), ...this.others.keys()]);
    await this.courier.close();
  }

  private async run(): Promise<void> {
    const { lookEveryMs = 250 } = this.options;
    while (!this.isStopping) {
      try {
        await this.tidySometimes();
        if ((await this.fill()) === 0) await this.bell.wait(lookEveryMs);
      } catch (error) {
        this.log.warn(errorFields(error), 'deliveries not claimed');
        await this.bell.wait(AFTER_TROUBLE_MS);
      }
    }
  }

  /** How many deliveries were begun. */
  private async fill(): Promise<number> {
    const half = Math.ceil((this.options.slots ?? 512) / 2);
    return (await this.take(true, this.quick, half)) + (await this.take(false, this.others, half));
  }

  private async take(quick: boolean, underWay: Map<Promise<void>, string>, most: number): Promise<number> {
    const slots = most - underWay.size;
    if (slots <= 0 || this.isStopping) return 0;
    const { leaseMs } = this.options;
    const share = Math.ceil(most / ORGANIZATIONS);
    const claims = await claimDue(this.em.fork(), { quick, slots, share, underWay: countOf(underWay.values()), leaseMs });
    for (const claim of claims) {
      const work = this.deliver(claim)
        .catch((error: unknown) => this.log.warn(errorFields(error), 'delivery not settled'))
        .finally(() => {
          underWay.delete(work);
          this.bell.ring();
        });
      underWay.set(work, claim.organization_id);
    }
    return claims.length;
  }

  private async deliver(claim: Claim): Promise<void> {
    const tried = await this.courier.bring(claim).catch((error: unknown) => {
      // No customer can help this.
      this.log.error({ organizationId: claim.organization_id, ...errorFields(error) }, 'delivery could not be made ready');
      return undefined;
    });
    if (!tried) return postpone(this.em.fork(), claim, OUR_FAULT_MS);
    const { schedule } = this.options;
    const settled = await patiently(() => this.turns.take(() => settle(this.em.fork(), claim, tried, { schedule })));
    failpoint('webhooks.after-settle');
    this.metrics.count(settled, tried.durationMs);
    if (settled === 'disabled') this.log.warn({ organizationId: claim.organization_id }, 'webhook disabled');
  }

  private async tidySometimes(): Promise<void> {
    if (performance.now() < this.tidyAt) return;
    this.tidyAt = performance.now() + TIDY_EVERY_MS;
    await tidy(this.em.fork());
  }
}

function countOf(names: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

async function patiently<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  for (const pause of SETTLING_PAUSES_MS) {
    try {
      return await work();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return work();
}
