/**
 * What a worker that was broken into can do on NATS: its own work. A real server with the users that the contracts make; each attack must be
 * refused by the server and stand in its log, and the work itself must go on.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { connect as tcp } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startNats, type Nats } from '#local-stack';
import {
  answer,
  authorizationFor,
  claimJob,
  consume,
  done,
  ensureConsumer,
  ensureStreams,
  jobConsumer,
  jobSubject,
  knownContracts,
  MessageBus,
  rightsOf,
  STREAMS,
  writeEventSubject,
  type NatsUser,
} from '#messaging';
import { figure } from '../quality/figure.ts';
import { eventually } from '../support/api.ts';
import { filesIn, inRoot, read } from '../workspace/repository.ts';

const STATUS: NatsUser = { name: 'status', party: 'status' };
const GATEWAY: NatsUser = { name: 'gateway', party: 'gateway' };
const CACHE: NatsUser = { name: 'cache-sync', party: 'cache-sync' };
const ROUTER: NatsUser = { name: 'router', party: 'router' };
const OWN: NatsUser = { name: 'worker-acme', party: 'worker', pms: 'acme' };
const OTHER: NatsUser = { name: 'worker-bolt', party: 'worker', pms: 'bolt' };
const USERS = [STATUS, GATEWAY, CACHE, ROUTER, OWN, OTHER];

let nats: Nats;
let directory: string;
const buses: MessageBus[] = [];
const passwordOf = ({ name }: NatsUser): string => `pass-of-${name}`;

const join = async (user: NatsUser): Promise<MessageBus> => {
  const bus = await MessageBus.connect({ servers: nats.url, user: user.name, pass: passwordOf(user) });
  buses.push(bus);
  return bus;
};

beforeAll(async () => {
  mkdirSync(inRoot('.latchkey'), { recursive: true });
  directory = mkdtempSync(inRoot('.latchkey', 'nats-users-'));
  const authorization = authorizationFor(USERS, (user) => JSON.stringify(passwordOf(user)));
  nats = await startNats({ directory, url: '', authorization });
  const status = await join(STATUS);
  await ensureStreams(status);
  for (const { pms } of [OWN, OTHER]) await ensureConsumer(status, STREAMS.jobs.name, jobConsumer(pms ?? '', 1_000));
}, 60_000);
afterAll(async () => {
  for (const bus of buses) await bus.connection.close();
  await nats.discard();
  rmSync(directory, { recursive: true, force: true });
});

/** What the server forbade while something was tried, as `publish subject` or `subscription subject`. */
async function forbidden(bus: MessageBus, attempt: () => void): Promise<string[]> {
  const told: string[] = [];
  const statuses = bus.connection.status();
  const listening = (async () => {
    for await (const status of statuses) {
      if (status.type === 'error' && 'operation' in status.error)
        told.push(`${String(status.error.operation)} ${String((status.error as { subject?: string }).subject)}`);
    }
  })();
  attempt();
  await bus.connection.flush();
  await new Promise((resolve) => setTimeout(resolve, 20));
  void listening;
  return told;
}

const log = (): string => readFileSync(`${directory}/logs/nats.log`, 'utf8');

describe('who is not a user of the server', () => {
  it.each([
    ['anonymous', {}],
    ['wrong password', { user: 'status', pass: 'guessed' }],
    ["another's password", { user: 'status', pass: passwordOf(OWN) }],
    ['unknown user', { user: 'root', pass: 'root' }],
    ['empty password', { user: 'status', pass: '' }],
  ])('S28: %s is refused', async (_, login) => {
    await expect(MessageBus.connect({ servers: nats.url, ...login })).rejects.toMatchObject({ name: 'AuthorizationError' });
  });

  it('S28: cannot even reach it from outside of this machine, and finds no monitoring', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    const port = Number(new URL(nats.url).port);
    const reached = await Promise.all(
      outside.map(({ address }) =>
        new Promise<boolean>((resolve) => {
          const socket = tcp({ host: address, port, timeout: 1_000 });
          socket
            .once('connect', () => resolve(true))
            .once('error', () => resolve(false))
            .once('timeout', () => resolve(false));
        }).finally(),
      ),
    );
    expect(reached.filter(Boolean)).toEqual([]);
    expect(readFileSync(`${directory}/nats.conf`, 'utf8')).not.toMatch(/^\s*(http|https|monitor_port|http_port)\b/m);
    figure('S28', `anonymous, wrong, foreign and empty passwords refused; ${outside.length} outside addresses do not answer`);
  });
});

describe('the user of a worker', () => {
  const { jobs, events } = STREAMS;
  const OWN_QUEUE = jobConsumer('acme', 1).durable_name;
  const OTHER_QUEUE = jobConsumer('bolt', 1).durable_name;
  const PUBLISHES: [string, string][] = [
    ['pulls the jobs of another PMS', `$JS.API.CONSUMER.MSG.NEXT.${jobs.name}.${OTHER_QUEUE}`],
    ['looks at the queue of another PMS', `$JS.API.CONSUMER.INFO.${jobs.name}.${OTHER_QUEUE}`],
    ['acks the jobs of another PMS', `$JS.ACK.${jobs.name}.${OTHER_QUEUE}.1.1.1.1.0`],
    ['reads a stream by sequence', `$JS.API.STREAM.MSG.GET.${jobs.name}`],
    ['reads a stream directly', `$JS.API.DIRECT.GET.${jobs.name}`],
    ['reads the events', `$JS.API.STREAM.MSG.GET.${events.name}`],
    ['lists the streams', '$JS.API.STREAM.NAMES'],
    ['asks about the account', '$JS.API.INFO'],
    ['makes a consumer', `$JS.API.CONSUMER.CREATE.${jobs.name}.mine.latchkey.job.bolt`],
    ['makes a durable consumer', `$JS.API.CONSUMER.DURABLE.CREATE.${jobs.name}.mine`],
    ['changes its own consumer', `$JS.API.CONSUMER.CREATE.${jobs.name}.${OWN_QUEUE}.latchkey.job.bolt`],
    ['deletes its own consumer', `$JS.API.CONSUMER.DELETE.${jobs.name}.${OWN_QUEUE}`],
    ['deletes the consumer of another', `$JS.API.CONSUMER.DELETE.${jobs.name}.${OTHER_QUEUE}`],
    ['purges the stream', `$JS.API.STREAM.PURGE.${jobs.name}`],
    ['deletes the stream', `$JS.API.STREAM.DELETE.${jobs.name}`],
    ['deletes a message', `$JS.API.STREAM.MSG.DELETE.${jobs.name}`],
    ['changes the stream', `$JS.API.STREAM.UPDATE.${jobs.name}`],
    ['forges a job of its own', jobSubject('acme')],
    ['forges a job of another PMS', jobSubject('bolt')],
    ['forges news of a write', writeEventSubject('int', 'job')],
    ['claims a job of another PMS', 'latchkey.ledger.claim.bolt'],
    ['settles a job of another PMS', 'latchkey.ledger.settle.bolt'],
    ['fetches the credentials of another PMS', 'latchkey.directory.connection.bolt'],
    ['opens a write', 'latchkey.ledger.open'],
    ['settles a write as a person would', 'latchkey.ledger.resolve'],
    ['administers', 'latchkey.directory.administer'],
    ['looks up keys', 'latchkey.directory.authenticate'],
    ['asks for records', 'latchkey.records.list'],
    ['asks another worker', 'latchkey.pms.check.bolt'],
    ["forges an answer in the gateway's inbox", '_INBOX.gateway.anything.1'],
    ["forges an answer in its neighbour's inbox", '_INBOX.worker-bolt.anything.1'],
    ['speaks for the server', '$SYS.REQ.SERVER.PING'],
  ];
  const SUBSCRIBES: [string, string][] = [
    ['everything', '>'],
    ['everybody, by stars', '*.*.*'],
    ['every inbox', '_INBOX.>'],
    ["the gateway's inbox", '_INBOX.gateway.>'],
    ["its neighbour's inbox", '_INBOX.worker-bolt.>'],
    ['JetStream', '$JS.>'],
    ['the server', '$SYS.>'],
    ['all of Latchkey', 'latchkey.>'],
    ['every job', 'latchkey.job.>'],
    ['its own jobs past the queue', jobSubject('acme')],
    ['news of writes', 'latchkey.event.>'],
    ['what others ask the ledger', 'latchkey.ledger.claim.*'],
    ['the requests to another worker', 'latchkey.pms.check.bolt'],
    ['the requests to every worker', 'latchkey.pms.*.*'],
    ['writes with their payloads', 'latchkey.ledger.open'],
  ];

  it('S29: may do none of what is not its work, and the server says so', async () => {
    const bus = await join(OWN);
    const missed: string[] = [];
    for (const [what, subject] of PUBLISHES) {
      const told = await forbidden(bus, () => bus.connection.publish(subject, '{}', { reply: '_INBOX.worker-acme.x' }));
      if (
        !told.includes(`publish ${subject}`) ||
        !log().includes(`Publish Violation - User "worker-acme", Subject "${subject}"`)
      ) {
        missed.push(`${what}: ${subject}`);
      }
    }
    for (const [what, subject] of SUBSCRIBES) {
      const told = await forbidden(bus, () => void bus.connection.subscribe(subject, { callback: () => undefined }));
      if (
        !told.includes(`subscription ${subject}`) ||
        !log().includes(`Subscription Violation - User "worker-acme", Subject "${subject}"`)
      ) {
        missed.push(`hears ${what}: ${subject}`);
      }
    }
    expect(missed).toEqual([]);
    expect(await (await join(STATUS)).jetstreamManager().then((it) => it.streams.info(jobs.name))).toMatchObject({
      state: { messages: 0, consumer_count: 2 },
    });
    figure(
      'S29',
      `${PUBLISHES.length + SUBSCRIBES.length} of ${PUBLISHES.length + SUBSCRIBES.length} attacks refused and logged`,
    );
  }, 60_000);

  it('S29: does its work: jobs of its own PMS are pulled and acked, its questions are answered', async () => {
    const status = await join(STATUS);
    const bus = await join(OWN);
    const seen: string[] = [];
    const working = consume<{ n: string }>(bus, {
      stream: jobs.name,
      durable: OWN_QUEUE,
      concurrency: 4,
      handle: async ({ n }) => (seen.push(n), done),
      onTrouble: ({ reason }) => seen.push(reason),
    });
    await status.jetstream.publish(jobSubject('acme'), JSON.stringify({ n: 'mine' }));
    await status.jetstream.publish(jobSubject('bolt'), JSON.stringify({ n: 'yours' }));
    await eventually('the job handled', async () => (seen.length > 0 ? true : undefined));
    await working.stop();
    const manager = await status.jetstreamManager();
    await eventually('the job acked', async () =>
      (await manager.streams.info(jobs.name)).state.messages === 1 ? true : undefined,
    );

    answer(status.connection, claimJob, () => null);
    await status.connection.flush();
    expect(await bus.request(claimJob, { job_id: 'j', release: 1, worker: 'w' }, { pms: 'acme' })).toBeNull();
    expect(seen).toEqual(['mine']);
  }, 30_000);
});

describe('the settings of the server', () => {
  /** What nats-server 2.9 must not be told, because of holes that were found in it. */
  const faultsOf = (config: string): string[] =>
    [
      [/\baccounts\s*[:={]/, 'accounts beside users'],
      [/\bsystem_account\b|\$SYS/, 'a system account'],
      [/"\$JS\.(API\.)?>"/, 'all of JetStream'],
      [/"(>|\*\.>|_INBOX\.>|latchkey\.>)"/, 'more than anybody needs'],
      [/\bno_auth_user\b/, 'a user for nobody'],
    ].flatMap(([pattern, words]) => ((pattern as RegExp).test(config) ? [words as string] : []));

  it.each([
    ['authorization { users: [] }\naccounts { $SYS: { users: [] } }', 'accounts beside users'],
    ['system_account: SYS', 'a system account'],
    ['publish: ["$JS.>"]', 'all of JetStream'],
    ['publish: ["$JS.API.>"]', 'all of JetStream'],
    ['subscribe: [">"]', 'more than anybody needs'],
    ['no_auth_user: gateway', 'a user for nobody'],
  ])('S30: %j would be found', (config, fault) => {
    expect(faultsOf(config)).toContain(fault);
  });

  it('S30: none of what we write has such a hole', () => {
    const written = [authorizationFor(USERS, () => '""'), ...filesIn('docker', '.conf').map(read)];
    expect(written.flatMap(faultsOf)).toEqual([]);
    figure('S30', `${written.length} configurations: no accounts, no $SYS, no $JS.> grant`);
  });

  it('S30: each user has only whole subjects, and wildcards only where an id or a PMS stands', () => {
    const wide = USERS.flatMap((user) => {
      const { publish, subscribe } = rightsOf(user);
      return [...publish, ...subscribe].filter(
        (it) => it.split('.').length < 3 && /[*>]/.test(it) && !it.startsWith(`_INBOX.${user.name}.`),
      );
    });
    expect(wide).toEqual([]);
  });
});

describe('the contracts', () => {
  it('all count: none of a file in contracts/ is forgotten', () => {
    const declared = filesIn('libs/messaging/src/contracts', '.ts').flatMap(
      (file) => [...read(file).matchAll(/= (?:pmsC|c)ontract\s*</g)].length,
    );
    expect(knownContracts()).toHaveLength(declared.reduce((sum, count) => sum + count, 0));
  });
});
