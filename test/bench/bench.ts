/**
 * `npm run bench`: what the accept path, the way to the PMS and validation cost, beside the floor of floor.ts in the same run. Quote the ratios:
 * absolute figures are those of the machine and of the hour. Options by environment: BENCH_SECONDS (default 5) per measurement, BENCH_JOBS (3000).
 */
import { fork, type ChildProcess } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { checkWrite } from '#capabilities';
import { startStack, type Stack } from '#local-stack';
import { loadCatalog } from '#service-kit';
import { eventually, apiAt } from '../support/api.ts';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5);
const JOBS = Number(process.env['BENCH_JOBS'] ?? 3_000);
const WARM_UP_SECONDS = 3;

interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const row = (name: string, ...cells: readonly string[]): void =>
  say(`${name.padEnd(44)}${cells.map((cell) => cell.padStart(14)).join('')}`);

const stack = await startStack({
  directory: '.latchkey/bench',
  databaseUrl: '',
  natsUrl: '',
  log: say,
  env: { gateway: { LATCHKEY_RATE_LIMIT_PER_MINUTE: '1000000000' } },
});
let floor: { child: ChildProcess; url: string } | undefined;
try {
  floor = await startFloor(stack.urls.database);
  await bench(stack, floor.url);
} finally {
  floor?.child.kill();
  await stack.discard();
}

async function bench({ urls, keys, integrations }: Stack, floorUrl: string): Promise<void> {
  const api = apiAt(urls.gateway, keys.api);
  const [vendor = ''] = Object.keys(integrations);
  const integration = integrations[vendor]?.id ?? '';
  const { body } = await api.get(`/v1/residents/?integration_id=${integration}&limit=100`);
  const ids: string[] = body.results.map(({ id }: { id: string }) => id);
  const payload = {
    first_name: 'Ann',
    last_name: 'Rivera',
    email_1: 'ann.rivera@example.com',
    phone_1: '5135550142',
    phone_1_type: 'MOBILE',
  };

  say('');
  row('accept (PUT /v1/residents/{id})', 'per second', 'p50 ms', 'p99 ms', 'not 2xx', 'of floor');
  for (const connections of [10, 64]) {
    const least = await load(floorUrl, ids, payload, connections, '');
    const ours = await load(urls.gateway, ids, payload, connections, keys.api);
    const print = (name: string, { perSecond, p50, p99, failed }: Load) =>
      row(name, perSecond.toFixed(0), p50.toFixed(1), p99.toFixed(1), String(failed), (perSecond / least.perSecond).toFixed(2));
    print(`floor, ${connections} connections`, least);
    print(`Latchkey, ${connections} connections`, ours);
  }

  await drained(stack);
  say('');
  row('end to end (create until SUCCESS)', 'jobs', 'seconds', 'per second');
  const seconds = await drain(stack, integration);
  row('zero-latency sandbox', String(JOBS), seconds.toFixed(1), (JOBS / seconds).toFixed(0));

  say('');
  row('validation (checkWrite, one core)', 'per second', 'microseconds');
  const catalog = await loadCatalog();
  const model = catalog.models.get('residents');
  for (const pms of catalog.list) {
    if (!model) continue;
    const micros = timePerCall(() => checkWrite(pms, model, 'update', payload, { ignoreUnknownFields: false }));
    row(`residents, ${pms.title}`, (1e6 / micros).toFixed(0), micros.toFixed(1));
  }
}

async function load(url: string, ids: readonly string[], payload: object, connections: number, key: string): Promise<Load> {
  const run = (duration: number) =>
    autocannon({
      url,
      connections,
      duration,
      requests: ids.map((id) => ({
        method: 'PUT' as const,
        path: `/v1/residents/${id}`,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(payload),
      })),
    });
  await run(WARM_UP_SECONDS);
  const { requests, latency, non2xx, errors } = await run(SECONDS);
  return { perSecond: requests.average, p50: latency.p50, p99: latency.p99, failed: non2xx + errors };
}

/** Seconds from the first accept until the sandbox has seen every create. */
async function drain({ urls, keys }: Stack, integration: string): Promise<number> {
  const api = apiAt(urls.gateway, keys.api);
  const sandbox = apiAt(urls.sandbox, undefined);
  const before = await createsIn(sandbox);
  const { body } = await api.get(`/v1/leases/?integration_id=${integration}&limit=1`);
  const payload = {
    integration_id: integration,
    lease_id: body.results[0].id,
    first_name: 'Ann',
    last_name: 'Rivera',
    address_1: '12 Elm Street',
    city: 'Cincinnati',
    state: 'OH',
    zip: '45202',
    country: 'US',
  };
  const started = performance.now();
  let sent = 0;
  const sender = async (): Promise<void> => {
    while (sent < JOBS) {
      sent += 1;
      const answer = await api.post('/v1/residents/', payload);
      if (answer.status !== 200) throw new Error(`Not accepted: ${JSON.stringify(answer.body)}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, sender));
  await eventually(
    'all creates at the sandbox',
    async () => ((await createsIn(sandbox)) - before >= JOBS ? true : undefined),
    600_000,
  );
  return (performance.now() - started) / 1_000;
}

async function createsIn(sandbox: ReturnType<typeof apiAt>): Promise<number> {
  const { body } = await sandbox.get('/_journal');
  return body.effects.filter(({ action }: { action: string }) => action === 'create').length;
}

/** Waits until the writes of the accept measurement are through, so that they do not count against the next one. */
async function drained({ urls, keys }: Stack): Promise<void> {
  const api = apiAt(urls.gateway, keys.api);
  say('waiting for the accepted writes to be carried out');
  await eventually(
    'an empty queue',
    async () => {
      const { body } = await api.get('/v1/admin/logs/writes/?status=PENDING&limit=1');
      return body.results.logs.length === 0 ? true : undefined;
    },
    1_800_000,
  );
}

function timePerCall(call: () => unknown): number {
  const CALLS = 20_000;
  for (let i = 0; i < CALLS; i += 1) call();
  const started = performance.now();
  for (let i = 0; i < CALLS; i += 1) call();
  return ((performance.now() - started) * 1_000) / CALLS;
}

async function startFloor(database: string): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(fileURLToPath(new URL('./floor.js', import.meta.url)), [database, '0']);
  const port = await new Promise<number>((resolve) =>
    child.once('message', (message) => resolve((message as { port: number }).port)),
  );
  return { child, url: `http://127.0.0.1:${port}` };
}
