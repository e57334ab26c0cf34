import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { env } from 'node:process';
import type { Principal } from '#messaging';
import { Receiver } from '../../testing/receiver.ts';
import { anEvent, someone, World, type Json } from '../../testing/world.ts';

let world: World;
let receiver: Receiver;
beforeAll(async () => {
  [world, receiver] = await Promise.all([World.start(env.TEST_DATABASE_URL), Receiver.listen()]);
}, 30_000);
afterAll(async () => {
  await receiver?.close();
  await world?.close();
});

/** What is queued for an organization, in the order of its making. Nothing is sent here: the sender does not run. */
const queued = async ({ organization_id }: Principal): Promise<Json[]> =>
  (
    await world.rows(
      `select d."trigger", d."event_id", d."body", d."endpoint_id" from "hooks"."delivery" d join "hooks"."endpoint" e on e."id" = d."endpoint_id"
        where e."organization_id" = ? and d."trigger" not like 'WEBHOOK%' order by d."event_id"`,
      organization_id,
    )
  ).map((row) => ({ ...row, body: JSON.parse(row.body) }));
const triggersOf = async (who: Principal): Promise<string[]> => (await queued(who)).map(({ trigger }) => trigger);

describe('an event', () => {
  it('becomes one delivery for each endpoint that wants it, however often it comes', async () => {
    const who = someone();
    const [one, other] = [await world.webhook(who, receiver), await world.webhook(who, receiver)];
    await world.webhook(who, receiver, { triggers: ['WRITE_OPERATION_FAILURE'] });
    await world.webhook(who, receiver, { active: false });
    await world.webhook(someone(), receiver);

    const event = anEvent(who.organization_id, 'SUCCEEDED');
    await Promise.all(Array.from({ length: 8 }, () => world.parts.events.handle(event)));

    const deliveries = await queued(who);
    expect(deliveries.map(({ endpoint_id }) => endpoint_id).sort()).toEqual([one.id, other.id].sort());
    expect(new Set(deliveries.map(({ event_id }) => event_id)).size).toBe(1);
  });

  it('is told by ids, names and times, and holds nothing of what was sent', async () => {
    const who = someone();
    await world.webhook(who, receiver);

    const event = await world.happens(who, 'FAILED');

    const [{ body, event_id }] = (await queued(who)) as [Json];
    expect(event_id).toBe(`${event.job_id}-3-write_operation_failure`);
    expect(body).toEqual({
      trigger: 'WRITE_OPERATION_FAILURE',
      data: {
        event_id,
        sequence: 3,
        at: event.at,
        integration_id: 'integration-a',
        vendor: 'ACME',
        root_job_id: event.job_id,
        job_id: event.job_id,
        model: 'leases',
        operation: 'create',
        record_id: 'record-a',
        x_id: '77',
        write_status: 'FAILURE',
        state: 'FAILED',
        outcome: 'certain',
        settles_doubt: false,
        errors: [`GET /v1/admin/write-status/${event.job_id} says why.`],
      },
    });
  });

  it.each([
    ['SUCCEEDED', ['JOB_SUCCESS', 'WRITE_OPERATION_SUCCESS']],
    ['PARTIAL', ['JOB_FAILURE', 'WRITE_OPERATION_FAILURE']],
    ['CANCELLED', ['JOB_FAILURE', 'WRITE_OPERATION_FAILURE']],
    ['NEEDS_REVIEW', ['JOB_FAILURE', 'WRITE_OPERATION_FAILURE']],
    ['UNKNOWN', ['WRITE_OPERATION_UNCERTAIN']],
    ['RETRY_WAIT', []],
    ['HELD', []],
  ] as const)('of %s sets off %j', async (state, triggers) => {
    const who = someone();
    const all = ['JOB_SUCCESS', 'JOB_FAILURE', 'WRITE_OPERATION_SUCCESS', 'WRITE_OPERATION_FAILURE'];
    await world.webhook(who, receiver, { triggers: [...all, 'WRITE_OPERATION_UNCERTAIN', 'WRITE_OPERATION_SETTLED'] });

    await world.happens(who, state);

    expect(await triggersOf(who)).toEqual(triggers);
  });

  it('of an unknown PMS is dropped', async () => {
    expect(await world.parts.events.handle(anEvent('anybody', 'SUCCEEDED', { pms: 'bolt' }))).toMatchObject({ kind: 'dead' });
  });
});

describe('a doubt', () => {
  const settling = (who: Principal) => world.webhook(who, receiver, { triggers: ['WRITE_OPERATION_SETTLED'] });

  it('is told to be settled once, by the event that ends it, however often that comes', async () => {
    const who = someone();
    await settling(who);
    const { job_id } = await world.happens(who, 'UNKNOWN', { sequence: 1 });

    const end = anEvent(who.organization_id, 'SUCCEEDED', { job_id, sequence: 2 });
    for (let times = 0; times < 3; times += 1) await world.parts.events.handle(end);

    const deliveries = await queued(who);
    expect(deliveries).toHaveLength(1);
    expect(deliveries[0]?.body.data).toMatchObject({ settles_doubt: true, write_status: 'SUCCESS' });
  });

  it('lasts while a person must look, and ends with what the person finds', async () => {
    const who = someone();
    await settling(who);
    const { job_id } = await world.happens(who, 'UNKNOWN', { sequence: 1 });
    await world.happens(who, 'NEEDS_REVIEW', { job_id, sequence: 2 });
    expect(await queued(who)).toEqual([]);

    await world.happens(who, 'FAILED', { job_id, sequence: 3 });

    expect(await triggersOf(who)).toEqual(['WRITE_OPERATION_SETTLED']);
  });

  it('is not settled where there was none', async () => {
    const who = someone();
    await settling(who);

    await world.happens(who, 'SUCCEEDED');

    expect(await queued(who)).toEqual([]);
  });
});
