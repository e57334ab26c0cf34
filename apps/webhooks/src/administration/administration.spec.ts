import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { env } from 'node:process';
import { Problem } from '#problem';
import { verify, verifyLegacy } from '#webhook-signature';
import { Receiver } from '../../testing/receiver.ts';
import { eventually, someone, World, type Json } from '../../testing/world.ts';

let world: World;
let receiver: Receiver;
beforeAll(async () => {
  [world, receiver] = await Promise.all([World.start(env.TEST_DATABASE_URL), Receiver.listen()]);
  world.parts.sender.start();
}, 30_000);
afterAll(async () => {
  await world?.close();
  await receiver?.close();
});

const failure = async (request: Promise<unknown>): Promise<Problem> =>
  request.then(
    (answer) => Promise.reject(new Error(`expected a problem, got ${JSON.stringify(answer)}`)),
    (error: unknown) => (error instanceof Problem ? error : Promise.reject(error)),
  );
const PUBLIC = 'https://hooks.acme.com/latchkey?token=a';
const body = (more: Record<string, unknown> = {}) => ({ url: PUBLIC, triggers: ['WRITE_OPERATION_FAILURE'], ...more });
const of = (webhook: Json) => ({ params: { webhook_id: webhook.id } });

describe('a webhook', () => {
  it('is made as published: not active, with a secret that is shown once', async () => {
    const who = someone();

    const { result } = await world.ask(who, 'create', {
      body: body({ model: 'file_types', headers: [{ header: 'X-Tenant', value: 'elm' }] }),
    });

    expect(result).toMatchObject({
      url: PUBLIC,
      active: false,
      system: 'PRODUCTION',
      secret: expect.stringMatching(/^whsec_/),
      legacy_signature: true,
      headers: [{ header: 'x-tenant', value: '[hidden]' }],
      triggers: [{ id: expect.any(String), trigger: 'WRITE_OPERATION_FAILURE', model: 'file-types', is_told: true }],
    });
    const read = await world.ask(who, 'read', of(result));
    expect(read.results).toEqual({ ...result, secret: '[hidden]' });
    expect((await world.ask(who, 'list')).results).toEqual([]);
    expect((await world.ask(who, 'list', { query: { active: 'false' } })).results).toEqual([read.results]);
  });

  it('takes the published triggers that nothing comes of yet, and says so', async () => {
    const { result } = await world.ask(someone(), 'create', {
      body: body({ triggers: ['DATA_NEW', 'SYNC_COMPLETE', 'JOB_FAILURE'] }),
    });

    expect(result.triggers.map(({ is_told }: Json) => is_told)).toEqual([false, false, true]);
  });

  it('keeps secrets and headers sealed, each for its own place', async () => {
    const who = someone();
    const secret = 'my-own-secret-of-old';
    await world.ask(who, 'create', { body: body({ secret, headers: [{ header: 'authorization', value: 'Bearer abc' }] }) });

    const rows = await world.rows(`select * from "hooks"."endpoint" where "organization_id" = ?`, who.organization_id);

    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/my-own-secret|Bearer abc/);
    expect(rows[0]).toMatchObject({
      secret: expect.stringMatching(/^s1\.k1\./),
      headers: { authorization: expect.stringMatching(/^s1\.k1\./) },
    });
  });

  it.each([
    [{}, ['/triggers', '/url']],
    [{ ...body(), triggers: [] }, ['/triggers']],
    [{ ...body(), triggers: ['DATA_GONE'] }, ['/triggers']],
    [{ ...body(), model: 'dragons' }, ['/model']],
    [{ ...body(), secret: 'short' }, ['/secret']],
    [{ ...body(), secret: 'with\r\nline ends' }, ['/secret']],
    [{ ...body(), headers: [{ header: 'x y', value: 'a' }] }, ['/headers/0/header']],
    [{ ...body(), headers: [{ header: 'x', value: 'a\r\nb: c' }] }, ['/headers/0/value']],
    [{ ...body(), headers: [{ header: 'Webhook-Id', value: 'a' }] }, ['/headers/0/header']],
    [{ ...body(), headers: [{ header: 'HOST', value: 'a' }] }, ['/headers/0/header']],
    [
      {
        ...body(),
        headers: [
          { header: 'x', value: 'a' },
          { header: 'X', value: 'b' },
        ],
      },
      ['/headers/1/header'],
    ],
    [{ ...body(), headers: [{ header: 'x', value: '[hidden]' }] }, ['/headers/0/value']],
    [{ ...body(), organization_id: 'another' }, ['/organization_id']],
    [{ ...body(), url: `${PUBLIC}#a` }, ['/url']],
  ])('is refused as %j', async (sent, pointers) => {
    const problem = await failure(world.ask(someone(), 'create', { body: sent }));

    expect(problem.code).toBe('invalid_request');
    expect([...new Set(problem.errors.map(({ pointer }) => pointer))].sort()).toEqual(pointers);
  });

  it("is another organization's no more than one that does not exist", async () => {
    const owner = someone();
    const webhook = await world.webhook(owner, receiver);
    await world.happens(owner);
    const [delivery] = await world.rows(`select "id" from "hooks"."delivery" where "endpoint_id" = ?`, webhook.id);
    const intruder = someone();
    const own = await world.webhook(intruder, receiver);

    for (const action of ['read', 'update', 'delete', 'test', 'rotate-secret', 'list-deliveries', 'replay']) {
      const asked = (webhook_id: string) =>
        failure(world.ask(intruder, action, { params: { webhook_id, delivery_id: delivery.id }, body: {} }));
      expect([action, (await asked(webhook.id)).toWire()]).toEqual([action, (await asked('nobodys')).toWire()]);
    }
    const mixed = await failure(world.ask(intruder, 'replay', { params: { webhook_id: own.id, delivery_id: delivery.id } }));
    expect(mixed.code).toBe('not_found');
    expect((await world.ask(owner, 'read', of(webhook))).results.url).toBe(receiver.url);
  });

  it('S36: is refused beyond fifty of one organization, also when many are made at once', async () => {
    const who = someone();
    const made = await Promise.allSettled(Array.from({ length: 60 }, () => world.ask(who, 'create', { body: body() })));

    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(50);
    expect(await failure(world.ask(who, 'create', { body: body() }))).toMatchObject({ code: 'conflict' });
  });

  it('keeps a header whose hidden value comes back, and forgets the others', async () => {
    const who = someone();
    const headers = [{ header: 'x-one', value: '1' }, { header: 'x-two', value: '2' }]; // prettier-ignore
    const webhook = await world.webhook(who, receiver, { headers });

    await world.ask(who, 'update', {
      ...of(webhook),
      body: {
        headers: [
          { header: 'X-One', value: '[hidden]' },
          { header: 'x-new', value: '3' },
        ],
      },
    });
    await world.ask(who, 'test', of(webhook));

    const last = receiver.heard.filter(({ body: text }) => text.includes(webhook.id)).at(-1);
    expect(last?.headers).toMatchObject({ 'x-one': '1', 'x-new': '3' });
    expect(last?.headers).not.toHaveProperty('x-two');
  });

  it('is deleted with all that waits for it', async () => {
    const who = someone();
    const webhook = await world.webhook(who, receiver);

    expect(await world.ask(who, 'delete', of(webhook))).toEqual({ result: { id: webhook.id } });

    expect(await world.rows(`select from "hooks"."delivery" where "endpoint_id" = ?`, webhook.id)).toEqual([]);
    expect(await failure(world.ask(who, 'delete', of(webhook)))).toMatchObject({ code: 'not_found' });
  });
});

describe('a test', () => {
  it('is sent at once, to one that is not active too, and tells how it went', async () => {
    const who = someone();
    const webhook = await world.webhook(who, receiver, { active: false });

    const { result } = await world.ask(who, 'test', of(webhook));

    expect(result).toMatchObject({
      trigger: 'WEBHOOK_TEST',
      state: 'DELIVERED',
      attempts: [{ number: 1, status: 204, outcome: 'delivered' }],
    });
    expect((await world.ask(who, 'read', of(webhook))).results.verified_at).not.toBeNull();
  });

  it('that fails is not tried again', async () => {
    const broken = await Receiver.listen(() => 'error');
    const who = someone();
    const webhook = await world.webhook(who, broken, { active: false });

    const { result } = await world.ask(who, 'test', of(webhook));
    await broken.close();

    expect(result).toMatchObject({ state: 'FAILED', attempts: [{ status: 500, outcome: 'failed', reason: 'it answered 500' }] });
    expect(broken.heard).toHaveLength(1);
  });
});

describe('a signature', () => {
  const sentTo = async (who: Json, webhook: Json) => {
    const since = receiver.heard.length;
    await world.ask(who, 'test', of(webhook));
    return receiver.heard.slice(since).find(({ body: text }) => text.includes(webhook.id)) as Json;
  };

  it('is the standard one, and the published one unless it is switched off', async () => {
    const who = someone();
    const webhook = await world.webhook(who, receiver);
    const message = await sentTo(who, webhook);

    expect(verify(webhook.secret, message)).toEqual({ ok: true, id: message.headers['webhook-id'] });
    expect(verifyLegacy(webhook.secret, message)).toBe(true);

    await world.ask(who, 'update', { ...of(webhook), body: { legacy_signature: false } });
    expect((await sentTo(who, webhook)).headers).not.toHaveProperty('propexo-signature');
  });

  it('S33: is by both secrets for a day after a rotation, and by the new one alone then', async () => {
    const who = someone();
    const webhook = await world.webhook(who, receiver);
    const { secret } = (await world.ask(who, 'rotate-secret', of(webhook))).result;
    const during = await sentTo(who, webhook);
    await world.rows(`update "hooks"."endpoint" set "former_until" = now() where "id" = ?`, webhook.id);
    const after = await sentTo(who, webhook);

    expect(secret).not.toBe(webhook.secret);
    expect([verify(webhook.secret, during).ok, verify(secret, during).ok]).toEqual([true, true]);
    expect([verify(webhook.secret, after).ok, verify(secret, after).ok]).toEqual([false, true]);
  });

  it('S33: of one endpoint is worth nothing at another', async () => {
    const who = someone();
    const [one, other] = [await world.webhook(who, receiver), await world.webhook(who, receiver)];
    const message = await sentTo(who, one);

    expect([verify(one.secret, message).ok, verify(other.secret, message).ok]).toEqual([true, false]);
  });
});

describe('a delivery', () => {
  it('is listed with its tries, and replayed under the same id', async () => {
    const who = someone();
    const moody = await Receiver.listen(({ body: text }) =>
      text.includes('VERIFICATION') || moody.heard.length > 12 ? 'ok' : 'error',
    );
    const webhook = await world.webhook(who, moody);
    await world.happens(who);
    const list = async (query: Record<string, string> = {}) =>
      (await world.ask(who, 'list-deliveries', { ...of(webhook), query })).results;
    await eventually(async () => expect((await list({ state: 'FAILED' })).length).toBe(1));
    const [failed] = await list({ state: 'FAILED' });
    expect(failed.attempts).toHaveLength(10);
    expect(failed.attempts[9]).toMatchObject({ number: 10, status: 500, outcome: 'failed', reason: 'it answered 500' });
    expect(JSON.stringify(failed)).not.toContain('script');

    const replay = () => world.ask(who, 'replay', { params: { webhook_id: webhook.id, delivery_id: failed.id } });
    expect((await replay()).result).toMatchObject({ id: failed.id, state: 'PENDING' });
    expect(await failure(replay())).toMatchObject({ code: 'conflict' });
    await eventually(async () => expect((await list({ state: 'DELIVERED' })).map(({ id }: Json) => id)).toContain(failed.id));
    await moody.close();

    expect(new Set(moody.ids)).toEqual(new Set([failed.event_id]));
    expect(await failure(list({ state: 'LOST' }))).toMatchObject({ code: 'invalid_request' });
  });
});
