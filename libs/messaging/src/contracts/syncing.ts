import { contract } from '../contract.ts';
import type { IntegrationSummary } from './directory.ts';
import type { Principal } from './principal.ts';

/** What `cache-sync` is told and asked about its syncs: when they are due, how far they are, what they found. */

export const CADENCES = ['SECOND', 'MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH'] as const;
export type Cadence = (typeof CADENCES)[number];
export const WEEKDAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** "Every so many units". */
export interface Rhythm {
  readonly sync_frequency: number;
  readonly sync_cadence: Cadence;
}
/** A part of a day, from `start` until before `end` (`HH:MM`, local), in which syncs may begin, and how often they do. */
export interface SyncSlot extends Rhythm {
  readonly start: string;
  readonly end: string;
}
/** Syncs by the days of the week; a day that is left out has none. */
export interface WeekSchedule {
  readonly type: 'WEEK_BASED';
  /** An IANA name. */
  readonly timezone: string;
  readonly interval: { readonly [Day in Weekday]?: { readonly slots: readonly SyncSlot[] } };
}
/** When an integration is to be synced: by its rhythm, or by its week where it has one that is switched on. */
export interface SyncSettings extends Rhythm {
  readonly week: WeekSchedule | null;
}

/** Tells the present settings of an integration, so that a change counts at once. What is due is worked out anew. */
export const scheduleSync = contract<IntegrationSummary, { ok: true }>('records', 'schedule', {
  askedBy: ['router'],
  repeatable: true,
});

/**
 * Why models are read: it is time (SCHEDULE), somebody wants them now (MANUAL), or somebody wants all that there ever was (BACK_SYNC), without
 * the limit by date that the others keep to.
 */
export const SYNC_TRIGGERS = ['SCHEDULE', 'MANUAL', 'BACK_SYNC'] as const;
export type SyncTrigger = (typeof SYNC_TRIGGERS)[number];

export interface StartSync {
  readonly integration: IntegrationSummary;
  readonly trigger: SyncTrigger;
  /** Null for all that the PMS can list. */
  readonly models: readonly string[] | null;
}
/**
 * Asks for a sync. Answers once the wish is stored, and the work goes on, whatever restarts; `started` is false when an earlier wish still waits
 * or is under way, and nothing new was stored.
 */
export const startSync = contract<StartSync, { started: boolean }>('records', 'sync', { askedBy: ['router'] });

/** A list of administration: the parameters as they were sent. */
export interface AskedList {
  readonly principal: Principal;
  readonly query: Readonly<Record<string, string>>;
}
/** The published envelope of a list. */
export interface AnsweredList {
  readonly meta: {
    readonly offset: number;
    readonly limit: number;
    readonly orderBy: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[];
    readonly hasMore: boolean;
    readonly total: number;
  };
  readonly results: readonly Readonly<Record<string, unknown>>[];
}

/** The schedules of an integration, one for each model, with the progress of what is under way. */
export const listJobSchedules = contract<{ integration: IntegrationSummary; query: AskedList['query'] }, AnsweredList>(
  'records',
  'schedules',
  { askedBy: ['router'], repeatable: true },
);

/** Problem `not_found` for an id that is no schedule of the integration. */
export const readJobSchedule = contract<{ integration: IntegrationSummary; id: string }, Readonly<Record<string, unknown>>>(
  'records',
  'schedule-of',
  { askedBy: ['router'], repeatable: true },
);

/** The runs of syncs of an organization, newest first; filters as published (`status`, `integration_id`, `job_type`). */
export const listSyncLogs = contract<AskedList, AnsweredList>('records', 'logs', { askedBy: ['gateway'], repeatable: true });

/** One of them. Problem `not_found`, in the same words for another organization's. */
export const readSyncLog = contract<{ principal: Principal; id: string }, Readonly<Record<string, unknown>>>(
  'records',
  'log-of',
  { askedBy: ['gateway'], repeatable: true },
);

/** What syncs and readings after writes found new or changed in the last 30 days; filters as published (`before`, `after`, ...). */
export const listDataDiffs = contract<AskedList, AnsweredList>('records', 'diffs', { askedBy: ['gateway'], repeatable: true });
