import { contract } from '../contract.ts';
import type { AdminRequest } from './directory.ts';
import type { WireAnswer } from './ledger.ts';

/** The requests that `webhooks` answers: it owns the endpoints of customers, and what is told to them. */

/** The gateway knows the routes and their scopes, webhooks their meaning. */
export const administerWebhooks = contract<AdminRequest, WireAnswer>('hooks', 'administer', {
  askedBy: ['gateway'],
  // A test waits for the endpoint, 15 s at most.
  timeoutMs: 20_000,
});

/**
 * What an endpoint may be told of. The published names, and for writes those that the published ones lack. `isTold`: whether Latchkey knows of
 * such events today. The others may be asked for, so that programs written for the published API can be set up, and every answer says that
 * nothing comes of it yet.
 */
export const TRIGGERS = {
  DATA_NEW: { isTold: false, when: 'a record appears for the first time' },
  DATA_UPDATE: { isTold: false, when: 'a record has changed' },
  SYNC_COMPLETE: { isTold: false, when: 'a sync has ended' },
  FIRST_SYNC_COMPLETE: { isTold: false, when: 'the first sync of an integration has ended' },
  JOB_SUCCESS: { isTold: true, when: 'a job has done what it was for' },
  JOB_FAILURE: { isTold: true, when: 'a job has failed' },
  WRITE_OPERATION_SUCCESS: { isTold: true, when: 'the PMS carried out a write' },
  WRITE_OPERATION_FAILURE: { isTold: true, when: 'a write failed, in part or as a whole, or a person must look at it' },
  WRITE_OPERATION_UNCERTAIN: { isTold: true, when: 'nobody knows whether the PMS carried out a write; Latchkey is looking' },
  WRITE_OPERATION_SETTLED: { isTold: true, when: 'a write about which there was doubt has ended for certain' },
} as const satisfies Readonly<Record<string, { readonly isTold: boolean; readonly when: string }>>;
export type Trigger = keyof typeof TRIGGERS;
export const isTrigger = (name: string): name is Trigger => Object.hasOwn(TRIGGERS, name);

/** How much an endpoint may be, and what its headers may say; checked by webhooks, told by the description of the API. */
export const WEBHOOK_LIMITS = {
  headers: 20,
  /** Characters. */
  headerValue: 2_000,
  /** RFC 9110's tokens, at most 100 characters. */
  headerName: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$",
  /** Of a header's value: visible ASCII, and blanks in between. */
  headerText: '^[!-~]([ -~]*[!-~])?$',
  secret: { min: 10, max: 200 },
  /** Visible ASCII. */
  secretText: '^[!-~]+$',
} as const;

/** Stands in answers for what is never shown again. Sent back as the value of a header, it leaves the stored one as it is. */
export const HIDDEN = '[hidden]';

export const DELIVERY_STATES = ['PENDING', 'DELIVERED', 'FAILED'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];
