/**
 * A life full of accidents, through which secrets and personal data go that occur nowhere else: writes that succeed, fail, hang and crash,
 * credentials that are refused, PMSs that repeat what they were sent. What the API answered meanwhile is kept.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import type { Answer, Loose } from '../../support/api.ts';
import type { World } from '../../support/world.ts';
import type { Canary, Place } from './canary.ts';

// Short waits, so that time-outs and leases end within a test. Everything that can be said is said.
export const QUICK = { LATCHKEY_PMS_TIMEOUT_MS: '1500', LATCHKEY_LEASE_MS: '6000', LATCHKEY_SWEEP_MS: '200', LOG_LEVEL: 'trace' };
const WORKERS = ['worker-buildium', 'worker-rent-manager'];
export const SERVICES = ['gateway', 'router', 'status', 'cache-sync', 'webhooks', ...WORKERS];

const unique = randomBytes(5).toString('hex');
export const PERSONAL: readonly Canary[] = [
  { name: 'a social security number', value: `912-83-${unique.slice(0, 4).replace(/\D/g, '7')}` },
  { name: 'a date of birth', value: '1903-02-11' },
  { name: 'an e-mail address', value: `canary.${unique}@resident.example` },
  { name: 'a family name', value: `Canaryman${unique}` },
  { name: 'a note', value: `owes ${unique} to the canary's landlord` },
];
const [ssn, birth, email, lastName, note] = PERSONAL.map(({ value }) => value) as [string, string, string, string, string];
export const refusedSecret = `refused-${randomBytes(12).toString('hex')}`;
const hookSecret = `hook-${randomBytes(12).toString('hex')}`;
const hookHeader = `header-${randomBytes(12).toString('hex')}`;
const refusedKey = `lk_${randomBytes(20).toString('hex')}`;
export const FORGED = `forged-${unique}`;

/** What was lived through, and what the API said meanwhile. */
export class Life {
  /** Of mistakes, and of integrations. */
  readonly bodies: Place[] = [];
  readonly statuses: Place[] = [];

  private constructor(
    private readonly world: World,
    readonly secrets: readonly Canary[],
  ) {}

  static async live(world: World): Promise<Life> {
    const life = new Life(world, await secretsOf(world));
    await life.hooks();
    await life.answers();
    await life.crashes();
    await life.refusals();
    await life.mistakes();
    await life.forgeries();
    return life;
  }

  private get vendors(): readonly string[] {
    return Object.keys(this.world.stack.integrations);
  }

  /** A webhook that is told of all that follows, at an endpoint that refuses everything. */
  private async hooks(): Promise<void> {
    const { admin, stack } = this.world;
    const triggers = ['WRITE_OPERATION_SUCCESS', 'WRITE_OPERATION_FAILURE', 'WRITE_OPERATION_UNCERTAIN'];
    const headers = [{ header: 'authorization', value: `Bearer ${hookHeader}` }];
    const sent = { url: `${stack.urls.sandbox}/nobody`, triggers, headers, secret: hookSecret, active: true };
    const { id } = (await admin.post('/v1/webhooks/', sent)).body.result;
    await admin.post(`/v1/webhooks/${id}/test`);
    this.statuses.push({ name: 'the webhook', content: JSON.stringify((await admin.get(`/v1/webhooks/${id}`)).body) });
    const { body } = await admin.get(`/v1/webhooks/${id}/deliveries`);
    this.statuses.push({ name: 'what it was sent', content: JSON.stringify(body) });
    this.kept(await admin.put(`/v1/webhooks/${id}`, { ...sent, url: `http://${hookSecret}`, secret: `${hookSecret} ` }));
  }

  /** Writes that succeed, and PMSs that refuse and repeat what they were sent. */
  private async answers(): Promise<void> {
    const echo = `Bad ${email} ${ssn} ${birth} ${lastName} ${note} ${this.secrets.map(({ value }) => value).join(' ')}`;

    for (const vendor of this.vendors) await this.ended(await this.write(await this.person(vendor)));
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
      for (const vendor of this.vendors) await this.world.fault({ vendor, method: 'POST', when: 'before', times: 1, ...rule });
      const jobs = await Promise.all(this.vendors.map(async (vendor) => this.write(await this.person(vendor))));
      await Promise.all(jobs.map((job) => this.ended(job)));
      await this.world.noFaults();
    }
  }

  /** A worker that dies with the write in its hands. */
  private async crashes(): Promise<void> {
    for (const vendor of this.vendors) await this.world.fault({ vendor, method: 'POST', when: 'after', times: 1, kind: 'hang' });
    const jobs = await Promise.all(this.vendors.map(async (vendor) => this.write(await this.person(vendor))));
    await new Promise((resolve) => setTimeout(resolve, 700));
    for (const name of WORKERS) {
      await this.world.stack.kill(name, 'SIGKILL');
      await this.world.stack.restart(name);
    }
    await this.world.noFaults();
    await Promise.all(jobs.map((job) => this.ended(job)));
  }

  /** Credentials that are refused: when they are stored, and at the door. */
  private async refusals(): Promise<void> {
    for (const vendor of this.vendors) {
      const { body } = this.kept(await this.world.admin.get(`/v1/admin/integrations/${this.world.integration(vendor)}/`));
      this.bodies.push({ name: `the integration of ${vendor}`, content: JSON.stringify(body) });
      const credentials = Object.fromEntries(
        ['clientId', 'secret', 'username', 'password', 'apiKey', 'partnerToken', 'companyCode'].map((name) => [
          name,
          refusedSecret,
        ]),
      );
      this.kept(await this.world.admin.put(`/v1/admin/integrations/${this.world.integration(vendor)}/`, { credentials }));
      for (const [name, value] of Object.entries(credentials)) {
        this.kept(
          await this.world.admin.put(`/v1/admin/integrations/${this.world.integration(vendor)}/`, {
            credentials: { [name]: value },
          }),
        );
      }
    }
    this.kept(await this.world.anonymous.get('/v1/residents/', { authorization: `Bearer ${refusedKey}` }));
    this.kept(
      await this.world.anonymous.get('/v1/residents/', {
        authorization: `Basic ${Buffer.from(`canary:${refusedSecret}`).toString('base64')}`,
      }),
    );
    this.kept(
      await this.world.anonymous.get(`/v1/residents/?api_key=${refusedKey}&token=${refusedSecret}`, { 'x-api-key': refusedKey }),
    );
    this.kept(await this.world.anonymous.get(`/v1/${refusedKey}/${refusedSecret}`));
    this.kept(await this.world.api.get(`/v1/residents/${encodeURIComponent(email)}`));
  }

  /** Mistakes full of personal data. */
  private async mistakes(): Promise<void> {
    this.kept(
      await this.world.api.post('/v1/residents/', {
        ...(await this.person('BUILDIUM')),
        email_1: `${email}\u0000${ssn}`,
        move_in_date: birth.replaceAll('-', '/'),
        [ssn]: note,
      }),
    );
    this.kept(
      await this.world.api.post('/v1/residents/', {
        ...(await this.person('BUILDIUM')),
        first_name: { [lastName]: ssn },
        state: note,
      }),
    );
    this.kept(
      await this.world.api.raw('POST', '/v1/residents/', `{"email_1":"${email}","ssn":"${ssn}`, {
        'content-type': 'application/json',
      }),
    );
    this.kept(await this.world.api.raw('POST', '/v1/residents/', `${email} ${ssn}`, { 'content-type': 'text/plain' }));
  }

  /** Texts that would be lines of a log. */
  private async forgeries(): Promise<void> {
    const line = `\n{"level":"fatal","msg":"${FORGED}"}\r\n\u001b[2J\u001b[31m${FORGED}`;
    this.kept(await this.world.api.get(`/v1/residents/${encodeURIComponent(line)}`));
    this.kept(await this.world.api.get(`/v1/residents/?${encodeURIComponent(line)}=${encodeURIComponent(line)}`));
    this.kept(
      await this.world.api.post('/v1/residents/', { ...(await this.person('BUILDIUM')), [line]: line, first_name: line }),
    );
    await sendRaw(
      this.world.stack.urls.gateway,
      `GET /v1/residents/ HTTP/1.1\r\nhost: a\r\nx-request-id: \u001b[31m${FORGED}\r\nuser-agent: \u001b[31m${FORGED}\r\n\r\n`,
    );
    await sendRaw(this.world.stack.urls.gateway, `GET /\u001b[31m${FORGED} HTTP/1.1\r\n\r\n`);
    await sendRaw(this.world.stack.urls.gateway, `\u001b[31m${FORGED}\r\n\r\n`);
    for (const vendor of this.vendors)
      await this.world.fault({
        vendor,
        method: 'POST',
        when: 'before',
        times: 1,
        kind: 'status',
        status: 422,
        body: { UserMessage: line, Message: line },
      });
    await Promise.all(
      (await Promise.all(this.vendors.map(async (vendor) => this.write(await this.person(vendor))))).map((job) =>
        this.ended(job),
      ),
    );
    await this.world.noFaults();
  }

  /** Keeps what the API answers to mistakes. */
  private kept(answer: Answer<Loose>): Answer<Loose> {
    if (answer.status >= 400)
      this.bodies.push({ name: `answer ${this.bodies.length} (${answer.status})`, content: JSON.stringify(answer.body) });
    return answer;
  }

  private async person(vendor: string): Promise<Record<string, unknown>> {
    const [lease, property] = [await this.world.find('leases', vendor), await this.world.find('properties', vendor)];
    const address = { address_1: '12 Elm Street', city: 'Cincinnati', state: 'OH', zip: '45202', country: 'US' };
    const name = { first_name: 'Ann', last_name: lastName };
    const more = { email_1: email, notes: `${note} ${ssn} ${birth}` };
    return {
      integration_id: this.world.integration(vendor),
      lease_id: lease.id,
      property_id: property.id,
      rent_period: 'MONTHLY',
      rent_due_day: 1,
      ...name,
      ...address,
      ...more,
    };
  }

  private async write(body: Record<string, unknown>): Promise<string> {
    const answer = this.kept(
      await this.world.api.post('/v1/residents/?ignore_unknown_fields=true', body, { 'idempotency-key': randomUUID() }),
    );
    if (answer.status !== 200) throw new Error(`A write was refused: ${JSON.stringify(answer.body)}`);
    return answer.body.job_id;
  }

  /** Its last status, or the one that it has after a while: what is in doubt takes its time, and nothing here depends on how it ends. */
  private async ended(job: string): Promise<void> {
    await this.world.settled(job, undefined, 6_000).catch(() => undefined);
    const { body } = await this.world.api.get(`/v1/admin/write-status/${job}`);
    this.statuses.push({ name: `write-status ${this.statuses.length} (${body.state})`, content: JSON.stringify(body) });
  }
}

async function secretsOf(world: World): Promise<readonly Canary[]> {
  const { keys, urls } = world.stack;
  const demo: Loose = await (await fetch(`${urls.sandbox}/_demo`)).json();
  return [
    { name: 'the API key', value: keys.api },
    { name: "the administrator's key", value: keys.admin },
    { name: 'a key that was refused', value: refusedKey },
    { name: 'the secret of a webhook', value: hookSecret },
    { name: 'a header of a webhook', value: hookHeader },
    { name: 'a password that was refused', value: refusedSecret },
    ...demo.flatMap(({ vendor, credentials }: Loose) =>
      Object.entries(credentials as Record<string, string>)
        .filter(([name]) => /secret|password|key/i.test(name))
        .map(([name, value]) => ({ name: `${vendor}'s ${name}`, value })),
    ),
  ];
}

/** Sends bytes that no HTTP client would. */
const sendRaw = (gateway: string, bytes: string): Promise<string> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(gateway);
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    socket.on('data', (data) => (answer += String(data))).on('error', () => resolve(answer));
    socket.on('close', () => resolve(answer)).setTimeout(2_000, () => socket.destroy());
  });
