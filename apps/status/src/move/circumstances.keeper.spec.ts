import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answer, probeHost, subjectOf, tellCircumstances, type Circumstances } from '#messaging';
import { openTestLedger, type TestLedger } from '../../testing/ledger.fixture.ts';
import { statusOf } from '../write-status.ts';
import { CircumstancesKeeper } from './circumstances.keeper.ts';

let t: TestLedger;
beforeAll(async () => {
  t = await openTestLedger({ databaseServer: process.env.TEST_DATABASE_URL, natsUrl: process.env.TEST_NATS_URL });
}, 30_000);
afterAll(() => t.stop());

const HOST = 'https://a.example';
const saw = (pms: string, integration_id: string, changes: object) =>
  t.circumstances.observe(pms, { host: HOST, integration_id, answered: 0, troubles: 0, reason: null, ...changes });
const trouble = { troubles: 2, reason: 'Acme is silent.' };
async function breakDown(pms: string) {
  for (const id of ['a', 'b', 'c']) await saw(pms, `${pms}-${id}`, {});
  for (const id of ['a', 'b', 'c']) await saw(pms, `${pms}-${id}`, trouble);
}
async function idle(pms: string) {
  t.dispatcher.wake(pms);
  await t.dispatcher.drain();
}
const released = async (pms: string) =>
  (await t.database.run('select id from ledger.operation where pms = $1 and in_flight', pms)).length;
const write = (pms: string, integration: string) => t.open(t.aWrite({ pms, integration_id: `${pms}-${integration}` }));
/** Lets the time between two probes pass. */
const passProbe = () => t.database.run(`update ledger.circuit set probed_at = now() - interval '6 seconds'`);

/** A worker that says whether its host can be reached. */
const prober = (pms: string, reached: () => boolean) =>
  answer(t.bus.connection, probeHost, () => ({ reached: reached(), reason: null }), pms);

describe(CircumstancesKeeper.name, () => {
  it('R21: releases nothing to a host that is out of order, accepts all the same, and says why a write waits', async () => {
    await breakDown('down');
    const writes = await Promise.all(['a', 'b', 'new'].map((id) => write('down', id)));
    await idle('down');

    // The third integration's host is not known yet.
    expect(await released('down')).toBe(1);
    const { job_id } = writes[0] ?? { job_id: '' };
    expect(await statusOf(t.database, 'org1', job_id)).toMatchObject({
      state: 'ACCEPTED',
      attempts: [],
      waiting_for: expect.stringContaining('Acme is silent.'),
    });
  });

  it('R21: probes a host at most once in five seconds, however many replicas look', async () => {
    await breakDown('probed');
    let probes = 0;
    const worker = prober('probed', () => (probes += 1) < 0);
    await t.bus.connection.flush();
    const twin = new CircumstancesKeeper(t.database, t.bus, { onRoom: () => {}, onTurn: () => {}, onTrouble: () => {} });
    const lookTwice = async () => {
      await Promise.all([t.circumstances.look(), twin.look(), t.circumstances.look()]);
      await Promise.all([t.circumstances.drain(), twin.drain()]);
    };
    await lookTwice();
    expect(probes).toBe(0);
    await passProbe();
    await lookTwice();
    await lookTwice();
    worker.unsubscribe();

    expect(probes).toBe(1);
  });

  it('R22: lets a host that answers again have one write, then two, then four', async () => {
    await breakDown('back');
    const worker = prober('back', () => true);
    await t.bus.connection.flush();
    await Promise.all(Array.from({ length: 30 }, () => write('back', 'a')));
    await passProbe();
    await t.circumstances.look();
    await t.circumstances.drain();
    worker.unsubscribe();

    const steps: number[] = [];
    for (let step = 0; step < 3; step += 1) {
      await idle('back');
      const now = await released('back');
      steps.push(now);
      await t.database.run(
        `update ledger.operation set state = 'SUCCEEDED', completed_at = now() where pms = 'back' and in_flight`,
      );
      await saw('back', 'back-a', { answered: now });
    }
    expect(steps).toEqual([1, 2, 4]);
  });

  it('R21: does not let a doubt run out of time while nobody can look', async () => {
    await breakDown(t.pms);
    const { job_id } = await t.open(t.aWrite({ integration_id: `${t.pms}-new` }));
    const { token } = await t.claimed(job_id);
    await t.ledger.advance(t.pms, { job_id, token, sending: { step: 's', memo: {} } });
    const doubt = { kind: 'doubt', errors: ['?'], policy: 'search', settle_after_ms: 0, settle_within_ms: 1 } as const;
    await t.ledger.settle(t.pms, { job_id, token, outcome: doubt });
    await saw(t.pms, `${t.pms}-new`, {});
    await t.sweeper.sweep();

    expect(await t.stateOf(job_id)).toBe('UNKNOWN');
    expect(new Date(String((await t.row(job_id)).settle_by)).getTime()).toBeGreaterThan(Date.now() + 300_000);
  });

  it('does not let the trouble of one integration stop the others of its host', async () => {
    for (const id of ['a', 'b', 'c']) await saw('alone', `alone-${id}`, {});
    await saw('alone', 'alone-a', { troubles: 9, reason: 'Its address is wrong.' });
    await Promise.all(['a', 'b'].map((id) => write('alone', id)));
    await idle('alone');

    const rows = await t.database.run<{ integration_id: string }>(
      `select integration_id from ledger.operation where pms = 'alone' and in_flight`,
    );
    expect(rows).toEqual([{ integration_id: 'alone-b' }]);
  });

  it('tells every worker at once who shares the limits, who is to be left alone, and which host is out of order', async () => {
    const heard: Circumstances[] = [];
    const ear = t.bus.connection.subscribe(subjectOf(tellCircumstances, 'news'), {
      callback: (_, message) => void heard.push(message.json()),
    });
    await t.bus.connection.flush();
    await t.circumstances.attend('news', { max_in_flight: 1, replica: 'w1' });
    const second = await t.circumstances.attend('news', { max_in_flight: 1, replica: 'w2' });
    await t.circumstances.attend('news', { max_in_flight: 1, replica: 'w1', leaving: true });
    await saw('news', 'i', { pause_ms: 9_000 });
    await saw('news', 'i', { troubles: 5, reason: 'It is silent.' });
    const third = await t.circumstances.attend('news', { max_in_flight: 1, replica: 'w2' });
    await t.bus.connection.flush();
    ear.unsubscribe();

    expect(heard).toEqual([
      { replicas: ['w1'] },
      { replicas: ['w1', 'w2'] },
      { replicas: ['w2'] },
      { pauses: [{ integration_id: 'i', for_ms: 9_000 }] },
      { troubles: [{ host: HOST, integration_id: '', open: true }] },
    ]);
    expect(second.replicas).toEqual(['w1', 'w2']);
    expect(third).toMatchObject({ replicas: ['w2'], troubles: [{ open: true }], pauses: [{ integration_id: 'i' }] });
  });

  it('R23: does not let a claimed write be sent once the account is paused', async () => {
    const open = t.aWrite();
    const { job_id } = await t.open(open);
    const { token } = await t.claimed(job_id);
    await saw(t.pms, open.integration_id, { pause_ms: 60_000 });

    const told = await t.ledger.advance(t.pms, { job_id, token, sending: { step: 's', memo: {} } });

    expect(told.paused_ms).toBeGreaterThan(50_000);
    expect(await t.row(job_id)).toMatchObject({ state: 'RELEASED', steps: [] });
  });

  it('holds an integration for all at the first refusal of its credentials', async () => {
    const open = t.aWrite();
    const [first, second] = await Promise.all([t.open(open), t.open(open)]);
    const claims = await Promise.all([t.claimed(first.job_id), t.claimed(second.job_id)]);
    const [one, other] = claims;
    await t.ledger.settle(t.pms, { job_id: one?.job_id ?? '', token: one?.token ?? 0, outcome: { kind: 'hold', reason: 'No.' } });

    const told = await t.ledger.advance(t.pms, {
      job_id: other?.job_id ?? '',
      token: other?.token ?? 0,
      sending: { step: 's', memo: {} },
    });
    expect(told.held).toBe('No.');
  });
});
