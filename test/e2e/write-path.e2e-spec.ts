import { describe, expect, it } from '@jest/globals';
import { useWorld } from '../support/world.ts';

const world = useWorld('write-path');

/** The notes of a resident: Buildium has a comment, Rent Manager only dated history notes. */
describe('PUT /v1/residents/{id} with notes', () => {
  it('reaches a Buildium tenant as its comment, and changes nothing else of it', async () => {
    const { api, effects, now, settled, find } = bound();
    const resident = await find('residents', 'BUILDIUM', (record) => record.address_1_alternate !== null);
    const since = await now();

    const accepted = await api.put(`/v1/residents/${resident.id}`, { notes: 'Prefers e-mail.' });

    expect(accepted.status).toBe(200);
    expect(accepted.body).toMatchObject({
      job_id: expect.any(String),
      data: { id: resident.id, notes: 'Prefers e-mail.' },
      meta: { ignored_fields: [] },
    });
    const status = await settled(accepted.body.job_id);
    expect(status).toMatchObject({ write_status: 'SUCCESS', state: 'SUCCEEDED', outcome: 'certain', errors: [] });
    const [effect, ...more] = await effects(since);
    expect(more).toEqual([]);
    expect(effect).toMatchObject({
      vendor: 'BUILDIUM',
      method: 'PUT',
      action: 'update',
      id: resident.x_id,
      sent: { Comment: 'Prefers e-mail.' },
    });
    expect(effect?.record).toMatchObject({
      FirstName: resident.first_name,
      AlternateAddress: { AddressLine1: resident.address_1_alternate },
    });
    expect(effect?.record.TaxId).toBeTruthy();
    expect(effect?.record.EmergencyContact).toBeTruthy();
  });

  it('is refused for a Rent Manager tenant, with the reason, and reaches nobody', async () => {
    const { api, calls, now, find } = bound();
    const resident = await find('residents', 'RENTMANAGER');
    const since = await now();

    const refused = await api.put(`/v1/residents/${resident.id}`, { notes: 'x' });

    expect(refused.status).toBe(400);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.body.errors).toEqual([
      { pointer: '/notes', code: 'unsupported_field', detail: expect.stringContaining('Rent Manager') },
    ]);
    expect(refused.body.error).toMatchObject({
      code: 'invalid_request',
      details: { issues: [{ code: 'unrecognized_keys', keys: ['notes'] }] },
    });
    expect(await calls(since)).toEqual([]);
  });

  it('is stripped and reported with ignore_unknown_fields', async () => {
    const { api, settled, find } = bound();
    const resident = await find('residents', 'RENTMANAGER');

    const accepted = await api.put(`/v1/residents/${resident.id}?ignore_unknown_fields=true`, { notes: 'x', first_name: 'Anna' });

    expect(accepted.status).toBe(200);
    expect(accepted.body.meta.ignored_fields).toEqual(['notes']);
    expect(await settled(accepted.body.job_id)).toMatchObject({ write_status: 'SUCCESS', ignored_fields: ['notes'] });
  });

  it('accepts a write of which nothing is left, and calls nobody', async () => {
    const { api, settled, find, calls, now } = bound();
    const resident = await find('residents', 'RENTMANAGER');
    const since = await now();

    const accepted = await api.put(`/v1/residents/${resident.id}?ignore_unknown_fields=true`, { notes: 'x' });

    expect(accepted.body.meta.ignored_fields).toEqual(['notes']);
    expect(await settled(accepted.body.job_id)).toMatchObject({ write_status: 'SUCCESS' });
    expect((await calls(since)).filter(({ method }) => method !== 'GET')).toEqual([]);
  });
});

/** The world's functions, free of `this`. */
function bound() {
  const it = world();
  return {
    api: it.api,
    effects: it.effects.bind(it),
    calls: it.calls.bind(it),
    now: it.now.bind(it),
    // Read back as well, so that the next test does not meet the calls of this one.
    settled: async (jobId: string) => {
      await it.settled(jobId);
      return it.settledRefresh(jobId);
    },
    find: it.find.bind(it),
  };
}
