/**
 * Every write that Buildium's declarations offer, carried out by the kit against the simulated Buildium over a real socket: what was sent is
 * read back, what was not named stays, and a doubt about what happened is settled rightly.
 *
 * The records that payloads name are taken from the simulator's own lists, read by the kit too.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Account, Egress, fill, perform, PmsClient, readPage, reconcile, type Job, type RecordCopy } from '#adapter-kit';
import {
  checkWrite,
  operationOf,
  samplePayload,
  type Call,
  type Capability,
  type CheckedWrite,
  type OperationName,
  type OperationSpec,
} from '#capabilities';
import { companionOf } from '#models';
import { pms } from '#pms/buildium';

const WRITABLE = [...pms.capabilities.values()].filter(({ create }) => !('lacks' in create)).map(({ model }) => model.path);
const PHONES: ReadonlySet<string> = new Set(['phone_1', 'phone_1_type', 'phone_2', 'phone_2_type']);
const NOBODY_LISTENS = { sending: async () => {}, finished: async () => {} };
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
  const { host, origin } = new URL(await sandbox.getUrl());
  egress = new Egress({ allow: [host], timeoutMs: 5_000 });
  // The simulator does not enforce the vendor's rate here, so there is no need to keep to it.
  const unhurried = { ...pms, limits: { concurrent: pms.limits.concurrent } };
  const credentials = { clientId: 'demo-client', secret: 'demo-secret' };
  client = new PmsClient(new Account(unhurried, 'conformance', credentials, `${origin}/buildium`), egress);
});
beforeEach(async () => {
  await fetch(new URL('/_reset', await sandbox.getUrl()), { method: 'POST' });
});
afterAll(async () => {
  await egress.close();
  await sandbox.close();
});

/** All records of a model. */
async function listOf(path: string): Promise<RecordCopy[]> {
  const records: RecordCopy[] = [];
  let cursor: string | undefined;
  do {
    const page = await readPage(client, capabilityOf(path), cursor);
    records.push(...page.records);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return records;
}

/** Which demo record a reference of a model names, where the first of the list will not do. */
const CHOICE: Readonly<Record<string, (record: RecordCopy) => boolean>> = {
  applicants: ({ fields }) => fields['status'] === 'APPROVED',
  'financial-accounts': ({ fields }) => (fields['custom_data'] as { IsBankAccount?: boolean }).IsBankAccount === true,
};

async function demoIds(): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const { model, reads } of pms.capabilities.values()) {
    if ('lacks' in reads) continue;
    const chosen = (await listOf(model.path)).find(CHOICE[model.path] ?? (() => true));
    if (chosen) ids.set(model.path, chosen.x_id);
  }
  return ids;
}

type Supported = Extract<CheckedWrite, { supported: true }>;

function accept(path: string, operation: OperationName, payload: Readonly<Record<string, unknown>>): Supported {
  const checked = checkWrite(pms, capabilityOf(path).model, operation, payload, { ignoreUnknownFields: false });
  if (!checked.supported) throw new Error(checked.reason);
  expect(checked.issues).toEqual([]);
  return checked;
}

/** The job of a payload whose references already are the PMS's ids. */
const jobOf = (path: string, operation: OperationName, { values, references }: Supported, recordId: string | null): Job => ({
  capability: capabilityOf(path),
  operation,
  values,
  references: Object.fromEntries(references.map(({ field, id }) => [field, id])),
  recordId,
  done: {},
});

async function recordOf(path: string, xId: string): Promise<RecordCopy> {
  const found = (await listOf(path)).find(({ x_id }) => x_id === xId);
  if (!found) throw new Error(`${path} ${xId} is not listed`);
  return found;
}

/** What a record should show of what was sent. */
function visible({ capability, values, references }: Job): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const mapping = capability.fields[name];
    if (mapping?.kind === 'route') shown[companionOf(name)] = references[name];
    if (mapping?.kind === 'shared' && !mapping.fold.unread.includes(name) && !PHONES.has(name)) {
      const isReference = mapping.fold.references.includes(name);
      const id = Array.isArray(value) ? value.map((_, index) => references[`${name}.${index}`]) : references[name];
      // A lease also lists the tenants who come with it.
      shown[isReference ? companionOf(name) : name] = Array.isArray(id) ? expect.arrayContaining(id) : isReference ? id : value;
    }
    if (mapping?.kind === 'write' && mapping.from !== null)
      shown[mapping.reference ? companionOf(name) : name] = mapping.reference
        ? references[name]
        : mapping.codec.decode(mapping.codec.encode(value));
  }
  return shown;
}

/** Numbers with their kinds; Buildium keeps no order. */
const phonesIn = (fields: Readonly<Record<string, unknown>>): unknown[] =>
  [1, 2].map((n) => [fields[`phone_${n}`], fields[`phone_${n}_type`]].join(' ')).sort();
const showsPhones = ({ capability: { fields } }: Job): boolean => {
  const mapping = fields['phone_1'];
  return mapping?.kind === 'shared' && mapping.fold.unread.length === 0;
};

function expectShown(job: Job, { fields }: RecordCopy): void {
  expect(fields).toMatchObject(visible(job));
  if (showsPhones(job)) expect(phonesIn(fields)).toEqual(phonesIn(job.values));
}

/** The field that names the record under which a model's lists hang; for others any name will do. */
function parentFieldOf(path: string): string {
  const { reads } = capabilityOf(path);
  return ('lacks' in reads ? undefined : reads.parentField) ?? '';
}

/** What a field can be set to without changing the record; what is part of the address stays as sampled. */
function valueNow(path: string, name: string, fields: Readonly<Record<string, unknown>>, sample: unknown): unknown {
  const mapping = capabilityOf(path).fields[name];
  if (mapping?.kind === 'route') return sample;
  return fields[companionOf(name)] ?? fields[name] ?? null;
}

/** The record as Buildium itself shows it, without the times of changes. */
async function answerFor(job: Job): Promise<unknown> {
  const { current } = operationOf(job.capability, job.operation) as OperationSpec;
  const { answer } = await client.call(fill(current as Call, { ...job }));
  return JSON.parse(JSON.stringify(answer), (name, value: unknown) => (/UpdatedDateTime$/.test(name) ? undefined : value));
}

describe.each(WRITABLE)('%s', (path) => {
  const { model } = capabilityOf(path);

  it.each(['full', 'minimal'] as const)('are created from a %s payload, and found again when in doubt', async (kind) => {
    const ids = await demoIds();
    const payload = samplePayload(pms, model, 'create', kind, (named) => ids.get(named) ?? 'none');
    const job = jobOf(path, 'create', accept(path, 'create', payload), null);
    const sentAt = new Date();
    const { outcome, finished } = await perform(client, job, NOBODY_LISTENS);
    expect(outcome).toMatchObject({ kind: 'succeeded', x_id: expect.stringMatching(/^\d+$/) });

    const xId = finished?.result.x_id as string;
    const record = await recordOf(path, xId);
    expect(record.fields).toMatchObject(visible(job));
    if (kind === 'full') expectShown(job, record);

    const operation = operationOf(capabilityOf(path), 'create') as OperationSpec;
    const settled = await reconcile(client, job, { step: operation.steps[0].name, sentAt, memo: {} }, 0);
    expect(settled.outcome).toMatchObject(
      operation.doubt.policy === 'person' ? { kind: 'review' } : { kind: 'succeeded', x_id: xId, resolution: 'reconciled' },
    );
  });

  it('are updated with all that can be set', async () => {
    const ids = await demoIds();
    const xId = ids.get(path) as string;
    const payload = samplePayload(pms, model, 'update', 'full', (named) => ids.get(named) ?? 'none');
    const job = jobOf(path, 'update', accept(path, 'update', payload), xId);
    expect((await perform(client, job, NOBODY_LISTENS)).outcome).toMatchObject({ kind: 'succeeded' });
    expectShown(job, await recordOf(path, xId));
  });

  it('keep all that an update does not name', async () => {
    const ids = await demoIds();
    for (const { x_id: xId, fields } of await listOf(path)) {
      const named = (parent: string): string => String(fields[companionOf(parentFieldOf(path))] ?? ids.get(parent));
      const payload = samplePayload(pms, model, 'update', 'minimal', named);
      // What is sent has the value that it has already, so nothing at all may change.
      const same = Object.fromEntries(
        Object.entries(payload).map(([name, value]) => [name, valueNow(path, name, fields, value)]),
      );
      const job = jobOf(path, 'update', accept(path, 'update', same), xId);
      const before = await answerFor(job);
      expect((await perform(client, job, NOBODY_LISTENS)).outcome).toMatchObject({ kind: 'succeeded' });
      expect(await answerFor(job)).toEqual(before);
    }
  });
});
