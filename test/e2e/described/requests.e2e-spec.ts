/**
 * The API does what its own description says, for requests that are made from it at random: right ones, the last right ones before the wrong, and
 * wrong ones. Nothing crashes, every answer is described, nothing that the description forbids is taken, and what it allows is only refused for
 * reasons that it tells. LATCHKEY_FUZZ_RUNS says how many requests each operation gets, LATCHKEY_FUZZ_SEED repeats a run.
 */
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { figure } from '../../quality/figure.ts';
import type { Answer, Loose } from '../../support/api.ts';
import type { Described, Parameter } from '../../support/conformance.ts';
import { seedOf } from '../../support/seed.ts';
import { useWorld } from '../../support/world.ts';
import { addressOf, deserved, Raw, requestsFor, type Asked } from './requests.ts';

const RUNS = Number(process.env['LATCHKEY_FUZZ_RUNS'] ?? 5);
const SEED = seedOf({ runs: process.env['LATCHKEY_FUZZ_RUNS'], seed: process.env['LATCHKEY_FUZZ_SEED'] });
/** Operations at a time: the answers take longer than the making of requests. */
const LANES = 4;
const RECORDS_OF_EACH = 3;
const [MOST_REPEATS, REPEAT_MS] = [3, 2_000];

const world = useWorld('described');
const ids = new Map<string, readonly string[]>();
const cursors: string[] = [];
let slugs: readonly string[];
let vendors: readonly string[];

beforeAll(async () => {
  const demo = (await world().sandbox.get('/_demo')).body as Loose[];
  slugs = demo.map(({ slug }) => slug);
  vendors = demo.map(({ vendor }) => vendor);
  const { api, admin } = world();
  for (const { slug, vendor } of demo) {
    ids.set(`${slug} integrations`, [world().integration(vendor)]);
    for (const path of lists()) {
      const list = `/v1/${path}/?integration_id=${world().integration(vendor)}&limit=${RECORDS_OF_EACH}`;
      const { results, meta } = (await api.get(list)).body;
      ids.set(
        `${slug} ${path}`,
        results.map(({ id }: Loose) => id),
      );
      if (meta.nextCursor) cursors.push(meta.nextCursor);
    }
  }
  const { id, first_name } = await world().find('residents', vendors[0] ?? '');
  const { job_id } = (await api.put(`/v1/residents/${id}`, { first_name })).body;
  await world().settled(job_id);
  ids.set('writes', [job_id]);
  // What is changed and deleted must not be what the other requests need.
  const [{ vendor, slug, credentials }] = demo as [Loose];
  const base_url = `${world().stack.urls.sandbox}/${slug}`;
  for (const use of ['', 'DELETE ']) {
    const made = await admin.post('/v1/admin/integrations/', { integration_vendor: vendor, credentials, base_url });
    const key = await admin.post('/v1/admin/api-keys/', { name: 'for the test', scopes: ['read'] });
    ids.set(`${use}integrations`, [made.body.result.id]);
    ids.set(`${use}api-keys`, [key.body.result.id]);
    const hook = { url: `${world().stack.urls.sandbox}/nobody`, triggers: ['DATA_NEW'] };
    const { id: webhook } = (await admin.post('/v1/webhooks/', hook)).body.result;
    await admin.post(`/v1/webhooks/${webhook}/test`);
    ids.set(`${use}webhooks`, [webhook]);
    ids.set('webhook-deliveries', [(await admin.get(`/v1/webhooks/${webhook}/deliveries`)).body.results[0].id]);
  }
  await world().quiet();
}, 120_000);

const operations = (): readonly Described[] => world().description.operations;
const lists = (): readonly string[] =>
  operations()
    .filter(
      ({ method, path }) =>
        method === 'GET' && /^\/v1\/[a-z-]+\/$/.test(path) && !['/v1/capabilities/', '/v1/webhooks/'].includes(path),
    )
    .map(({ path }) => path.split('/')[2] ?? '');

/** What the texts of a parameter mean, where its schema says only that they are texts. */
const TEXTS: Readonly<Record<string, () => readonly string[]>> = {
  'order-by': () => ['created_at', 'created_at:asc', 'created_at:desc'],
  cursor: () => cursors,
  Prefer: () => ['wait=0', 'wait=1', 'respond-async'],
  'Idempotency-Key': () => ['key-1', 'x'.repeat(255), '!"~'],
  vendor: () => [...slugs, ...vendors],
  model: lists,
  operation: () => ['create', 'update'],
};
const texts = (_: Described, { name }: Parameter): readonly string[] | undefined => TEXTS[name]?.();

/** The PMSs for which an operation is offered: that of its path, or each of those that have a path of their own for it. */
function slugsOf({ path, method }: Described): readonly string[] {
  const own = slugs.filter((slug) => path.includes(`/${slug}/`));
  if (own.length > 0) return own;
  const offering = slugs.filter((slug) =>
    operations().some((it) => it.method === method && it.path !== path && it.path.replace(`/${slug}/`, '/') === path),
  );
  return offering.length > 0 ? offering : slugs.slice(0, 1);
}

const requests = (operation: Described): fc.Arbitrary<Asked> =>
  fc.constantFrom(...slugsOf(operation)).chain((slug) =>
    requestsFor(
      world().description,
      operation,
      (kind) => {
        const own = operation.path.startsWith('/v1/admin/') ? undefined : ids.get(`${slug} ${kind}`);
        return own ?? ids.get(`${operation.method} ${kind}`) ?? ids.get(kind) ?? [];
      },
      texts,
    ),
  );

function send({ method, ...operation }: Described, asked: Asked): Promise<Answer<Loose>> {
  const { body } = asked;
  const type = body instanceof Raw ? body.type : 'application/json';
  const text = body instanceof Raw ? body.text : JSON.stringify(body);
  const headers = { ...asked.headers, ...(text === undefined ? {} : { 'content-type': type }) };
  return world().admin.raw(method, addressOf({ method, ...operation }, asked), text, headers);
}

/** Codes of issues for which no schema has words: they are about what exists, or about what else was sent. */
const BEYOND_SHAPE = ['unknown_reference', 'conflict'];

/** Of these the description says in other words what they must be. */
const TOLD_IN_WORDS = /^\/(credentials|base_url|integration_vendor|url|model|headers)/;

/** Issues of a refusal that the description does not explain. */
function unexplained(operation: Described, { body }: Answer<Loose>): readonly unknown[] {
  // On a path for any PMS the description says that it depends on the PMS.
  const isGeneral = !operation.path.startsWith('/v1/admin/') && !slugs.some((slug) => operation.path.includes(`/${slug}/`));
  if (operation.body && isGeneral) return [];
  const told = JSON.stringify([operation, world().description.followed(operation.body?.schema ?? {})]);
  return body.errors.filter(
    ({ code, detail, pointer }: Loose) =>
      !BEYOND_SHAPE.includes(code) && !TOLD_IN_WORDS.test(pointer) && !told.includes(JSON.stringify(detail).slice(1, -1)),
  );
}

const counts = { sent: 0, wrong: 0, taken: 0, refused: 0 };

/** @throws Error that says what about the answer is not as described */
async function check(operation: Described, asked: Asked): Promise<void> {
  const { faults, odd } = deserved(world().description, operation, asked, texts);
  let answer = await send(operation, asked);
  // What came too late on a busy machine is asked for again, as the answer says; what always fails stays a failure.
  for (let again = 0; answer.status === 503 && again < MOST_REPEATS; again += 1) {
    await setTimeout(REPEAT_MS);
    answer = await send(operation, asked);
  }
  counts.sent += 1;
  if (answer.status >= 500) throw new Error(`a ${answer.status}: ${JSON.stringify(answer.body)}`);
  if (faults.length > 0) {
    counts.wrong += 1;
    if (answer.status < 400) throw new Error(`taken (${answer.status}) although ${faults.slice(0, 3).join('; ')}`);
    return;
  }
  if (answer.status < 300) counts.taken += 1;
  else counts.refused += 1;
  if (answer.status !== 400 || odd.length > 0) return;
  const why = unexplained(operation, answer);
  if (why.length > 0) throw new Error(`refused for what nobody was told: ${JSON.stringify(why)}`);
}

/** The smallest request that is not answered as described, if there is one. */
async function failureOf(operation: Described): Promise<string | undefined> {
  const property = fc.asyncProperty(requests(operation), (asked) => check(operation, asked));
  const { failed, counterexample, errorInstance } = await fc.check(property, { seed: SEED, numRuns: RUNS });
  if (!failed) return undefined;
  const shown = JSON.stringify(counterexample).slice(0, 600);
  return `${operation.method} ${operation.path}: ${(errorInstance as Error | null)?.message}\n  ${shown}`;
}

describe('requests made from the description', () => {
  it(
    'R33: are answered as it says, whatever they are',
    async () => {
      const failures: string[] = [];
      const waiting = [...operations()];
      const lane = async (): Promise<void> => {
        for (let next = waiting.pop(); next; next = waiting.pop()) {
          const failure = await failureOf(next);
          if (failure !== undefined) failures.push(failure);
        }
      };
      await Promise.all(Array.from({ length: LANES }, lane));

      expect({ seed: SEED, failures }).toEqual({ seed: SEED, failures: [] });
      expect(operations().length).toBeGreaterThan(130);
      // Most requests are neither: they are right but for something that only the PMS or the record knows.
      expect(Math.min(counts.taken, counts.wrong)).toBeGreaterThan(operations().length / 2);
      figure(
        'R33',
        `0 of ${counts.sent} requests to ${operations().length} operations answered otherwise than described: ${counts.wrong} wrong ones refused, ${counts.taken} right ones taken, ${counts.refused} refused for reasons that are told`,
      );
    },
    60_000 + RUNS * 15_000,
  );
});
