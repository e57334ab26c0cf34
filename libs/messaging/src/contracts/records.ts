import { contract } from '../contract.ts';
import type { Principal } from './principal.ts';

/** The requests that `cache-sync` answers: it owns the cached copies and the index of ids. */

export interface RecordAddress {
  readonly id: string;
  readonly model: string;
  readonly integration_id: string;
  readonly organization_id: string;
  readonly x_id: string;
}
/** Where records live, by their Latchkey ids; unknown ids and other organizations' are left out of the answer. */
export const locateRecords = contract<{ organization_id: string; ids: readonly string[] }, readonly RecordAddress[]>(
  'records',
  'locate',
  { askedBy: ['router'], repeatable: true },
);

export interface ListRecords {
  readonly principal: Principal;
  readonly model: string;
  readonly query: Readonly<Record<string, string>>;
}
export interface RecordList {
  readonly meta: {
    readonly offset: number;
    readonly limit: number;
    readonly orderBy: readonly { field: string; direction: 'asc' | 'desc' }[];
    readonly hasMore: boolean;
    /** Left out behind a cursor. */
    readonly total?: number;
    /** The `cursor` of the next page; null when there is none, or when the order has no cursors. */
    readonly nextCursor: string | null;
  };
  readonly results: readonly Readonly<Record<string, unknown>>[];
  /** Seconds since the oldest of these copies was read from the PMS; null when there is none. */
  readonly age_seconds: number | null;
}
export const listRecords = contract<ListRecords, RecordList>('records', 'list', { askedBy: ['gateway'], repeatable: true });

export const getRecord = contract<
  { principal: Principal; model: string; id: string },
  { result: Readonly<Record<string, unknown>>; age_seconds: number }
>('records', 'get', { askedBy: ['gateway'], repeatable: true });

/** Forgets the copies of a deleted integration. */
export const dropIntegration = contract<{ integration_id: string }, { ok: true }>('records', 'drop', { askedBy: ['router'] });
