/**
 * Endpoints that are down, slow or hostile: every message arrives where anybody listens, under one id however often, and nobody pays for somebody
 * else's endpoint. The schedule's days are seconds here.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { env } from 'node:process';
import type { Principal, WriteEvent } from '#messaging';
import { verify } from '#webhook-signature';
import { Receiver, type Answer, type Heard } from '../../testing/receiver.ts';
import { eventually, HASTY, someone, World, type Json } from '../../testing/world.ts';

// No app can import a test; what runs it may load one.
const FIGURES = new URL('../../../../test/quality/figure.ts', import.meta.url).href;
const { figure } = (await import(FIGURES)) as { figure: (code: string, text: string) => void };

// Servers of their own kind share the machine with other suites; a slow one is not a broken one.
jest.setTimeout(60_000);

const TIMEOUT_MS = 1_000;
let world: World;
const opened: Receiver[] = [];
/** Other processes' parts. */
const running: World['parts'][] = [];

beforeAll(async () => {
  world = await World.start(env.TEST_DATABASE_URL, { timeoutMs: TIMEOUT_MS });
  world.parts.sender.start();
}, 30_000);
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ sender }) => sender.stop()));
  // What is left of one test must not take the time of the next.
  await world.rows(`delete from "hooks"."endpoint"`);
  await Promise.all(opened.splice(0).map((receiver) => receiver.close()));
});
afterAll(() => world?.close());

const receiver = async (answering?: Receiver['answering']): Promise<Receiver> => {
  const made = await Receiver.listen(answering);
  opened.push(made);
  return made;
};
const isVerification = ({ body }: Heard): boolean => body.includes('WEBHOOK_VERIFICATION');
/** Answers its first message, and the others as it is told. */
const verifiedThen = (answer: (heard: Heard, nth: number) => Answer): Receiver['answering'] => {
  let nth = 0;
  return (heard) => (isVerification(heard) ? 'ok' : answer(heard, (nth += 1)));
};
const verified = (webhook: Json) =>
  eventually(async () => expect(await row(webhook)).toMatchObject({ verified_at: expect.anything() }));
const row = async ({ id }: Json): Promise<Json> => (await world.rows(`select * from "hooks"."endpoint" where "id" = ?`, id))[0];
const waiting = async ({ id }: Json): Promise<number> =>
  Number(
    (await world.rows(`select count(*) from "hooks"."delivery" where "endpoint_id" = ? and "state" = 'PENDING'`, id))[0]?.count,
  );
const tell = async (who: Principal, count: number): Promise<WriteEvent[]> => {
  const events: WriteEvent[] = [];
  for (let nth = 0; nth < count; nth += 1) events.push(await world.happens(who));
  return events;
};
const idOf = ({ job_id, sequence }: { job_id: string; sequence: number }): string =>
  `${job_id}-${sequence}-write_operation_success`;

describe('every event arrives', () => {
  const WAYS: [string, (heard: Heard, nth: number) => Answer][] = [
    ['is down for a while', (_, nth) => (nth <= 12 ? 'reset' : 'ok')],
    ['answers 500 half of the time', (_, nth) => (nth % 2 === 1 ? 'error' : 'ok')],
    ['hangs now and then', (_, nth) => (nth % 3 === 1 ? 'hang' : 'ok')],
    ['resets connections', (_, nth) => (nth % 2 === 1 ? 'reset' : 'ok')],
    ['answers without end', (_, nth) => (nth % 3 === 1 ? 'endless' : 'ok')],
    ['answers a byte at a time', (_, nth) => (nth % 4 === 1 ? 'dripping' : 'ok')],
    ['answers with headers of megabytes', (_, nth) => (nth % 3 === 1 ? 'huge_headers' : 'ok')],
    ['speaks no HTTP', (_, nth) => (nth % 3 === 1 ? 'nonsense' : 'ok')],
  ];

  it.each(WAYS)('R42: at an endpoint that %s', async (_, answer) => {
    const who = someone();
    const delivered = new Set<string>();
    const endpoint = await receiver(
      verifiedThen((heard, nth) => {
        const kind = answer(heard, nth);
        if (kind === 'ok') delivered.add(String(heard.headers['webhook-id']));
        return kind;
      }),
    );
    const webhook = await world.webhook(who, endpoint);

    const events = await tell(who, 6);
    await eventually(async () => expect(await waiting(webhook)).toBe(0), 25_000);

    expect([...delivered].sort()).toEqual(events.map(idOf).sort());
    expect(endpoint.ids.length).toBeGreaterThan(events.length);
    expect(new Set(endpoint.ids)).toEqual(delivered);
    for (const heard of endpoint.heard) expect(verify(webhook.secret, heard).ok).toBe(true);
    figure('R42', `6 of 6 events delivered to each of ${WAYS.length} bad endpoints, each under one id on every try`);
  });

  it('R42: and a 3xx is a failure like any other, wherever it leads', async () => {
    const who = someone();
    const second = await receiver();
    const endpoint = await receiver(() => (response) => response.writeHead(307, { location: second.url }).end());
    world.reach(second);
    const webhook = await world.webhook(who, endpoint);
    await eventually(() => expect(endpoint.heard.length).toBeGreaterThan(3));

    expect(second.heard).toEqual([]);
    const [{ attempts }] = (await world.ask(who, 'list-deliveries', { params: { webhook_id: webhook.id } })).results;
    expect(attempts[0]).toMatchObject({ status: 307, outcome: 'failed', reason: 'it redirects, which is not followed' });
  });

  it('R43: to senders of several processes, each message once', async () => {
    const replicas = [await world.replica(), await world.replica()];
    for (const { sender } of replicas) sender.start();
    running.push(...replicas);
    const who = someone();
    const endpoint = await receiver();
    const webhook = await world.webhook(who, endpoint);

    const events = await tell(who, 60);
    await eventually(async () => expect(await waiting(webhook)).toBe(0), 20_000);

    expect([...endpoint.ids].sort()).toEqual(events.map(idOf).sort());
  });

  it('R43: also what a process had claimed and not sent when it died', async () => {
    const who = someone();
    const endpoint = await receiver();
    const webhook = await world.webhook(who, endpoint);
    await verified(webhook);
    // As a process does that dies between its claim and the first byte; the pause keeps the others away until then.
    await world.rows(`update "hooks"."endpoint" set "paused_until" = now() + interval '500 ms' where "id" = ?`, webhook.id);
    const event = await world.happens(who);
    const claimed = await world.rows(
      `update "hooks"."delivery" set "claims" = 1, "lease_until" = now() + interval '1 s', "next_at" = now() + interval '1 s'
        where "endpoint_id" = ? and "state" = 'PENDING' and "claims" = 0 returning "id"`,
      webhook.id,
    );
    expect(claimed).toHaveLength(1);

    await eventually(async () => expect(await waiting(webhook)).toBe(0));

    expect(new Set(endpoint.ids)).toEqual(new Set([idOf(event)]));
  });
});

describe('one endpoint', () => {
  it('R42, S36: however many hang, delays no other', async () => {
    const quick = await receiver();
    const owner = someone();
    await verified(await world.webhook(owner, quick));
    /** The middle one of the times to hear, which a busy machine moves least; those of endpoints that have to wait are seconds. */
    const measure = async (): Promise<number> => {
      const times: number[] = [];
      for (let count = 0; count < 40; count += 1) {
        const began = performance.now();
        const heard = quick.heard.length;
        await world.happens(owner);
        await eventually(() => expect(quick.heard.length).toBeGreaterThan(heard));
        times.push((quick.heard.at(-1)?.at ?? NaN) - began);
      }
      return times.sort((one, other) => one - other)[times.length >> 1] ?? NaN;
    };
    await measure();
    const alone = await measure();

    // More than there are slots; each was good until it had been verified, so that nothing is known against it.
    const hostile = await receiver(verifiedThen(() => 'hang'));
    const attackers = [someone(), someone(), someone()];
    const webhooks: Json[] = [];
    for (const attacker of attackers) for (let nth = 0; nth < 40; nth += 1) webhooks.push(await world.webhook(attacker, hostile));
    for (const webhook of webhooks) await verified(webhook);
    for (const attacker of attackers) await tell(attacker, 10);
    await eventually(() => expect(hostile.ids.length).toBeGreaterThan(100));
    const among = await measure();

    figure(
      'R42',
      `a quick endpoint hears after ${among.toFixed(0)} ms among 120 that hang, ${alone.toFixed(0)} ms alone (medians)`,
    );
    expect(among).toBeLessThan(Math.max(2 * alone, alone + TIMEOUT_MS / 2));
  });

  it('gets nothing but its first message until it has answered that', async () => {
    const who = someone();
    let isWilling = false;
    const endpoint = await receiver((heard) => (isWilling || !isVerification(heard) ? 'ok' : 'error'));
    const webhook = await world.webhook(who, endpoint);
    const event = await world.happens(who);
    await eventually(() => expect(endpoint.heard.length).toBeGreaterThan(2));
    expect(endpoint.ids).toEqual([]);

    isWilling = true;
    await eventually(async () => expect(await waiting(webhook)).toBe(0));

    expect(endpoint.ids).toEqual([idOf(event)]);
  });

  it('proves itself anew at a new address', async () => {
    const who = someone();
    const [first, second] = [await receiver(), await receiver(() => 'error')];
    const webhook = await world.webhook(who, first);
    await verified(webhook);
    world.reach(second);

    await world.ask(who, 'update', { params: { webhook_id: webhook.id }, body: { url: second.url } });
    await world.happens(who);
    await eventually(() => expect(second.heard.length).toBeGreaterThan(2));

    expect(second.ids).toEqual([]);
    expect(first.ids).toEqual([]);
  });

  it('that answers 410 is switched off at once', async () => {
    const who = someone();
    const endpoint = await receiver(verifiedThen(() => 'gone'));
    const webhook = await world.webhook(who, endpoint);
    await verified(webhook);

    await world.happens(who);
    await eventually(async () => expect((await row(webhook)).active).toBe(false));

    expect(endpoint.ids).toHaveLength(1);
    expect(await row(webhook)).toMatchObject({ disabled_because: expect.stringContaining('410') });
  });

  it('that has failed for five days is switched off, and begins anew when it is switched on', async () => {
    const who = someone();
    let isDown = true;
    const endpoint = await receiver(verifiedThen(() => (isDown ? 'error' : 'ok')));
    const webhook = await world.webhook(who, endpoint);
    await verified(webhook);
    const event = await world.happens(who);
    await eventually(async () => expect((await row(webhook)).failing_since).not.toBeNull());
    expect((await row(webhook)).active).toBe(true);

    await world.rows(
      `update "hooks"."endpoint" set "failing_since" = now() - interval '5 days 1 minute' where "id" = ?`,
      webhook.id,
    );
    await eventually(async () => expect((await row(webhook)).active).toBe(false));
    isDown = false;
    await world.ask(who, 'update', { params: { webhook_id: webhook.id }, body: { active: true } });
    await eventually(async () => expect(await waiting(webhook)).toBe(0));

    expect(await row(webhook)).toMatchObject({ failing_since: null, disabled_at: null, active: true });
    expect(endpoint.ids.at(-1)).toBe(idOf(event));
  });

  it('that asks to be left alone is left alone, all of it', async () => {
    const who = someone();
    let told = 0;
    const endpoint = await receiver((heard) =>
      isVerification(heard)
        ? 'ok'
        : (response) => {
            if (told > 0) return void response.writeHead(204).end();
            told = performance.now();
            response.writeHead(503, { 'retry-after': '1' }).end();
          },
    );
    const webhook = await world.webhook(who, endpoint);
    await verified(webhook);

    await tell(who, 1);
    await eventually(() => expect(told).toBeGreaterThan(0));
    await tell(who, 4);
    await eventually(async () => expect(await waiting(webhook)).toBe(0));

    const [, ...later] = endpoint.heard.filter((heard) => !isVerification(heard));
    expect(later).toHaveLength(5);
    for (const { at } of later) expect(at - told).toBeGreaterThan(950);
  });

  it('that comes back gets what waited soon, and not each at its own time', async () => {
    const who = someone();
    let isDown = true;
    const endpoint = await receiver(verifiedThen(() => (isDown ? 'error' : 'ok')));
    const webhook = await world.webhook(who, endpoint);
    await verified(webhook);
    await tell(who, 5);
    await eventually(() => expect(endpoint.ids.length).toBeGreaterThan(5));
    await world.rows(
      `update "hooks"."delivery" set "next_at" = now() + interval '1 day' where "endpoint_id" = ? and "state" = 'PENDING'`,
      webhook.id,
    );

    isDown = false;
    await world.happens(who);

    await eventually(async () => expect(await waiting(webhook)).toBe(0));
  });
});

describe('what became of a try', () => {
  it('is nothing any more for who has lost the claim, unless the message arrived', async () => {
    const { settle } = await import('../store/settle.ts');
    const who = someone();
    const endpoint = await receiver(verifiedThen(() => 'hang'));
    const webhook = await world.webhook(who, endpoint);
    await verified(webhook);
    await world.happens(who);
    await eventually(() => expect(endpoint.ids.length).toBeGreaterThan(0));
    await world.rows(`update "hooks"."endpoint" set "active" = false where "id" = ?`, webhook.id);
    const delivery = async () => (await world.rows(`select * from "hooks"."delivery" where "endpoint_id" = ? and "trigger" not like 'WEBHOOK%'`, webhook.id))[0]; // prettier-ignore
    await eventually(async () => expect((await delivery()).lease_until).toBeNull());
    const before = await delivery();
    const outdated = { ...before, claims: before.claims - 1 };
    const verdict = { status: null, reason: 'no answer in time', gone: false, retryAfterMs: undefined };
    const late = (delivered: boolean) =>
      settle(
        world.parts.em.fork(),
        outdated,
        { verdict: { ...verdict, delivered }, startedAt: new Date(), durationMs: 1 },
        { schedule: HASTY },
      );

    await late(false);
    expect((await delivery()).failures).toBe(before.failures);
    await late(true);
    expect((await delivery()).state).toBe('DELIVERED');
  });
});
