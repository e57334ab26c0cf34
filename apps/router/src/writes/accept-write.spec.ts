import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { acceptWrite, newId, type Principal, type WriteRequest } from '#messaging';
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
  world.around.records.length = 0;
  world.around.pending.length = 0;
});
afterAll(() => world?.close());

function write(changes: Partial<WriteRequest> = {}): WriteRequest {
  const payload = { integration_id: acme, name: 'lamp' };
  const request = { job_id: newId(), principal: ann, operation: 'create', model: 'gadgets', payload } as const;
  return { ...request, ignore_unknown_fields: false, dry_run: false, ...changes };
}

/** A record in the cache. */
function aRecord(id: string, model: string, changes: { integration_id?: string; organization_id?: string } = {}): void {
  const home = { integration_id: acme, organization_id: ann.organization_id, ...changes };
  world.around.records.push({ id, model, x_id: `x-${id}`, ...home });
}

const accept = (changes: Partial<WriteRequest> = {}) => world.bus.request(acceptWrite, write(changes));

describe('acceptWrite, create', () => {
  it('opens the write in the ledger and answers with every field of the model', async () => {
    aRecord('s1', 'shelves');
    const payload = { integration_id: acme, name: 'lamp', shelf_id: 's1' };

    const accepted = await accept({ payload, idempotency_key: 'k1' });

    const opened = world.around.opened.at(-1);
    expect(opened).toMatchObject({
      organization_id: ann.organization_id,
      integration_id: acme,
      pms: 'acme-one',
      model: 'gadgets',
      operation: 'create',
      record_id: null,
      x_id: null,
      payload: { name: 'lamp', shelf_id: 's1' },
      references: { shelf_id: 'x-s1' },
      refresh: true,
      idempotency: { key: 'k1', route: 'create:gadgets', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(accepted.job_id).toBe(`job-${world.around.opened.length}`);
    expect(accepted.data).toEqual({
      id: `made-${world.around.opened.length}`,
      created_at: null,
      updated_at: null,
      last_seen: null,
      x_id: null,
      integration_id: acme,
      integration_vendor: 'ACME_ONE',
      name: 'lamp',
      color: null,
      shelf_id: 's1',
      x_shelf_id: null,
    });
  });

  it('tells everything that is wrong in one answer, references included', async () => {
    const payload = { integration_id: acme, color: 'red', size: 3, shelf_id: 'nowhere' };

    const problem = await failure(accept({ payload }));

    expect(problem.code).toBe('invalid_request');
    expect(problem.errors.map(({ pointer, code }) => [pointer, code]).sort()).toEqual([
      ['/color', 'unsupported_field'],
      ['/name', 'required'],
      ['/shelf_id', 'unknown_reference'],
      ['/size', 'unknown_field'],
    ]);
  });

  it('answers also to a payload of which nothing is right', async () => {
    const name = (at: number) => `${at}${'x'.repeat(80)}`;
    const payload = { integration_id: acme, ...Object.fromEntries(Array.from({ length: 9_000 }, (_, at) => [name(at), 1])) };

    const problem = await failure(accept({ payload }));

    expect(problem.errors).toHaveLength(100);
    expect(problem.detail).toContain('and 9000 more; errors lists the first 100');
  });

  it('refuses references to another model, integration or organization', async () => {
    const other = await world.integration(ann);
    aRecord('g1', 'gadgets');
    aRecord('s2', 'shelves', { integration_id: other });
    aRecord('s3', 'shelves', { organization_id: bob.organization_id });
    const refuse = async (shelf_id: string) =>
      (await failure(accept({ payload: { integration_id: acme, name: 'lamp', shelf_id } }))).errors;

    expect(await refuse('g1')).toMatchObject([{ code: 'unknown_reference', detail: expect.stringContaining('is a gadget') }]);
    expect(await refuse('s2')).toMatchObject([
      { code: 'unknown_reference', detail: expect.stringContaining('another integration') },
    ]);
    const [foreign] = await refuse('s3');
    const [unknown] = await refuse('s4');
    expect(foreign).toEqual(unknown);
  });

  it('lets a write name a record that is still being created', async () => {
    const { organization_id } = ann;
    const create = { integration_id: acme, model: 'shelves', state: 'SENDING', x_id: null, job_id: 'job-of-s9' } as const;
    world.around.pending.push({ organization_id, record_id: 's9', ...create });

    await accept({ payload: { integration_id: acme, name: 'lamp', shelf_id: 's9' } });

    expect(world.around.opened.at(-1)).toMatchObject({ references: {}, awaits: { shelf_id: 's9' } });
  });

  it('strips what it is told to strip, and says so', async () => {
    const payload = { integration_id: acme, name: 'lamp', color: 'red', size: 3 };

    const accepted = await accept({ payload, ignore_unknown_fields: true });

    expect([...accepted.ignored_fields].sort()).toEqual(['color', 'size']);
    expect(world.around.opened.at(-1)?.payload).toEqual({ name: 'lamp' });
  });

  it('stores nothing on a dry run', async () => {
    const before = world.around.opened.length;

    const accepted = await accept({ dry_run: true });

    expect(accepted.job_id).toBeUndefined();
    expect(accepted.data).toMatchObject({ id: null, name: 'lamp', integration_id: acme });
    expect(world.around.opened).toHaveLength(before);
  });

  it('does not tell a foreign integration from one that does not exist', async () => {
    const foreign = await failure(accept({ principal: bob }));
    const unknown = await failure(accept({ principal: bob, payload: { integration_id: 'nowhere', name: 'lamp' } }));

    expect(foreign.toWire()).toEqual(unknown.toWire());
    expect(foreign.code).toBe('not_found');
  });

  it('asks for the integration together with what else is wrong', async () => {
    const problem = await failure(accept({ payload: { size: 3 } }));

    expect(problem.errors.map(({ pointer }) => pointer)).toEqual(['/integration_id', '/size']);
  });

  it('takes the vendor of the path in any form and refuses a wrong one in words', async () => {
    await accept({ vendor: 'acme-one' });
    await accept({ vendor: 'Acme_One' });

    expect((await failure(accept({ vendor: 'bolt' }))).detail).toMatch(/for BOLT, but .* ACME_ONE/);
    expect((await failure(accept({ vendor: 'nobody' }))).code).toBe('not_found');
    expect((await failure(accept({ model: 'nothings' }))).code).toBe('not_found');
  });

  it('says who offers an operation that the PMS lacks', async () => {
    const bolt = await world.integration(ann, { integration_vendor: 'BOLT' });

    const problem = await failure(accept({ payload: { integration_id: bolt, name: 'lamp' } }));

    expect(problem.code).toBe('operation_not_supported');
    expect(problem.detail).toMatch(/^Bolt can't create a gadget\..*Offered by: Acme One\.$/);
  });
});

describe('acceptWrite, update', () => {
  const update = (payload: Record<string, unknown>, changes: Partial<WriteRequest> = {}) =>
    accept({ operation: 'update', id: 'g1', payload, ...changes });

  it('finds the integration by the record', async () => {
    aRecord('g1', 'gadgets');

    const accepted = await update({ name: 'sun' });

    expect(world.around.opened.at(-1)).toMatchObject({
      record_id: 'g1',
      x_id: 'x-g1',
      integration_id: acme,
      operation: 'update',
    });
    expect(accepted.data).toMatchObject({ id: 'g1', x_id: 'x-g1', name: 'sun' });
  });

  it('drops what repeats the path and refuses what contradicts it', async () => {
    aRecord('g1', 'gadgets');

    await update({ name: 'sun', integration_id: acme, gadget_id: 'g1', id: 'g1' });
    const problem = await failure(update({ name: 'sun', integration_id: 'other', gadget_id: 'g2' }));

    expect(world.around.opened.at(-1)?.payload).toEqual({ name: 'sun' });
    expect(problem.errors.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/integration_id', 'conflict'],
      ['/gadget_id', 'conflict'],
    ]);
  });

  it('asks once where a record lives, and for each organization by itself', async () => {
    aRecord('g6', 'gadgets');
    await update({ name: 'sun' }, { id: 'g6' });
    world.around.records.length = 0;

    await update({ name: 'moon' }, { id: 'g6' });

    expect(world.around.opened.at(-1)).toMatchObject({ record_id: 'g6', payload: { name: 'moon' } });
    expect((await failure(update({ name: 'sun' }, { id: 'g6', principal: bob }))).code).toBe('not_found');
  });

  it('takes an update of a record that is still being created', async () => {
    const { organization_id } = ann;
    const create = { integration_id: acme, model: 'gadgets', state: 'ACCEPTED', x_id: null, job_id: 'j' } as const;
    world.around.pending.push({ organization_id, record_id: 'g7', ...create });

    await update({ name: 'sun' }, { id: 'g7' });

    expect(world.around.opened.at(-1)).toMatchObject({ record_id: 'g7', x_id: null });
  });

  it('refuses an update of a record that was never created', async () => {
    const { organization_id } = ann;
    const create = { integration_id: acme, model: 'gadgets', state: 'FAILED', x_id: null, job_id: 'j' } as const;
    world.around.pending.push({ organization_id, record_id: 'g8', ...create });

    expect((await failure(update({ name: 'sun' }, { id: 'g8' }))).code).toBe('conflict');
  });

  it('has the same words for a foreign record, an unknown one, and one of another model', async () => {
    aRecord('g9', 'gadgets', { organization_id: bob.organization_id });
    aRecord('s1', 'shelves');

    const problems = await Promise.all(['g9', 'g0', 's1', '*', 'a.b'].map((id) => failure(update({ name: 'sun' }, { id }))));

    expect(new Set(problems.map((problem) => JSON.stringify(problem.toWire()))).size).toBe(1);
    expect(problems[0]?.detail).toBe('There is no such gadget.');
  });
});

describe('acceptWrite, under a parent', () => {
  const underGadget = { model: 'gadgets', child: 'notes', id: 'g1' };

  it('puts the parent into the payload', async () => {
    aRecord('g1', 'gadgets');

    await accept({ ...underGadget, payload: { text: 'bright' } });

    expect(world.around.opened.at(-1)).toMatchObject({
      model: 'gadget-notes',
      operation: 'create',
      record_id: null,
      payload: { text: 'bright', gadget_id: 'g1' },
      references: { gadget_id: 'x-g1' },
    });
  });

  it('does not find the child of an unknown parent, nor an unknown child', async () => {
    const underNobody = { ...underGadget, id: 'g0' };
    expect((await failure(accept({ ...underNobody, payload: { text: 'x' } }))).detail).toBe('There is no such gadget.');
    aRecord('g1', 'gadgets');
    expect((await failure(accept({ ...underGadget, child: 'songs', payload: {} }))).detail).toBe('There is no such model.');
  });
});
