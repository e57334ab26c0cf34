import { subject } from './subjects.ts';

/** The service that answers, by the first word of the subject: the name of what it owns. */
const ANSWERERS = { directory: 'router', ledger: 'status', records: 'cache-sync', hooks: 'webhooks', pms: 'worker' } as const;

type Owner = keyof typeof ANSWERERS;
/** Who takes part in a conversation over NATS; `worker` is the worker of any one PMS. */
export type Party = (typeof ANSWERERS)[Owner] | 'gateway';

/**
 * One kind of request between two services: who asks whom, where it goes, which version of its payload it speaks, what comes back. A request and
 * its handler share the constant, so they can't disagree. Failures come back as a Problem.
 */
export interface Contract<Request, Answer> {
  /** The subject without the PMS, e.g. `latchkey.ledger.claim`. */
  readonly subject: string;
  /** True when the subject ends in the PMS that asks or is asked. */
  readonly perPms: boolean;
  readonly answeredBy: Party;
  /** Nobody else may: a NATS server that knows users refuses the others, see `rights.ts`. */
  readonly askedBy: readonly Party[];
  /** Raised when the payload changes its meaning; an answerer refuses versions that it does not know. */
  readonly version: number;
  /** How long a caller waits before it calls the answer lost. In milliseconds. */
  readonly timeoutMs: number;
  /** Asking twice does no more than asking once. While there is no answer, the bus asks again by itself: another may hear it. */
  readonly repeatable: boolean;
  /** Carries the types; never set. */
  readonly types?: (request: Request) => Answer;
}

interface ContractOptions {
  readonly askedBy: readonly Party[];
  /** @default 1 */
  readonly version?: number;
  /** @default 5000 */
  readonly timeoutMs?: number;
  /** @default false */
  readonly repeatable?: boolean;
}

const known: Contract<never, unknown>[] = [];

/** Every kind of request that there is, once the library is loaded: `index.ts` names each file of `contracts/`. */
export const knownContracts = (): readonly Contract<never, unknown>[] => known;

/** `contract<Ask, Answer>('ledger', 'open', { askedBy: ['router'] })`: the owner's name, then the verb. */
export function contract<Request, Answer>(owner: Owner, verb: string, options: ContractOptions): Contract<Request, Answer> {
  return declare(owner, verb, false, options);
}

/** The same for requests that concern one PMS; its slug becomes the last token of the subject. */
export function pmsContract<Request, Answer>(owner: Owner, verb: string, options: ContractOptions): Contract<Request, Answer> {
  return declare(owner, verb, true, options);
}

function declare<Request, Answer>(
  owner: Owner,
  verb: string,
  perPms: boolean,
  { askedBy, version = 1, timeoutMs = 5_000, repeatable = false }: ContractOptions,
): Contract<Request, Answer> {
  const answeredBy = ANSWERERS[owner];
  const declared: Contract<Request, Answer> = {
    subject: subject(owner, verb),
    perPms,
    answeredBy,
    askedBy,
    version,
    timeoutMs,
    repeatable,
  };
  known.push(declared as Contract<never, unknown>);
  return declared;
}

/** The subject on which a contract is answered: `*` in place of the PMS hears every PMS. */
export function subjectOf(of: Contract<unknown, unknown> | Contract<never, unknown>, pms?: string): string {
  if (!of.perPms) return of.subject;
  if (pms === '*') return `${of.subject}.*`;
  if (pms === undefined) throw new Error(`${of.subject} needs a PMS`);
  return `${of.subject}.${subject(pms).split('.').at(-1)}`;
}
