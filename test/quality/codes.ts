/**
 * What a system of this kind is judged by: one row per demand, R for reliability, S for security. A row has tests, which carry its code at the
 * head of their titles, or it says why there are none; `test/workspace/quality.spec.ts` refuses both together and neither.
 */
export interface Demand {
  readonly code: `${'R' | 'S'}${number}`;
  /** What is done to the system, and what must hold. */
  readonly asks: string;
  /** Why no test carries the code. Remove it with the first test. */
  readonly because?: string;
}

const LATER = 'Not built yet.';

export const DEMANDS: readonly Demand[] = [
  { code: 'R1', asks: 'Gateways die at random under load: no accepted write is lost or doubled.' },
  {
    code: 'R2',
    asks: 'Accepting dies at each of its points: every 2xx has a committed job, no key is orphaned.',
  },
  { code: 'R3', asks: 'Dispatcher and relay die: nothing is lost or doubled, and the delay is bounded.' },
  { code: 'R4', asks: 'Workers die before they send: every write completes without doubt.' },
  {
    code: 'R5',
    asks: 'Workers die after the PMS made a record that can be searched: found again, never made twice.',
  },
  { code: 'R6', asks: 'The same without a search: never sent again, always put before a person.' },
  {
    code: 'R8',
    asks: 'The PMS acts and answers with a fault of each kind: no doubled effect, no false failure.',
  },
  { code: 'R10', asks: 'A storm of redeliveries: many deliveries, one effect.' },
  {
    code: 'R11',
    asks: 'Workers sleep longer than their leases, at each point: nothing doubled, no result by an old token.',
  },
  {
    code: 'R12',
    asks: 'The message server is killed under load: only 503 meanwhile, nothing is lost or doubled.',
  },
  {
    code: 'R13',
    asks: 'The message server stands still: only 503 meanwhile, the backlog drains afterwards.',
  },
  { code: 'R15', asks: 'Power cut of the message store: messages are lost, writes are not.' },
  {
    code: 'R16',
    asks: 'Power cut of the database store: no acknowledged write is lost; a control run must lose some.',
  },
  { code: 'R17', asks: 'The database is killed: nothing lost or doubled, only 503 meanwhile, soon back.' },
  { code: 'R19', asks: 'The database is slow or a black hole: a quick 503, no growing memory.' },
  { code: 'R20', asks: 'A synchronous standby is promoted: nothing lost, the old primary is fenced.', because: LATER },
  { code: 'R21', asks: 'A PMS is away for hours: few probes, no attempt burnt, no write failed by it.' },
  { code: 'R22', asks: 'It comes back: a ramp within its limits, no stampede.' },
  { code: 'R23', asks: '429 with Retry-After of every form: no call inside the window, absurd values capped.' },
  { code: 'R24', asks: 'One PMS hangs every call: the others do not notice.' },
  { code: 'R25', asks: 'One customer floods: the others are served as before.' },
  { code: 'R26', asks: 'Many updates of one record amid faults: applied in the order of acceptance.' },
  { code: 'R29', asks: 'The same key many times at once: one write, equal answers.' },
  { code: 'R30', asks: 'The same key with other content, or by another customer: refused, or independent.' },
  { code: 'R31', asks: 'Poison jobs: isolated after a few crashes, the healthy ones go on.' },
  { code: 'R32', asks: 'Malformed answers of a PMS, at random: no crash, no false success, no blocked process.' },
  {
    code: 'R33',
    asks: 'Requests made from our own API description, valid and not: no 5xx, none wrongly accepted.',
  },
  { code: 'R34', asks: 'Thousands of slow senders: cut off in time, others unharmed.' },
  {
    code: 'R35',
    asks: 'Several times the load it can bear: the excess is refused quickly, then all is as before.',
  },
  {
    code: 'R36',
    asks: 'Ten thousand integrations for a long time: flat memory, flat handles, quick dispatching.',
    because: LATER,
  },
  { code: 'R37', asks: 'Millions of finished writes in the tables: accepting and asking stay quick.', because: LATER },
  { code: 'R39', asks: 'The message disk is full: accepting goes on, nothing is lost, all of it moves once there is room.' },
  {
    code: 'R40',
    asks: 'The database disk is full: 503 and never a false 2xx, back by itself when there is space.',
  },
  { code: 'R41', asks: 'Network partitions of a worker, each way, while it sends: nothing lost or doubled.' },
  {
    code: 'R42',
    asks: 'Webhook receivers that are down, slow or hostile: every event arrives, others unharmed.',
  },
  { code: 'R43', asks: 'The webhook sender dies: no event is lost, doubles carry the same id.' },
  {
    code: 'R45',
    asks: 'After every run: success exactly where there is an effect, failure exactly where there is none.',
  },
  { code: 'R46', asks: 'A rolling restart of every service under load: no error at a client, no doubt.' },
  { code: 'R48', asks: 'The ledger against a model, at random: no illegal transition.' },
  { code: 'R49', asks: 'Everything at once at random, then healing: all counters are 0 and every write ends.' },
  {
    code: 'R50',
    // Which writes were accepted after the backup, only their customers know: by promise, what was accepted stands in the database and nowhere
    // else, so there is nothing of ours to compare it with. Told is the moment from which on nothing is known.
    asks: 'A database restored from an older backup: nothing is sent blindly, and it is told from when on writes are not known.',
  },
  { code: 'R51', asks: 'The suite on each supported version of the message server.', because: LATER },
  { code: 'R52', asks: 'The trail of a write is complete and in order, with its actors.' },

  { code: 'S1', asks: "Another's ids on every route: exactly as if they did not exist." },
  { code: 'S2', asks: "Another's ids inside a body: refused, nothing queued." },
  { code: 'S3', asks: 'Guessing ids: no difference in body or timing.' },
  { code: 'S4', asks: 'A forgotten filter in a query: the database itself shows nothing of others.', because: LATER },
  { code: 'S5', asks: 'Fields that are not the caller’s to set: refused or without effect.' },
  { code: 'S6', asks: 'Prototype pollution through JSON, query and XML names: refused, nothing polluted.' },
  { code: 'S7', asks: 'Huge, deep and odd bodies: refused at once, memory flat, no 500.' },
  { code: 'S8', asks: 'Odd HTTP: smuggling, spoofed addresses, strange methods.' },
  { code: 'S10', asks: 'External entities in XML: refused, nothing is read or called.' },
  { code: 'S11', asks: 'XML bombs: an error at once.' },
  { code: 'S12', asks: 'Values that look like markup, paths or commands: arrive at the PMS as values.' },
  { code: 'S13', asks: 'Line breaks in what becomes a header: refused when saved and when sent.' },
  {
    code: 'S14',
    asks: 'Addresses of PMSs that lead inside, in every spelling: refused when saved and at the connection.',
  },
  { code: 'S16', asks: 'Redirects by a PMS: never followed, no secret goes along.' },
  { code: 'S17', asks: 'A hostile PMS: endless, slow, huge, or with script in its errors.' },
  { code: 'S18', asks: 'A certificate that is not good: not called, no switch to ignore it.' },
  { code: 'S19', asks: 'Canary secrets appear nowhere: logs, answers, events, stores, dumps, traces.' },
  { code: 'S20', asks: 'Canary personal data appear in no log, metric or message.' },
  { code: 'S22', asks: 'Keys rotate under load: no nonce twice, no failed write, old keys can go.' },
  { code: 'S23', asks: 'No secret in a process that needs none; those that do print none.' },
  { code: 'S25', asks: 'A dump of the API keys is worth nothing.' },
  { code: 'S26', asks: 'Keys do only what their scope allows; secrets are shown once.' },
  { code: 'S27', asks: 'Names that mean something in a subject: refused, nothing goes astray.' },
  { code: 'S28', asks: 'A client without a login at the message server: refused.' },
  { code: 'S29', asks: "A worker's login does nothing but its own work." },
  { code: 'S30', asks: 'Known holes of the oldest supported message server are not opened by our settings.' },
  { code: 'S32', asks: 'Webhook addresses that lead inside, redirect, or change after registration: refused.' },
  { code: 'S33', asks: 'Forged or replayed webhooks are recognised by the verifier that we give out.' },
  { code: 'S35', asks: 'SQL in every field, sort and filter: kept as it is, never run.' },
  { code: 'S36', asks: 'Floods of accepts, polls and lists: 429, others unharmed.' },
  { code: 'S37', asks: 'Nothing internal is exposed: metrics, health, stack traces, versions.' },
  // No second person is asked for where money moves: keys are all that we know of people, and one who holds an admin key can make himself another.
  { code: 'S39', asks: 'Decisions by a person: only with a reason and a right, once, kept with the key that decided.' },
  // Known holes are looked up outside of the tests: that takes a network, and a hole found tomorrow must not fail the change of today.
  {
    code: 'S40',
    asks: 'Dependencies: locked by their bytes, in step with package.json, without install scripts that are needed.',
  },
];
