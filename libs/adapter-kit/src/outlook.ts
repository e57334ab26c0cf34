/** What is known about the place that an account's calls go to, beyond the account itself; and who hears what the calls show. */
export interface Outlook {
  /** Why no call may be made now, as part of a sentence, and when to ask again; undefined: nothing speaks against it. */
  outOfOrder(): { readonly reason: string; readonly retryAfterMs: number } | undefined;
  /** Hears whether an exchange was answered, whatever the answer, or what kept it from that, in a sentence. Must not throw. */
  saw(trouble: string | undefined): void;
  /** Hears that the PMS wants no call of this account for so long. Must not throw. */
  askedToWait(ms: number): void;
}

/** For a client that shares nothing with anybody. */
export const ALONE: Outlook = { outOfOrder: () => undefined, saw: () => {}, askedToWait: () => {} };

/** This process's place among those that share an account: its limits are divided among them. */
export interface Share {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}
export const WHOLE: Share = { index: 0, of: 1 };

/** The part of a limit that falls to one of those who share it. The parts make up the whole, so some get one more than others, or nothing. */
export function partOf(limit: number, { index, of }: Share): number {
  return Math.floor(limit / of) + (index < limit % of ? 1 : 0);
}

/** The ledger's word that a step must not be sent although the work on it had begun. Nothing was noted. */
export type NotNow = { readonly pausedMs: number } | { readonly held: string };
