/**
 * What one call to a PMS proves: A: it was not sent, B: it was answered, and the answer proves effect or no effect, C: nobody can tell.
 * Whatever no table knows is C.
 */
export type Evidence = 'A' | 'B' | 'C';

/** What happened in one call to the PMS (or one try that never reached it). */
export interface AttemptReport {
  /** Counts from 1 over the life of the job; set by the ledger. */
  readonly number?: number;
  readonly step: string;
  readonly started_at: string;
  readonly ended_at: string;
  readonly evidence: Evidence;
  readonly pms_status: number | null;
  /** For the customer's developer; already redacted. */
  readonly message: string | null;
}

/** What a finished step left behind: the PMS's id of what it made, and whatever later steps need. */
export interface StepResult {
  readonly x_id: string | null;
  readonly memo: Readonly<Record<string, string>>;
}

/** How a piece of work on a write ended. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly x_id: string | null; readonly resolution?: 'answered' | 'reconciled' | 'late' }
  /** The PMS refused, or the write can't be built. With steps already done, the write is a partial one. */
  | { readonly kind: 'failed'; readonly errors: readonly string[]; readonly retriable: boolean }
  /** Provably without effect, to be tried again; `pause` stops the whole integration until then. `unmade`: no try was made, so none counts. */
  | {
      readonly kind: 'retry';
      readonly errors: readonly string[];
      readonly after_ms?: number;
      readonly pause?: boolean;
      readonly unmade?: true;
    }
  /** The integration can't be used until somebody acts (credentials refused). */
  | { readonly kind: 'hold'; readonly reason: string }
  /**
   * Nobody knows whether it happened. `settle_after_ms`: when looking makes sense; `settle_within_ms`: when a person must look.
   * `empty_look`: the PMS was asked, late enough, and answered without showing the effect; absent from looks that failed or came too early.
   */
  | {
      readonly kind: 'doubt';
      readonly errors: readonly string[];
      readonly policy: 'search' | 'read_back' | 'person';
      readonly settle_after_ms: number;
      readonly settle_within_ms: number;
      readonly empty_look?: true;
    }
  /** Reconciling proved the step in doubt done, and more steps follow: go on at once. Comes with the finished step. */
  | { readonly kind: 'resume' }
  /** Reconciling proved that the write had no effect: it may be sent once more. */
  | { readonly kind: 'absent'; readonly errors: readonly string[] }
  /** Reconciling can't tell: a person must look. */
  | { readonly kind: 'review'; readonly errors: readonly string[] };

/** A field that a write set and that did not come back as it was sent. References are compared as the PMS's ids, under `x_<field>`. */
export interface FieldDifference {
  readonly field: string;
  readonly written: unknown;
  /** Null when the PMS shows none. */
  readonly found: unknown;
  /** The PMS means the same and writes it its own way: blanks, letter case, punctuation of numbers, a time where it keeps days only. */
  readonly normalised: boolean;
}
/** What came back, beside what was written. */
export interface Comparison {
  /** True when all is there, as the PMS writes it; null when the PMS shows nothing of what was written. */
  readonly verified: boolean | null;
  readonly differences: readonly FieldDifference[];
}
