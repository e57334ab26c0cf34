import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttemptReport, Outcome } from '#messaging';
import { customer, openTestLedger, success, type TestLedger } from '../testing/ledger.fixture.ts';
import { statusOf } from './write-status.ts';

let t: TestLedger;
beforeAll(async () => {
  t = await openTestLedger({ databaseServer: process.env.TEST_DATABASE_URL, natsUrl: process.env.TEST_NATS_URL });
}, 30_000);
afterAll(() => t.stop());

const start = async () => (await t.open(t.aWrite())).job_id;
const sending = (step = 'create', memo = {}) => ({ sending: { step, memo } });
const attempt = (evidence: 'A' | 'B' | 'C' = 'B', step = 'create'): AttemptReport => ({
  step,
  started_at: '2026-01-01T00:00:00.000Z',
  ended_at: '2026-01-01T00:00:01.000Z',
  evidence,
  pms_status: 200,
  message: 'said\u0000so',
});
const failed: Outcome = { kind: 'failed', errors: ['The PMS said no.'], retriable: false };
const statusFor = (job_id: string) => statusOf(t.database, 'org1', job_id);

describe('a claim', () => {
  it('is given to one of 50 who ask at once', async () => {
    const job_id = await start();
    await t.until('released', async () => (await t.stateOf(job_id)) === 'RELEASED');
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, n) => t.ledger.claim(t.pms, { job_id, release: 1, worker: `w${n}` })),
    );

    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
  });

  it('is given again to the one who holds it, until something is sent under it', async () => {
    const job_id = await start();
    await t.until('released', async () => (await t.stateOf(job_id)) === 'RELEASED');
    const ask = { job_id, release: 1, worker: 'w' };
    const first = await t.ledger.claim(t.pms, ask);
    await t.pass(job_id, 'lease_until');

    expect(await t.ledger.claim(t.pms, { ...ask, worker: 'another' })).toBeNull();
    expect(await t.ledger.claim(t.pms, ask)).toEqual(first);
    await t.sweeper.sweep();
    expect(await t.row(job_id)).toMatchObject({ state: 'RELEASED', release_no: 1, crashes: 0, token: first?.token });

    await t.ledger.advance(t.pms, { job_id, token: first?.token ?? 0, ...sending('create', {}) });
    expect(await t.ledger.claim(t.pms, ask)).toBeNull();
  });

  it('is not given for another release, a finished write, an unknown one, or to another PMS', async () => {
    const job_id = await start();
    await t.until('released', async () => (await t.stateOf(job_id)) === 'RELEASED');
    const ask = { job_id, release: 1, worker: 'w' };

    expect(await t.ledger.claim(t.pms, { ...ask, release: 2 })).toBeNull();
    expect(await t.ledger.claim('other', ask)).toBeNull();
    expect(await t.ledger.claim(t.pms, { ...ask, job_id: 'nothing' })).toBeNull();
    await t.carryOut(job_id);
    expect(await t.ledger.claim(t.pms, ask)).toBeNull();
  });

  it('carries what the worker needs', async () => {
    const { job_id } = await t.open(t.aWrite({ references: { unit_id: '12' } }));

    expect(await t.claimed(job_id)).toMatchObject({
      token: 1,
      lease_ms: 60_000,
      mode: 'perform',
      payload: { first_name: 'Ada' },
      references: { unit_id: '12' },
      done: {},
      in_doubt: null,
    });
  });

  it('is committed as SENDING before the worker may send', async () => {
    const job_id = await start();
    const { token } = await t.claimed(job_id);
    await t.ledger.advance(t.pms, { job_id, token, ...sending('create', { former: 'x' }) });

    expect(await t.row(job_id)).toMatchObject({
      state: 'SENDING',
      steps: [{ name: 'create', state: 'sent', memo: { former: 'x' } }],
    });
  });

  it('counts for nothing once it is outdated, wherever it is shown', async () => {
    const job_id = await start();
    const { token } = await t.claimed(job_id);
    await t.pass(job_id, 'lease_until');
    await t.sweeper.sweep();
    const second = await t.claimed(job_id);
    const conflict = { code: 'conflict' };

    await expect(t.ledger.advance(t.pms, { job_id, token, ...sending() })).rejects.toMatchObject(conflict);
    for (const outcome of [success(), failed, { kind: 'retry', errors: [] }, { kind: 'hold', reason: 'x' }] as const) {
      await expect(t.ledger.settle(t.pms, { job_id, token, outcome, attempt: attempt() })).rejects.toMatchObject(conflict);
    }
    expect(await t.row(job_id)).toMatchObject({ state: 'RELEASED', token: second.token, attempts: 4 });
    expect((await statusFor(job_id)).attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  });

  it('settles once, and answers the same to a repetition', async () => {
    const job_id = await start();
    const { token } = await t.claimed(job_id);
    await t.ledger.advance(t.pms, { job_id, token, ...sending() });
    const settle = { job_id, token, outcome: success('77'), attempt: attempt() };

    expect(await t.ledger.settle(t.pms, settle)).toEqual({ state: 'SUCCEEDED' });
    expect(await t.ledger.settle(t.pms, settle)).toEqual({ state: 'SUCCEEDED' });
    const status = await statusFor(job_id);
    expect(status).toMatchObject({
      write_status: 'SUCCESS',
      x_id: '77',
      outcome: 'certain',
      steps: [{ name: 'create', state: 'done' }],
    });
    expect(status.created_record_id).toBe(status.record_id);
    expect(status.attempts).toHaveLength(1);
  });

  it('keeps finished steps: a write refused later is PARTIAL, a retried one goes on after them', async () => {
    const job_id = await start();
    const first = await t.claimed(job_id);
    await t.ledger.advance(t.pms, { job_id, token: first.token, ...sending('person') });
    const finished = { step: 'person', result: { x_id: '9', memo: { a: '1' } }, attempt: attempt('B', 'person') };
    await t.ledger.advance(t.pms, { job_id, token: first.token, finished, ...sending('lease') });
    await t.ledger.settle(t.pms, { job_id, token: first.token, outcome: { kind: 'retry', errors: ['busy'], after_ms: 0 } });
    await t.sweeper.sweep();

    const second = await t.claimed(job_id);
    expect(second.done).toEqual({ person: { x_id: '9', memo: { a: '1' } } });
    expect(second.in_doubt).toBeNull();
    await expect(t.ledger.advance(t.pms, { job_id, token: second.token, ...sending('person') })).rejects.toMatchObject({
      code: 'conflict',
    });
    await t.ledger.advance(t.pms, { job_id, token: second.token, ...sending('lease') });
    await t.ledger.settle(t.pms, { job_id, token: second.token, outcome: failed });

    const status = await statusFor(job_id);
    expect(status).toMatchObject({ write_status: 'PARTIAL_SUCCESS', state: 'PARTIAL', x_id: '9', errors: ['The PMS said no.'] });
    expect(status.created_record_id).toBe(status.record_id);
  });

  it('does not send a step while another one is unproven', async () => {
    const job_id = await start();
    const { token } = await t.claimed(job_id);
    await t.ledger.advance(t.pms, { job_id, token, ...sending('a') });

    await expect(t.ledger.advance(t.pms, { job_id, token, ...sending('b') })).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('an outcome without effect', () => {
  it('waits as long as asked, or with full jitter, and is then released again', async () => {
    const job_id = await start();
    const { token } = await t.claimed(job_id);
    expect(await t.ledger.settle(t.pms, { job_id, token, outcome: { kind: 'retry', errors: ['no'], after_ms: 90_000 } })).toEqual(
      {
        state: 'RETRY_WAIT',
      },
    );
    const { next_attempt_at } = await statusFor(job_id);
    expect(Date.parse(next_attempt_at ?? '') - Date.now()).toBeGreaterThan(80_000);
    await t.sweeper.sweep();
    expect(await t.stateOf(job_id)).toBe('RETRY_WAIT');

    await t.pass(job_id, 'due_at');
    await t.sweeper.sweep();
    expect((await t.claimed(job_id)).token).toBeGreaterThan(token);
  });

  it('stops the whole integration when the PMS asks for patience, and no other', async () => {
    const write = t.aWrite({ integration_id: 'paused' });
    const [a, b] = await Promise.all([t.open(write), t.open(write)]);
    const claim = await t.claimed(a.job_id);
    await t.until('b is out', async () => (await t.stateOf(b.job_id)) === 'RELEASED');
    const outcome: Outcome = { kind: 'retry', errors: ['429'], after_ms: 60_000, pause: true };
    await t.ledger.settle(t.pms, { job_id: a.job_id, token: claim.token, outcome });

    // b's message is out already: its claim is refused, and it is not released again.
    expect(await t.ledger.claim(t.pms, { job_id: b.job_id, release: 1, worker: 'w' })).toBeNull();
    await t.sweeper.sweep();
    expect(await t.stateOf(b.job_id)).toBe('ACCEPTED');
    await t.claimed(await start());

    await t.database.run(`update ledger.gate set paused_until = now() where integration_id = 'paused'`);
    await t.sweeper.sweep();
    await t.claimed(b.job_id);
  });

  it('holds an integration until somebody lifts the hold', async () => {
    const write = t.aWrite({ integration_id: 'held' });
    const a = await t.open(write);
    const { token } = await t.claimed(a.job_id);
    const outcome: Outcome = { kind: 'hold', reason: 'The credentials are refused.' };
    expect(await t.ledger.settle(t.pms, { job_id: a.job_id, token, outcome })).toEqual({ state: 'HELD' });
    const b = await t.open(write);
    await t.sweeper.sweep();
    expect(await statusFor(a.job_id)).toMatchObject({ write_status: 'PENDING', errors: ['The credentials are refused.'] });
    expect(await t.stateOf(b.job_id)).toBe('ACCEPTED');

    await t.ledger.gate('held', null);
    await Promise.all([t.carryOut(a.job_id), t.carryOut(b.job_id)]);
    expect(await t.stateOf(a.job_id)).toBe('SUCCEEDED');
  });
});

describe('a customer', () => {
  it('cancels what is not sent, even at a worker, and the worker is refused', async () => {
    const job_id = await start();
    const { token } = await t.claimed(job_id);
    expect(await t.ledger.cancel({ principal: customer(), job_id })).toEqual({ success: true, job_id });

    await expect(t.ledger.advance(t.pms, { job_id, token, ...sending() })).rejects.toMatchObject({ code: 'conflict' });
    expect(await statusFor(job_id)).toMatchObject({ write_status: 'FAILURE', state: 'CANCELLED' });
  });

  it('can not cancel what is being sent, nor retry what did not fail', async () => {
    const job_id = await start();
    const { token } = await t.claimed(job_id);
    await t.ledger.advance(t.pms, { job_id, token, ...sending() });

    await expect(t.ledger.cancel({ principal: customer(), job_id })).rejects.toMatchObject({ code: 'conflict' });
    await expect(t.ledger.retry({ principal: customer(), job_id })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('retries a failed write under its id', async () => {
    const job_id = await start();
    expect(await t.carryOut(job_id, failed)).toBe('FAILED');
    expect(await statusFor(job_id)).toMatchObject({
      write_status: 'FAILURE',
      errors: ['The PMS said no.'],
      created_record_id: null,
    });

    await t.ledger.retry({ principal: customer(), job_id });
    expect(await t.carryOut(job_id)).toBe('SUCCEEDED');
    expect(await statusFor(job_id)).toMatchObject({ errors: [] });
  });

  it("finds nothing of another organization's writes", async () => {
    const job_id = await start();
    const theirs = { principal: customer('org2'), job_id };
    const missing = { code: 'not_found', detail: 'There is no such write.' };

    await expect(t.ledger.cancel(theirs)).rejects.toMatchObject(missing);
    await expect(t.ledger.retry(theirs)).rejects.toMatchObject(missing);
    await expect(t.ledger.resolve({ ...theirs, outcome: 'failed', reason: 'x' })).rejects.toMatchObject(missing);
    await expect(statusOf(t.database, 'org2', job_id)).rejects.toMatchObject(missing);
    expect(['ACCEPTED', 'RELEASED']).toContain(await t.stateOf(job_id));
  });

  it('learns when the cache has the value back, and no older note undoes that', async () => {
    const job_id = await start();
    await t.carryOut(job_id);
    const refreshed_at = '2026-03-01T00:00:00.000Z';
    await t.ledger.noteRefresh({ job_id, refreshed_at, verified: true });
    await t.ledger.noteRefresh({ job_id, refreshed_at: '2026-02-01T00:00:00.000Z', verified: false });

    expect(await statusFor(job_id)).toMatchObject({ record_refreshed_at: refreshed_at, verified: true });
  });
});
