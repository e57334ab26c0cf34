import { contract, pmsContract } from '../contract.ts';
import type { AttemptReport, FieldDifference, Outcome, StepResult } from '#capabilities';
import type { Principal } from './principal.ts';

export type { AttemptReport, Comparison, Evidence, FieldDifference, Outcome, StepResult } from '#capabilities';

/** The requests that `status` answers: it owns the ledger of writes. */

export const STATES = [
  'ACCEPTED',
  'RELEASED',
  'SENDING',
  'RETRY_WAIT',
  'HELD',
  'UNKNOWN',
  'RECONCILING',
  'SUCCEEDED',
  'PARTIAL',
  'FAILED',
  'NEEDS_REVIEW',
  'CANCELLED',
] as const;
export type State = (typeof STATES)[number];

/** One write, ready to be accepted: validated, routed, its references turned into the PMS's ids. */
export interface OpenWrite {
  /** The id that the write gets, made where it came in: so that a lost answer can be asked for again, and nothing is accepted twice. */
  readonly job_id: string;
  readonly organization_id: string;
  readonly integration_id: string;
  readonly pms: string;
  readonly model: string;
  readonly operation: 'create' | 'update';
  /** The record that an update changes; a create gets a new id when it is accepted. */
  readonly record_id: string | null;
  /** The PMS's id of that record; null on a create, and on an update of a record whose create is in the ledger: it is filled in there. */
  readonly x_id: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Field of the payload -> the PMS's id of the record that it names. */
  readonly references: Readonly<Record<string, string>>;
  /** Field of the payload -> the record that it names, where that record's create is in the ledger: its PMS id is filled in from there. */
  readonly awaits?: Readonly<Record<string, string>>;
  readonly ignored_fields: readonly string[];
  readonly priority: 'interactive' | 'bulk';
  /** Read the record back from the PMS after success. */
  readonly refresh: boolean;
  readonly idempotency?: { readonly key: string; readonly route: string; readonly fingerprint: string };
  /** Where in a trace it was asked for; the ledger itself fills it in. */
  readonly traceparent?: string;
}
export interface Opened {
  readonly job_id: string;
  readonly record_id: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly ignored_fields: readonly string[];
  readonly replayed: boolean;
}
/**
 * Answers after the commit. Problem `idempotency_key_reused` when the key is known with another fingerprint. Asked again with the same `job_id`, it
 * answers the write that is stored.
 */
export const openWrite = contract<OpenWrite, Opened>('ledger', 'open', {
  askedBy: ['router'],
  timeoutMs: 6_000,
  repeatable: true,
});

/** An answer that the gateway hands on as it is. */
export interface WireAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface JobRequest {
  readonly principal: Principal;
  readonly job_id: string;
  readonly reason?: string;
  /** resolve-write only: what a person found out. */
  readonly outcome?: 'succeeded' | 'failed';
  readonly x_id?: string;
}

/** The body of `GET /v1/admin/write-status/{root_job_id}`; the first three are the published fields. */
export interface WriteStatus {
  readonly write_status: 'PENDING' | 'SUCCESS' | 'PARTIAL_SUCCESS' | 'FAILURE';
  readonly errors: readonly string[];
  readonly created_record_id: string | null;
  readonly job_id: string;
  readonly state: State;
  readonly outcome: 'certain' | 'uncertain';
  readonly retriable: boolean;
  readonly created_record_ids: readonly string[];
  readonly x_id: string | null;
  readonly model: string;
  readonly operation: string;
  readonly integration_id: string;
  readonly record_id: string | null;
  readonly ignored_fields: readonly string[];
  readonly attempts: readonly AttemptReport[];
  readonly steps: readonly { readonly name: string; readonly state: 'done' | 'sent' | 'open' }[];
  readonly accepted_at: string;
  readonly completed_at: string | null;
  /** When a write in doubt will be settled at the latest. */
  readonly settled_by: string | null;
  /** When the next attempt is due, for a write that waits. */
  readonly next_attempt_at: string | null;
  /** Why nothing happens at the moment, in a sentence; null while something does. */
  readonly waiting_for: string | null;
  readonly record_refreshed_at: string | null;
  /**
   * Whether what was written is what the PMS showed afterwards; null when nobody has looked, when there was nothing to compare, and when a later
   * write of the record was sent before somebody looked.
   */
  readonly verified: boolean | null;
  /** What came back otherwise than it was written, field by field. */
  readonly differences: readonly FieldDifference[];
}
export const writeStatus = contract<JobRequest, WriteStatus>('ledger', 'status', { askedBy: ['gateway'], repeatable: true });
export const retryWrite = contract<JobRequest, { success: boolean; job_id: string }>('ledger', 'retry', { askedBy: ['gateway'] });
export const cancelWrite = contract<JobRequest, { success: boolean; job_id: string }>('ledger', 'cancel', {
  askedBy: ['gateway'],
});
export const resolveWrite = contract<JobRequest, WriteStatus>('ledger', 'resolve', { askedBy: ['gateway'] });
export const listWrites = contract<{ principal: Principal; query: Readonly<Record<string, string>> }, unknown>('ledger', 'list', {
  askedBy: ['gateway'],
  repeatable: true,
});

/** Creates whose record is not known to the cache yet: so that a write may name it. */
export interface PendingRecord {
  readonly record_id: string;
  readonly job_id: string;
  readonly integration_id: string;
  readonly model: string;
  readonly state: State;
  readonly x_id: string | null;
}
export const findPendingRecord = contract<{ organization_id: string; record_id: string }, PendingRecord | null>(
  'ledger',
  'pending',
  { askedBy: ['router'], repeatable: true },
);

// ---- between status and the workers ---------------------------------------------------------------------------------------------------

/** The message in JOBS: ids only. */
export interface JobMessage {
  readonly version: 1;
  readonly job_id: string;
  /** Counts the releases of the job; a message of an older release is dropped. */
  readonly release: number;
}

/** The step whose effect nobody knows. */
export interface StepInDoubt {
  readonly step: string;
  readonly sent_at: string;
  /** What was noted when it was sent. */
  readonly memo: Readonly<Record<string, unknown>>;
  /** Looks since then that the PMS answered without showing the effect. Those that failed prove nothing and are not counted. */
  readonly empty_looks: number;
}

export interface ClaimedJob {
  readonly job_id: string;
  /** Fencing token: every later message about this claim carries it, an outdated one is refused. */
  readonly token: number;
  /** Milliseconds from now after which the claim is somebody else's. */
  readonly lease_ms: number;
  /** `perform` sends; `reconcile` only reads, to settle a doubt. */
  readonly mode: 'perform' | 'reconcile';
  readonly organization_id: string;
  readonly integration_id: string;
  readonly model: string;
  readonly operation: 'create' | 'update';
  readonly record_id: string;
  readonly x_id: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly references: Readonly<Record<string, string>>;
  /** Steps proven done, by name. */
  readonly done: Readonly<Record<string, StepResult>>;
  /** Reconcile only. */
  readonly in_doubt: StepInDoubt | null;
  /** How often the write was resent after a doubt was settled as "no effect". */
  readonly resends: number;
  /** Set when a process ended while it worked on this write: work on it where nothing else is lost if that happens again. */
  readonly is_suspect?: true;
}
/**
 * Null: the message is outdated or the job is not to be worked on; ack and drop. `worker`: a name for this one try to work on the job. Asked
 * again under the same name, the ledger gives the same claim again, so a lost answer costs nothing.
 */
export const claimJob = pmsContract<{ job_id: string; release: number; worker: string }, ClaimedJob | null>('ledger', 'claim', {
  askedBy: ['worker'],
});

export interface Advance {
  readonly job_id: string;
  readonly token: number;
  /** The step that was just proven done. */
  readonly finished?: { readonly step: string; readonly result: StepResult; readonly attempt: AttemptReport };
  /** The step about to be sent: committed as SENDING before the answer, so nothing leaves without a trace. */
  readonly sending?: {
    readonly step: string;
    /** What settling a doubt will need, e.g. the former values that an update is about to replace. */
    readonly memo: Readonly<Record<string, unknown>>;
  };
}
export interface Advanced {
  readonly lease_ms: number;
  /** The step was not noted and must not be sent: the account is to be left alone for so long. */
  readonly paused_ms?: number;
  /** The step was not noted and must not be sent: the account's credentials were refused. */
  readonly held?: string;
}
/** Problem `conflict` when the token is outdated: stop at once, send nothing. */
export const advanceJob = pmsContract<Advance, Advanced>('ledger', 'advance', { askedBy: ['worker'] });

export interface Settle {
  readonly job_id: string;
  readonly token: number;
  readonly outcome: Outcome;
  /** The step finished last, when the outcome comes with it. */
  readonly finished?: { readonly step: string; readonly result: StepResult };
  readonly attempt?: AttemptReport;
}
/** Problem `conflict` when the token is outdated; the attempt is then kept as late evidence. */
export const settleJob = pmsContract<Settle, { state: State }>('ledger', 'settle', { askedBy: ['worker'], timeoutMs: 10_000 });

/**
 * The process that worked on a suspect ended, or did nothing any more: it alone can be to blame. Problem `conflict` when the token is outdated.
 */
export const blameJob = pmsContract<{ job_id: string; token: number; how: string }, { state: State }>('ledger', 'blame', {
  askedBy: ['worker'],
});

/** After success: cache-sync tells when the PMS's own value is back. */
export interface NoteRefresh {
  readonly job_id: string;
  readonly refreshed_at: string;
  readonly verified: boolean | null;
  /** @default none */
  readonly differences?: readonly FieldDifference[];
}
export const noteRefresh = contract<NoteRefresh, { ok: true }>('ledger', 'refreshed', {
  askedBy: ['cache-sync'],
  repeatable: true,
});

/** What a write wanted of its record. */
export interface WrittenValues {
  readonly operation: 'create' | 'update';
  readonly values: Readonly<Record<string, unknown>>;
  readonly references: Readonly<Record<string, string>>;
}
/** Null for an unknown write. */
export const writtenValues = contract<{ job_id: string }, WrittenValues | null>('ledger', 'written', {
  askedBy: ['cache-sync'],
  repeatable: true,
});

export interface MadeRecord {
  readonly x_id: string;
  readonly record_id: string;
}
/** The ids that were promised for records which creates of ours have made, of these records of a PMS. */
export const madeRecords = contract<{ integration_id: string; model: string; x_ids: readonly string[] }, readonly MadeRecord[]>(
  'ledger',
  'made',
  { askedBy: ['cache-sync'], repeatable: true },
);

/** Published to EVENTS after the commit that made it true. */
export interface WriteEvent {
  readonly version: 1;
  readonly job_id: string;
  /** Rises with every event of the job. */
  readonly sequence: number;
  readonly organization_id: string;
  readonly integration_id: string;
  readonly pms: string;
  readonly model: string;
  readonly operation: 'create' | 'update';
  readonly record_id: string;
  readonly x_id: string | null;
  readonly state: State;
  readonly refresh: boolean;
  readonly at: string;
  /** Where in a trace the write was asked for; a header of the message when it is told. */
  readonly traceparent?: string;
}

/** Lifts HELD from an integration (new credentials, re-enabled), or pauses it. */
export const gateIntegration = contract<{ integration_id: string; held: string | null }, { ok: true }>('ledger', 'gate', {
  askedBy: ['router'],
});
