import { operationOf, Unsendable, valueAt, type OperationSpec, type Outcome, type Step, type StepResult } from '#capabilities';
import { asRecordId } from './answer.ts';
import { fieldsChangedBy, fingerprint } from './compare.ts';
import { doubtAbout } from './doubt.ts';
import { withoutAnswer, type CallResult } from './call-result.ts';
import type { PmsClient } from './client.ts';
import { fill, MissingParameter, resolve, sourcesIn, type Sources } from './fill.ts';
import { makerOf, recordIdOf, type Ending, type Job, type Journal } from './job.ts';
import { bodyOf, encode, isWanted } from './payload.ts';
import { PresentState, ReadFailed } from './reading.ts';
import { attemptReport, inWords, mayHeal } from './report.ts';

/**
 * Carries a write out, step by step, beginning with the first step that is not proven done.
 *
 *   read what is needed -> journal.sending -> one call -> what the answer proves -> next step | ending
 *
 * Only a proven success goes on to the next step. Never sends a step twice: repeating is the ledger's decision, from the ending that is returned.
 * Throws only what the journal throws. Whatever else is thrown on the way, by a declaration that meets an answer of a shape that it does not expect,
 * is an ending too: without effect before the sending, in doubt after it.
 */
export async function perform(client: PmsClient, job: Job, journal: Journal): Promise<Ending> {
  const operation = operationOf(job.capability, job.operation);
  if (!operation) return failed(`${client.account.pms.title} does not offer this operation.`, false);
  const guarded = new GuardedJournal(journal);
  try {
    return await new Work(client, job, operation, guarded).run();
  } catch (error) {
    if (guarded.stopped) throw error;
    if (error instanceof ReadFailed) return { outcome: afterFailedRead(client, job, error.result) };
    if (error instanceof MissingParameter) return failed(`The write can't be sent: ${error.message} is not known.`, true);
    if (error instanceof Unsendable) return failed(error.message, true);
    const words = `The write could not be prepared from what ${client.account.pms.title} shows. Nothing was sent.`;
    return { ...failed(words, true), fault: error };
  }
}

const failed = (error: string, retriable: boolean): Ending => ({ outcome: { kind: 'failed', errors: [error], retriable } });

/** Remembers whether it was the journal that stopped the work. */
class GuardedJournal implements Journal {
  stopped = false;

  constructor(private readonly journal: Journal) {}

  sending(...what: Parameters<Journal['sending']>): ReturnType<Journal['sending']> {
    return this.guard(() => this.journal.sending(...what));
  }

  finished(...what: Parameters<Journal['finished']>): Promise<void> {
    return this.guard(() => this.journal.finished(...what));
  }

  private async guard<T>(note: () => Promise<T>): Promise<T> {
    try {
      return await note();
    } catch (error) {
      this.stopped = true;
      throw error;
    }
  }
}

class Work {
  private readonly done: Record<string, StepResult>;
  private readonly encoded;
  private readonly present: PresentState;

  constructor(
    private readonly client: PmsClient,
    private readonly job: Job,
    private readonly operation: OperationSpec,
    private readonly journal: GuardedJournal,
  ) {
    this.done = { ...job.done };
    this.encoded = encode(job);
    this.present = new PresentState(client, job);
  }

  async run(): Promise<Ending> {
    const { operation, job } = this;
    let pending: Required<Pick<Ending, 'finished' | 'attempt'>> | undefined;
    for (const [index, step] of operation.steps.entries()) {
      if (this.done[step.name] || !isWanted(job, step, index, this.encoded)) continue;
      // What is finished must be on record before the next step may leave; the last one is settled together with the outcome.
      if (pending) await this.journal.finished(pending.finished.step, pending.finished.result, pending.attempt);
      pending = undefined;
      const ending = await this.take(step);
      if (!ending) continue;
      if (ending.outcome.kind !== 'succeeded' || !ending.finished || !ending.attempt) return ending;
      this.done[step.name] = ending.finished.result;
      pending = { finished: ending.finished, attempt: ending.attempt };
    }
    // An update may find everything as it should be; a create that sent nothing has made nothing.
    if (job.operation === 'create' && !this.done[makerOf(operation)]) {
      return failed(`Nothing of this write can be sent to ${this.client.account.pms.title}, so nothing was created.`, false);
    }
    const x_id = recordIdOf(job, operation, this.done);
    return { outcome: { kind: 'succeeded', x_id, resolution: 'answered' }, ...pending };
  }

  /** Undefined: the step has nothing to do. */
  private async take(step: Step): Promise<Ending | undefined> {
    const { client, job, operation } = this;
    const sources = await this.sources(step);
    const { otherwise } = step;
    const way = otherwise && resolve(otherwise.unless, sources) === undefined ? otherwise : step;
    const body = await bodyOf(job, operation, step, way.asArray ?? false, this.encoded, sources, this.present);
    if (step.sends !== undefined && body === undefined) return undefined;
    const call = fill(way.call, sources);
    const memo = this.memo(step, sources);

    let startedAt = client.clock.now();
    let noted = false;
    try {
      const result = await client.call(call, body, async () => {
        const startBefore = await this.journal.sending(step.name, memo);
        startedAt = client.clock.now();
        noted = true;
        return startBefore;
      });
      return this.conclude(step, result, startedAt);
    } catch (error) {
      if (!noted || this.journal.stopped) throw error;
      const lost = withoutAnswer({ evidence: 'C', verdict: 'unclear', reason: 'its answer could not be understood' });
      return { ...this.conclude(step, lost, startedAt), fault: error };
    }
  }

  private conclude(step: Step, result: CallResult, startedAt: number): Ending {
    const { capability, values } = this.job;
    const id = step.id === undefined || result.verdict !== 'done' ? null : asRecordId(valueAt(result.answer, step.id));
    const lostId = step.id !== undefined && result.verdict === 'done' && id === null;
    const judged: CallResult = lostId
      ? { ...result, verdict: 'unclear', evidence: 'C', reason: 'the answer does not name what was made' }
      : result;
    const message = judged.verdict === 'done' ? null : inWords(this.client.account.pms, capability, judged, values);
    if (judged.unmade) return { outcome: outcomeWithoutEffect(judged, message ?? '') };
    const attempt = attemptReport(step.name, new Date(startedAt), new Date(this.client.clock.now()), judged, message);
    if (judged.verdict === 'unclear') return { outcome: doubtAbout(this.operation, step, [message ?? '']), attempt };
    if (judged.verdict !== 'done') return { outcome: outcomeWithoutEffect(judged, message ?? ''), attempt };
    return { outcome: { kind: 'succeeded', x_id: null }, finished: { step: step.name, result: { x_id: id, memo: {} } }, attempt };
  }

  /** What "as it was before" looks like, for a step that may have to be looked up again. */
  private memo(step: Step, sources: Sources): Readonly<Record<string, unknown>> {
    if (step.sends === undefined || sources.current === undefined) return {};
    const { capability, values } = this.job;
    const { readable } = fieldsChangedBy(capability, step.sends, values);
    return { before: fingerprint(capability, sources.current, readable) };
  }

  private async sources(step: Step): Promise<Sources> {
    const { job, operation, done } = this;
    const plain: Sources = {
      recordId: recordIdOf(job, operation, done),
      references: job.references,
      values: job.values,
      done,
    };
    if (plain.recordId === null || !this.needsCurrent(step)) return plain;
    return { ...plain, current: await this.present.current(plain) };
  }

  private needsCurrent(step: Step): boolean {
    if (this.operation.current === undefined) return false;
    if (this.job.operation === 'update' || step.otherwise !== undefined || step.compose !== undefined) return true;
    return sourcesIn(step.call).some((source) => source.kind === 'current');
  }
}

/** Outcomes of results that prove that nothing happened. */
function outcomeWithoutEffect(result: CallResult, message: string): Outcome {
  const after = {
    ...(result.retryAfterMs === undefined ? {} : { after_ms: result.retryAfterMs }),
    ...(result.unmade ? { unmade: true as const } : {}),
  };
  switch (result.verdict) {
    case 'unauthorized':
      return { kind: 'hold', reason: message };
    case 'slow_down':
      return { kind: 'retry', errors: [message], pause: true, ...after };
    case 'later':
    case 'not_sent':
      return { kind: 'retry', errors: [message], ...after };
    default:
      return { kind: 'failed', errors: [message], retriable: mayHeal(result.status) };
  }
}

/** A read has no effect, so its doubts are none: it is tried again. */
function afterFailedRead(client: PmsClient, job: Job, result: CallResult): Outcome {
  const { pms } = client.account;
  if (result.verdict === 'unclear') {
    const status = result.status === null ? '' : ` (${result.status})`;
    return {
      kind: 'retry',
      errors: [`${pms.title} did not show the record${status}${result.reason ? `: ${result.reason}` : ''}. Nothing was sent.`],
    };
  }
  return outcomeWithoutEffect(result, inWords(pms, job.capability, result, job.values));
}
