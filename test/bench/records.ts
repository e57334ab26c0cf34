/**
 * Whether copies by the million slow down what is done with a page of them: storing it (changed, and as it was), listing it, reading one record.
 * Each first with the stage's own few, then with others in the same table, beside the barest SELECT of as many rows.
 */
import { MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import { ownerOptions, type OwnedSchema } from '#persistence';
import type { Measurement } from './measurement.ts';
import { heading, ratio, row, say, shown } from './print.ts';
import { SETTINGS } from './settings.ts';
import type { Stage } from './stage.ts';
import { quantile } from './statistics.ts';

export const records: Measurement = { measure };

const PAGE = 100;
/** Copies of the organization that is measured; the others' are spread over 200 organizations. */
const OWN = 10_000;
const AT_ONCE = 50_000;
const TIMES = 200;

const INSERT = `
  insert into records.record (id, organization_id, integration_id, integration_vendor, pms, model, x_id, fields, fetched_at, created_at,
    updated_at, last_seen)
  select 'bench' || $3 || lpad(n::text, 15, '0'), case when $4 = '' then 'bench-' || n % 200 else $4 end, 'bench-' || $3 || n % 200, 'BENCH',
    'bench', 'residents', n::text,
    jsonb_build_object('first_name', 'Ann', 'last_name', 'Rivera ' || n, 'email_1', 'ann.' || n || '@example.com', 'city', 'Cincinnati',
      'state', 'OH', 'zip', '45202', 'phone_1', '513555' || lpad((n % 10000)::text, 4, '0'), 'x_property_id', (n % 1000)::text),
    at, at, at, at
  from (select n, now() - make_interval(secs => n * 0.1) as at from generate_series($1::integer, $2::integer) as n) as rows`;

/** What cache-sync does with a page; loaded here, because no test can import an app. */
interface Storing {
  storeCopies(em: EntityManager, origin: object, page: readonly object[], fetchedAt: string): Promise<void>;
}
const partOf = <Part>(path: string): Promise<Part> =>
  import(new URL(`../../apps/cache-sync/src/store/${path}.js`, import.meta.url).href) as Promise<Part>;

type Times = Readonly<Record<string, readonly number[]>>;

async function measure(stage: Stage): Promise<void> {
  const { storeCopies } = await partOf<Storing>('copies');
  const { RECORDS } = await partOf<{ RECORDS: OwnedSchema }>('schema');
  const orm = await MikroORM.init(ownerOptions(stage.stack.urls.database, RECORDS, { max: 2 }));
  try {
    const [own] = await stage.sql<{ organization_id: string }>(`select organization_id from records.record limit 1`);
    await preload(stage, 'o', OWN, own?.organization_id ?? '');
    const few = await timed(stage, orm, storeCopies);
    await preload(stage, 'p', SETTINGS.records, '');
    const many = await timed(stage, orm, storeCopies);

    heading(`pages of ${PAGE}, ${SETTINGS.records} records of others`, 'p50 ms', 'p99 ms', 'p99, few', 'of few');
    for (const [name, times] of Object.entries(many)) {
      const [p99, before] = [quantile(times, 0.99), quantile(few[name] ?? [], 0.99)];
      row(name, shown(quantile(times, 0.5)), shown(p99), shown(before), ratio(p99, before));
    }
    const [size] = await stage.sql<{ rows: string; indexes: string }>(`
      select pg_size_pretty(pg_table_size('records.record')) as rows, pg_size_pretty(pg_indexes_size('records.record')) as indexes`);
    say(`records.record: ${size?.rows} of rows, ${size?.indexes} of indexes`);
  } finally {
    await orm.close(true);
  }
}

async function timed(stage: Stage, orm: MikroORM, storeCopies: Storing['storeCopies']): Promise<Times> {
  const { api } = stage;
  const origin = (nth: number) => ({
    organization_id: 'bench-0',
    integration_id: `bench-t${nth % 10}`,
    integration_vendor: 'BENCH',
    pms: 'bench',
    model: 'residents',
  });
  const page = (nth: number, name: string) =>
    Array.from({ length: PAGE }, (_, at) => ({
      x_id: String(nth * PAGE + at),
      fields: { first_name: name, last_name: 'Rivera' },
    }));
  const store = (name: string) => (nth: number) =>
    storeCopies(orm.em.fork(), origin(nth), page(nth, name), new Date().toISOString());
  const first = await api.get('/v1/residents/?limit=100');
  const { nextCursor } = first.body.meta as { nextCursor: string };
  const ids = (first.body.results as { id: string }[]).map(({ id }) => id);
  const stamp = String(Date.now());

  return {
    'bare SELECT of a page': await times(() =>
      stage.sql(`select * from records.record where organization_id = 'bench-0' and model = 'residents'
        and created_at is not null order by created_at desc, id desc limit ${PAGE}`),
    ),
    'store a page that is new': await times(store(`new ${stamp}`)),
    'store it with other values': await times(store(`other ${stamp}`)),
    'store it as it was': await times(store(`other ${stamp}`)),
    'GET a page': await times(() => api.get(`/v1/residents/?limit=${PAGE}`)),
    'GET the next one by its cursor': await times(() => api.get(`/v1/residents/?limit=${PAGE}&cursor=${nextCursor}`)),
    'GET one record': await times((nth) => api.get(`/v1/residents/${ids[nth % ids.length]}`)),
  };
}

async function times(act: (nth: number) => Promise<unknown>): Promise<number[]> {
  const found: number[] = [];
  for (let nth = 0; nth < TIMES; nth += 1) {
    const started = performance.now();
    await act(nth);
    found.push(performance.now() - started);
  }
  return found;
}

async function preload(stage: Stage, kind: string, count: number, organization: string): Promise<void> {
  for (let from = 1; from <= count; from += AT_ONCE) {
    await stage.sql(INSERT, from, Math.min(count, from + AT_ONCE - 1), kind, organization);
  }
  await stage.sql('vacuum analyze records.record');
}
