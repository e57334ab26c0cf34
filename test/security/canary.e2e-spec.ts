/**
 * Secrets and personal data with values that occur nowhere else go through everything: writes that succeed, fail, hang and crash, credentials
 * that are refused, PMSs that repeat what they were sent. Afterwards they are looked for wherever something is written down.
 *
 * What may hold them: the payload of a write (`ledger.operation`, until it is shredded), the cached copies (`records`), the PMS itself, and the
 * answers of the API whose contract is to show a record. Nothing else may; a write-status and a problem are no such answers.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { figure } from '../quality/figure.ts';
import { eventually, type Answer, type Loose } from '../support/api.ts';
import { useWorld } from '../support/world.ts';
import { filesBelow, formsOf, sightings, type Canary, type Place } from './support/canary.ts';
import { listen, type Listener } from './support/hostile.ts';

// Short waits, so that time-outs and leases end within a test. Everything that can be said is said.
const QUICK = { LATCHKEY_PMS_TIMEOUT_MS: '1500', LATCHKEY_LEASE_MS: '6000', LATCHKEY_SWEEP_MS: '200', LOG_LEVEL: 'trace' };
const ALL = ['gateway', 'router', 'status', 'cache-sync', 'worker-buildium', 'worker-rent-manager'];
const world = useWorld('canary', Object.fromEntries(ALL.map((name) => [name, QUICK])));

const unique = randomBytes(5).toString('hex');
const PERSONAL: readonly Canary[] = [
  { name: 'a social security number', value: `912-83-${unique.slice(0, 4).replace(/\D/g, '7')}` },
  { name: 'a date of birth', value: '1903-02-11' },
  { name: 'an e-mail address', value: `canary.${unique}@resident.example` },
  { name: 'a family name', value: `Canaryman${unique}` },
  { name: 'a note', value: `owes ${unique} to the canary's landlord` },
];
const [ssn, birth, email, lastName, note] = PERSONAL.map(({ value }) => value) as [string, string, string, string, string];
const refusedSecret = `refused-${randomBytes(12).toString('hex')}`;
const refusedKey = `lk_${randomBytes(20).toString('hex')}`;
const FORGED = `forged-${unique}`;

let secrets: readonly Canary[];
const bodies: Place[] = [];
const statuses: Place[] = [];
let canaryListener: Listener;

/** Keeps what the API answers to mistakes. */
const kept = (answer: Answer<Loose>): Answer<Loose> => {
  if (answer.status >= 400)
    bodies.push({ name: `answer ${bodies.length} (${answer.status})`, content: JSON.stringify(answer.body) });
  return answer;
};

async function query(text: string): Promise<readonly Loose[]> {
  const client = new Client({ connectionString: world().stack.urls.database });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Sends bytes that no HTTP client would. */
const sendRaw = (bytes: string): Promise<string> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(world().stack.urls.gateway);
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    socket.on('data', (data) => (answer += String(data))).on('error', () => resolve(answer));
    socket.on('close', () => resolve(answer)).setTimeout(2_000, () => socket.destroy());
  });

async function person(vendor: string): Promise<Record<string, unknown>> {
  const [lease, property] = [await world().find('leases', vendor), await world().find('properties', vendor)];
  const address = { address_1: '12 Elm Street', city: 'Cincinnati', state: 'OH', zip: '45202', country: 'US' };
  const name = { first_name: 'Ann', last_name: lastName };
  const more = { email_1: email, notes: `${note} ${ssn} ${birth}` };
  return {
    integration_id: world().integration(vendor),
    lease_id: lease.id,
    property_id: property.id,
    rent_period: 'MONTHLY',
    rent_due_day: 1,
    ...name,
    ...address,
    ...more,
  };
}

const write = async (body: Record<string, unknown>): Promise<string> => {
  const answer = kept(
    await world().api.post('/v1/residents/?ignore_unknown_fields=true', body, { 'idempotency-key': randomUUID() }),
  );
  expect([answer.status, answer.body.errors]).toEqual([200, undefined]);
  return answer.body.job_id;
};
/** Its last status, or the one that it has after a while: what is in doubt takes its time, and nothing here depends on how it ends. */
const ended = async (job: string): Promise<void> => {
  await world()
    .settled(job, undefined, 6_000)
    .catch(() => undefined);
  const { body } = await world().api.get(`/v1/admin/write-status/${job}`);
  statuses.push({ name: `write-status ${statuses.length} (${body.state})`, content: JSON.stringify(body) });
};

beforeAll(async () => {
  canaryListener = await listen();
  const { keys, urls } = world().stack;
  const demo: Loose = await (await fetch(`${urls.sandbox}/_demo`)).json();
  secrets = [
    { name: 'the API key', value: keys.api },
    { name: "the administrator's key", value: keys.admin },
    { name: 'a key that was refused', value: refusedKey },
    { name: 'a password that was refused', value: refusedSecret },
    ...demo.flatMap(({ vendor, credentials }: Loose) =>
      Object.entries(credentials as Record<string, string>)
        .filter(([name]) => /secret|password|key/i.test(name))
        .map(([name, value]) => ({ name: `${vendor}'s ${name}`, value })),
    ),
  ];
  await live();
}, 180_000);
afterAll(() => canaryListener.close());

/** A life full of accidents. */
async function live(): Promise<void> {
  const { admin, anonymous, api, fault, noFaults, stack } = {
    admin: world().admin,
    anonymous: world().anonymous,
    api: world().api,
    fault: world().fault.bind(world()),
    noFaults: world().noFaults.bind(world()),
    stack: world().stack,
  };
  const vendors = Object.keys(stack.integrations);
  const echo = `Bad ${email} ${ssn} ${birth} ${lastName} ${note} ${secrets.map(({ value }) => value).join(' ')}`;

  for (const vendor of vendors) await ended(await write(await person(vendor)));
  for (const rule of [
    {
      kind: 'status',
      status: 422,
      body: { UserMessage: echo, DeveloperMessage: echo, Message: echo, Errors: [{ Key: echo, Value: echo }] },
    },
    { kind: 'status', status: 500, body: { UserMessage: echo, Message: echo } },
    { kind: 'garbage' },
    { kind: 'hang' },
  ]) {
    for (const vendor of vendors) await fault({ vendor, method: 'POST', when: 'before', times: 1, ...rule });
    const jobs = await Promise.all(vendors.map(async (vendor) => write(await person(vendor))));
    await Promise.all(jobs.map(ended));
    await noFaults();
  }

  // A worker that dies with the write in its hands.
  for (const vendor of vendors) await fault({ vendor, method: 'POST', when: 'after', times: 1, kind: 'hang' });
  const jobs = await Promise.all(vendors.map(async (vendor) => write(await person(vendor))));
  await new Promise((resolve) => setTimeout(resolve, 700));
  for (const name of ['worker-buildium', 'worker-rent-manager']) {
    await stack.kill(name, 'SIGKILL');
    await stack.restart(name);
  }
  await noFaults();
  await Promise.all(jobs.map(ended));

  // Credentials that are refused: when they are stored, and at the door.
  for (const vendor of vendors) {
    const { body } = kept(await admin.get(`/v1/admin/integrations/${world().integration(vendor)}/`));
    bodies.push({ name: `the integration of ${vendor}`, content: JSON.stringify(body) });
    const credentials = Object.fromEntries(
      ['clientId', 'secret', 'username', 'password', 'apiKey', 'partnerToken', 'companyCode'].map((name) => [
        name,
        refusedSecret,
      ]),
    );
    kept(await admin.put(`/v1/admin/integrations/${world().integration(vendor)}/`, { credentials }));
    for (const [name, value] of Object.entries(credentials)) {
      kept(await admin.put(`/v1/admin/integrations/${world().integration(vendor)}/`, { credentials: { [name]: value } }));
    }
  }
  kept(await anonymous.get('/v1/residents/', { authorization: `Bearer ${refusedKey}` }));
  kept(
    await anonymous.get('/v1/residents/', {
      authorization: `Basic ${Buffer.from(`canary:${refusedSecret}`).toString('base64')}`,
    }),
  );
  kept(await anonymous.get(`/v1/residents/?api_key=${refusedKey}&token=${refusedSecret}`, { 'x-api-key': refusedKey }));
  kept(await anonymous.get(`/v1/${refusedKey}/${refusedSecret}`));
  kept(await api.get(`/v1/residents/${encodeURIComponent(email)}`));

  // Mistakes full of personal data.
  kept(
    await api.post('/v1/residents/', {
      ...(await person('BUILDIUM')),
      email_1: `${email}\u0000${ssn}`,
      move_in_date: birth.replaceAll('-', '/'),
      [ssn]: note,
    }),
  );
  kept(await api.post('/v1/residents/', { ...(await person('BUILDIUM')), first_name: { [lastName]: ssn }, state: note }));
  kept(await api.raw('POST', '/v1/residents/', `{"email_1":"${email}","ssn":"${ssn}`, { 'content-type': 'application/json' }));
  kept(await api.raw('POST', '/v1/residents/', `${email} ${ssn}`, { 'content-type': 'text/plain' }));

  // Texts that would be lines of a log.
  const line = `\n{"level":"fatal","msg":"${FORGED}"}\r\n\u001b[2J\u001b[31m${FORGED}`;
  kept(await api.get(`/v1/residents/${encodeURIComponent(line)}`));
  kept(await api.get(`/v1/residents/?${encodeURIComponent(line)}=${encodeURIComponent(line)}`));
  kept(await api.post('/v1/residents/', { ...(await person('BUILDIUM')), [line]: line, first_name: line }));
  await sendRaw(
    `GET /v1/residents/ HTTP/1.1\r\nhost: a\r\nx-request-id: \u001b[31m${FORGED}\r\nuser-agent: \u001b[31m${FORGED}\r\n\r\n`,
  );
  await sendRaw(`GET /\u001b[31m${FORGED} HTTP/1.1\r\n\r\n`);
  await sendRaw(`\u001b[31m${FORGED}\r\n\r\n`);
  for (const vendor of vendors)
    await fault({
      vendor,
      method: 'POST',
      when: 'before',
      times: 1,
      kind: 'status',
      status: 422,
      body: { UserMessage: line, Message: line },
    });
  await Promise.all((await Promise.all(vendors.map(async (vendor) => write(await person(vendor))))).map(ended));
  await noFaults();
}

/** The logs of everybody but the one who plays the PMSs. */
const logs = (): readonly Place[] => filesBelow(join(world().stack.directory, 'logs'), (path) => !path.startsWith('sandbox'));
const running = () => world().stack.services.filter(({ name }) => ALL.includes(name));
const metrics = (): Promise<readonly Place[]> =>
  Promise.all(
    running().map(async ({ name, internalUrl }) => ({
      name: `metrics of ${name}`,
      content: await (await fetch(`${internalUrl}/metrics`)).text(),
    })),
  );
const store = (): readonly Place[] => filesBelow(join(world().stack.directory, 'nats'));
const table = async (name: string): Promise<Place> => ({ name, content: JSON.stringify(await query(`select * from ${name}`)) });
const tables = async (names: readonly string[]): Promise<readonly Place[]> => Promise.all(names.map(table));
const processFiles = (file: string): readonly Place[] =>
  running().map(({ name, pid }) => ({ name: `${file} of ${name}`, content: readFileSync(`/proc/${pid}/${file}`, 'latin1') }));

describe('what a search for them finds', () => {
  it.each(['S3cr3t/with+signs&', 'plain-secret-0123456789'])('S19: the search itself finds %j in every form', (value) => {
    const places = [
      Buffer.from(`user:${value}`).toString('base64'),
      Buffer.from(`u:${value}!`).toString('base64url'),
      Buffer.from(`us:${value}`).toString('base64'),
      Buffer.from(value).toString('hex'),
      encodeURIComponent(value),
      `x${value}y`,
      [...value].reverse().join(''),
    ].map((content, index) => ({ name: String(index), content }));

    expect(sightings([{ name: 'it', value }], places)).toHaveLength(places.length);
    expect(sightings([{ name: 'it', value: `${value}-another` }], places)).toEqual([]);
    expect(formsOf(value).length).toBeGreaterThan(8);
  });

  it('S19: secrets are in no log, metric, status, answer, message, attempt or table', async () => {
    const ledger = await tables(['ledger.operation', 'ledger.attempt', 'ledger.event', 'ledger.idempotency_key', 'ledger.gate']);
    const directory = await tables([
      'directory.organization',
      'directory.api_key',
      'directory.integration',
      'directory.credential',
    ]);
    const records = await tables(['records.record', 'records.sync_run']);
    const written = [
      ...logs(),
      ...(await metrics()),
      ...statuses,
      ...bodies,
      ...store(),
      ...ledger,
      ...directory,
      ...records,
      ...processFiles('cmdline'),
    ];

    expect(statuses.length).toBeGreaterThan(10);
    expect(bodies.length).toBeGreaterThan(15);
    expect(
      logs()
        .map(({ content }) => content.length)
        .reduce((sum, length) => sum + length),
    ).toBeGreaterThan(5_000);
    expect(sightings(secrets, written)).toEqual([]);
    figure(
      'S19',
      `0 sightings of ${secrets.length} secrets in ${written.length} places, ${formsOf(refusedSecret).length} forms each`,
    );
  });

  it('S20: personal data are in no log, metric, status, answer, message or attempt', async () => {
    const written = [
      ...logs(),
      ...(await metrics()),
      ...statuses,
      ...bodies,
      ...store(),
      ...(await tables(['ledger.attempt', 'ledger.event', 'directory.integration'])),
      ...processFiles('cmdline'),
    ];

    // They did go through: the payloads and the copies hold them.
    expect(sightings(PERSONAL, await tables(['ledger.operation'])).length).toBe(PERSONAL.length);
    expect(sightings(PERSONAL, written)).toEqual([]);
    figure('S20', `0 sightings of ${PERSONAL.length} personal data in ${written.length} places`);
  });

  it('S20: every line of a log is one that we wrote', () => {
    const lines = logs()
      .filter(({ name }) => ALL.some((service) => name.startsWith(`${service}.log`)))
      .flatMap(({ name, content }) =>
        content
          .split('\n')
          .filter(Boolean)
          .map((line) => ({ name, line })),
      );
    const broken = lines.filter(({ line }) => {
      try {
        return typeof JSON.parse(line).msg !== 'string' || JSON.parse(line).msg === FORGED;
      } catch {
        return true;
      }
    });

    expect(lines.length).toBeGreaterThan(50);
    expect(broken).toEqual([]);
    expect(lines.filter(({ line }) => /[\u0000-\u001f\u007f]/.test(line))).toEqual([]);
  });

  it('S19: no process left a core, and the gateway has no keys to lose', () => {
    const directory = world().stack.directory;
    const cores = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /(^|\/)core(\.\d+)?$/.test(path),
    );
    const environments = processFiles('environ');
    const knowing = environments.filter(({ content }) => /LATCHKEY_KEYRING=/.test(content)).map(({ name }) => name);

    expect(cores).toEqual([]);
    expect(knowing.sort()).toEqual(['environ of worker-buildium', 'environ of worker-rent-manager']);
    expect(environments.filter(({ name, content }) => name === 'environ of gateway' && /DATABASE_URL=/.test(content))).toEqual(
      [],
    );
    figure('S23', `only the ${knowing.length} workers are told of a key ring; no secret in any command line`);
  });

  it('S25: keys are kept as a prefix and a SHA-256, credentials sealed', async () => {
    const keys = await query('select * from directory.api_key');
    const sealed = await query('select fields from directory.credential');

    expect(keys.length).toBeGreaterThan(1);
    for (const { hash, prefix } of keys) {
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(prefix.length).toBeLessThanOrEqual(16);
      expect([world().stack.keys.api, world().stack.keys.admin].some((key) => key.startsWith(prefix))).toBe(true);
    }
    const values = sealed.flatMap(({ fields }) => Object.values(fields as Record<string, string>));
    expect(values.filter((value) => !/^s1\.k1\.[\w-]+\.[\w-]+$/.test(value))).toEqual([]);
    figure('S25', `${keys.length} keys: prefix and SHA-256 only; ${values.length} credentials sealed`);
  });
});

describe('an address that is not public', () => {
  const FORMS = [
    '127.0.0.1', '127.1', '0x7f.1', '0x7f000001', '2130706433', '017700000001', '１２７.０.０.１', '0.0.0.0', '10.0.0.1', '172.16.0.1',
    '192.168.0.1', '100.64.0.1', '169.254.169.254', '224.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]',
    '[fc00::1]', '[fe80::1]', 'localhost', 'localhost.', 'LOCALHOST', 'metadata.google.internal', 'router', 'x.local',
  ]; // prettier-ignore

  it('S14: is refused when it is saved, by a new integration and by a change, and nobody is called', async () => {
    const { admin, stack } = { admin: world().admin, stack: world().stack };
    const { port } = canaryListener;
    const urls = [
      ...FORMS.flatMap((host) => [`https://${host}/`, `https://${host}:${port}/`, `http://${host}:${port}/`]),
      ...['http', 'ftp', 'file', 'gopher', 'data', 'javascript'].map((scheme) => `${scheme}://api.pms-of-somebody.com/`),
      ...['jo@', 'jo:secret@', '127.0.0.1@'].map((who) => `https://${who}api.pms-of-somebody.com/`),
      ...[22, 80, 6379, 65_535].map((other) => `https://api.pms-of-somebody.com:${other}/`),
    ];
    const [vendor = ''] = Object.keys(stack.integrations);
    const taken: string[] = [];
    for (const base_url of urls) {
      const made = await admin.post('/v1/admin/integrations/', {
        integration_vendor: vendor,
        name: 'canary',
        credentials: { clientId: refusedSecret, secret: refusedSecret },
        base_url,
      });
      const changed = await admin.put(`/v1/admin/integrations/${world().integration(vendor)}/`, { base_url });
      if (![made, changed].every(({ status }) => status >= 400 && status < 500))
        taken.push(`${base_url} ${made.status} ${changed.status}`);
    }
    expect(taken).toEqual([]);
    expect(canaryListener.connections()).toBe(0);
    figure('S14', `${urls.length} addresses refused at save (twice each), 0 connections at the canary`);
  }, 60_000);
});

/** The stack answers: nothing that was done to it has stopped it. */
it('lives on', async () => {
  await eventually('a read', async () => ((await world().api.get('/v1/residents/?limit=1')).status === 200 ? true : undefined));
});
