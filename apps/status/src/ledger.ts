/**
 * The ledger as its callers know it: each method is one request, carried out in a group commit and answered after the commit. What follows
 * from it (messages to workers, events, dispatching) starts when the commit is done and may fail: the sweeper makes up for it.
 */
import { failpoint } from '#failpoints';
import type { Advance, Advanced, ClaimedJob, JobRequest, NoteRefresh, Opened, OpenWrite, Settle, State } from '#messaging';
import { Acceptance } from './accept.ts';
import { advance, claim } from './decide/claim.ts';
import { cancel, refreshed, resolve, resume, retry } from './decide/person.ts';
import { blame } from './decide/crash.ts';
import { settle } from './decide/settle.ts';
import { GroupCommit } from './group-commit.ts';
import { carryOut, noConsequences, type Command, type Consequences, type LedgerSettings } from './ledger.repository.ts';
import type { Stirred, Waiting } from './move/stirred.ts';
import type { Database, Session } from './store/database.ts';
import { unlessAnothers } from './store/found-records.ts';

export interface LedgerOptions {
  readonly leaseMs: number;
  readonly ageLimitHours: number;
  /** @default Math.random */
  readonly random?: () => number;
  /** Called after every commit that changed something. Must not throw. */
  readonly onCommitted: (consequences: Consequences) => void;
  readonly onAccepted: (stirred: Stirred, count: number) => void;
  /** Hears of each request to accept, as it begins. Must not throw. */
  readonly onOpening?: (opened: Promise<Opened>) => void;
  /** Hears of requests that the database refused: bugs. */
  readonly onRefused: (error: unknown) => void;
}

const HOUR_MS = 3_600_000;

export class Ledger {
  private readonly acceptance: Acceptance;
  private readonly commits: GroupCommit<Command<unknown>, unknown>;
  private readonly settings: LedgerSettings;

  constructor(
    private readonly database: Database,
    private readonly options: LedgerOptions,
  ) {
    const { leaseMs, ageLimitHours, random = Math.random, onAccepted, onRefused } = options;
    this.settings = { leaseMs, ageLimitMs: ageLimitHours * HOUR_MS, random };
    this.acceptance = new Acceptance(database, { ageLimitHours, onAccepted, onRefused });
    this.commits = new GroupCommit(
      (commands) => this.transact((session, consequences) => this.run(session, commands, consequences)),
      // Workers are more patient than customers: an answer that comes late still spares them a lease, and a few milliseconds more make the
      // batches of a busy ledger several times larger.
      { onRefused, answerWithinMs: 4_500, maxInFlight: 1, lingerMs: 4 },
    );
  }

  open(request: OpenWrite): Promise<Opened> {
    const opened = this.acceptance.open(request);
    this.options.onOpening?.(opened);
    return opened;
  }

  /** Null when the message is outdated, or when the integration is paused or held. */
  claim(pms: string, ask: { job_id: string; release: number; worker: string }): Promise<ClaimedJob | null> {
    return this.exposed('claim', {
      job_id: ask.job_id,
      owner: { pms },
      payload: true,
      unknown: null,
      decide: (job, gate, at) => claim(job, ask, gate, at),
    });
  }

  /** @throws Problem `conflict` when the token is outdated. */
  advance(pms: string, ask: Advance): Promise<Advanced> {
    return this.exposed('advance', {
      job_id: ask.job_id,
      owner: { pms },
      decide: (job, gate, at) => advance(job, ask, gate, at),
    });
  }

  /** @throws Problem `conflict` when the token is outdated. */
  async settle(pms: string, told: Settle): Promise<{ state: State }> {
    const ask = await unlessAnothers(this.database, told);
    return this.exposed('settle', { job_id: ask.job_id, owner: { pms }, decide: (job, _gate, at) => settle(job, ask, at) });
  }

  /** @throws Problem `conflict` when the token is outdated. */
  blame(pms: string, ask: { job_id: string; token: number; how: string }): Promise<{ state: State }> {
    return this.act({ job_id: ask.job_id, owner: { pms }, decide: (job, _gate, at) => blame(job, ask, at) });
  }

  cancel(ask: JobRequest): Promise<{ success: boolean; job_id: string }> {
    return this.act({ ...ofCustomer(ask), decide: (job, _gate, at) => cancel(job, at) });
  }

  retry(ask: JobRequest): Promise<{ success: boolean; job_id: string }> {
    return this.act({ ...ofCustomer(ask), requeues: true, decide: (job, _gate, at) => retry(job, at) });
  }

  resolve(ask: JobRequest): Promise<{ state: State }> {
    return this.act({ ...ofCustomer(ask), decide: (job, _gate, at) => resolve(job, ask, at) });
  }

  noteRefresh(note: NoteRefresh): Promise<{ ok: true }> {
    return this.act({ job_id: note.job_id, unknown: { ok: true }, decide: (job) => refreshed(job, note) });
  }

  /** Shuts an integration with a reason, or opens it and lets what was held go on. */
  async gate(integrationId: string, held: string | null): Promise<void> {
    await this.transact(async (session, consequences) => {
      await session.run(SET_GATE, integrationId, held);
      if (held !== null) return;
      const jobs = await session.run<{ id: string; pms: string }>(HELD, integrationId);
      await this.run(
        session,
        jobs.map(({ id }) => ({ job_id: id, decide: (job, _gate, at) => resume(job, at) })),
        consequences,
      );
      const [any] = await session.run<Waiting>(OWNERS, integrationId);
      if (any) consequences.stirred.add(any);
    });
  }

  /** Decisions of the dispatcher and the sweeper: a transaction of their own. */
  transact<Result>(work: (session: Session, consequences: Consequences) => Promise<Result>): Promise<Result> {
    return transactThen(this.database, work, this.options.onCommitted);
  }

  /** Carries out commands in a transaction that the caller began with `transact`. */
  run(session: Session, commands: readonly Command<unknown>[], consequences: Consequences) {
    return carryOut(session, commands, this.settings, consequences);
  }

  /** Resolves when everything under way is answered. */
  async drain(): Promise<void> {
    await Promise.all([this.acceptance.drain(), this.commits.drain()]);
  }

  /** A command of a worker, with a failpoint before its commit and one before its answer. */
  private async exposed<Answer>(what: 'claim' | 'advance' | 'settle', command: Command<Answer>): Promise<Answer> {
    const decide: Command<Answer>['decide'] = (...about) => {
      failpoint(`${what}.before-commit`);
      return command.decide(...about);
    };
    const answer = await this.act({ ...command, decide });
    failpoint(`${what}.after-commit`);
    return answer;
  }

  private async act<Answer>(command: Command<Answer>): Promise<Answer> {
    // The one cast of the batch: verdicts come back in the order of the commands, so this answer is this command's.
    return (await this.commits.submit(command)) as Answer;
  }
}

/** Consequences are gathered anew in each attempt and handed on only after its commit. */
async function transactThen<Result>(
  database: Database,
  work: (session: Session, consequences: Consequences) => Promise<Result>,
  then: (consequences: Consequences) => void,
): Promise<Result> {
  const consequences = noConsequences();
  return database.transaction(
    (session) => work(session, consequences),
    () => then(consequences),
  );
}

const ofCustomer = ({ job_id, principal }: JobRequest) => ({ job_id, owner: { organization_id: principal.organization_id } });

const SET_GATE = `
  insert into ledger.gate (integration_id, held_reason) values ($1, $2)
  on conflict (integration_id) do update set held_reason = excluded.held_reason`;
const HELD = `select id from ledger.operation where integration_id = $1 and state = 'HELD' order by id limit 10000`;
const OWNERS = `
  select pms, integration_id, organization_id from ledger.operation where integration_id = $1 and holds_lane limit 1`;
