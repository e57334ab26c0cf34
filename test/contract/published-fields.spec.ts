/**
 * Programs written for the published API work unchanged: the declarations accept the fields, values and date-times of `published-fields.ts`, and
 * require no more. Fails when a declaration drops one of them, and when an exception there has become untrue.
 */
import { describe, expect, it } from '@jest/globals';
import { checkWrite, planOf, samplePayload, type Capability, type OperationPlan, type PmsDefinition } from '#capabilities';
import { pms as buildium } from '#pms/buildium';
import { pms as rentManager } from '#pms/rent-manager';
import { DEMANDED, PUBLISHED, REFUSED, type Exception, type PublishedWrite } from './published-fields.ts';

const PMSS: Readonly<Record<PublishedWrite['vendor'], PmsDefinition>> = { BUILDIUM: buildium, RENTMANAGER: rentManager };
const TIMES = ['2026-05-31T23:30:00-05:00', '2026-05-31T04:00:00.000Z', '2026-05-31'];

type Payload = Readonly<Record<string, unknown>>;

function read({ vendor, model, operation, fields }: PublishedWrite) {
  const pms = PMSS[vendor];
  const capability = pms.capabilities.get(model) as Capability;
  const marked = fields.split(/\s+/).filter((field) => field !== '');
  const named = (mark: string): string[] => marked.filter((field) => field.includes(mark)).map(nameOf);
  const issuesOf = (payload: Payload) => {
    const checked = checkWrite(pms, capability.model, operation, payload, { ignoreUnknownFields: false });
    return checked.supported
      ? checked.issues.map(({ pointer, code }) => ({ field: pointer.slice(1), code: String(code) }))
      : [{ field: '', code: checked.reason }];
  };
  const sample: Payload = samplePayload(pms, capability.model, operation, 'full', (path) => `of-${path}`);
  const pick = (names: readonly string[]): Payload => Object.fromEntries(names.map((name) => [name, sample[name]]));
  const exceptions = (of: readonly Exception[]): string[] =>
    of.filter((one) => one.vendor === vendor && one.model === model).flatMap((one) => one.fields);
  return {
    plan: planOf(capability, operation) as OperationPlan,
    all: marked.map(nameOf),
    required: named('!'),
    times: named('@'),
    refused: exceptions(REFUSED),
    demanded: exceptions(DEMANDED),
    issuesOf,
    pick,
  };
}
const nameOf = (field: string): string => field.replace(/[!@]+$/, '');

describe.each(PUBLISHED)('$vendor $operation $model', (write) => {
  const { plan, all, required, times, refused, demanded, issuesOf, pick } = read(write);
  const accepted = all.filter((name) => !refused.includes(name));

  it('is offered, with every published field that is no exception', () => {
    expect(plan).toBeDefined();
    expect(accepted.filter((name) => plan.fields.get(name)?.status !== 'accepted')).toEqual([]);
  });

  it('requires nothing else on its own', () => {
    const needed = [...plan.fields.values()].filter((field) => field.required).map(({ name }) => name);
    // A page of which no field could be read says nothing about what it requires.
    expect(all.length === 0 ? [] : needed.filter((name) => !required.includes(name))).toEqual([]);
  });

  it.each([
    ['the required fields', required],
    ['all fields', accepted],
  ])('takes %s', (_, names) => {
    const beyond = issuesOf(pick(names)).filter((issue) => issue.code !== 'required' || !demanded.includes(issue.field));
    expect(names.length === 0 ? [] : beyond).toEqual([]);
  });

  it('takes the published values and times', () => {
    const values = Object.entries(write.values ?? {}).flatMap(([field, words]) => words.map((value) => [field, value]));
    const moments = times.flatMap((field) => TIMES.map((time) => [field, time]));
    for (const [field = '', value] of [...values, ...moments]) {
      const broken = issuesOf({ ...pick(required), [field]: value }).filter(
        (issue) => issue.field === field && issue.code !== 'conflict',
      );
      expect([field, value, broken]).toEqual([field, value, []]);
    }
  });
});

const tableOf = (vendor: string, model: string) => PUBLISHED.filter((write) => write.vendor === vendor && write.model === model);

it.each(REFUSED)('refuses $vendor $model $fields, as long as it is an exception', ({ vendor, model, fields }) => {
  for (const field of fields) {
    const statuses = tableOf(vendor, model)
      .map((write) => read(write))
      .filter(({ all }) => all.includes(field))
      .map(({ plan }) => plan.fields.get(field)?.status);
    expect(statuses.length).toBeGreaterThan(0);
    expect(statuses).not.toContain('accepted');
  }
});

it.each(DEMANDED)('demands $vendor $model $fields, as long as it is an exception', ({ vendor, model, fields }) => {
  const demanded = tableOf(vendor, model)
    .map((write) => read(write))
    .flatMap(({ required, all, refused, issuesOf, pick }) =>
      [required, all.filter((name) => !refused.includes(name))].flatMap((names) => issuesOf(pick(names))),
    )
    .map(({ field }) => field);
  expect(demanded).toEqual(expect.arrayContaining([...fields]));
});

it('has a country for every address that Buildium gets', () => {
  const { pick, required, issuesOf } = read(
    PUBLISHED.find(({ model, vendor }) => vendor === 'BUILDIUM' && model === 'residents') as PublishedWrite,
  );
  for (const country of ['US', 'United States', 'CA', 'Canada'])
    expect(issuesOf({ ...pick(required), country, state: country.startsWith('C') ? 'ON' : 'OH' })).toEqual([]);
});
