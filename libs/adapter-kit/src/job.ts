import type { AttemptReport, Capability, OperationName, OperationSpec, Outcome, StepResult } from '#capabilities';
import type { NotNow } from './outlook.ts';

/** One write as the kit works on it. */
export interface Job {
  readonly capability: Capability;
  readonly operation: OperationName;
  readonly values: Readonly<Record<string, unknown>>;
  /** Field (or `entryOf` a list) -> the PMS's id of the record that it names. */
  readonly references: Readonly<Record<string, string>>;
  /** The PMS's id of the record; null on a create. */
  readonly recordId: string | null;
  /** Steps proven done in earlier claims. */
  readonly done: Readonly<Record<string, StepResult>>;
}

/**
 * Where the kit writes down what it does, before and after it does it. A call that throws stops the work at once: whoever took the job over
 * decides what happens next.
 */
export interface Journal {
  /**
   * Committed before the first byte of the step leaves; once more when the PMS wanted a new login first. `memo` is what settling a doubt will need.
   * Resolves to the moment of `performance.now()` after which the step must not be sent any more, if there is one, or to the reason why it must not be
   * sent now.
   */
  sending(step: string, memo: Readonly<Record<string, unknown>>): Promise<number | NotNow | void>;
  /** Committed before the next step begins. */
  finished(step: string, result: StepResult, attempt: AttemptReport): Promise<void>;
}

/** How the work ended, with the last step's result and attempt, if there were any. */
export interface Ending {
  readonly outcome: Outcome;
  readonly finished?: { readonly step: string; readonly result: StepResult };
  readonly attempt?: AttemptReport;
  /** What a declaration threw, if it did: a bug, or an answer of a shape that it does not expect. For the log of this process only. */
  readonly fault?: unknown;
}

/** The step that makes the record on a create. */
export function makerOf(operation: OperationSpec): string {
  return operation.idFrom ?? operation.steps[0].name;
}

/** The PMS's id of the record that a job is about: given, or of the step that made it. */
export function recordIdOf(job: Job, operation: OperationSpec, done: Job['done'] = job.done): string | null {
  return job.recordId ?? done[makerOf(operation)]?.x_id ?? null;
}
