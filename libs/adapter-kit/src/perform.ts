import {
  assemble,
  encodeFields,
  operationOf,
  valueAt,
  type EncodedDocuments,
  type OperationSpec,
  type Outcome,
  type Step,
  type StepResult,
} from '#capabilities';
import { fieldsChangedBy, fingerprint } from './compare.ts';
import { doubtAbout } from './doubt.ts';
import type { CallResult, PmsClient } from './client.ts';
import { fill, MissingParameter, resolve, type Sources } from './fill.ts';
import type { Ending, Job, Journal } from './job.ts';
import { PresentState, ReadFailed } from './reading.ts';
import { attemptReport, inWords } from './report.ts';

/**
 * Carries a write out, step by step, beginning with the first step that is not proven done.
 *
 *   read what is needed -> journal.sending -> one call -> what the answer proves -> next step | ending
 *
 * Only a proven success goes on to the next step. Never sends a step twice: repeating is the ledger's decision, from the ending that is returned.
 * Throws only what the journal throws.
 */
export async function perform(
  client: PmsClient,
  job: Job,
  journal: Journal,
  clock: () => Date = () => new Date(),
): Promise<Ending> {
  const operation = operationOf(job.capability, job.operation);
  if (!operation)
    return {
      outcome: { kind: 'failed', errors: [`${client.account.pms.title} does not offer this operation.`], retriable: false },
    };
  const work = new Work(client, job, operation, journal, clock);
  try {
    return await work.run();
  } catch (error) {
    if (error instanceof ReadFailed) return { outcome: afterFailedRead(client, job, error.result) };
    if (error instanceof MissingParameter) {
      return {
        outcome: { kind: 'failed', errors: [`The write can't be sent: ${error.message} is not known.`], retriable: true },
      };
    }
    throw error;
  }
}

class Work {
  private readonly done: Record<string, StepResult>;
  private readonly encoded: EncodedDocuments;
  private readonly present: PresentState;

  constructor(
    private readonly client: PmsClient,
    private readonly job: Job,
    private readonly operation: OperationSpec,
    private readonly journal: Journal,
    private readonly clock: () => Date,
  ) {
    this.done = { ...job.done };
    this.encoded = encodeFields(job.capability, job.operation, job.values, job.references);
    this.present = new PresentState(client, job);
  }

  async run(): Promise<Ending> {
    let pending: Required<Pick<Ending, 'finished' | 'attempt'>> | undefined;
    for (const [index, step] of this.operation.steps.entries()) {
      if (this.done[step.name]) continue;
      // What is finished must be on record before the next step may leave; the last one is settled together with the outcome.
      if (pending) await this.journal.finished(pending.finished.step, pending.finished.result, pending.attempt);
      pending = undefined;
      const ending = await this.perform(step, index);
      if (!ending) continue;
      if (ending.outcome.kind !== 'succeeded' || !ending.finished || !ending.attempt) return ending;
      this.done[step.name] = ending.finished.result;
      pending = { finished: ending.finished, attempt: ending.attempt };
    }
    return { outcome: { kind: 'succeeded', x_id: this.recordId(), resolution: 'answered' }, ...pending };
  }

  /** Undefined: the step has nothing to do. */
  private async perform(step: Step, index: number): Promise<Ending | undefined> {
    if (!this.isWanted(step, index)) return undefined;
    const sources = await this.sources(step);
    const changesNothingYet = step.otherwise !== undefined && resolve(step.otherwise.unless, sources) === undefined;
    const call = changesNothingYet && step.otherwise ? step.otherwise.call : step.call;
    const body = await this.body(step, sources, (changesNothingYet ? step.otherwise?.asArray : step.asArray) ?? false);
    if (step.sends !== undefined && body === undefined) return undefined;
    const filled = fill(call, sources);

    const memo = await this.memo(step, sources);
    let startedAt = this.clock();
    const result = await this.client.call(filled, body, async () => {
      await this.journal.sending(step.name, memo);
      startedAt = this.clock();
    });
    return this.conclude(step, result, startedAt);
  }

  private conclude(step: Step, result: CallResult, startedAt: Date): Ending {
    const { capability, values } = this.job;
    const { pms } = this.client.account;
    const id = step.id === undefined || result.verdict !== 'done' ? null : valueAt(result.answer, step.id);
    const lostId = step.id !== undefined && result.verdict === 'done' && (id === undefined || id === null);
    const judged: CallResult = lostId
      ? { ...result, verdict: 'unclear', evidence: 'C', reason: 'the answer does not name what was made' }
      : result;
    const message = judged.verdict === 'done' ? null : inWords(pms, capability, judged, values);
    const attempt = attemptReport(step.name, startedAt, this.clock(), judged, message);
    if (judged.verdict !== 'done') return { outcome: this.outcomeOf(judged, step, message ?? ''), attempt };
    const stepResult: StepResult = { x_id: id === null || id === undefined ? null : String(id), memo: {} };
    return { outcome: { kind: 'succeeded', x_id: null }, finished: { step: step.name, result: stepResult }, attempt };
  }

  private outcomeOf(result: CallResult, step: Step, message: string): Outcome {
    if (result.verdict === 'unclear') return doubtAbout(this.operation, step, [message]);
    return outcomeWithoutEffect(result, message);
  }

  private isWanted(step: Step, index: number): boolean {
    if ((step.when ?? (index === 0 ? 'always' : 'filled')) === 'filled')
      return step.sends === undefined || this.encoded.has(step.sends);
    // An update whose every field was stripped has nothing to send; a call without changes would only risk one.
    return this.job.operation === 'create' || step.sends === undefined || this.encoded.has(step.sends);
  }

  private async body(step: Step, sources: Sources, asArray: boolean): Promise<unknown> {
    if (step.sends === undefined) return undefined;
    const { capability } = this.job;
    const carried =
      this.operation.updates === 'replace' && this.operation.carry ? this.operation.carry(sources.current as never) : {};
    const assembled = assemble(capability, step.sends, this.encoded, carried);
    const body = step.compose
      ? step.compose(assembled, { current: sources.current, lookups: await this.present.lookups(sources) })
      : assembled;
    return body === undefined || !asArray ? body : [body];
  }

  /** What "as it was before" looks like, for a step that may have to be looked up again. */
  private async memo(step: Step, sources: Sources): Promise<Readonly<Record<string, unknown>>> {
    if (step.sends === undefined || sources.current === undefined) return {};
    const names = fieldsChangedBy(this.job.capability, step.sends, this.job.values);
    return { before: fingerprint(this.job.capability, sources.current, names) };
  }

  private async sources(step: Step): Promise<Sources> {
    const plain: Sources = {
      recordId: this.recordId(),
      references: this.job.references,
      values: this.job.values,
      done: this.done,
    };
    return this.needsCurrent(step) && plain.recordId !== null ? { ...plain, current: await this.present.current(plain) } : plain;
  }

  private needsCurrent(step: Step): boolean {
    if (this.operation.current === undefined) return false;
    const fromCurrent = Object.values(step.call.params).some((source) => source.kind === 'current');
    return this.job.operation === 'update' || fromCurrent || step.otherwise !== undefined || step.compose !== undefined;
  }

  private recordId(): string | null {
    const maker = this.operation.idFrom ?? this.operation.steps[0].name;
    return this.job.recordId ?? this.done[maker]?.x_id ?? null;
  }
}

/** Outcomes of results that prove that nothing happened. */
export function outcomeWithoutEffect(result: CallResult, message: string): Outcome {
  switch (result.verdict) {
    case 'unauthorized':
      return { kind: 'hold', reason: message };
    case 'slow_down':
      return {
        kind: 'retry',
        errors: [message],
        pause: true,
        ...(result.retryAfterMs === undefined ? {} : { after_ms: result.retryAfterMs }),
      };
    case 'later':
      return {
        kind: 'retry',
        errors: [message],
        ...(result.retryAfterMs === undefined ? {} : { after_ms: result.retryAfterMs }),
      };
    case 'not_sent':
      return { kind: 'retry', errors: [message] };
    default:
      return {
        kind: 'failed',
        errors: [message],
        retriable: result.status !== null && [403, 404, 409, 412].includes(result.status),
      };
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
