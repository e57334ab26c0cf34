import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestLedger, type TestLedger } from '../testing/ledger.fixture.ts';
import { Acceptance } from './accept.ts';

let t: TestLedger;
beforeAll(async () => {
  t = await openTestLedger({ databaseServer: process.env.TEST_DATABASE_URL, natsUrl: process.env.TEST_NATS_URL });
}, 30_000);
afterAll(() => t.stop());

const keyed = (key: string, fingerprint = 'f1') => ({ idempotency: { key, fingerprint, route: 'POST /v1/residents' } });

describe(Acceptance.name, () => {
  it('answers with ids of 25 letters and digits, and only what is committed', async () => {
    const opened = await t.ledger.open(t.aWrite());

    expect(opened).toMatchObject({ replayed: false, payload: { first_name: 'Ada' }, ignored_fields: [] });
    expect(opened.job_id).toMatch(/^[a-z0-9]{25}$/);
    expect(await t.row(opened.job_id)).toMatchObject({ record_id: opened.record_id, model: 'residents' });
  });

  it('numbers writes in the order in which they were asked for', async () => {
    const opened = await Promise.all(Array.from({ length: 200 }, (_, n) => t.ledger.open(t.aWrite({ payload: { n } }))));

    const rows = await t.database.run<{ id: string }>(
      'select id from ledger.operation where id = any($1::text[]) order by seq',
      opened.map(({ job_id }) => job_id),
    );
    expect(rows.map(({ id }) => id)).toEqual(opened.map(({ job_id }) => job_id));
  });

  it('shares transactions: 400 writes at once take a few commits', async () => {
    await Promise.all(Array.from({ length: 400 }, () => t.ledger.open(t.aWrite({ integration_id: 'shared', pms: 'nobody' }))));

    const [fresh] = await t.database.run<{ count: number }>(
      `select count(distinct accepted_at)::integer as count from ledger.operation where integration_id = 'shared'`,
    );
    expect(fresh?.count).toBeLessThanOrEqual(4);
  });

  it('makes one write of 50 parallel requests with one key, and tells all of them the same', async () => {
    const opened = await Promise.all(Array.from({ length: 50 }, () => t.ledger.open(t.aWrite(keyed('k50')))));

    expect(new Set(opened.map(({ job_id, record_id }) => job_id + record_id)).size).toBe(1);
    expect(opened.filter(({ replayed }) => !replayed)).toHaveLength(1);
    const later = await t.ledger.open(t.aWrite(keyed('k50')));
    expect(later).toMatchObject({ job_id: opened[0]?.job_id, replayed: true, payload: { first_name: 'Ada' } });
  });

  it('refuses a key with other content, and only that request of its batch', async () => {
    const results = await Promise.allSettled([
      t.ledger.open(t.aWrite(keyed('kx', 'one'))),
      t.ledger.open(t.aWrite(keyed('kx', 'two'))),
      t.ledger.open(t.aWrite()),
    ]);

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'idempotency_key_reused' } });
  });

  it('keeps the keys of organizations and of routes apart', async () => {
    const mine = await t.ledger.open(t.aWrite(keyed('shared')));
    const theirs = await t.ledger.open(t.aWrite({ ...keyed('shared', 'other'), organization_id: 'org2' }));
    const elsewhere = await t.ledger.open(
      t.aWrite({ idempotency: { key: 'shared', fingerprint: 'x', route: 'POST /v1/leases' } }),
    );

    expect(new Set([mine, theirs, elsewhere].map(({ job_id }) => job_id)).size).toBe(3);
  });

  it('accepts the batch mates of a payload that the database can not hold, byte for byte', async () => {
    const odd = {
      first_name: `'"; drop table ledger.operation; -- ?$1 \\u0041 é😀`,
      nested: { __proto__: null, list: [1.5, null, ''] },
    };
    const results = await Promise.allSettled([
      t.ledger.open(t.aWrite({ payload: odd })),
      t.ledger.open(t.aWrite({ payload: { first_name: 'a\u0000b' } })),
      t.ledger.open(t.aWrite({ payload: { first_name: '\ud800' } })),
      t.ledger.open(t.aWrite()),
    ]);

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'invalid_request' } });
    const [kept] = results;
    const stored = kept?.status === 'fulfilled' ? (await t.row(kept.value.job_id)).payload : null;
    expect(stored).toEqual(JSON.parse(JSON.stringify(odd)));
  });

  it('refuses an update of a record that nobody knows and gives the key back', async () => {
    const update = t.aWrite({ operation: 'update', record_id: 'nobody', ...keyed('later') });
    await expect(t.ledger.open(update)).rejects.toMatchObject({ code: 'not_found' });

    const opened = await t.ledger.open(t.aWrite(keyed('later')));
    expect(opened.replayed).toBe(false);
  });

  it("does not let a write name another organization's record", async () => {
    const foreign = await t.ledger.open(t.aWrite({ organization_id: 'org2' }));

    await expect(t.ledger.open(t.aWrite({ awaits: { unit_id: foreign.record_id } }))).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await expect(t.ledger.open(t.aWrite({ operation: 'update', record_id: foreign.record_id }))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('does not accept anew what was committed, whatever goes wrong after the commit', async () => {
    const acceptance = new Acceptance(t.database, {
      ageLimitHours: 24,
      onAccepted: () => {
        throw new Error('a bug of ours');
      },
      onRefused: () => {},
    });
    const integration_id = 'told-badly';
    const answers = await Promise.allSettled([1, 2, 3].map(() => acceptance.open(t.aWrite({ integration_id }))));

    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(answers[0]).toMatchObject({ reason: { code: 'unavailable' } });
    expect(await t.database.run('select from ledger.operation where integration_id = $1', integration_id)).toHaveLength(3);
  });

  it('answers a request that comes again because its answer was lost, and accepts it once', async () => {
    const create = t.aWrite({ ...keyed('asked-twice') });
    const plain = t.aWrite();
    const first = [await t.ledger.open(create), await t.ledger.open(plain)];

    expect([await t.ledger.open(create), await t.ledger.open(plain)]).toEqual(first);
    const twice = t.aWrite();
    const [one, other] = await Promise.all([t.ledger.open(twice), t.ledger.open(twice)]);
    expect(one).toEqual(other);
  });

  it('leaves the lane of an update that comes again as it is', async () => {
    const { record_id, integration_id } = { record_id: 'some-record', integration_id: 'some-place' };
    const update = () => t.aWrite({ operation: 'update', record_id, x_id: '1', integration_id });
    const [first, second, third] = [update(), update(), update()];
    for (const write of [first, second]) await t.ledger.open(write);
    await Promise.all([t.ledger.open(first), t.ledger.open(third)]);

    expect((await t.row(first.job_id)).blocked_by).toBeNull();
    expect((await t.row(second.job_id)).blocked_by).toBe(first.job_id);
    expect((await t.row(third.job_id)).blocked_by).toBe(second.job_id);
  });
});
