/** A write as the ledger's decisions see it: one row, its times in milliseconds. */
import type { FieldDifference, State } from '#messaging';

/** One PMS call of a write. A step that is neither sent nor done is not listed. */
export interface Step {
  readonly name: string;
  /** `sent`: it may have reached the PMS, and its outcome is not proven. */
  readonly state: 'sent' | 'done';
  readonly sent_at: string | null;
  /** sent: what settling a doubt will need. done: what later steps need. */
  readonly memo: Readonly<Record<string, unknown>>;
  readonly x_id: string | null;
  /** sent: looks that the PMS answered without showing the effect. @default 0 */
  readonly empty_looks?: number;
}

/** What never changes once a write is accepted. */
export interface Accepted {
  readonly id: string;
  readonly organization_id: string;
  readonly integration_id: string;
  readonly pms: string;
  readonly model: string;
  readonly operation: 'create' | 'update';
  readonly record_id: string;
  readonly lane: string;
  readonly refresh: boolean;
  /** Where in a trace it was asked for. */
  readonly traceparent: string | null;
  /** Read only for a claim; null otherwise. */
  readonly payload: Readonly<Record<string, unknown>> | null;
}

/** What changes. Each column stands in `MUTABLE` below, and nowhere else. */
export interface Progress {
  readonly x_id: string | null;
  readonly references: Readonly<Record<string, string>>;
  readonly state: State;
  readonly release_no: number;
  readonly unclaimed: number;
  readonly released_at: number | null;
  readonly token: number;
  readonly worker: string | null;
  readonly lease_until: number | null;
  readonly due_at: number | null;
  readonly deadline_at: number;
  readonly sent_at: number | null;
  readonly completed_at: number | null;
  readonly steps: readonly Step[];
  readonly errors: readonly string[];
  readonly retriable: boolean;
  readonly resolution: string | null;
  readonly doubt_policy: string | null;
  readonly settle_by: number | null;
  readonly doubt_token: number | null;
  readonly settled_token: number | null;
  readonly retries: number;
  readonly reconciliations: number;
  readonly resends: number;
  readonly crashes: number;
  readonly attempts: number;
  readonly event_sequence: number;
  readonly blocked_by: string | null;
  readonly depends_on: readonly string[];
  readonly awaits: Readonly<Record<string, string>>;
  readonly refreshed_at: number | null;
  readonly verified: boolean | null;
  readonly differences: readonly FieldDifference[];
}

export type Job = Accepted & Progress;

/** The column types of `Progress`; statements are built from this table. */
export const MUTABLE = {
  x_id: 'text',
  references: 'jsonb',
  state: 'text',
  release_no: 'integer',
  unclaimed: 'smallint',
  released_at: 'timestamptz',
  token: 'integer',
  worker: 'text',
  lease_until: 'timestamptz',
  due_at: 'timestamptz',
  deadline_at: 'timestamptz',
  sent_at: 'timestamptz',
  completed_at: 'timestamptz',
  steps: 'jsonb',
  errors: 'jsonb',
  retriable: 'boolean',
  resolution: 'text',
  doubt_policy: 'text',
  settle_by: 'timestamptz',
  doubt_token: 'integer',
  settled_token: 'integer',
  retries: 'smallint',
  reconciliations: 'smallint',
  resends: 'smallint',
  crashes: 'smallint',
  attempts: 'integer',
  event_sequence: 'integer',
  blocked_by: 'text',
  depends_on: 'text[]',
  awaits: 'jsonb',
  refreshed_at: 'timestamptz',
  verified: 'boolean',
  differences: 'jsonb',
} as const satisfies Record<keyof Progress, string>;

/** Whether an integration may be used now. */
export interface GateState {
  readonly held_reason: string | null;
  readonly paused_until: number | null;
}

/** The circumstances of a decision: the database's clock, the settings, the dice. */
export interface Circumstances {
  /** The database's time, in milliseconds. */
  readonly now: number;
  readonly leaseMs: number;
  readonly ageLimitMs: number;
  /** At least 0, below 1. */
  readonly random: () => number;
}
