/** A storm of redeliveries: JetStream hands every message out again while its handler still works, to several workers. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { consume, jobConsumer, jobSubject, STREAMS, type JobMessage } from '#messaging';
import { prepareJobs } from '../testing/colleagues.ts';
import { PMS } from '../testing/pms.ts';
import { openWorld, until, type World } from '../testing/world.ts';

// No library can import a test; what runs it may load one.
const FIGURES = new URL('../../../test/quality/figure.ts', import.meta.url).href;
const { figure } = (await import(FIGURES)) as { figure(code: string, text: string): void };

const [JOBS, WORKERS] = [150, 4];
const [ACK_WAIT_MS, WORK_MS] = [300, 900];
const NANOS = 1_000_000;

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await prepareJobs(world.bus);
}, 30_000);
afterAll(() => world.close());

it('R10: many deliveries of a message have one effect', async () => {
  const { bus, colleagues, vendor } = world;
  const stream = STREAMS.jobs.name;
  const { durable_name, ...config } = jobConsumer(PMS.slug, JOBS * 4);
  const manager = await bus.jetstreamManager();
  await manager.consumers.delete(stream, durable_name);
  await manager.consumers.add(stream, { ...config, durable_name, ack_wait: ACK_WAIT_MS * NANOS });
  vendor.reply = (_, response) => void setTimeout(() => response.end(JSON.stringify({ Id: 5 })), WORK_MS / 10);
  let deliveries = 0;
  const consumptions = Array.from({ length: WORKERS }, () => {
    const { handler } = world;
    return consume<JobMessage>(bus, {
      stream,
      durable: durable_name,
      concurrency: JOBS,
      handle: async (message) => {
        deliveries += 1;
        const decision = await handler.handle(message);
        await new Promise((resolve) => setTimeout(resolve, WORK_MS));
        return decision;
      },
      onTrouble: () => {},
    });
  });
  const jobs = Array.from({ length: JOBS }, (_, nth) => `job${nth}`);
  for (const job_id of jobs) colleagues.offer({ job_id, done: { polish: { x_id: null, memo: {} } } });

  await Promise.all(
    jobs.map((job_id) => bus.jetstream.publish(jobSubject(PMS.slug), JSON.stringify({ version: 1, job_id, release: 1 }))),
  );
  await until(() => deliveries >= 2 * JOBS && colleagues.settled.length >= JOBS, 40_000);
  await Promise.all(consumptions.map((consumption) => consumption.stop()));

  expect(vendor.seen).toHaveLength(JOBS);
  expect(new Set(colleagues.settled.map(({ job_id }) => job_id)).size).toBe(JOBS);
  expect(colleagues.settled).toHaveLength(JOBS);
  figure('R10', `${deliveries} deliveries of ${JOBS} jobs to ${WORKERS} workers had ${vendor.seen.length} effects`);
}, 60_000);
