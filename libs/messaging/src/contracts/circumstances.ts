import { pmsContract } from '../contract.ts';

/** What `status` and the workers of one PMS tell each other about that PMS, so that all replicas act alike. */

/** Names an account by its integration; a call to it, by the host that it goes to. */
interface Place {
  /** The origin of the address, e.g. `https://api.example.com`. */
  readonly host: string;
  readonly integration_id: string;
}

/** What a worker saw at a host since it last said so. */
export interface Observation extends Place {
  /** Calls that were answered, whatever the answer. */
  readonly answered: number;
  /** Calls that could not be sent, or got no clear answer. */
  readonly troubles: number;
  /** A sentence about the last trouble. */
  readonly reason: string | null;
  /** The PMS wants no call of this account for so long. */
  readonly pause_ms?: number;
}
/** Told when an account is opened, when something is wrong, and when something that was wrong goes well; not for every call. */
export const observeCalls = pmsContract<Observation, { ok: true }>('ledger', 'observe', { askedBy: ['worker'] });

/** A host in trouble, or one integration's use of it. */
export interface Trouble {
  readonly host: string;
  /** Empty: every integration of the host. */
  readonly integration_id: string;
  /** No call but a probe may be made. Otherwise: tell how calls go. */
  readonly open: boolean;
}

/** What every worker of a PMS must know to share it with the others. What is left out has not changed. */
export interface Circumstances {
  /** The names of all worker processes of the PMS, sorted: each account's limits are divided among them. */
  readonly replicas?: readonly string[];
  /** All troubled hosts. */
  readonly troubles?: readonly Trouble[];
  /** Accounts that must be left alone for a while, in milliseconds. */
  readonly pauses?: readonly { readonly integration_id: string; readonly for_ms: number }[];
  /** Accounts whose credentials were refused, or that work again. */
  readonly gates?: readonly { readonly integration_id: string; readonly held: boolean }[];
}
/** Published, not asked: every worker of the PMS hears it, and nobody answers. */
export const tellCircumstances = pmsContract<Circumstances, void>('pms', 'circumstances', { askedBy: ['status'] });

/** Whether a host answers again: a harmless read with the credentials of one of its integrations, although calls are not allowed otherwise. */
export const probeHost = pmsContract<{ integration_id: string }, { reached: boolean; reason: string | null }>('pms', 'probe', {
  askedBy: ['status'],
  timeoutMs: 20_000,
});

/** What a worker process says of itself, at its start and every few seconds. */
export interface Attach {
  readonly max_in_flight: number;
  /** Its name among the worker processes of the PMS. @default it is not counted */
  readonly replica?: string;
  /** Calls that the PMS takes from one account at once. */
  readonly concurrent?: number;
  /** It stops: the others may take its share. @default false */
  readonly leaving?: boolean;
}
export interface Attached {
  readonly durable: string;
  readonly stream: string;
  readonly circumstances?: Circumstances;
}
/** A worker that starts asks for its consumer, and says again and again that it is there; status makes the one and counts the others. */
export const attachWorker = pmsContract<Attach, Attached>('ledger', 'attach', { askedBy: ['worker'] });
