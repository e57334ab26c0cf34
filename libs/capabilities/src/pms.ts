import type { Call } from './call.ts';
import type { Capability } from './capability.ts';

/** One value that a customer gives us to reach an account. */
export interface CredentialSpec {
  readonly name: string;
  readonly description: string;
  /** Sealed at rest and never shown. @default true */
  readonly secret: boolean;
  readonly required: boolean;
  /** Required all the same unless this other credential is given. @default only `required` counts */
  readonly requiredUnless?: string;
  /** What a value must look like: a regular expression, and what it means in words. */
  readonly pattern?: { readonly source: string; readonly words: string };
}

/** How a call proves who sends it. */
export type AuthSpec =
  /** Fixed headers: header -> name of the credential. */
  | { readonly kind: 'headers'; readonly headers: Readonly<Record<string, string>> }
  /** A login that yields a token; one token per account, shared by all calls of a worker and renewed by one caller at a time. */
  | {
      readonly kind: 'login';
      readonly call: Call;
      readonly body: (credentials: Readonly<Record<string, string>>) => unknown;
      /** The token in the login's answer; undefined when there is none. */
      readonly token: (answer: unknown) => string | undefined;
      readonly header: string;
      /** A token unused for so long is dead. */
      readonly idleMs: number;
      readonly lifetimeMs: number;
      /** Further headers of every call: header -> name of the credential (left out when that is empty). */
      readonly headers?: Readonly<Record<string, string>>;
      /**
       * The PMS allows so many sessions and refuses one more although the credentials are right. Old sessions end by themselves, so the whole
       * account waits and tries again instead of being held until a person acts. @default a refused login is a refusal of the credentials
       */
      readonly crowded?: { readonly is: (refusal: ErrorReading) => boolean; readonly retryAfterMs: number };
      /** Where the PMS counts sessions: gives one back; the token goes into this parameter of the query. @default sessions end by themselves */
      readonly release?: { readonly call: Call; readonly query: string };
      /** Accounts that have this credential send it in a header of its own, with `headers`, and never log in. @default all log in */
      readonly unless?: { readonly credential: string; readonly header: string };
    };

export interface LimitSpec {
  /**
   * Calls at the same time to one account; at least 1. Where there are fewer than worker processes, each account is one process's: work that was handed
   * to another is handed out again after a second, and no try counts. With 1, reads and writes take turns, so a long page delays a write.
   */
  readonly concurrent: number;
  /** Calls in a window, to one account. */
  readonly rate?: { readonly calls: number; readonly perMs: number };
  /** Answer headers that say how much is left and when it is full again (seconds since the epoch). */
  readonly headers?: { readonly remaining: string; readonly resetAt: string };
}

/** How a list is walked page by page. */
export type PagingSpec =
  | {
      readonly kind: 'offset';
      readonly offset: string;
      readonly limit: string;
      readonly size: number;
      readonly totalHeader: string;
    }
  | { readonly kind: 'page'; readonly page: string; readonly limit: string; readonly size: number; readonly totalHeader: string };

/** What an answer of the PMS proves. */
export type Verdict =
  /** It happened. */
  | 'done'
  /** The PMS looked at the request and refused it: no effect, and the same request will be refused again. */
  | 'refused'
  /** No effect; the same request may work later. */
  | 'later'
  /** No effect, and every call of this account must wait. */
  | 'slow_down'
  /** No effect: the credentials were not accepted. */
  | 'unauthorized'
  /** Nobody can say whether it had an effect. */
  | 'unclear';

/** What a PMS's answer says, in words for the customer's developer. */
export interface ErrorReading {
  readonly message: string | null;
  /** Remote field -> what is wrong with it. */
  readonly fields: readonly { readonly remote: string; readonly message: string }[];
}

/** All that is true of one PMS, whatever the model. */
export interface PmsDefinition {
  /** As the API writes it: 'BUILDIUM'. */
  readonly vendor: string;
  /** As paths and subjects write it: 'buildium'. */
  readonly slug: string;
  readonly title: string;
  /** The vendor's documentation. */
  readonly source: string;
  readonly credentials: readonly CredentialSpec[];
  /** The address of an account when the integration names none; made from the credentials where each customer has a host of his own. */
  readonly baseUrl: (credentials: Readonly<Record<string, string>>) => string;
  readonly auth: AuthSpec;
  /** A harmless read that succeeds exactly when the credentials work. */
  readonly probe: Call;
  readonly limits: LimitSpec;
  readonly paging: PagingSpec;
  /** By status. A status that is not named is `unclear` from 500 up, and for the rest as HTTP says: 2xx done, 401 unauthorized, 429 slow_down, other 4xx refused. */
  readonly verdicts: Readonly<Record<number, Verdict>>;
  /** By status: what it means, where the vendor's own words do not say what to do about it. A sentence, added to them. @default none */
  readonly meanings?: Readonly<Record<number, string>>;
  /** Reads the vendor's error body; never throws. */
  readonly readError: (body: unknown) => ErrorReading;
  readonly capabilities: ReadonlyMap<string, Capability>;
}

/** Declares a PMS. Throws when two capabilities are about one model. */
export function definePms(
  declaration: Omit<PmsDefinition, 'capabilities'> & { readonly capabilities: readonly Capability[] },
): PmsDefinition {
  const byPath = new Map(declaration.capabilities.map((capability) => [capability.model.path, capability]));
  if (byPath.size !== declaration.capabilities.length) throw new Error(`${declaration.vendor} declares a model twice`);
  return { ...declaration, capabilities: byPath };
}

/** What a status proves, by the PMS's own table and otherwise by HTTP. Only what the table or HTTP is sure of is taken for sure. */
export function verdictOf(pms: Pick<PmsDefinition, 'verdicts'>, status: number): Verdict {
  const own = pms.verdicts[status];
  if (own) return own;
  if (status >= 200 && status < 300) return 'done';
  if (status === 401) return 'unauthorized';
  if (status === 429) return 'slow_down';
  // A redirect is never followed: the account's address is wrong, and nothing was done.
  if (status >= 300 && status < 500 && status !== 408) return 'refused';
  return 'unclear';
}
