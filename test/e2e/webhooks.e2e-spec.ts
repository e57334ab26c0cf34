/**
 * The webhooks of the whole system: what becomes of writes reaches an endpoint, signed, though the service that sends is killed again and again, the
 * endpoint fails meanwhile. LATCHKEY_WEBHOOK_KILLS says how often.
 */
import { afterAll, describe, expect, it } from '@jest/globals';
import { verify } from '#webhook-signature';
import { figure } from '../quality/figure.ts';
import { eventually, type Loose } from '../support/api.ts';
import { useWorld } from '../support/world.ts';

const KILLS = Number(process.env['LATCHKEY_WEBHOOK_KILLS'] ?? 3);
const WRITES_PER_KILL = 5;

// No test of the whole can import an app; what runs it may load one.
const RECEIVERS = new URL('../../apps/webhooks/testing/receiver.ts', import.meta.url).href;
const { Receiver } = (await import(RECEIVERS)) as { Receiver: { listen(): Promise<Loose> } };
const receiver = await Receiver.listen();
afterAll(() => receiver.close());
const world = useWorld('webhooks', {
  webhooks: { LATCHKEY_WEBHOOK_TIMEOUT_MS: '1000', LATCHKEY_EGRESS_ALLOW: receiver.host },
});

const TRIGGERS = ['WRITE_OPERATION_SUCCESS', 'WRITE_OPERATION_FAILURE'];
const made = async (more: Record<string, unknown> = {}): Promise<Loose> => {
  const { status, body } = await world().admin.post('/v1/webhooks/', {
    url: receiver.url,
    triggers: TRIGGERS,
    active: true,
    ...more,
  });
  expect([status, body.error]).toEqual([200, undefined]);
  return body.result;
};
const write = async (nth: number): Promise<string> => {
  const resident = await world().find('residents', 'BUILDIUM');
  const { status, body } = await world().api.put(`/v1/residents/${resident.id}`, { phone_1: `+1512555${String(1_000 + nth)}` });
  expect(status).toBe(200);
  return body.job_id;
};
/** The jobs of which an endpoint has heard that they have ended. */
const told = (): ReadonlySet<string> =>
  new Set((receiver.heard as Loose[]).map(({ body }) => JSON.parse(body).data.job_id).filter((id) => id !== undefined));

describe('a webhook', () => {
  it('is told what became of a write, signed, without what was written', async () => {
    const webhook = await made();
    const job = await write(1);
    await eventually('the message', async () => (told().has(job) ? true : undefined));

    const message = receiver.heard.find(({ body }: Loose) => body.includes(job));
    if (!message) throw new Error('unreachable');
    expect(verify(webhook.secret, message)).toEqual({ ok: true, id: message.headers['webhook-id'] });
    expect(JSON.parse(message.body)).toMatchObject({
      trigger: 'WRITE_OPERATION_SUCCESS',
      data: { root_job_id: job, vendor: 'BUILDIUM', model: 'residents', write_status: 'SUCCESS', state: 'SUCCEEDED', errors: [] },
    });
    expect(message.body).not.toContain('+1512555');
    const { results } = (await world().admin.get(`/v1/webhooks/${webhook.id}/deliveries`)).body;
    expect(results.map(({ state }: Loose) => state)).toEqual(['DELIVERED', 'DELIVERED']);
    await world().admin.delete(`/v1/webhooks/${webhook.id}`);
  }, 60_000);

  it('S32: can not be at an address of the system itself', async () => {
    const { gateway, database, nats } = world().stack.urls;
    const internal = world().stack.services.flatMap(({ internalUrl }) => (internalUrl ? [`${internalUrl}/metrics`] : []));
    const urls = [`${gateway}/v1/residents/`, database, nats, ...internal];
    for (const url of urls) {
      const { status, body } = await world().admin.post('/v1/webhooks/', { url, triggers: TRIGGERS });
      expect([url, status, body.errors?.[0]?.pointer]).toEqual([url, 400, '/url']);
    }
    figure('S32', `0 of ${urls.length} addresses of the running system itself taken`);
  });

  it(
    'R43: hears of every write, though whoever sends is killed again and again, and the endpoint fails meanwhile',
    async () => {
      await made();
      receiver.heard.length = 0;
      const delivered = new Set<string>();
      receiver.answering = ({ headers }: Loose) => {
        // A fifth is not answered in time: such messages come again.
        if (Math.random() < 0.2) return 'hang';
        delivered.add(String(headers['webhook-id']));
        return 'ok';
      };
      const jobs: string[] = [];
      for (let kill = 0; kill < KILLS; kill += 1) {
        for (let nth = 0; nth < WRITES_PER_KILL; nth += 1) jobs.push(await write(kill * WRITES_PER_KILL + nth));
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
        await world().stack.kill('webhooks', 'SIGKILL');
        await world().stack.restart('webhooks');
      }
      for (const job of jobs) await world().settled(job);
      receiver.answering = ({ headers }: Loose) => (delivered.add(String(headers['webhook-id'])), 'ok');

      await eventually('every write told', async () => (jobs.every((job) => told().has(job)) ? true : undefined), 60_000);
      const ids = receiver.ids;
      const byJob = Map.groupBy(
        (receiver.heard as Loose[]).filter(({ body }) => JSON.parse(body).data.job_id !== undefined),
        ({ body }) => JSON.parse(body).data.job_id,
      );

      expect(jobs.filter((job) => new Set(byJob.get(job)?.map(({ headers }) => headers['webhook-id'])).size !== 1)).toEqual([]);
      figure(
        'R43',
        `0 of ${jobs.length} events lost over ${KILLS} kills of the sender; ${ids.length - new Set(ids).size} came again, each under its own id`,
      );
    },
    120_000 + KILLS * 10_000,
  );
});
