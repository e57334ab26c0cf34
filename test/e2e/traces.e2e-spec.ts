/** A collector listens while writes go their way: each leaves one connected trace over five processes, and nothing personal in it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/api.ts';
import { Collector, type CollectedSpan } from '../support/collector.ts';
import { World } from '../support/world.ts';
import { figure } from '../quality/figure.ts';

const SERVICES = ['gateway', 'router', 'status', 'cache-sync', 'worker-buildium', 'worker-rent-manager'];
const CANARY = 'quillfeather';
const WRITES = 100;

/** What one write leaves, from the request to the read-back: [service, span]. */
const WAY = [
  ['gateway', 'PUT /v1/:model/:id'],
  ['gateway', 'ask directory.write'],
  ['router', 'answer directory.write'],
  ['router', 'ask ledger.open'],
  ['status', 'answer ledger.open'],
  ['worker', 'process JOBS'],
  ['worker', 'ask ledger.claim'],
  ['status', 'answer ledger.claim'],
  ['worker', 'PUT'],
  ['worker', 'ask ledger.settle'],
  ['status', 'answer ledger.settle'],
  ['cache-sync', 'process EVENTS'],
  ['cache-sync', 'ask pms.read'],
  ['worker', 'answer pms.read'],
  ['worker', 'GET'],
  ['cache-sync', 'ask ledger.refreshed'],
  ['status', 'answer ledger.refreshed'],
] as const;

let collector: Collector;
let world: World;

beforeAll(async () => {
  collector = await Collector.start();
  const told = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  world = await World.start('traces', Object.fromEntries(SERVICES.map((service) => [service, told])));
}, 180_000);
afterAll(async () => {
  await world?.stack.discard();
  await collector?.stop();
}, 60_000);

/** The steps of the way that a trace lacks. */
const missing = (spans: readonly CollectedSpan[]): string[] =>
  WAY.filter(
    ([service, name]) =>
      !spans.some((span) => span.service.startsWith(service) && (span.name === name || span.name.startsWith(`${name} `))),
  ).map((step) => step.join(': '));

const orphans = (spans: readonly CollectedSpan[], root: string): string[] => {
  const known = new Set([...spans.map(({ spanId }) => spanId), root]);
  return spans.filter(({ parentSpanId = root }) => !known.has(parentSpanId)).map(({ name }) => name);
};

/** Changes a resident in a trace of the caller's. */
async function change(resident: string, nth: number): Promise<{ trace: string; caller: string; job: string; answered: string }> {
  const trace = (0xabc0_0000 + nth).toString(16).padStart(32, '1');
  const caller = (nth + 1).toString(16).padStart(16, '2');
  const response = await fetch(`${world.stack.urls.gateway}/v1/residents/${resident}`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${world.stack.keys.api}`,
      'content-type': 'application/json',
      traceparent: `00-${trace}-${caller}-01`,
    },
    body: JSON.stringify({ email_1: `${CANARY}.${nth}@example.com` }),
  });
  const { job_id } = (await response.json()) as { job_id: string };
  return { trace, caller, job: job_id, answered: response.headers.get('traceresponse') ?? '' };
}

describe('traces', () => {
  it('R52: each of many writes leaves one trace, connected and complete, from the request to the read-back', async () => {
    const { body } = await world.api.get(`/v1/residents/?integration_id=${world.integration('BUILDIUM')}&limit=50`);
    const residents: string[] = body.results.map(({ id }: { id: string }) => id);

    const writes = await Promise.all(
      Array.from({ length: WRITES }, (_, nth) => change(residents[nth % residents.length] ?? '', nth)),
    );
    await Promise.all(writes.map(({ job }) => world.settled(job, ['SUCCEEDED'], 60_000)));
    const incomplete = () =>
      writes.filter(({ trace, caller }) => {
        const spans = collector.of(trace);
        return missing(spans).length > 0 || orphans(spans, caller).length > 0;
      });
    await eventually('all traces are complete', async () => (incomplete().length === 0 ? true : undefined), 60_000).catch(
      () => undefined,
    );

    figure('R52', `${incomplete().length} of ${WRITES} traces incomplete, each over 5 processes`);
    expect(
      incomplete().map(({ trace, caller }) => ({
        lacks: missing(collector.of(trace)),
        lost: orphans(collector.of(trace), caller),
      })),
    ).toEqual([]);
    for (const { trace, answered } of writes) expect(answered).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
  }, 180_000);

  it('tells of a call to a PMS by its template, and of the job by its id', () => {
    const calls = collector.spans.filter(({ attributes }) => attributes['url.template'] !== undefined);
    const jobs = collector.spans.filter(({ name }) => name === 'process JOBS');

    expect(calls.length).toBeGreaterThan(WRITES);
    for (const { attributes } of calls) expect(attributes['url.template']).not.toMatch(/\?|\d{3}/);
    expect(jobs.filter(({ attributes }) => attributes['latchkey.state'] === 'SUCCEEDED').length).toBeGreaterThanOrEqual(WRITES);
  });

  it('names the trace of a refused request in its problem', async () => {
    const { status, body } = await world.api.get('/v1/admin/write-status/nothing-here');

    expect(status).toBe(404);
    expect(body.trace_id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('carries no personal datum and no key, in whatever was sent', () => {
    const all = collector.bodies.join('\n');

    expect(all.length).toBeGreaterThan(10_000);
    for (const secret of [CANARY, 'example.com', world.stack.keys.api, world.stack.keys.admin, 'Bearer'])
      expect([secret, all.includes(secret)]).toEqual([secret, false]);
  });

  it('does not keep a write waiting when the collector is gone', async () => {
    await collector.stop();
    const { body } = await world.api.get(`/v1/residents/?integration_id=${world.integration('BUILDIUM')}&limit=1`);

    const { job } = await change(body.results[0].id, WRITES + 1);

    expect(await world.settled(job, undefined, 20_000)).toMatchObject({ write_status: 'SUCCESS' });
  }, 60_000);
});
