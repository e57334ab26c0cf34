import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Outcome, OpenWrite } from '#messaging';
import { customer, openTestLedger, success, type TestLedger } from '../testing/ledger.fixture.ts';
import { createOf, statusOf } from './write-status.ts';

let t: TestLedger;
beforeAll(async () => {
  t = await openTestLedger({ databaseServer: process.env.TEST_DATABASE_URL, natsUrl: process.env.TEST_NATS_URL });
}, 30_000);
afterAll(() => t.stop());

const failed: Outcome = { kind: 'failed', errors: ['no'], retriable: false };
const again: Outcome = { kind: 'retry', errors: ['busy'], after_ms: 600_000 };
const put = (create: OpenWrite, record_id: string, x_id: string | null = null, changes: Partial<OpenWrite> = {}) =>
  t.aWrite({ integration_id: create.integration_id, operation: 'update', record_id, x_id, ...changes });
const statusFor = (job_id: string) => statusOf(t.database, 'org1', job_id);

/** Lets the sweeper and the dispatcher do whatever they would do. */
async function settleDown() {
  await t.sweeper.sweep();
  await t.dispatcher.drain();
}

describe('two writes of one record', () => {
  it('are never active together, and keep their order over a retry', async () => {
    const write = t.aWrite({ operation: 'update', record_id: 'r1', x_id: '1' });
    const first = await t.open(write);
    const second = await t.open(write);
    const { token } = await t.claimed(first.job_id);
    await settleDown();
    expect(await t.stateOf(second.job_id)).toBe('ACCEPTED');

    await t.ledger.settle(t.pms, { job_id: first.job_id, token, outcome: again });
    await settleDown();
    expect(await t.stateOf(second.job_id)).toBe('ACCEPTED');

    await t.pass(first.job_id, 'due_at');
    await settleDown();
    await t.carryOut(first.job_id);
    expect(await t.carryOut(second.job_id)).toBe('SUCCEEDED');
  });

  it('follow each other also when they are accepted in one batch, and when one in the middle is cancelled', async () => {
    const write = t.aWrite({ operation: 'update', record_id: 'r2', x_id: '1' });
    const opened = await Promise.all(Array.from({ length: 5 }, () => t.open(write)));
    const ids = opened.map(({ job_id }) => job_id);
    const [first = '', second = '', third = '', fourth = '', fifth = ''] = ids;
    const { token } = await t.claimed(first);
    // The first waits, so nothing but the chain keeps the others from overtaking it.
    await t.ledger.settle(t.pms, { job_id: first, token, outcome: again });
    await Promise.all([second, third].map((job_id) => t.ledger.cancel({ principal: customer(), job_id })));
    await settleDown();
    expect(await Promise.all([fourth, fifth].map((id) => t.stateOf(id)))).toEqual(['ACCEPTED', 'ACCEPTED']);

    await t.pass(first, 'due_at');
    await settleDown();
    await t.carryOut(first, failed);
    await t.carryOut(fourth);
    expect(await t.carryOut(fifth)).toBe('SUCCEEDED');
  });

  it('wait for each other while the first is in doubt', async () => {
    const write = t.aWrite({ operation: 'update', record_id: 'r3', x_id: '1' });
    const first = await t.open(write);
    const second = await t.open(write);
    const doubt: Outcome = { kind: 'doubt', errors: [], policy: 'read_back', settle_after_ms: 60_000, settle_within_ms: 600_000 };
    expect(await t.carryOut(first.job_id, doubt)).toBe('UNKNOWN');
    await settleDown();

    expect(await t.stateOf(second.job_id)).toBe('ACCEPTED');
  });

  it('keep accept order under a storm of accepts, claims and settles', async () => {
    const records = ['a', 'b', 'c', 'd'].map((name) => t.aWrite({ operation: 'update', record_id: `storm-${name}`, x_id: '1' }));
    const accepted = await Promise.all(
      Array.from({ length: 60 }, (_, n) => {
        const record = records[n % records.length] ?? t.aWrite();
        return t.open({ ...record, payload: { n } }).then(({ job_id }) => ({ job_id, lane: record.record_id }));
      }),
    );
    const carriedOut: string[] = [];
    await Promise.all(
      accepted.map(async ({ job_id }) => {
        const { token } = await t.claimed(job_id);
        carriedOut.push(job_id);
        await t.ledger.settle(t.pms, { job_id, token, outcome: success('1') });
      }),
    );

    for (const lane of new Set(accepted.map((each) => each.lane))) {
      const asked = accepted.filter((each) => each.lane === lane).map(({ job_id }) => job_id);
      expect(carriedOut.filter((id) => asked.includes(id))).toEqual(asked);
    }
  }, 30_000);
});

describe('an update of a record that is still being created', () => {
  it('waits for the create and takes its id, through all that follow', async () => {
    const write = t.aWrite();
    const create = await t.open(write);
    const first = await t.open(put(write, create.record_id));
    const second = await t.open(put(write, create.record_id));
    const { token } = await t.claimed(create.job_id);
    await settleDown();
    expect(await t.stateOf(first.job_id)).toBe('ACCEPTED');
    expect(await createOf(t.database, 'org1', create.record_id)).toMatchObject({ job_id: create.job_id, x_id: null });

    await t.ledger.settle(t.pms, { job_id: create.job_id, token, outcome: success('900') });
    expect((await t.claimed(first.job_id)).x_id).toBe('900');
    await t.ledger.cancel({ principal: customer(), job_id: first.job_id });
    expect((await t.claimed(second.job_id)).x_id).toBe('900');
  });

  it('takes the id at once when the create has just succeeded', async () => {
    const write = t.aWrite();
    const create = await t.open(write);
    await t.carryOut(create.job_id, success('901'));
    const update = await t.open(put(write, create.record_id));

    expect((await t.claimed(update.job_id)).x_id).toBe('901');
  });

  it.each([
    ['fails', (job_id: string) => t.carryOut(job_id, failed), 'failed'],
    ['is cancelled', (job_id: string) => t.ledger.cancel({ principal: customer(), job_id }), 'was cancelled'],
    ['tells no id', (job_id: string) => t.carryOut(job_id, success(null)), 'did not tell its id'],
  ])('fails with the name of the create when that %s', async (_, end, why) => {
    const write = t.aWrite();
    const create = await t.open(write);
    const updates = [await t.open(put(write, create.record_id)), await t.open(put(write, create.record_id))];
    await end(create.job_id);

    for (const { job_id } of updates) {
      const status = await statusFor(job_id);
      expect(status.state).toBe('FAILED');
      expect(status.errors).toEqual([`The record that this write needs was not created: write ${create.job_id} ${why}.`]);
    }
    await expect(t.open(put(write, create.record_id))).rejects.toMatchObject({ code: 'conflict' });
    await expect(t.ledger.retry({ principal: customer(), job_id: updates[0]?.job_id ?? '' })).rejects.toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining(create.job_id),
    });
  });

  it('keeps waiting while the create needs a review, and follows what the person finds', async () => {
    const write = t.aWrite();
    const create = await t.open(write);
    const doubt: Outcome = { kind: 'doubt', errors: [], policy: 'person', settle_after_ms: 0, settle_within_ms: 0 };
    expect(await t.carryOut(create.job_id, doubt)).toBe('NEEDS_REVIEW');
    const update = await t.open(put(write, create.record_id));
    await settleDown();
    expect(await t.stateOf(update.job_id)).toBe('ACCEPTED');

    await t.ledger.resolve({ principal: customer(), job_id: create.job_id, outcome: 'succeeded', x_id: '77', reason: 'seen' });
    expect((await t.claimed(update.job_id)).x_id).toBe('77');
  });

  it('is retried after its create was', async () => {
    const write = t.aWrite();
    const create = await t.open(write);
    const update = await t.open(put(write, create.record_id));
    await t.carryOut(create.job_id, failed);
    await t.ledger.retry({ principal: customer(), job_id: create.job_id });
    await t.ledger.retry({ principal: customer(), job_id: update.job_id });
    await t.carryOut(create.job_id, success('5'));

    expect((await t.claimed(update.job_id)).x_id).toBe('5');
  });
});

describe('a write that names records which are being created', () => {
  it('waits for all of them and takes their ids', async () => {
    const write = t.aWrite();
    const [unit, person] = await Promise.all([t.open(write), t.open(write)]);
    const lease = await t.open({
      ...write,
      references: { property_id: '1' },
      awaits: { unit_id: unit.record_id, person_id: person.record_id },
    });
    await t.carryOut(unit.job_id, success('u1'));
    await settleDown();
    expect(await t.stateOf(lease.job_id)).toBe('ACCEPTED');
    await t.carryOut(person.job_id, success('p1'));

    expect((await t.claimed(lease.job_id)).references).toEqual({ property_id: '1', unit_id: 'u1', person_id: 'p1' });
  });

  it('fails with the name of the one that failed, and so does what waits for it in turn', async () => {
    const write = t.aWrite();
    const unit = await t.open(write);
    const lease = await t.open({ ...write, awaits: { unit_id: unit.record_id } });
    const charge = await t.open({ ...write, awaits: { lease_id: lease.record_id } });
    await t.carryOut(unit.job_id, failed);

    expect((await statusFor(lease.job_id)).errors).toEqual([expect.stringContaining(unit.job_id)]);
    expect((await statusFor(charge.job_id)).errors).toEqual([expect.stringContaining(lease.job_id)]);

    await t.ledger.retry({ principal: customer(), job_id: unit.job_id });
    await t.ledger.retry({ principal: customer(), job_id: lease.job_id });
    await t.carryOut(unit.job_id, success('u2'));
    expect((await t.claimed(lease.job_id)).references).toEqual({ unit_id: 'u2' });
  });
});

describe('age', () => {
  it('ends what could not be sent, and nothing that may have been', async () => {
    const waiting = await t.open(t.aWrite({ pms: 'nobody' }));
    const sending = await t.open(t.aWrite());
    const { token } = await t.claimed(sending.job_id);
    await t.ledger.advance(t.pms, { job_id: sending.job_id, token, sending: { step: 's', memo: {} } });
    await t.pass(waiting.job_id, 'deadline_at');
    await t.pass(sending.job_id, 'deadline_at');
    await t.sweeper.sweep();

    expect(await statusFor(waiting.job_id)).toMatchObject({ state: 'FAILED', errors: [expect.stringContaining('24 hours')] });
    expect(await t.stateOf(sending.job_id)).toBe('SENDING');
  });
});
