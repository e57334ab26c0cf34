import { describe, expect, it } from '@jest/globals';
import { ensureStreams, listActiveIntegrations, listJobSchedules, listSyncLogs, answer, startSync } from '#messaging';
import { Problem } from '#problem';
import { anIntegration, aPrincipal } from '../../testing/origin.ts';
import { eventually, TARGET, useService, wanted } from '../../testing/service.ts';
import { SyncPlanSchema, SyncScheduleSchema } from '../store/sync-plan.entity.ts';

describe('syncing', () => {
  const t = useService();

  it('asks only for changes the second time, and does not take what it was not shown for seen', async () => {
    t.pms.has('residents', { '1': { first_name: 'Ann' }, '2': { first_name: 'Bob' } });
    t.pms.changes.set('residents', new Set());
    t.stop = await t.startService();
    await t.bus.request(startSync, wanted());
    await eventually(async () => expect(await t.runs()).toMatchObject([{ state: 'SUCCEEDED', changed_since: null }]));
    const before = (await t.list({ 'order-by': 'x_id:asc' })).results;

    t.pms.has('residents', { '1': { first_name: 'Ann' }, '2': { first_name: 'Rob' } });
    t.pms.changes.set('residents', new Set(['2']));
    await eventually(async () => expect(await t.bus.request(startSync, wanted())).toEqual({ started: true }));
    await eventually(async () => expect(await t.names()).toEqual(['Ann', 'Rob']));

    const after = (await t.list({ 'order-by': 'x_id:asc' })).results;
    expect(t.pms.asked.map(({ changed_since }) => typeof changed_since)).toEqual(['undefined', 'string']);
    expect(after[0]).toEqual(before[0]);
    expect(Date.parse(String(after[1]?.last_seen))).toBeGreaterThan(Date.parse(String(before[1]?.last_seen)));
  });

  it('lets a page that was asked for before a write not undo what was read back after it', async () => {
    t.pms.has('residents', { '1': { first_name: 'Ann' } });
    t.stop = await t.startService();
    await ensureStreams(t.bus);
    let release: () => void = () => undefined;
    t.pms.before = ({ x_id }) => (x_id === undefined ? new Promise<void>((resolve) => (release = resolve)) : undefined);
    await t.bus.request(startSync, wanted());
    await eventually(() => expect(t.pms.asked).toHaveLength(1));
    t.pms.has('residents', { '1': { first_name: 'Anna' } });
    await t.publish({ operation: 'update', x_id: '1', record_id: 'known00000000000000000000' });
    await eventually(async () => expect(await t.names()).toEqual(['Anna']));

    t.pms.has('residents', { '1': { first_name: 'Ann' } });
    release();

    await eventually(async () => expect(await t.runs()).toMatchObject([{ state: 'SUCCEEDED', records: 1 }]));
    expect(await t.names()).toEqual(['Anna']);
  });

  it('tries a model again that the PMS could not show, without reading the others again', async () => {
    t.pms.has('properties', { '42': {} });
    t.pms.has('residents', { '1': { first_name: 'Ann' } });
    let isDown = true;
    t.pms.before = ({ model }) => {
      if (model === 'residents' && isDown) throw new Problem('unavailable', 'The PMS does not answer.');
    };
    t.stop = await t.startService();
    await t.bus.request(startSync, wanted());
    await eventually(async () => expect(await t.runs()).toMatchObject([{ state: 'SUCCEEDED' }, { state: 'FAILED' }]));

    isDown = false;
    const em = t.database.orm.em.fork();
    await eventually(async () =>
      expect((await em.fork().findOneOrFail(SyncPlanSchema, { pms: TARGET.pms })).due_at > new Date()).toBe(true),
    );
    await em.nativeUpdate(SyncScheduleSchema, { model: 'residents' }, { due_at: new Date() });
    await em.nativeUpdate(SyncPlanSchema, { pms: TARGET.pms }, { due_at: new Date() });

    await eventually(async () => expect(await t.names()).toEqual(['Ann']));
    expect(t.pms.asked.filter(({ model }) => model === 'properties')).toHaveLength(1);
  });

  it('tells how far it is, page by page, and what it did', async () => {
    t.pms.has('residents', { '1': {}, '2': {}, '3': {}, '4': {}, '5': {} });
    let release: () => void = () => undefined;
    t.pms.before = ({ cursor }) => (cursor === '4' ? new Promise<void>((resolve) => (release = resolve)) : undefined);
    t.stop = await t.startService();
    await t.bus.request(startSync, wanted());
    await eventually(() => expect(t.pms.asked).toHaveLength(3));
    const schedules = () => t.bus.request(listJobSchedules, { integration: anIntegration(), query: {} });

    await eventually(async () => {
      const [schedule] = (await schedules()).results;
      expect(schedule).toMatchObject({
        job_type: 'sync:residents',
        status: 'ACTIVE',
        last_run: null,
        parameters: { strategy: 'FULL' },
        progress: { state: 'RUNNING', trigger: 'MANUAL', pages: 2, records: 4, total: 5, remaining: 1 },
      });
    });
    release();

    await eventually(async () => expect((await schedules()).results[0]).toMatchObject({ progress: null, failures: 0 }));
    const logs = await t.bus.request(listSyncLogs, { principal: aPrincipal(), query: { status: 'SUCCESS' } });
    expect(logs.results).toMatchObject([{ job_type: 'sync:residents', pages: 3, records: 5, total: 5, error: null }]);
    expect((await t.bus.request(listSyncLogs, { principal: aPrincipal('org-b'), query: {} })).results).toEqual([]);
  });

  it('reads a switched-off integration no further', async () => {
    t.pms.has('residents', { '1': { first_name: 'Ann' } });
    t.stop = await t.startService();
    answer(t.fakes.connection, listActiveIntegrations, () => [anIntegration({ active: false })]);
    await t.fakes.connection.flush();

    await eventually(async () => expect(await t.database.orm.em.fork().count(SyncPlanSchema)).toBe(1));
    expect(t.pms.asked).toEqual([]);
  });
});
