/**
 * The one door to a write's row. A command names a write and brings a pure decision; here the rows of a whole batch are locked, decided
 * upon in order, and written with their attempts and events in one transaction. A decision sees the row as it is at that moment, under
 * its lock, so every change is a compare-and-set: of a token, a release number or a state.
 *
 * When a write ends, what waits for it follows in the same transaction: no crash can separate an end from its consequences.
 */
import type { WriteEvent } from '#messaging';
import { Problem } from '#problem';
import type { Verdict } from './group-commit.ts';
import type { Circumstances, GateState, Job } from './job.ts';
import { iso } from './decide/claim.ts';
import { orphan, supplied } from './decide/time.ts';
import type { Decided } from './decide/verdict.ts';
import { Stirred } from './move/stirred.ts';
import { MEANING } from './states.ts';
import type { Session } from './store/database.ts';
import { lockJobs, saveGates, writeJobs, type AttemptRow, type Change, type LockedJob } from './store/jobs.ts';
import { followersOf, holdsLane, lockSurroundings, moveUp } from './store/lanes.ts';

export interface Command<Answer> {
  readonly job_id: string;
  /** Whose write it must be; any other is answered as if it did not exist. */
  readonly owner?: { readonly organization_id: string } | { readonly pms: string };
  readonly decide: (job: Job, gate: GateState, at: Circumstances) => Decided<Answer>;
  /** The answer when there is no such write. @default Problem not_found */
  readonly unknown?: Answer;
  /** The decision reads the payload. */
  readonly payload?: true;
  /** The decision may accept the write anew, which moves it to the end of its lane. */
  readonly requeues?: true;
}

/** What a transaction means for the rest of the service, once it is committed. */
export interface Consequences {
  /** Writes to be published to the workers. */
  readonly released: Job[];
  /** Integrations of which something may be released now. */
  readonly stirred: Stirred;
  /** Integrations that were shut, or shut for longer. */
  readonly shut: Shut[];
  /** Writes that entered a state, and attempts, to be counted. */
  readonly entered: { readonly from: Job; readonly to: Job }[];
  readonly tried: { readonly pms: string; readonly evidence: AttemptRow['evidence'] }[];
  events: number;
}

export interface Shut {
  readonly pms: string;
  readonly integration_id: string;
  readonly paused_for_ms?: number;
  readonly held_reason?: string;
}

export const noConsequences = (): Consequences => ({
  released: [],
  stirred: new Stirred(),
  shut: [],
  entered: [],
  tried: [],
  events: 0,
});

export type LedgerSettings = Omit<Circumstances, 'now'>;

/** Carries out a batch of commands in the caller's transaction. Verdicts come in the order of the commands. */
export async function carryOut(
  session: Session,
  commands: readonly Command<unknown>[],
  settings: LedgerSettings,
  consequences: Consequences,
): Promise<Verdict<unknown>[]> {
  const ids = [...new Set(commands.map(({ job_id }) => job_id))];
  const anew = commands.filter(({ requeues }) => requeues);
  // Before the rows, as accepting does: whoever takes both kinds of lock takes them in this order.
  const places = anew.length > 0 ? await findPlaces(session, anew) : undefined;
  const payloads = commands.filter(({ payload }) => payload).map(({ job_id }) => job_id);
  const rows = new Map((await lockJobs(session, ids, payloads)).map((row) => [row.job.id, row]));

  const batch = new Batch(rows, settings, consequences, places);
  const verdicts = commands.map((command) => batch.decide(command));
  const ended = await batch.write(session);
  if (ended.length > 0) await follow(session, ended, settings, consequences);
  return verdicts;
}

/** The state of one batch: rows as they become, and what is to be written beside them. */
class Batch {
  private readonly changes = new Map<string, Change>();
  private readonly attempts: AttemptRow[] = [];
  private readonly events: WriteEvent[] = [];
  private readonly gates = new Map<string, { paused_until?: number; held_reason?: string }>();

  constructor(
    private readonly rows: ReadonlyMap<string, LockedJob>,
    private readonly settings: LedgerSettings,
    private readonly consequences: Consequences,
    private readonly places: Places | undefined,
  ) {}

  decide<Answer>(command: Command<Answer>): Verdict<Answer> {
    const row = this.rows.get(command.job_id);
    const job = row && (this.changes.get(command.job_id)?.to ?? row.job);
    if (!job || !owns(command.owner, job)) {
      return command.unknown === undefined ? { problem: Problem.notFound('write') } : { answer: command.unknown };
    }
    const decided = command.decide(job, row.gate, { ...this.settings, now: row.now });
    const refusal = decided.requeue && decided.next ? this.requeue(job, decided.next) : undefined;
    if (refusal) return { problem: refusal };
    if (!decided.requeue && decided.next) this.note(job, decided.next, row, false);
    if (decided.retell) this.events.push(eventOf(job, row.now));
    for (const attempt of decided.attempts ?? []) {
      this.attempts.push({ ...attempt, operation_id: job.id });
      this.consequences.tried.push({ pms: job.pms, evidence: attempt.evidence });
    }
    if (decided.gate) this.shut(job, decided.gate, row);
    return decided.answer instanceof Problem ? { problem: decided.answer } : { answer: decided.answer };
  }

  private shut(
    { pms, integration_id }: Job,
    gate: NonNullable<Decided<unknown>['gate']>,
    { gate: before, now }: LockedJob,
  ): void {
    const told = this.gates.get(integration_id);
    const isNews = gate.paused_until !== undefined || (before.held_reason === null && told?.held_reason === undefined);
    this.gates.set(integration_id, { ...told, ...gate });
    if (!isNews) return;
    const paused = gate.paused_until === undefined ? {} : { paused_for_ms: gate.paused_until - now };
    const held = gate.held_reason === undefined ? {} : { held_reason: gate.held_reason };
    this.consequences.shut.push({ pms, integration_id, ...paused, ...held });
  }

  /** Hangs a write that is accepted anew at the end of its lane. What it waits for must have succeeded by now, or still be possible. */
  private requeue(job: Job, next: Job): Problem | undefined {
    const row = this.rows.get(job.id);
    const places = this.places;
    if (!row || !places) throw new Error('a command that accepts anew must say so');
    const create = job.operation === 'update' && next.x_id === null ? places.creates.get(job.record_id) : undefined;
    const needed = [...(create ? [create.id] : []), ...next.depends_on].map((id) => places.byId.get(id));
    const failed = needed.find((anchor) => !anchor || (anchor.x_id === null && !holdsLane(anchor)));
    if (failed)
      return new Problem(
        'conflict',
        `This write needs the record of write ${failed.id}, which was not created. Retry that one first.`,
      );

    const end = places.ends.get(job.lane);
    const hung: Job = { ...next, x_id: next.x_id ?? create?.x_id ?? null, blocked_by: end && end.id !== job.id ? end.id : null };
    const there = needed.filter((anchor) => anchor !== undefined && anchor.id !== create?.id && anchor.x_id !== null);
    const ready = there.reduce<Job>(
      (to, anchor) => supplied(to, { job_id: anchor?.id ?? '', x_id: anchor?.x_id ?? '' }).next ?? to,
      hung,
    );
    this.note(job, ready, row, true);
    return undefined;
  }

  private note(job: Job, next: Job, row: LockedJob, requeue: boolean): void {
    this.changes.set(job.id, { from: row.job, to: next, requeue: requeue || (this.changes.get(job.id)?.requeue ?? false) });
    if (next.event_sequence > job.event_sequence) this.events.push(eventOf(next, row.now));
    if (next.state === job.state) return;
    this.consequences.entered.push({ from: job, to: next });
    // It made room, or became ready. On its way to or at a worker it did neither.
    if (MEANING[next.state].phase !== 'active' || next.state === 'UNKNOWN') this.consequences.stirred.add(job);
  }

  /** Writes all of it, and returns the writes that no longer hold their lane, if anything waits for one of them. */
  async write(session: Session): Promise<Job[]> {
    const changes = [...this.changes.values()];
    if (changes.length === 0 && this.events.length === 0) return [];
    if (this.gates.size > 0) await saveGates(session, this.gates);
    const ended = changes.filter(({ from, to }) => holdsLane(from) && !holdsLane(to)).map(({ to }) => to);
    const { followed } = await writeJobs(
      session,
      changes,
      this.attempts,
      this.events,
      ended.map(({ id }) => id),
    );
    this.consequences.events += this.events.length;
    this.consequences.released.push(...changes.filter(({ from, to }) => to.release_no !== from.release_no).map(({ to }) => to));
    return followed ? ended : [];
  }
}

/** Moves up what hung on ended writes, and gives their ids, or their failure, to those that waited for them. */
async function follow(
  session: Session,
  ended: readonly Job[],
  settings: LedgerSettings,
  consequences: Consequences,
): Promise<void> {
  await moveUp(
    session,
    ended.map(({ id }) => id),
  );
  const creates = ended.filter(({ operation }) => operation === 'create');
  if (creates.length === 0) return;
  const followers = await followersOf(session, creates);
  const commands = followers.flatMap((follower) =>
    creates
      .filter((create) => follower.lane === create.lane || follower.depends_on.includes(create.id))
      .map((create): Command<null> => ({
        job_id: follower.id,
        decide: (job, _gate, at) =>
          create.x_id !== null && follower.lane !== create.lane
            ? supplied(job, { job_id: create.id, x_id: create.x_id })
            : orphan(job, { job_id: create.id, why: WHY[create.state] ?? 'did not tell its id' }, at),
      })),
  );
  if (commands.length > 0) await carryOut(session, commands, settings, consequences);
}

const WHY: Partial<Record<Job['state'], string>> = { FAILED: 'failed', CANCELLED: 'was cancelled' };

type Places = Awaited<ReturnType<typeof lockSurroundings>>;

async function findPlaces(session: Session, commands: readonly Command<unknown>[]): Promise<Places> {
  const rows = await session.run<Pick<Job, 'lane' | 'record_id' | 'depends_on'>>(
    'select lane, record_id, depends_on from ledger.operation where id = any($1::text[])',
    commands.map(({ job_id }) => job_id),
  );
  return lockSurroundings(session, {
    lanes: rows.map(({ lane }) => lane),
    records: rows.map(({ record_id }) => record_id),
    ids: rows.flatMap(({ depends_on }) => depends_on),
  });
}

function owns(owner: Command<unknown>['owner'], job: Job): boolean {
  if (!owner) return true;
  return 'pms' in owner ? owner.pms === job.pms : owner.organization_id === job.organization_id;
}

const eventOf = (job: Job, now: number): WriteEvent => ({
  version: 1,
  job_id: job.id,
  sequence: job.event_sequence,
  organization_id: job.organization_id,
  integration_id: job.integration_id,
  pms: job.pms,
  model: job.model,
  operation: job.operation,
  record_id: job.record_id,
  x_id: job.x_id,
  state: job.state,
  refresh: job.refresh,
  at: iso(now),
  ...(job.traceparent === null ? {} : { traceparent: job.traceparent }),
});
