/** Two organizations at one Latchkey: one with records, and one that would like to see them. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { eventually, type Api, type Loose } from '../support/api.ts';
import type { World } from '../support/world.ts';

/** An organization with an account at every PMS that the sandbox plays. */
export interface Neighbour {
  readonly api: Api;
  /** Ids by what they name: the path of a model, `integrations`, `api-keys`, `writes`, `webhooks`, `webhook-deliveries`. */
  readonly ids: ReadonlyMap<string, string>;
  /** Records by the path of their model and the path segment of their PMS. */
  readonly records: ReadonlyMap<string, Loose>;
}

/** Makes another organization. It has no integration. @returns the text of a key that may do everything */
export async function strangersKey(world: World, name: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/apps/router/src/provision.js', '--organization', name], {
    env: { ...process.env, NODE_OPTIONS: '', DATABASE_URL: world.stack.urls.database, NODE_ENV: 'development' },
  });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '').admin_key;
}

/** Connects an organization to the same accounts that the demo organization has, and waits for its own copies of their records. */
export async function connectAll(world: World, api: Api): Promise<void> {
  for (const { vendor, slug, credentials } of (await world.sandbox.get('/_demo')).body as unknown as Loose[]) {
    const base_url = `${world.stack.urls.sandbox}/${slug}`;
    const answer = await api.post('/v1/admin/integrations/', { integration_vendor: vendor, credentials, base_url });
    if (answer.status !== 200) throw new Error(`${vendor} was not connected: ${JSON.stringify(answer.body)}`);
  }
  await eventually('records of the other organization', async () => {
    const { body } = await api.get('/v1/leases/?limit=1');
    return body.results.length > 0 ? true : undefined;
  });
  await world.quiet();
}

/** What an organization has: of each kind the first. */
export async function inventory(world: World, api: Api, slugs: readonly string[]): Promise<Neighbour> {
  const ids = new Map<string, string>();
  const records = new Map<string, Loose>();
  const integrations = (await api.get('/v1/admin/integrations/')).body.results;
  for (const { id, vendor } of integrations) {
    ids.set('integrations', id);
    const slug = slugs.find((it) => letters(it) === letters(vendor)) ?? '';
    records.set(`integrations ${slug}`, { id });
    for (const path of modelPaths(world)) {
      const [record] = (await api.get(`/v1/${path}/?integration_id=${id}&limit=1`)).body.results;
      if (!record) continue;
      ids.set(path, record.id);
      records.set(`${path} ${slug}`, record);
    }
  }
  ids.set('api-keys', (await api.get('/v1/admin/api-keys/')).body.results[0].id);
  const [write] = (await api.get('/v1/admin/logs/writes/')).body.results.logs;
  if (write) ids.set('writes', write.id);
  const webhook = await webhookOf(world, api);
  ids.set('webhooks', webhook.id);
  ids.set('webhook-deliveries', (await api.get(`/v1/webhooks/${webhook.id}/deliveries`)).body.results[0].id);
  return { api, ids, records };
}

/** A webhook with a delivery that has ended: nobody listens there. */
async function webhookOf({ stack }: World, api: Api): Promise<Loose> {
  const body = { url: `${stack.urls.sandbox}/nobody`, triggers: ['WRITE_OPERATION_FAILURE'] };
  const { result } = (await api.post('/v1/webhooks/', body)).body;
  await api.post(`/v1/webhooks/${result.id}/test`);
  return result;
}

/** Paths of the models, from the lists that the description tells. */
export function modelPaths(world: World): string[] {
  return world.description.operations
    .filter(
      ({ method, path }) =>
        method === 'GET' && /^\/v1\/[a-z-]+\/$/.test(path) && !['/v1/capabilities/', '/v1/webhooks/'].includes(path),
    )
    .map(({ path }) => path.split('/')[2] ?? '');
}

/** Everything that an organization can see of its own, except the moments at which it was read. */
export async function everythingOf(world: World, { api }: Neighbour): Promise<unknown> {
  const paths = [
    ...modelPaths(world).map((path) => `/v1/${path}/?limit=250`),
    '/v1/admin/integrations/',
    '/v1/admin/logs/writes/',
    '/v1/webhooks/?active=false',
  ];
  const seen = [];
  for (const path of paths) seen.push([path, (await api.get(path)).body.results]);
  const keys = (await api.get('/v1/admin/api-keys/')).body.results;
  return [...seen, keys.map(({ last_used_at: _moves, ...key }: Loose) => key)];
}

/** An id of the form that ours have, and that nobody has. */
export const nobodysId = (like: string): string => {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return [...randomBytes(like.length)]
    .map((byte, at) => (/[A-Z]/.test(like[at] ?? '') ? 'A' : letters[byte % letters.length]))
    .join('');
};

const letters = (name: string): string => name.toLowerCase().replace(/[-_]/g, '');
