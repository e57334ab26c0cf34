import type { AttemptReport, Capability, OperationName, Outcome, StepResult } from '#capabilities';

/** One write as the kit works on it. */
export interface Job {
  readonly capability: Capability;
  readonly operation: OperationName;
  readonly values: Readonly<Record<string, unknown>>;
  /** Field -> the PMS's id of the record that it names. */
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
  /** Committed before the first byte of the step leaves. `memo` is what settling a doubt will need. */
  sending(step: string, memo: Readonly<Record<string, unknown>>): Promise<void>;
  /** Committed before the next step begins. */
  finished(step: string, result: StepResult, attempt: AttemptReport): Promise<void>;
}

/** How the work ended, with the last step's result and attempt, if there were any. */
export interface Ending {
  readonly outcome: Outcome;
  readonly finished?: { readonly step: string; readonly result: StepResult };
  readonly attempt?: AttemptReport;
}
