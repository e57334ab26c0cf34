import { subject } from './subjects.ts';

/**
 * One kind of request between two services: where it goes, which version of its payload it speaks, what comes back. A request and
 * its handler share the constant, so they can't disagree. Failures come back as a Problem.
 */
export interface Contract<Request, Answer> {
  /** The subject without the PMS, e.g. `latchkey.ledger.claim`. */
  readonly subject: string;
  /** True when the subject ends in the PMS that asks or is asked. */
  readonly perPms: boolean;
  /** Raised when the payload changes its meaning; an answerer refuses versions that it does not know. */
  readonly version: number;
  /** How long a caller waits before it calls the answer lost. In milliseconds. */
  readonly timeoutMs: number;
  /** Carries the types; never set. */
  readonly types?: (request: Request) => Answer;
}

interface ContractOptions {
  /** @default 1 */
  readonly version?: number;
  /** @default 5000 */
  readonly timeoutMs?: number;
}

/** `contract<Ask, Answer>('ledger', 'open')`: the owner's name, then the verb. */
export function contract<Request, Answer>(owner: string, verb: string, options: ContractOptions = {}): Contract<Request, Answer> {
  return { subject: subject(owner, verb), perPms: false, version: options.version ?? 1, timeoutMs: options.timeoutMs ?? 5_000 };
}

/** The same for requests that concern one PMS; its slug becomes the last token of the subject. */
export function pmsContract<Request, Answer>(
  owner: string,
  verb: string,
  options: ContractOptions = {},
): Contract<Request, Answer> {
  return { ...contract<Request, Answer>(owner, verb, options), perPms: true };
}

/** The subject on which a contract is answered: `*` in place of the PMS hears every PMS. */
export function subjectOf(of: Contract<unknown, unknown> | Contract<never, unknown>, pms?: string): string {
  if (!of.perPms) return of.subject;
  if (pms === '*') return `${of.subject}.*`;
  if (pms === undefined) throw new Error(`${of.subject} needs a PMS`);
  return `${of.subject}.${subject(pms).split('.').at(-1)}`;
}
