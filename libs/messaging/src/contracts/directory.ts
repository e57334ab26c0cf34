import { contract, pmsContract } from '../contract.ts';
import type { WireAnswer } from './ledger.ts';
import type { Principal } from './principal.ts';
import type { SyncSettings } from './syncing.ts';

/** The requests that `router` answers: keys, integrations, capabilities, and the routing of writes. */

/** SHA-256 (hex) of the API key; the key itself never leaves the gateway. Answers null for an unknown or revoked key. */
export const authenticate = contract<{ key_hash: string }, Principal | null>('directory', 'authenticate', {
  askedBy: ['gateway'],
  repeatable: true,
});

export interface WriteRequest {
  /** Made by the gateway, see OpenWrite. */
  readonly job_id: string;
  readonly principal: Principal;
  readonly operation: 'create' | 'update';
  /** Path of the model ('residents'); for a child write ('residents', 'notes') the parent's path and `child`. */
  readonly model: string;
  readonly child?: string;
  /** The record that an update changes, or the parent of a child create. */
  readonly id?: string;
  /** The system-specific form of the route names a vendor; the record must belong to it. */
  readonly vendor?: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly ignore_unknown_fields: boolean;
  readonly dry_run: boolean;
  /** `bulk` gives way to `interactive`. @default 'interactive' */
  readonly priority?: 'interactive' | 'bulk';
  readonly idempotency_key?: string;
}

export interface WriteAccepted {
  /** Absent on a dry run. */
  readonly job_id?: string;
  /** The record as asked for: every model field, null where unset. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly ignored_fields: readonly string[];
  /** True when this is the stored answer of an earlier request with the same Idempotency-Key. */
  readonly replayed: boolean;
}

/** Routes, validates and accepts a write; the answer means that it is committed in the ledger. */
export const acceptWrite = contract<WriteRequest, WriteAccepted>('directory', 'write', {
  askedBy: ['gateway'],
  timeoutMs: 8_000,
  repeatable: true,
});

/** Administration and capability requests share one contract: the gateway knows the routes, the router their meaning. */
export interface AdminRequest {
  readonly principal: Principal;
  readonly action: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
export const administer = contract<AdminRequest, WireAnswer>('directory', 'administer', {
  askedBy: ['gateway'],
  timeoutMs: 45_000,
});

/** What a worker needs to reach a customer's PMS account. `sealed` opens only with the keyring of that PMS. */
export interface SealedConnection {
  readonly integration_id: string;
  readonly organization_id: string;
  readonly base_url: string | null;
  readonly sealed: SealedCredentials;
  readonly settings: Readonly<Record<string, unknown>>;
}
export interface SealedCredentials {
  /** Raised at every change of the credentials; a worker that was refused looks whether it has risen. */
  readonly version: number;
  /** Field name -> sealed value. */
  readonly fields: Readonly<Record<string, string>>;
}
/** Asked by the worker of the PMS that the integration belongs to; null when it is not that PMS's. */
export const connectionOf = pmsContract<{ integration_id: string }, SealedConnection | null>('directory', 'connection', {
  askedBy: ['worker'],
  repeatable: true,
});

/** What cache-sync needs to know of an integration. */
export interface IntegrationSummary {
  readonly id: string;
  readonly organization_id: string;
  readonly vendor: string;
  readonly pms: string;
  readonly active: boolean;
  /** When it is to be synced. */
  readonly schedule: SyncSettings;
}
export const listActiveIntegrations = contract<Record<string, never>, readonly IntegrationSummary[]>(
  'directory',
  'integrations',
  { askedBy: ['cache-sync'], repeatable: true },
);
