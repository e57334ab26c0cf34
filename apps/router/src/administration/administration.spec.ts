import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { hashApiKey } from '#api-key';
import { acceptWrite, authenticate, connectionOf, listActiveIntegrations, newId, type Principal } from '#messaging';
import { failure, startWorld, type World } from '../../testing/world.ts';

let world: World;
let ann: Principal;
let bob: Principal;
let acme: string;

beforeAll(async () => {
  world = await startWorld(process.env.TEST_DATABASE_URL);
  ann = await world.organization();
  bob = await world.organization();
  acme = await world.integration(ann);
}, 30_000);
beforeEach(() => {
  world.around.verdict = 'accepts';
});
afterAll(() => world?.close());

const accept = (payload: Record<string, unknown>) => {
  const write = { job_id: newId(), principal: ann, operation: 'create', model: 'gadgets', payload } as const;
  return world.bus.request(acceptWrite, { ...write, ignore_unknown_fields: false, dry_run: false });
};

describe('administer, integrations', () => {
  const made = { integration_vendor: 'acme_one', credentials: { apiKey: 'secret' }, name: 'Main' };

  it('checks credentials, keeps them sealed, shows them never, and starts to sync', async () => {
    const { body } = await world.admin(ann, 'integrations.create', { body: made });

    const id = String(body.result?.id);
    expect(body.result).toMatchObject({ vendor: 'ACME_ONE', name: 'Main', active: true, ping_results: { BASE: 'SUCCESS' } });
    expect(body.result).toMatchObject({ can_authenticate: true, last_data_access_check: expect.any(String) });
    expect(body.result).toMatchObject({ integration_interfaces: [], configuration_meta_data: [] });
    expect(JSON.stringify(body)).not.toMatch(/secret|sealed/);
    expect(world.around.synced).toContain(id);
    const connection = await world.bus.request(connectionOf, { integration_id: id }, { pms: 'acme-one' });
    expect(connection?.sealed).toEqual({ version: 1, fields: { apiKey: 'sealed.1.apiKey' } });
  });

  it('gives a connection to no other PMS', async () => {
    expect(await world.bus.request(connectionOf, { integration_id: acme }, { pms: 'bolt' })).toBeNull();
  });

  it('stores nothing that the PMS refuses', async () => {
    const before = (await world.admin(ann, 'integrations.list')).body.meta?.total;
    world.around.verdict = { ok: false, reason: 'refused', detail: 'wrong key' };

    const refused = await failure(world.admin(ann, 'integrations.create', { body: made }));
    world.around.verdict = { ok: false, reason: 'unreachable', detail: 'time-out' };
    const unreachable = await failure(world.admin(ann, 'integrations.create', { body: made }));

    expect(refused).toMatchObject({ code: 'invalid_request', detail: 'The PMS refused the credentials: wrong key' });
    expect(unreachable).toMatchObject({ code: 'unavailable', retryAfterSeconds: 30 });
    expect((await world.admin(ann, 'integrations.list')).body.meta?.total).toBe(before);
  });

  it('names every fault of a body', async () => {
    const credentials = { apiKey: 'a\r\nX-Evil: 1', secret: 'x' };
    const body = {
      integration_vendor: 'ACME_ONE',
      credentials,
      base_url: 'http://127.0.0.1:1',
      sync_cadence: 'FORTNIGHT',
      tenant_id: 1,
    };

    const problem = await failure(world.admin(ann, 'integrations.create', { body }));

    expect(problem.errors.map(({ pointer, code }) => [pointer, code]).sort()).toEqual([
      ['/base_url', 'invalid_value'],
      ['/credentials/apiKey', 'invalid_value'],
      ['/credentials/secret', 'unknown_field'],
      ['/sync_cadence', 'invalid_enum_value'],
      ['/tenant_id', 'unknown_field'],
    ]);
    const unknown = await failure(world.admin(ann, 'integrations.create', { body: { integration_vendor: 'NOBODY' } }));
    expect(unknown.detail).toContain('ACME_ONE, BOLT');
  });

  it('rotates credentials under a new version and lifts the hold', async () => {
    const params = { integration_id: await world.integration(ann) };

    await world.admin(ann, 'integrations.update', { params, body: { credentials: { apiKey: 'new' } } });

    const connection = await world.bus.request(connectionOf, params, { pms: 'acme-one' });
    expect(connection?.sealed.version).toBe(2);
    expect(world.around.gated.at(-1)).toEqual({ ...params, held: null });
  });

  it('holds writes of an integration that is switched off, and refuses new ones at once', async () => {
    const integration_id = await world.integration(ann);
    const payload = { integration_id, name: 'lamp' };
    await accept(payload);

    await world.admin(ann, 'integrations.update', { params: { integration_id }, body: { active: false } });

    expect(world.around.gated.at(-1)).toMatchObject({ integration_id, held: expect.any(String) });
    expect((await failure(accept(payload))).code).toBe('conflict');
    const active = await world.bus.request(listActiveIntegrations, {});
    expect(active.map(({ id }) => id)).not.toContain(integration_id);
  });

  it('deletes for good: credentials and copies are gone, and a repetition changes nothing', async () => {
    const integration_id = await world.integration(ann);
    const params = { integration_id };

    await world.admin(ann, 'integrations.delete', { params });
    const again = await world.admin(ann, 'integrations.delete', { params });

    expect(again.body).toEqual({ success: true });
    expect(world.around.dropped).toContain(integration_id);
    expect(await world.bus.request(connectionOf, params, { pms: 'acme-one' })).toBeNull();
    expect((await failure(accept({ integration_id, name: 'lamp' }))).code).toBe('not_found');
    const query = { limit: '100', offset: '0', 'order-by': 'created_at:desc' };
    expect((await world.admin(ann, 'integrations.read', { params, query })).body.results).toMatchObject({ is_archived: true });
    const listed = (await world.admin(ann, 'integrations.list')).body.results as unknown as { id: string }[];
    expect(listed.map(({ id }) => id)).not.toContain(integration_id);
  });

  it.each([
    'read',
    'update',
    'delete',
    'start-data-access',
    'read-data-access',
    'manual-sync',
    'back-sync',
    'list-job-schedules',
    'read-job-schedule',
  ])('has the same words for a foreign integration and an unknown one: %s', async (verb) => {
    const ask = (integration_id: string) =>
      failure(
        world.admin(bob, `integrations.${verb}`, { params: { integration_id }, ...(verb === 'update' ? { body: {} } : {}) }),
      );

    expect((await ask(acme)).toWire()).toEqual((await ask('nowhere')).toWire());
    expect((await ask(acme)).code).toBe('not_found');
  });

  it('has the named models read, or all of them', async () => {
    const params = { integration_id: acme };
    const sync = (body?: unknown) => world.admin(ann, 'integrations.manual-sync', { params, ...(body ? { body } : {}) });

    expect((await sync({ models_to_sync: ['gadgets'] })).body).toEqual({ result: { success: true } });
    expect(world.around.wished.at(-1)).toMatchObject({
      integration: { id: acme, schedule: { sync_frequency: 12, sync_cadence: 'HOUR', week: null } },
      trigger: 'MANUAL',
      models: ['gadgets'],
    });
    await world.admin(ann, 'integrations.back-sync', { params });
    expect(world.around.wished.at(-1)).toMatchObject({ trigger: 'BACK_SYNC', models: null });
  });

  it('says which models can not be synced, and why', async () => {
    const body = { models_to_sync: ['gadgets', 'unicorns', 'shelves', 'gadget_notes'] };
    const refused = await failure(world.admin(ann, 'integrations.manual-sync', { params: { integration_id: acme }, body }));
    const none = { models_to_sync: [] };
    const empty = await failure(world.admin(ann, 'integrations.back-sync', { params: { integration_id: acme }, body: none }));

    expect(refused.errors).toMatchObject([
      { pointer: '/models_to_sync/1', code: 'unknown_reference' },
      { pointer: '/models_to_sync/2', code: 'unknown_reference' },
      { pointer: '/models_to_sync/3', code: 'unknown_reference', detail: expect.stringContaining('does not list notes') },
    ]);
    expect(empty.errors).toMatchObject([{ pointer: '/models_to_sync', code: 'too_short' }]);
  });

  it('tells the new rhythm at once, a week only while it is switched on', async () => {
    const slots = [{ start: '20:00', end: '23:00', sync_frequency: 1, sync_cadence: 'HOUR' }];
    const week = { type: 'WEEK_BASED', timezone: 'America/New_York', interval: { MONDAY: { slots } } };
    const update = (body: object) => world.admin(ann, 'integrations.update', { params: { integration_id: acme }, body });

    await update({ sync_frequency: 2, sync_cadence: 'DAY', custom_sync_schedule: week });
    expect(world.around.scheduled.at(-1)?.schedule).toEqual({ sync_frequency: 2, sync_cadence: 'DAY', week: null });
    await update({ use_custom_sync_schedule: true });
    expect(world.around.scheduled.at(-1)?.schedule).toMatchObject({ week });
    const summaries = await world.bus.request(listActiveIntegrations, {});
    expect(summaries.find(({ id }) => id === acme)?.schedule).toMatchObject({ week });
    await update({ use_custom_sync_schedule: false });
  });

  it('names every fault of a week', async () => {
    const slots = [{ start: '25:00', end: '10:00', sync_frequency: 0, sync_cadence: 'YEAR', x: 1 }];
    const custom_sync_schedule = { type: 'WEEK_BASED', timezone: 'Mars/Olympus', interval: { MONDAY: { slots }, NODAY: {} } };
    const backwards = [{ start: '10:00', end: '09:00', sync_frequency: 1, sync_cadence: 'HOUR' }];
    const params = { integration_id: acme };
    const update = (body: object) => failure(world.admin(ann, 'integrations.update', { params, body }));

    expect((await update({ custom_sync_schedule })).errors?.map(({ pointer }) => pointer).sort()).toEqual([
      '/custom_sync_schedule/interval/MONDAY/slots/0/start',
      '/custom_sync_schedule/interval/MONDAY/slots/0/sync_cadence',
      '/custom_sync_schedule/interval/MONDAY/slots/0/sync_frequency',
      '/custom_sync_schedule/interval/MONDAY/slots/0/x',
      '/custom_sync_schedule/interval/NODAY',
      '/custom_sync_schedule/timezone',
    ]);
    const late = { ...custom_sync_schedule, timezone: 'UTC', interval: { MONDAY: { slots: backwards } } };
    expect((await update({ custom_sync_schedule: late })).errors).toMatchObject([{ code: 'conflict' }]);
    expect(
      (await update({ use_custom_sync_schedule: true, custom_sync_schedule: { ...late, interval: {} } })).errors,
    ).toMatchObject([{ code: 'conflict' }]);
  });

  it('lists page by page and refuses parameters that it does not know', async () => {
    const carol = await world.organization();
    for (const name of ['a', 'b', 'c']) await world.integration(carol, { name });
    const names = async (query: Record<string, string>) => {
      const { results } = (await world.admin(carol, 'integrations.list', { query })).body;
      return (results as unknown as { name: string }[]).map(({ name }) => name);
    };

    expect(await names({ 'order-by': 'name:asc', limit: '2' })).toEqual(['a', 'b']);
    expect(await names({ 'order-by': 'name:asc', limit: '2', offset: '2' })).toEqual(['c']);
    const problem = await failure(world.admin(carol, 'integrations.list', { query: { limit: '0', 'order-by': 'hash', x: '1' } }));
    expect(problem.errors).toHaveLength(3);
  });

  it('checks the access in the background, one check at a time', async () => {
    const params = { integration_id: await world.integration(ann) };
    const began = await world.admin(ann, 'integrations.start-data-access', { params });
    const read = async () => (await world.admin(ann, 'integrations.read-data-access', { params })).body.result;
    const deadline = Date.now() + 5_000;
    let state = await read();
    while (state?.data_access_check_in_process && Date.now() < deadline) state = await read();

    expect(began.body).toEqual({ result: { began_data_access: true } });
    expect(state).toMatchObject({ data_access_check_in_process: false, models: { BASE: { read: { status: 'SUCCESS' } } } });
  });
});

describe('administer, API keys', () => {
  it('shows a key once, knows it by its hash, and forgets it when it is revoked', async () => {
    const { body } = await world.admin(ann, 'api-keys.create', { body: { name: 'import', scopes: ['read'] } });
    const key = String(body.result?.key);
    const key_hash = hashApiKey(key);

    const listed = await world.admin(ann, 'api-keys.list');
    expect(JSON.stringify(listed)).not.toContain(key.slice(12));
    expect(await world.bus.request(authenticate, { key_hash })).toMatchObject({
      organization_id: ann.organization_id,
      scopes: ['read'],
    });

    const params = { id: String(body.result?.id) };
    expect((await failure(world.admin(bob, 'api-keys.delete', { params }))).code).toBe('not_found');
    await world.admin(ann, 'api-keys.delete', { params });
    expect(await world.bus.request(authenticate, { key_hash })).toBeNull();
  });

  it('refuses a scope that does not exist', async () => {
    const problem = await failure(world.admin(ann, 'api-keys.create', { body: { name: 'x', scopes: ['root'] } }));

    expect(problem.errors).toMatchObject([{ pointer: '/scopes', code: 'invalid_enum_value' }]);
  });
});

describe('administer, capabilities', () => {
  it('tells who can do what, and every field of one operation', async () => {
    const { results } = (await world.admin(ann, 'capabilities.list')).body;
    const params = { vendor: 'acme-one', model: 'gadgets', operation: 'create' };
    const { result } = (await world.admin(ann, 'capabilities.read', { params })).body;
    const schema = (await world.admin(ann, 'capabilities.read', { params, query: { format: 'json-schema' } })).body;

    expect(results).toContainEqual(expect.objectContaining({ model: 'gadgets', operation: 'create' }));
    expect(result).toMatchObject({ vendor: 'ACME_ONE', supported: true });
    expect(schema).toMatchObject({ type: 'object', required: ['name'] });
  });

  it('judges a payload without storing it', async () => {
    const params = { vendor: 'acme-one', model: 'gadgets', operation: 'create' };
    const before = world.around.opened.length;

    const { body } = await world.admin(ann, 'capabilities.validate', { params, body: { name: 'lamp' } });
    const problem = await failure(world.admin(ann, 'capabilities.validate', { params, body: { name: 'a name too long' } }));

    expect(body).toMatchObject({ data: { name: 'lamp', id: null }, meta: { ignored_fields: [] } });
    expect(problem.errors).toMatchObject([{ pointer: '/name', code: 'too_long' }]);
    expect(world.around.opened).toHaveLength(before);
  });

  it('lets the body of an update repeat the id of its record, and refuses a flag that is neither true nor false', async () => {
    const params = { vendor: 'acme-one', model: 'gadgets', operation: 'update' };
    const body = { name: 'lamp', gadget_id: 'g1' };

    const judged = await world.admin(ann, 'capabilities.validate', { params, body });
    const query = { ignore_unknown_fields: 'maybe' };
    const problem = await failure(world.admin(ann, 'capabilities.validate', { params, body, query }));

    expect(judged.body).toMatchObject({ data: { name: 'lamp' } });
    expect(problem.errors).toMatchObject([{ parameter: 'ignore_unknown_fields', code: 'invalid_value' }]);
  });
});
