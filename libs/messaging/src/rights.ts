/**
 * What each service may do on NATS, and nothing else: derived from the contracts (who asks, who answers) and from the streams. A server that
 * is configured with `authorization` lets a service that was broken into do no more than its own work.
 *
 * Promises: a new contract, and a new PMS, need no line here. A user hears its own inbox only, and may answer only what it was asked.
 * Never grants `$JS.>` or `$SYS`, and defines no accounts: nats-server 2.9 has holes where either is done.
 */
import { knownContracts, subjectOf, type Contract, type Party } from './contract.ts';
import { MOST_LETTERS } from './envelope.ts';
import { jobConsumer, jobSubject, STREAMS, writeEventConsumer } from './streams.ts';
import { everythingUnder, subject } from './subjects.ts';

/** Subjects that a user may publish to and subscribe to. */
export interface Rights {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** A user of the server: one for each service, shared by its replicas. */
export interface NatsUser {
  /** The service's name, as `apps` has it. */
  readonly name: string;
  readonly party: Party;
  /** A worker's PMS, as subjects write it. */
  readonly pms?: string;
}

type AnyContract = Contract<never, unknown>;

/** Where a user's answers arrive. @throws Error when the name can be no token of a subject */
export const inboxOf = (user: string): string => `_INBOX.${subject(user).split('.').at(-1)}`;

const { jobs, events } = STREAMS;
const anyJob = jobSubject('pms').replace(/[^.]+$/, '*');

const streamCalls = (...calls: readonly string[]): string[] => calls.map((call) => `$JS.API.${call}`);
const making = (stream: string): string[] =>
  streamCalls(`STREAM.INFO.${stream}`, `STREAM.CREATE.${stream}`, `STREAM.UPDATE.${stream}`);
const consuming = (stream: string, durable: string): string[] => [
  ...streamCalls(`CONSUMER.INFO.${stream}.${durable}`, `CONSUMER.MSG.NEXT.${stream}.${durable}`),
  `$JS.ACK.${stream}.${durable}.>`,
];
/** Who follows the events makes its own consumer. */
const following = (listener: string): string[] => {
  const durable = writeEventConsumer(listener).durable_name;
  return [...streamCalls(`CONSUMER.CREATE.${events.name}.${durable}.>`), ...consuming(events.name, durable)];
};

/** What the streams add to the contracts. */
const STREAM_RIGHTS: Readonly<Record<Party, (pms: string) => Partial<Rights>>> = {
  gateway: () => ({ subscribe: [everythingUnder('event', 'write')] }),
  router: () => ({}),
  status: () => ({
    publish: [
      anyJob,
      everythingUnder('event', 'write'),
      ...making(jobs.name),
      ...making(events.name),
      ...streamCalls(`CONSUMER.CREATE.${jobs.name}.*.${anyJob}`),
    ],
  }),
  'cache-sync': () => ({ publish: following('cache-sync') }),
  webhooks: () => ({ publish: following('webhooks') }),
  worker: (of) => ({ publish: consuming(jobs.name, jobConsumer(of, 1).durable_name) }),
};

/** @throws Error when a worker's PMS is missing, or a name can be no token of a subject */
export function rightsOf({ name, party, pms: own }: NatsUser): Rights {
  if (party === 'worker' && own === undefined) throw new Error(`${name} is a worker of no PMS`);
  // A worker speaks about its own PMS, the others about any.
  const subjects = (by: (contract: AnyContract) => boolean): string[] =>
    knownContracts()
      .filter(by)
      .map((contract) => subjectOf(contract, party === 'worker' ? own : '*'));
  const more = STREAM_RIGHTS[party](own ?? '');
  return {
    publish: [...subjects(({ askedBy }) => askedBy.includes(party)), ...(more.publish ?? [])],
    subscribe: [`${inboxOf(name)}.>`, ...subjects(({ answeredBy }) => answeredBy === party), ...(more.subscribe ?? [])],
  };
}

/** An answer may be given for as long as anybody waits for one, to each letter of an envelope. */
const answerWithinS = (): number => Math.ceil(Math.max(...knownContracts().map(({ timeoutMs }) => timeoutMs)) / 1_000);

/**
 * The `authorization` block of a server's configuration.
 * @param passwordOf what stands for a user's password: a quoted text, or `$NAME` for a variable of the server's environment
 */
export function authorizationFor(users: readonly NatsUser[], passwordOf: (user: NatsUser) => string): string {
  const list = (name: string, subjects: readonly string[]): string[] => [
    `      ${name}: [`,
    ...subjects.map((it) => `        ${JSON.stringify(it)}`),
    '      ]',
  ];
  const blocks = users.flatMap((user) => {
    const { publish, subscribe } = rightsOf(user);
    return [
      `    { user: ${JSON.stringify(user.name)}, password: ${passwordOf(user)}, permissions: {`,
      ...list('publish', publish),
      ...list('subscribe', subscribe),
      `      allow_responses: { max: ${MOST_LETTERS}, expires: "${answerWithinS()}s" }`,
      '    } }',
    ];
  });
  return ['authorization {', '  users: [', ...blocks, '  ]', '}', ''].join('\n');
}
