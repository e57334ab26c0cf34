/**
 * Payloads that a record rarely shows again as they were sent (blanks at the ends, quotes, separators, emoji, long texts, times of day), created
 * while the connection breaks after the PMS has done its work. Promises: a doubt ends with the record that was made, or with a person; never with
 * "it did not happen", which would have it made twice.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Egress, perform, reconcile, type Job } from '#adapter-kit';
import {
  checkWrite,
  operationOf,
  type Capability,
  type OperationName,
  type OperationSpec,
  type PmsDefinition,
  type StepResult,
} from '#capabilities';
import { ACCOUNTS, clientOf, fullSample, idsOf, jobOf, startSandbox } from './accounts.ts';

/** Texts for every free text of a record; each is cut to what the field takes. */
const TEXTS: Readonly<Record<string, (name: string) => string>> = {
  'blanks at both ends': (name) => `  Mo ${name} `,
  'quotes and ampersands': (name) => `O'Neil "&" 100% <b>${name}</b> a+b=c?#/\\`,
  'separators of filters': (name) => `Lee, Ann; (eq) ${name}`,
  'accents taken apart, and emoji': (name) => `Zoe\u0308 N\u0303andu\u0301 🏠 ${name}`,
  'digits only': () => '0012345',
  'a long text': (name) => `${name} ${'long '.repeat(20_000)}`,
};

/** Fields whose value is free text and identifies the record or fills a large member. */
const FREE = [
  'first_name',
  'last_name',
  'name',
  'short_description',
  'number',
  'service_description',
  'service_details',
  'notes',
  'address_1',
];
/** The most that the simulators take where no schema of the vendor says it. */
const LONGEST = 120;

let sandbox: NestFastifyApplication;
let egress: Egress;
let origin: string;

beforeAll(async () => {
  const { app, url } = await startSandbox();
  sandbox = app;
  origin = url.origin;
  egress = new Egress({ allow: [url.host], timeoutMs: 5_000 });
});
beforeEach(async () => {
  await fetch(new URL('/_reset', origin), { method: 'POST' });
});
afterAll(async () => {
  await egress.close();
  await sandbox.close();
});

const isSearched = ({ create }: Capability): boolean => !('lacks' in create) && create.doubt.policy === 'search';
const CASES = ACCOUNTS.flatMap(({ pms, credentials }) =>
  [...pms.capabilities.values()]
    .filter(isSearched)
    .flatMap((capability) =>
      Object.keys(TEXTS).map((texts) => ({ pms, credentials, capability, path: capability.model.path, texts })),
    ),
);

it('covers every create whose doubt is settled by a search', () => {
  expect(CASES.length).toBe((8 + 9) * Object.keys(TEXTS).length);
});

/** A full payload with such texts in it, as far as the declaration takes them. */
function oddJob(
  pms: PmsDefinition,
  capability: Capability,
  operation: OperationName,
  ids: ReadonlyMap<string, string>,
  texts: string,
): Job {
  const { model } = capability;
  const accepted = (payload: Readonly<Record<string, unknown>>) =>
    checkWrite(pms, model, operation, payload, { ignoreUnknownFields: false });
  const sample = fullSample(pms, capability, operation, ids);
  const payload: Record<string, unknown> = { ...sample };
  for (const field of FREE.filter((name) => typeof sample[name] === 'string')) {
    const odd = TEXTS[texts]?.(field) ?? '';
    const tries = [odd, odd.slice(0, LONGEST), odd.slice(0, 30)];
    const taken = tries.find((text) => {
      const checked = accepted({ ...payload, [field]: text });
      return checked.supported && checked.issues.length === 0;
    });
    if (taken !== undefined) payload[field] = taken;
  }
  for (const [field, value] of Object.entries(payload))
    if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) payload[field] = `${value}T23:30:00-05:00`;
  return jobOf(pms, capability, operation, payload, ids);
}

/** The connection breaks once a write has taken effect, after so many that went well. */
async function breakAfter(pms: PmsDefinition, skip = 0): Promise<void> {
  const answer = await fetch(new URL('/_faults', origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(['POST', 'PUT'].map((method) => ({ vendor: pms.vendor, method, skip, when: 'after', kind: 'reset' }))),
  });
  expect(answer.status).toBe(201);
}

describe.each(CASES)('$pms.vendor $path with $texts', ({ pms, credentials, capability, texts }) => {
  it('are found again after a broken connection', async () => {
    const client = clientOf({ pms, credentials }, origin, egress);
    const job = oddJob(pms, capability, 'create', await idsOf(pms, client), texts);
    const sentAt = new Date();
    await breakAfter(pms);

    const ending = await perform(client, job, { sending: async () => {}, finished: async () => {} });
    expect(ending.outcome).toMatchObject({ kind: 'doubt', policy: 'search' });

    const { steps } = operationOf(capability, 'create') as OperationSpec;
    const settled = await reconcile(client, job, { step: steps[0].name, sentAt, memo: {} }, 9);
    expect(['succeeded', 'resume']).toContain(settled.outcome.kind);
    expect(settled.finished?.result.x_id).toMatch(/^\d+$/);
  });
});

const UPDATES = ACCOUNTS.flatMap(({ pms, credentials }) =>
  [...pms.capabilities.values()].flatMap((capability) =>
    'lacks' in capability.update
      ? []
      : capability.update.steps.map(({ name }, position) => ({
          pms,
          credentials,
          capability,
          path: capability.model.path,
          name,
          position,
        })),
  ),
);

describe.each(UPDATES)('$pms.vendor $path, changed in the step $name', ({ pms, credentials, capability, name, position }) => {
  it('are known to be changed after a broken connection', async () => {
    const client = clientOf({ pms, credentials }, origin, egress);
    const job = oddJob(pms, capability, 'update', await idsOf(pms, client), 'quotes and ampersands');
    await breakAfter(pms, position);
    const notes: Record<string, Readonly<Record<string, unknown>>> = {};
    const done: Record<string, StepResult> = {};
    const sentAt = new Date();
    const journal = {
      sending: async (step: string, memo: Readonly<Record<string, unknown>>) => void (notes[step] = memo),
      finished: async (step: string, result: StepResult) => void (done[step] = result),
    };
    expect((await perform(client, job, journal)).outcome).toMatchObject({ kind: 'doubt', policy: 'read_back' });

    const settled = await reconcile(client, { ...job, done }, { step: name, sentAt, memo: notes[name] ?? {} }, 9);
    expect(['succeeded', 'resume']).toContain(settled.outcome.kind);
  });
});
