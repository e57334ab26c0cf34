/**
 * The sweeper makes up for everything that got stuck: it is why losing a message, a worker, a replica or all of JetStream costs time and
 * nothing else. It only picks writes; each is decided upon under its lock, so several replicas may sweep at once.
 *
 *   waiting -> (every `sweepMs`) sweeping: each task of the table below, one after the other -> waiting
 *
 * A task that fails is reported and tried again at the next sweep; it does not keep the others from running.
 */
import { failpoint } from '#failpoints';
import type { Circumstances, Job } from '../job.ts';
import { UNCLAIMED_AFTER_MS } from '../decide/delays.ts';
import { expire, look, republish, retell, tooOld } from '../decide/time.ts';
import type { Decided } from '../decide/verdict.ts';
import type { Ledger } from '../ledger.ts';
import type { Database } from '../store/database.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { CircumstancesKeeper } from './circumstances.keeper.ts';
import type { Outbox } from './outbox.ts';
import type { Waiting } from './stirred.ts';
import type { StreamsKeeper } from './streams.keeper.ts';

/** Writes decided upon in one transaction. */
const BATCH = 200;

interface Task {
  readonly name: string;
  /** Picks ids, at most as many as $1 says. */
  readonly pick: string;
  readonly decide: (job: Job, at: Circumstances) => Decided<null>;
}

const TASKS: readonly Task[] = [
  {
    name: 'expired leases',
    pick: 'select id from ledger.operation where in_flight and lease_until <= now() order by lease_until limit $1',
    decide: expire,
  },
  {
    name: 'doubts to look at',
    // A doubt of a held or paused integration waits, but not beyond its limit. One at a host that is out of order waits for the host.
    pick: `
      select o.id from ledger.operation o left join ledger.gate g using (integration_id)
      where o.state = 'UNKNOWN' and o.due_at <= now()
        and (o.settle_by <= now() or (g.held_reason is null and (g.paused_until is null or g.paused_until <= now())
          and not exists (select from ledger.circuit c where c.pms = o.pms and c.host = g.host and c.open_since is not null
            and c.integration_id in ('', o.integration_id))))
      order by o.due_at limit $1`,
    decide: look,
  },
  {
    name: 'unclaimed releases',
    pick: `
      select id from ledger.operation
      where in_flight and lease_until is null
        and released_at <= now() - make_interval(secs => ${UNCLAIMED_AFTER_MS / 1_000}::float8 * least(unclaimed + 1, 3))
      order by released_at limit $1`,
    decide: republish,
  },
  {
    name: 'writes too old to be sent',
    pick: `
      select id from ledger.operation
      where holds_lane and deadline_at <= now()
        and (state in ('ACCEPTED', 'RETRY_WAIT', 'HELD') or (state = 'RELEASED' and lease_until is null))
      order by deadline_at limit $1`,
    decide: tooOld,
  },
];

// Once per write and connection to NATS: $2 and $3 say how far the last look came, $4 how long ago a write must have ended. An event that
// JetStream still has is told under its old number within the time in which JetStream knows numbers again, so only lost ones arrive twice.
const UNREFRESHED = `
  select id, completed_at::text from ledger.operation
  where refresh and refreshed_at is null and state in ('SUCCEEDED', 'PARTIAL')
    and (completed_at, id) > ($2::timestamptz, $3::text)
    and completed_at between now() - interval '15 minutes' and now() - make_interval(secs => $4)
  order by completed_at, id limit $1`;

const RETRIES_DUE = `
  update ledger.operation set due_at = null
  where id in (
    select id from ledger.operation where state = 'RETRY_WAIT' and due_at <= now() order by due_at limit $1 for update skip locked
  )
  returning pms, integration_id, organization_id`;

const FORGET_KEYS = `
  delete from ledger.idempotency_key where (organization_id, route, key) in (
    select k.organization_id, k.route, k.key
    from ledger.idempotency_key k left join ledger.operation o on o.id = k.operation_id
    where k.expires_at <= now() and o.holds_lane is not true limit $1
  )
  returning key`;

/** Ordinarily an event has had its effect by then; a server that was lost may have taken it along. In seconds. */
const QUIET = { ordinarily: 60, afterLoss: 5 } as const;
const FROM_THE_FIRST = { completed_at: '-infinity', id: '' };

/** Keys are kept for days; looking every minute is plenty. In milliseconds. */
const FORGET_EVERY_MS = 60_000;

export interface SweeperParts {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly dispatcher: Dispatcher;
  readonly outbox: Outbox;
  readonly streams: StreamsKeeper;
  readonly circumstances: CircumstancesKeeper;
}

export class Sweeper {
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private forgotAt = -Infinity;
  /** The last write whose event was told again. */
  private retold = FROM_THE_FIRST;
  private mayHaveLost = false;
  private stopped = false;

  constructor(
    private readonly parts: SweeperParts,
    private readonly sweepMs: number,
    /** Hears which task failed and why. */
    private readonly onTrouble: (task: string, error: unknown) => void,
  ) {}

  start(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.sweeping = this.sweep().finally(() => this.start());
    }, this.sweepMs);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.sweeping;
  }

  /** NATS was away, and may have come back without what it held: the next round tells all again that shows no effect yet. */
  suspectLoss(): void {
    this.mayHaveLost = true;
  }

  /** One round. Never throws. */
  async sweep(): Promise<void> {
    const { dispatcher, outbox, streams, circumstances } = this.parts;
    // First: what it puts off is not overdue.
    await this.attempt('troubled hosts', () => circumstances.look());
    for (const task of TASKS) await this.attempt(task.name, () => this.decideAll(task));
    await this.attempt('events that may be lost', () => this.retellEvents());
    await this.attempt('retries due', () => untilFew(() => this.callRetries()));
    await this.attempt('dispatch', () => dispatcher.wakeAll());
    outbox.wake();
    await this.attempt('old keys', () => this.forgetKeys());
    await this.attempt('streams', () => streams.keep());
  }

  private async decideAll({ pick, decide }: Task): Promise<void> {
    const { database, ledger } = this.parts;
    await untilFew(async () => {
      const picked = await database.run<{ id: string }>(pick, BATCH);
      if (picked.length === 0) return picked;
      const commands = picked.map(({ id }) => ({
        job_id: id,
        unknown: null,
        decide: (job: Job, _gate: unknown, at: Circumstances) => decide(job, at),
      }));
      await ledger.transact(async (session, consequences) => {
        await ledger.run(session, commands, consequences);
        failpoint('sweep.before-commit');
      });
      return picked;
    });
  }

  private async callRetries(): Promise<readonly Waiting[]> {
    const { database, dispatcher } = this.parts;
    const due = await database.run<Waiting>(RETRIES_DUE, BATCH);
    for (const each of due) dispatcher.wake(each.pms, [[each.integration_id, each.organization_id]]);
    return due;
  }

  private async retellEvents(): Promise<void> {
    const { database, ledger } = this.parts;
    const quiet = this.mayHaveLost ? QUIET.afterLoss : QUIET.ordinarily;
    if (this.mayHaveLost) this.retold = FROM_THE_FIRST;
    this.mayHaveLost = false;
    await untilFew(async () => {
      const { completed_at, id } = this.retold;
      const picked = await database.run<{ id: string; completed_at: string }>(UNREFRESHED, BATCH, completed_at, id, quiet);
      const last = picked.at(-1);
      if (last === undefined) return picked;
      const commands = picked.map((write) => ({ job_id: write.id, unknown: null, decide: (job: Job) => retell(job) }));
      await ledger.transact((session, consequences) => ledger.run(session, commands, consequences));
      this.retold = last;
      return picked;
    });
  }

  private async forgetKeys(): Promise<void> {
    if (performance.now() - this.forgotAt < FORGET_EVERY_MS) return;
    await untilFew(() => this.parts.database.run(FORGET_KEYS, BATCH));
    this.forgotAt = performance.now();
  }

  private async attempt(task: string, work: () => Promise<unknown>): Promise<void> {
    if (this.stopped) return;
    try {
      await work();
    } catch (error) {
      this.onTrouble(task, error);
    }
  }
}

/** Batches in one sweep; whatever is left then comes with the next. */
const MAX_BATCHES = 50;

/** Repeats while a batch comes back full. */
async function untilFew(batch: () => Promise<readonly unknown[]>): Promise<void> {
  for (let done = 0; done < MAX_BATCHES; done += 1) if ((await batch()).length < BATCH) return;
}
