import { pmsContract } from '../contract.ts';
import type { SealedCredentials } from './directory.ts';
import type { Comparison, WrittenValues } from './ledger.ts';

/** The requests that a PMS's worker answers. */

export interface CheckConnection {
  readonly organization_id: string;
  readonly integration_id: string;
  readonly base_url: string | null;
  /** As the customer sent them. Null: check the stored ones. */
  readonly credentials: Readonly<Record<string, string>> | null;
  /** The version to seal them under. */
  readonly version: number;
}
export type CheckResult =
  | { readonly ok: true; readonly sealed: SealedCredentials | null }
  /** `refused`: the PMS answered and said no. `unreachable`: it could not be asked. */
  | { readonly ok: false; readonly reason: 'refused' | 'unreachable' | 'invalid'; readonly detail: string };
/** Asks the PMS whether the credentials work, and seals them with the PMS's key: only the worker can open them again. */
export const checkConnection = pmsContract<CheckConnection, CheckResult>('pms', 'check', {
  askedBy: ['router'],
  timeoutMs: 35_000,
});

/** The stored credentials of an integration, as they are sealed. */
export interface SealedAt extends SealedCredentials {
  readonly organization_id: string;
  readonly integration_id: string;
}
export interface Reseal {
  /** The key under which they are to be. Problem `unavailable` while the worker's ring has another active key. */
  readonly key: string;
  readonly items: readonly SealedAt[];
}
/** In the order of the items; null for what no key of the ring opens. */
export type Resealed = readonly (SealedCredentials['fields'] | null)[];
/** For the rotation of keys: what is sealed with a former key comes back sealed with the active one, under the same version. */
export const resealCredentials = pmsContract<Reseal, Resealed>('pms', 'reseal', {
  askedBy: ['router'],
  timeoutMs: 30_000,
  repeatable: true,
});

/** A record as the PMS told it, in the unified model's fields. References are the PMS's ids, under `x_<field>`. */
export interface PmsRecordCopy {
  readonly x_id: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
export interface ReadPage {
  readonly integration_id: string;
  readonly model: string;
  /** One record by its PMS id, for the refresh after a write. */
  readonly x_id?: string;
  /** With `x_id`: what a write wanted of the record, to be compared with what it shows. */
  readonly written?: WrittenValues;
  /** Where to go on, as a former page said. */
  readonly cursor?: string;
  /** Only what the PMS knows as changed since this moment. Problem `operation_not_supported` where it can't filter so. */
  readonly changed_since?: string;
}
export interface PageOfCopies {
  readonly records: readonly PmsRecordCopy[];
  readonly next: string | null;
  readonly total: number | null;
  /** When the reading began: an older copy never replaces a newer one. */
  readonly fetched_at: string;
  /** The answer to `written`. */
  readonly compared?: Comparison;
}
/** Problem `not_found` for an `x_id` that the PMS does not have; `operation_not_supported` when it can't read this model. */
export const readPage = pmsContract<ReadPage, PageOfCopies>('pms', 'read', { askedBy: ['cache-sync'], timeoutMs: 70_000 });

/** A model that the PMS can list. */
export interface ReadableModel {
  readonly model: string;
  /** Whether `changed_since` may be asked for. */
  readonly by_change: boolean;
}
/** Models that the PMS can list, in an order in which references come after what they name. */
export const readableModels = pmsContract<Record<string, never>, readonly ReadableModel[]>('pms', 'models', {
  askedBy: ['cache-sync'],
  version: 2,
  repeatable: true,
});
