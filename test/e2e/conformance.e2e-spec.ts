/**
 * Every write that is declared, through the whole house: accepted at the gateway, carried out by the PMS's worker over the vendor's wire protocol,
 * reported, and found in the sandbox's journal exactly once with the values that were sent. And every demand of every write, broken once: refused
 * with the right issue, and no word of it reaches the PMS.
 */
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  operationOf,
  samplePayload,
  violations,
  ruleViolations,
  type Capability,
  type OperationName,
  type PmsDefinition,
} from '#capabilities';
import { loadCatalog } from '#service-kit';
import type { Loose } from '../support/api.ts';
import { useWorld, type JournalCall } from '../support/world.ts';

const catalog = await loadCatalog();
const OPERATIONS: readonly OperationName[] = ['create', 'update'];

interface Case {
  readonly name: string;
  readonly pms: PmsDefinition;
  readonly capability: Capability;
  readonly operation: OperationName;
}

const CASES: readonly Case[] = catalog.list.flatMap((pms) =>
  [...pms.capabilities.values()].flatMap((capability) =>
    OPERATIONS.filter((operation) => operationOf(capability, operation)).map((operation) => ({
      name: `${pms.vendor} ${operation} ${capability.model.path}`,
      pms,
      capability,
      operation,
    })),
  ),
);

/** Which demo record a payload names, where the first of the list will not do. */
const CHOICE: Readonly<Record<string, (record: Loose) => boolean>> = {
  'BUILDIUM applicants': ({ status }) => status === 'APPROVED',
  'BUILDIUM financial-accounts': ({ custom_data }) => custom_data?.IsBankAccount === true,
  // The one unit of the first property in which nobody lives.
  'RENTMANAGER units': ({ is_vacant }) => is_vacant === true,
};
/** What the simulator wants beyond what is known of the vendor, or what a demo record can't be part of twice. */
const ADJUST: Readonly<Record<string, (payload: Loose) => Loose>> = {
  'RENTMANAGER create applicants': ({ lead_id: _converted, ...rest }) => ({ first_name: 'Ann', ...rest }),
};

const world = useWorld('conformance');
const records = new Map<string, Loose>();

beforeAll(async () => {
  for (const { vendor, capabilities } of catalog.list) {
    for (const { model, reads } of capabilities.values()) {
      if ('lacks' in reads) continue;
      const { path } = model;
      const { body } = await world().api.get(
        `/v1/${path}/?integration_id=${world().integration(vendor)}&order-by=x_id:asc&limit=250`,
      );
      const found = body.results.find(CHOICE[`${vendor} ${path}`] ?? (() => true));
      if (found) records.set(`${vendor} ${path}`, found);
    }
  }
}, 120_000);
// The demo data come back under the same ids; so does the need to log in again.
beforeEach(async () => {
  await world().sandbox.post('/_reset');
});

/** Calls that could change something: no reads, no log-in, and none that was turned away because a reset had ended the session. */
async function writeCalls(): Promise<JournalCall[]> {
  const calls = await world().calls();
  return calls.filter(({ method, path, status }) => method !== 'GET' && !path.startsWith('/Authentication') && status !== 401);
}

it('covers what is declared, no more and no less', () => {
  const counted = Object.fromEntries(
    catalog.list.map(({ vendor }) => [vendor, CASES.filter(({ pms }) => pms.vendor === vendor).length]),
  );
  expect(counted).toEqual({ BUILDIUM: 20, RENTMANAGER: 22 });
});

describe.each(CASES)('$name', (at) => {
  const { pms, capability, operation } = at;
  const { model } = capability;
  const recordOf = (path: string): Loose => records.get(`${pms.vendor} ${path}`);

  /** The record that is updated names its own relations; otherwise any record of the model will do. */
  const idOf = (path: string): string => {
    const own = [...model.fields.values()].find(({ refersTo }) => refersTo === path)?.name;
    const related = operation === 'update' && own ? recordOf(model.path)?.[own] : undefined;
    return related ?? recordOf(path)?.id ?? 'none';
  };
  const sample = (kind: 'full' | 'minimal'): Loose => {
    const payload = samplePayload(pms, model, operation, kind, idOf);
    return ADJUST[at.name]?.(payload) ?? payload;
  };
  const send = (payload: Loose): Promise<Loose> =>
    operation === 'create'
      ? world().api.post(`/v1/${model.path}/`, { integration_id: world().integration(pms.vendor), ...payload })
      : world().api.put(`/v1/${model.path}/${recordOf(model.path).id}`, payload);

  it.each(['full', 'minimal'] as const)(
    'carries out a %s payload once and says so',
    async (kind) => {
      const payload = sample(kind);

      const accepted = await send(payload);

      expect({ status: accepted.status, errors: accepted.body.errors }).toEqual({ status: 200, errors: undefined });
      const status = await world().settled(accepted.body.job_id);
      expect(status).toMatchObject({ write_status: 'SUCCESS', outcome: 'certain', errors: [] });
      const changes = await writeCalls();
      expect(changes).toHaveLength(status.attempts.length);
      const all = (await world().effects()).filter(({ id, action }) => id === status.x_id && action === operation);
      // PMSs count each kind of record by itself: a later step may make something of the same number.
      const effects = all.filter(({ resource }) => resource === all[0]?.resource);
      if (operation === 'create') {
        expect(effects).toHaveLength(1);
        expect(status.created_record_id).toBe(accepted.body.data.id);
      } else {
        expect(effects.length).toBeLessThanOrEqual(1);
        expect(status.created_record_id).toBeNull();
      }
      if (!('lacks' in capability.reads) && capability.reads.one) await expectCopy(accepted.body, payload);
    },
    30_000,
  );

  /** What was sent is what the PMS says, read back through the cache. */
  async function expectCopy({ job_id, data, meta }: Loose, payload: Loose): Promise<void> {
    await world().settledRefresh(job_id);
    const { body } = await world().api.get(`/v1/${model.path}/${data.id}`);
    for (const [name, value] of Object.entries(payload)) {
      // What a PMS would drop anyway is not sent, and the answer said so.
      if (meta.ignored_fields.includes(name)) continue;
      const mapping = capability.fields[name];
      if (mapping?.kind !== 'write' || mapping.from === null || Array.isArray(value)) continue;
      expect({ [name]: body.results[name] }).toEqual({
        [name]: mapping.reference ? value : mapping.codec.decode(mapping.codec.encode(value)),
      });
    }
  }

  it('refuses each broken demand with its reason, and calls nobody', async () => {
    const base = sample('full');
    const broken = [...violations(pms, model, operation, base), ...ruleViolations(pms, model, operation, base)];
    expect(broken.length).toBeGreaterThan(0);

    for (const { name, field, code, payload } of broken) {
      // A record's own id in its update is compared with the path's, not refused as read-only.
      if (operation === 'update' && model.fields.get(field)?.refersTo === model.path) continue;
      const answer = await send(payload);

      expect({ name, status: answer.status, errors: answer.body.errors }).toEqual({
        name,
        status: 400,
        errors: expect.arrayContaining([
          expect.objectContaining({ code, pointer: expect.stringContaining(field.split(/[./]/)[0] ?? field) }),
        ]),
      });
    }
    expect(await writeCalls()).toEqual([]);
  }, 60_000);
});

describe('an operation that a PMS does not offer', () => {
  const lacking = catalog.list.flatMap((pms) =>
    [...catalog.models.values()].flatMap((model) =>
      OPERATIONS.filter((operation) => {
        const capability = pms.capabilities.get(model.path);
        return !capability || !operationOf(capability, operation);
      })
        .filter((operation) => operation === 'create')
        .map((operation) => ({ vendor: pms.vendor, operation, path: model.path })),
    ),
  );

  it.each(lacking)('$vendor $operation $path is a 405 that says why', async ({ vendor, path }) => {
    const answer = await world().api.post(`/v1/${path}/`, { integration_id: world().integration(vendor) });

    expect(answer.status).toBe(405);
    expect(answer.body.detail.length).toBeGreaterThan(20);
  });
});
