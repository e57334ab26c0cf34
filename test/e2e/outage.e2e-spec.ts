/**
 * A PMS that is away, slow or short of calls: what waits costs nothing, what comes back is not overrun, and two workers act as one. Short forms of
 * outages that last hours.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { figure } from '../quality/figure.ts';
import { eventually, type Loose } from '../support/api.ts';
import { useWorld } from '../support/world.ts';

// Short waits, so that time-outs and leases end within a test.
const QUICK = { LATCHKEY_PMS_TIMEOUT_MS: '1500', LATCHKEY_LEASE_MS: '9000', LATCHKEY_SWEEP_MS: '200' };
const world = useWorld('outage', { status: QUICK, 'worker-buildium': QUICK, 'worker-rent-manager': QUICK });

afterEach(() => world().noFaults());

let number = 0;
async function create(): Promise<{ jobId: string }> {
  const lease = await world().find('leases', 'BUILDIUM');
  const address = { address_1: '12 Elm Street', city: 'Cincinnati', state: 'OH', zip: '45202', country: 'US' };
  const body = { integration_id: world().integration('BUILDIUM'), lease_id: lease.id, first_name: 'Ann', ...address };
  const answer = await world().api.post('/v1/residents/', { ...body, last_name: `Outage${(number += 1)}` });
  expect({ status: answer.status, errors: answer.body.errors }).toMatchObject({ status: 200 });
  return { jobId: answer.body.job_id };
}
const statusOf = async (jobId: string): Promise<Loose> => (await world().api.get(`/v1/admin/write-status/${jobId}`)).body;
const away = (times = 0) => world().fault({ vendor: 'BUILDIUM', when: 'before', kind: 'status', status: 503, times });
const callsSince = async (since: number) => (await world().calls(since)).filter(({ vendor }) => vendor === 'BUILDIUM');
const createsSince = async (since: number) => (await callsSince(since)).filter(({ method }) => method === 'POST');

describe('a PMS that is away', () => {
  it('R21, R22: is left alone but for a probe, keeps every write, and gets them step by step when it is back', async () => {
    await away();
    const first = await Promise.all(Array.from({ length: 6 }, () => create()));
    await eventually('somebody notices', async () => {
      const { jobId } = await create();
      await pause(300);
      return (await statusOf(jobId)).waiting_for?.includes('Buildium') ? true : undefined;
    });
    await pause(2_000);

    const since = await world().now();
    const begun = performance.now();
    const during = await Promise.all(Array.from({ length: 20 }, () => create()));
    await pause(8_000);
    const calls = await callsSince(since);
    const outageMs = performance.now() - begun;
    const waiting = await Promise.all(during.map(({ jobId }) => statusOf(jobId)));
    expect(calls.length).toBeLessThanOrEqual(1 + outageMs / 5_000);
    expect(calls.every(({ method }) => method === 'GET')).toBe(true);
    for (const status of waiting) expect(status).toMatchObject({ write_status: 'PENDING', state: 'ACCEPTED', attempts: [] });

    await world().noFaults();
    const back = await world().now();
    const ends = await Promise.all([...first, ...during].map(({ jobId }) => world().settled(jobId, undefined, 60_000)));
    expect(ends.map(({ write_status: end }) => end)).toEqual(ends.map(() => 'SUCCESS'));
    const effects = (await world().effects()).filter(({ resource }) => resource === 'LeaseTenant');
    expect(new Set(effects.map(({ record }) => record.LastName)).size).toBe(effects.length);
    figure(
      'R21',
      `${calls.length} probes in ${(outageMs / 1_000).toFixed(0)} s, 0 attempts and 0 failures of ${during.length} writes`,
    );
    figure('R22', `${ends.length} writes drained with ${(await callsSince(back)).length} calls, 0 refused`);
  }, 150_000);
});

describe('a PMS that asks for fewer calls', () => {
  /** `quietMs`: how long nobody may call after the refusal, somewhat less than what was asked for. */
  const forms = [
    { form: 'seconds', told: () => '3', quietMs: 2_500 },
    // Dates have no fractions of a second.
    { form: 'a date', told: () => new Date(Date.now() + 4_000).toUTCString(), quietMs: 2_500 },
    { form: 'garbage', told: () => '-soon', quietMs: 1_500 },
  ];

  it.each(forms)(
    'R23: gets none inside its window, told as $form',
    async ({ form, told, quietMs }) => {
      const since = await world().now();
      const headers = { 'retry-after': told() };
      await world().fault({ vendor: 'BUILDIUM', method: 'POST', when: 'before', kind: 'status', status: 429, times: 1, headers });
      const writes = await Promise.all(Array.from({ length: 10 }, () => create()));
      const begun = await eventually('the refusal', async () =>
        (await callsSince(since)).some(({ status }) => status === 429) ? performance.now() : undefined,
      );
      // Those that an account may have on the wire at once were on their way, and end.
      await pause(200);
      const onTheWire = (await callsSince(since)).length;
      const sent = (await createsSince(since)).length;
      await pause(Math.max(0, quietMs - (performance.now() - begun)));
      const inside = (await callsSince(since)).length - onTheWire;
      const ends = await Promise.all(writes.map(({ jobId }) => world().settled(jobId, undefined, 40_000)));

      expect({ inside, isCapped: sent <= 10 }).toEqual({ inside: 0, isCapped: true });
      expect(ends.map(({ write_status: end }) => end)).toEqual(ends.map(() => 'SUCCESS'));
      figure('R23', `told as ${form}: ${inside} calls inside the window of ${writes.length} writes`);
    },
    90_000,
  );
});

describe('a PMS that hangs', () => {
  it('R24: leaves the writes to another PMS as quick as they were', async () => {
    const resident = await world().find('residents', 'BUILDIUM');
    const other = await world().find('residents', 'RENTMANAGER');
    const timeOfWrites = async (): Promise<number> => {
      const begun = performance.now();
      for (let nth = 0; nth < 8; nth += 1) {
        const { body } = await world().api.put(`/v1/residents/${resident.id}`, { notes: `Beside a silent one ${(number += 1)}` });
        expect(await world().settled(body.job_id)).toMatchObject({ write_status: 'SUCCESS' });
      }
      return performance.now() - begun;
    };
    await timeOfWrites();
    const before = await timeOfWrites();
    await world().fault({ vendor: 'RENTMANAGER', when: 'before', kind: 'hang', times: 0 });
    const stuck = await Promise.all(
      Array.from({ length: 20 }, () => world().api.put(`/v1/residents/${other.id}`, { first_name: 'Anna' })),
    );
    expect(stuck.map(({ status }) => status)).toEqual(stuck.map(() => 200));
    const beside = await timeOfWrites();

    expect(beside).toBeLessThan(2 * before + 2_000);
    figure(
      'R24',
      `8 writes to the other PMS: ${before.toFixed(0)} ms before, ${beside.toFixed(0)} ms beside ${stuck.length} that hang`,
    );
  }, 90_000);
});

describe('many updates of one record', () => {
  it('R26: reach the PMS in the order in which they were accepted, whatever goes wrong', async () => {
    const resident = await world().find('residents', 'BUILDIUM');
    const since = await world().now();
    const faults = [
      { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
      { kind: 'reset' },
      { kind: 'status', status: 500 },
    ];
    for (const [skip, fault] of faults.entries())
      await world().fault({
        vendor: 'BUILDIUM',
        when: skip === 1 ? 'after' : 'before',
        times: 1,
        skip: 3 + 7 * skip,
        ...fault,
      });
    const jobs: string[] = [];
    for (let nth = 1; nth <= 12; nth += 1) {
      const { status, body } = await world().api.put(`/v1/residents/${resident.id}`, { notes: `Turn ${nth}.` });
      expect(status).toBe(200);
      jobs.push(body.job_id);
    }
    const ends = await Promise.all(jobs.map((jobId) => world().settled(jobId, undefined, 90_000)));
    const turns = (await world().effects(since)).flatMap(({ sent }) => /Turn (\d+)\./.exec(JSON.stringify(sent))?.[1] ?? []);

    expect(ends.map(({ write_status: end }) => end)).toEqual(ends.map(() => 'SUCCESS'));
    expect(turns).toEqual(jobs.map((_, index) => String(index + 1)));
    figure('R26', `${turns.length} updates of one record amid ${faults.length} faults: in order, each once`);
  }, 120_000);
});
