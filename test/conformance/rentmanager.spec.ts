/**
 * Every write that Rent Manager's declarations offer, carried out by the kit against the simulated Rent Manager over a real socket: what was sent
 * is read back, what was not named stays, and a doubt about any step is settled rightly.
 *
 * The records that payloads name are taken from the simulator's own lists, read by the kit too.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  Account,
  Egress,
  perform,
  PmsClient,
  readOne,
  readPage,
  reconcile,
  type Ending,
  type Job,
  type RecordCopy,
} from '#adapter-kit';
import {
  checkWrite,
  operationOf,
  samplePayload,
  type Capability,
  type CheckedWrite,
  type OperationName,
  type OperationSpec,
  type StepResult,
} from '#capabilities';
import { companionOf } from '#models';
import { pms } from '#pms/rent-manager';

const WRITABLE = [
  'applicants',
  'leads',
  'leases',
  'properties',
  'resident-charges',
  'resident-notes',
  'resident-payments',
  'residents',
  'service-requests',
  'units',
  'vendors',
];
type Payload = Readonly<Record<string, unknown>>;
const capabilityOf = (path: string): Capability => pms.capabilities.get(path) as Capability;

// No test can import an app; what runs it may load one.
const SANDBOX = new URL('../../apps/sandbox/src/sandbox.ts', import.meta.url).href;

let sandbox: NestFastifyApplication;
let egress: Egress;
let client: PmsClient;

beforeAll(async () => {
  const { createSandbox } = (await import(SANDBOX)) as { createSandbox(): Promise<NestFastifyApplication> };
  sandbox = await createSandbox();
  await sandbox.listen(0, '127.0.0.1');
});
beforeEach(async () => {
  const url = await sandbox.getUrl();
  await fetch(new URL('/_reset', url), { method: 'POST' });
  const { host, origin } = new URL(url);
  await egress?.close();
  egress = new Egress({ allow: [host], timeoutMs: 5_000 });
  // The simulator does not enforce the vendor's rate here, so there is no need to keep to it.
  const unhurried = { ...pms, limits: { concurrent: pms.limits.concurrent } };
  const credentials = { companyId: 'demo', Username: 'latchkey', Password: 'sandbox', locationId: '1' };
  client = new PmsClient(new Account(unhurried, 'conformance', credentials, `${origin}/rentmanager`), egress);
});
afterAll(async () => {
  await egress.close();
  await sandbox.close();
});

/** All records of a model; each fits on one page here. */
async function listOf(path: string): Promise<readonly RecordCopy[]> {
  const { records, next } = await readPage(client, capabilityOf(path), undefined);
  expect(next).toBeNull();
  return records;
}

/** Which demo record a payload names, where the first of the list will not do. */
const CHOICE: Readonly<Record<string, (record: RecordCopy) => boolean>> = {
  // The one unit of the first property in which nobody lives.
  units: ({ fields }) => fields['is_vacant'] === true,
};

async function demoIds(): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const path of pms.capabilities.keys()) {
    const chosen = (await listOf(path)).find(CHOICE[path] ?? (() => true));
    if (!chosen) throw new Error(`The simulator has no ${path}`);
    ids.set(path, chosen.x_id);
  }
  return ids;
}

type Supported = Extract<CheckedWrite, { supported: true }>;

function accept(path: string, operation: OperationName, payload: Payload): Supported {
  const checked = checkWrite(pms, capabilityOf(path).model, operation, payload, { ignoreUnknownFields: false });
  if (!checked.supported) throw new Error(checked.reason);
  expect(checked.issues).toEqual([]);
  return checked;
}

/** The job of a payload whose references already are the PMS's ids. */
function jobOf(path: string, operation: OperationName, payload: Payload, recordId: string | null): Job {
  const { values, references } = accept(path, operation, payload);
  return {
    capability: capabilityOf(path),
    operation,
    values,
    references: Object.fromEntries(references.map(({ field, id }) => [field, id])),
    recordId,
    done: {},
  };
}

async function sampleJob(path: string, operation: OperationName, kind: 'full' | 'minimal'): Promise<Job> {
  const ids = await demoIds();
  const { lead_id: _converted, ...sample } = samplePayload(
    pms,
    capabilityOf(path).model,
    operation,
    kind,
    (named) => ids.get(named) ?? 'none',
  );
  const recordId = operation === 'create' ? null : (ids.get(path) as string);
  return jobOf(path, operation, { ...sample, ...(kind === 'minimal' ? STRICTER[`${operation} ${path}`] : {}) }, recordId);
}

/** The simulator wants more than is known of Rent Manager. */
const STRICTER: Readonly<Record<string, Payload>> = { 'create applicants': { first_name: 'Ann' } };

/** Carries a job out, and keeps what each step left behind. */
async function carryOut(job: Job): Promise<{ ending: Ending; done: Record<string, StepResult> }> {
  const done: Record<string, StepResult> = {};
  const ending = await perform(client, job, {
    sending: async () => {},
    finished: async (step, result) => {
      done[step] = result;
    },
  });
  if (ending.finished) done[ending.finished.step] = ending.finished.result;
  return { ending, done };
}

/** What a record should show of what was sent. */
function visible({ capability, values, references }: Job): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const mapping = capability.fields[name];
    if (mapping?.kind === 'route') shown[companionOf(name)] = references[name];
    if (mapping?.kind === 'shared') shown[name] = comparable(value);
    if (mapping?.kind !== 'write' || mapping.from === null) continue;
    if (mapping.reference) shown[companionOf(name)] = references[name];
    else shown[name] = mapping.codec.decode(mapping.codec.encode(value));
  }
  return shown;
}
const comparable = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value) ? new Date(value).toISOString() : value;

describe.each(WRITABLE)('%s', (path) => {
  it.each(['full', 'minimal'] as const)('are created from a %s payload, and found again when in doubt', async (kind) => {
    const job = await sampleJob(path, 'create', kind);
    const sentAt = new Date();

    const { ending } = await carryOut(job);

    expect(ending.outcome).toMatchObject({ kind: 'succeeded', x_id: expect.stringMatching(/^\d+$/) });
    const xId = (ending.outcome as { x_id: string }).x_id;
    expect((await readOne(client, job.capability, xId)).fields).toMatchObject(visible(job));
    expect((await listOf(path)).filter(({ x_id }) => x_id === xId)).toHaveLength(1);

    const { steps, doubt } = operationOf(job.capability, 'create') as OperationSpec;
    const settled = await reconcile(client, job, { step: steps[0].name, sentAt, memo: {} }, 0);
    if (doubt.policy === 'person') expect(settled.outcome).toMatchObject({ kind: 'review' });
    else {
      // With nothing to send in a later step, the proven one was the last.
      expect(['resume', 'succeeded']).toContain(settled.outcome.kind);
      if (kind === 'full' && steps.length > 1) expect(settled.outcome.kind).toBe('resume');
      expect(settled.finished?.result.x_id).toBe(xId);
    }
  });

  it('are updated with all that can be set, and each step is proven by reading', async () => {
    const job = await sampleJob(path, 'update', 'full');
    const sentAt = new Date();

    const { ending, done } = await carryOut(job);

    expect(ending.outcome).toMatchObject({ kind: 'succeeded' });
    const { fields } = await readOne(client, job.capability, job.recordId as string);
    expect(fields).toMatchObject(visible(job));

    const { steps } = operationOf(job.capability, 'update') as OperationSpec;
    expect(Object.keys(done)).toEqual(steps.map(({ name }) => name));
    for (const { name } of steps) {
      const settled = await reconcile(client, job, { step: name, sentAt, memo: {} }, 0);
      expect([name, settled.outcome.kind]).toEqual([name, name === steps.at(-1)?.name ? 'succeeded' : 'resume']);
    }
  });

  it('keep all that an update does not name', async () => {
    for (const before of await listOf(path)) {
      const { values } = await sampleJob(path, 'update', 'minimal');
      const [name = ''] = Object.keys(values);
      const now = before.fields[name] ?? before.fields[companionOf(name)];

      // The field gets the value that it has; a record without one has nothing to keep it in.
      if (now === undefined) continue;
      const { ending } = await carryOut(jobOf(path, 'update', { [name]: now }, before.x_id));

      expect(ending.outcome).toMatchObject({ kind: 'succeeded' });
      const after = await readOne(client, capabilityOf(path), before.x_id);
      expect({ ...after.fields, x_updated_at: null }).toEqual({ ...before.fields, x_updated_at: null });
    }
  });
});

describe('a resident', () => {
  it('is written in four steps and goes on at the first that is not done', async () => {
    const job = await sampleJob('residents', 'create', 'full');
    const sent: string[] = [];
    const journal = {
      sending: async (step: string) => {
        if (step === 'phones' && !sent.includes('phones again')) {
          sent.push('phones again');
          throw new Error('the worker dies');
        }
        sent.push(step);
      },
      finished: async (step: string, result: StepResult) => {
        done[step] = result;
      },
    };
    const done: Record<string, StepResult> = {};
    await expect(perform(client, job, journal)).rejects.toThrow('the worker dies');

    const ending = await perform(client, { ...job, done }, journal);

    expect(sent).toEqual(['tenant', 'contact', 'phones again', 'phones', 'addresses']);
    expect(ending.outcome).toMatchObject({ kind: 'succeeded', x_id: done['tenant']?.x_id });
    expect((await listOf('residents')).filter(({ fields }) => fields['last_name'] === job.values['last_name'])).toHaveLength(1);
  });

  it('keeps the parts of an address that an update does not name', async () => {
    const { ending } = await carryOut(jobOf('residents', 'update', { city: 'Peoria', address_2: null }, '101'));

    expect(ending.outcome).toMatchObject({ kind: 'succeeded' });
    const { fields } = await readOne(client, capabilityOf('residents'), '101');
    expect(fields).toMatchObject({ address_1: '12 Juniper Court', city: 'Peoria', state: 'IL', zip: '62701' });
    expect(fields).not.toHaveProperty('address_2');
  });

  it('bears the same name as its contact after a change of name', async () => {
    await carryOut(jobOf('residents', 'update', { last_name: 'Brandt-Moss' }, '102'));

    const { answer } = await client.call({ method: 'GET', target: '/Tenants/102?embeds=Contacts', template: '/Tenants/{id}' });
    expect(answer).toMatchObject({ LastName: 'Brandt-Moss', Contacts: [{ FirstName: 'Odessa', LastName: 'Brandt-Moss' }] });
  });
});

describe('a prospect', () => {
  it('is a lead until it applies, and keeps its id when it does', async () => {
    const [lead] = await listOf('leads');
    const payload = { lead_id: lead?.x_id, property_id: lead?.fields['x_property_id'], last_name: lead?.fields['last_name'] };

    const { ending } = await carryOut(jobOf('applicants', 'create', payload, null));

    expect(ending.outcome).toMatchObject({ kind: 'succeeded', x_id: lead?.x_id });
    expect((await listOf('applicants')).map(({ x_id }) => x_id)).toContain(lead?.x_id);
    expect((await listOf('leads')).map(({ x_id }) => x_id)).not.toContain(lead?.x_id);
  });
});

describe('a service request', () => {
  it('gets a status that closes it with its date of completion, and one that is open without', async () => {
    const closed = jobOf('service-requests', 'update', { date_completed: '2026-05-03T10:40:00Z' }, '701');
    await carryOut(closed);
    expect((await readOne(client, capabilityOf('service-requests'), '701')).fields).toMatchObject({
      status_raw: 'Closed',
      date_completed: '2026-05-03T10:40:00.000Z',
    });

    await carryOut(jobOf('service-requests', 'update', { date_completed: null }, '701'));

    const { fields } = await readOne(client, capabilityOf('service-requests'), '701');
    expect(fields).toMatchObject({ status_raw: 'Open' });
    expect(fields).not.toHaveProperty('date_completed');
  });
});

describe('a charge', () => {
  it('in closed books fails with words that say what to do', async () => {
    const job = await sampleJob('resident-charges', 'create', 'minimal');

    const { ending } = await carryOut({ ...job, values: { ...job.values, transaction_date: '2019-01-01' } });

    expect(ending.outcome).toMatchObject({ kind: 'failed', errors: [expect.stringMatching(/confirm/i)] });
  });
});
