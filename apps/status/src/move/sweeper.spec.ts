import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { everythingUnder, STREAMS, type JobMessage, type Outcome, type WriteEvent } from '#messaging';
import { customer, openTestLedger, type TestLedger } from '../../testing/ledger.fixture.ts';
import { Outbox } from './outbox.ts';
import { Sweeper } from './sweeper.ts';

let t: TestLedger;
beforeAll(async () => {
  t = await openTestLedger({ databaseServer: process.env.TEST_DATABASE_URL, natsUrl: process.env.TEST_NATS_URL });
}, 30_000);
afterAll(() => t.stop());

/** Hears what is published on a subject, whether a stream keeps it or not. */
function listen<Message>(subject: string): Message[] {
  const heard: Message[] = [];
  t.bus.connection.subscribe(subject, { callback: (_error, message) => void heard.push(message.json<Message>()) });
  return heard;
}

describe(Sweeper.name, () => {
  it('publishes a release again under a new number when nobody claims it, and no sooner', async () => {
    const messages = listen<JobMessage>(`latchkey.job.${t.pms}`);
    await t.bus.connection.flush();
    const { job_id } = await t.open(t.aWrite());
    const mine = () => messages.filter((message) => message.job_id === job_id).map(({ release }) => release);
    await t.until('published', async () => mine().length === 1);
    await t.sweeper.sweep();
    expect(mine()).toEqual([1]);

    await t.pass(job_id, 'released_at');
    await t.sweeper.sweep();
    await t.until('published again', async () => mine().length === 2);
    expect(mine()).toEqual([1, 2]);
    expect(await t.ledger.claim(t.pms, { job_id, release: 1, worker: 'w' })).toBeNull();
    expect(await t.ledger.claim(t.pms, { job_id, release: 2, worker: 'w' })).not.toBeNull();
  });

  it('does not publish again what is claimed', async () => {
    const { job_id } = await t.open(t.aWrite());
    await t.claimed(job_id);
    await t.pass(job_id, 'released_at');
    await t.sweeper.sweep();

    expect(await t.row(job_id)).toMatchObject({ release_no: 1 });
  });

  it('forgets a key when its time is over and its write has ended, not before', async () => {
    const keyed = (key: string) => ({ idempotency: { key, route: 'r', fingerprint: 'f' } });
    const [ended, open] = await Promise.all(['ended', 'open'].map((key) => t.open(t.aWrite(keyed(key)))));
    await t.carryOut(ended?.job_id ?? '');
    await t.database.run(`update ledger.idempotency_key set expires_at = now() - interval '1 second'`);
    const young = await t.open(t.aWrite(keyed('young')));
    await t.carryOut(young.job_id);
    // Keys are looked at once a minute only; a new sweeper has not looked yet.
    await new Sweeper(t, 1_000, () => {}).sweep();

    const left = await t.database.run<{ operation_id: string }>('select operation_id from ledger.idempotency_key order by key');
    expect(left.map(({ operation_id }) => operation_id)).toEqual([open?.job_id, young.job_id]);
  });

  it('makes streams and consumers again', async () => {
    const { durable, stream } = await t.streams.attach(t.pms, { max_in_flight: 8 });
    const manager = await t.bus.jetstreamManager();
    await manager.consumers.delete(stream, durable);
    t.streams.suspect();
    await t.sweeper.sweep();

    expect((await manager.consumers.info(stream, durable)).config.max_ack_pending).toBe(1_000);
  });

  it('tells once more, under its old number, that a record is to be read back which nobody has read', async () => {
    const events = listen<WriteEvent>(everythingUnder('event', 'write'));
    await t.bus.connection.flush();
    const open = async (refresh: boolean): Promise<string> => (await t.open(t.aWrite({ refresh }))).job_id;
    const [unread, read, unwanted, recent] = [await open(true), await open(true), await open(false), await open(true)];
    for (const id of [unread, read, unwanted, recent]) await t.carryOut(id);
    await t.ledger.noteRefresh({ job_id: read, refreshed_at: new Date().toISOString(), verified: null });
    const told = (id: string) =>
      events.filter(({ job_id, state }) => job_id === id && state === 'SUCCEEDED').map(({ sequence }) => sequence);
    await t.until('told', async () => [unread, read, unwanted, recent].every((id) => told(id).length === 1));
    const endedAgo = (seconds: number, ids: readonly string[]) =>
      t.database.run(
        'update ledger.operation set completed_at = now() - make_interval(secs => $1) where id = any($2::text[])',
        seconds,
        ids,
      );
    const isOutboxEmpty = async () => (await t.database.run('select id from ledger.event')).length === 0;
    await endedAgo(120, [unread, read, unwanted]);

    await t.sweeper.sweep();
    await t.until('told again', async () => told(unread).length === 2);
    await t.sweeper.sweep();
    await t.until('the outbox is empty', isOutboxEmpty);
    expect([told(unread), told(read), told(unwanted), told(recent)]).toEqual([[1, 1], [1], [1], [1]]);

    // The message store may have been lost: once more, and the recent ones without waiting for a minute.
    await endedAgo(10, [recent]);
    t.sweeper.suspectLoss();
    await t.sweeper.sweep();
    await t.until('the outbox is empty', isOutboxEmpty);
    expect([told(unread), told(read), told(unwanted), told(recent)]).toEqual([[1, 1, 1], [1], [1], [1, 1]]);
  });

  it('goes on with its other tasks when one fails', async () => {
    const troubles: string[] = [];
    const broken = {
      ...t,
      dispatcher: { wakeAll: () => Promise.reject(new Error('broken')) } as unknown as TestLedger['dispatcher'],
    };
    const { job_id } = await t.open(t.aWrite());
    await t.claimed(job_id);
    await t.pass(job_id, 'lease_until');
    await new Sweeper(broken, 1_000, (task) => troubles.push(task)).sweep();

    expect(troubles).toEqual(['dispatch']);
    expect(await t.row(job_id)).toMatchObject({ release_no: 2 });
  });
});

describe(Outbox.name, () => {
  it('keeps what JetStream does not take, and tells it later, each write in its order', async () => {
    const events = listen<WriteEvent>(everythingUnder('event', 'write'));
    await t.bus.connection.flush();
    // Stops the relay by holding its lock, as another replica would.
    let release: () => void = () => {};
    const held = t.database.transaction(async (session) => {
      await session.run('select pg_advisory_xact_lock(4600002)');
      await new Promise<void>((resolve) => (release = resolve));
    });
    const opened = await Promise.all(Array.from({ length: 20 }, () => t.open(t.aWrite())));
    const ids = opened.map(({ job_id }) => job_id);
    const refused: Outcome = { kind: 'failed', errors: ['no'], retriable: true };
    await Promise.all(ids.map((id) => t.carryOut(id, refused)));
    await Promise.all(ids.map((job_id) => t.ledger.retry({ principal: customer(), job_id })));
    await Promise.all(ids.map((id) => t.carryOut(id)));
    const mine = () => events.filter(({ job_id }) => ids.includes(job_id));
    expect(mine()).toEqual([]);

    release();
    await held;
    await t.sweeper.sweep();
    await t.until('told', async () => mine().length === 40);
    for (const id of ids) {
      const states = mine()
        .filter(({ job_id }) => job_id === id)
        .map(({ state, sequence }) => [sequence, state]);
      expect(states).toEqual([
        [1, 'FAILED'],
        [2, 'SUCCEEDED'],
      ]);
    }
    await t.until('the outbox is empty', async () => (await t.database.run('select id from ledger.event')).length === 0);
    expect((await (await t.bus.jetstreamManager()).streams.info(STREAMS.events.name)).state.messages).toBeGreaterThanOrEqual(40);
  });
});
